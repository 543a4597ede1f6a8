# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What App Platform makes of a spec: filled in, left out, kept in order."""

from __future__ import annotations

GITHUB = {"repo": "fisioflow/web", "branch": "main", "deploy_on_push": False}


def _stored(cloud, spec):
    return cloud.create(spec)["spec"]


def test_the_smallest_spec_is_completed(cloud):
    spec = _stored(cloud, {"name": "fisio", "services": [{"name": "web", "github": GITHUB}]})
    assert spec == {
        "name": "fisio",
        "region": "nyc",
        "services": [
            {
                "name": "web",
                "github": {"repo": "fisioflow/web", "branch": "main"},
                "http_port": 8080,
                "instance_count": 1,
                "instance_size_slug": "apps-s-1vcpu-0.5gb",
            }
        ],
        "ingress": {"rules": [{"match": {"path": {"prefix": "/"}}, "component": {"name": "web"}}]},
        "features": ["buildpack-stack=ubuntu-22"],
    }


def test_what_came_back_is_not_changed_when_it_is_sent_again(cloud):
    worker = {"name": "work", "github": GITHUB, "envs": [{"key": "A", "value": "", "type": "GENERAL"}]}
    job = {"name": "job", "github": GITHUB, "kind": "UNSPECIFIED"}
    app = cloud.create(cloud.spec(workers=[worker], jobs=[job], alerts=[{"rule": "DOMAIN_LIVE", "disabled": False}]))
    assert cloud.update(app["id"], app["spec"])["spec"] == app["spec"]


def test_defaults_of_enums_are_not_written(cloud):
    envs = [
        {"key": "A", "value": "", "type": "GENERAL", "scope": "UNSET"},
        {"key": "B", "value": "1", "scope": "RUN_TIME"},
    ]
    spec = _stored(cloud, cloud.with_service(envs=envs))
    assert spec["services"][0]["envs"] == [
        {"key": "A", "scope": "RUN_AND_BUILD_TIME"},
        {"key": "B", "value": "1", "scope": "RUN_TIME"},
    ]


def test_a_job_is_a_post_deploy_job_unless_it_says_otherwise(cloud):
    image = cloud.service()["image"]
    jobs = [{"name": "one", "image": image}, {"name": "two", "image": image, "kind": "PRE_DEPLOY"}]
    stored = _stored(cloud, cloud.spec(jobs=jobs))["jobs"]
    assert [job["kind"] for job in stored] == ["POST_DEPLOY", "PRE_DEPLOY"]
    assert not any("instance_count" in job for job in stored)


def test_an_image_without_digest_is_the_latest(cloud):
    image = {"registry_type": "DOCR", "repository": "web"}
    assert _stored(cloud, cloud.with_service(image=image))["services"][0]["image"]["tag"] == "latest"
    assert "tag" not in cloud.service()["image"]


def test_a_service_that_scales_has_no_count_but_a_target(cloud):
    scaling = {"min_instance_count": 1, "max_instance_count": 3, "metrics": {"cpu": {}}}
    spec = _stored(cloud, cloud.with_service(instance_size_slug="apps-d-1vcpu-1gb", autoscaling=scaling))
    (service,) = spec["services"]
    assert "instance_count" not in service
    assert service["autoscaling"]["metrics"] == {"cpu": {"percent": 80}}


def test_routes_become_rules(cloud):
    image = cloud.service()["image"]
    services = [
        cloud.service(name="api", routes=[{"path": "/api", "preserve_path_prefix": True}]),
        {"name": "web", "image": image, "routes": [{"path": "/"}]},
    ]
    spec = _stored(cloud, cloud.spec(services=services))
    assert spec["ingress"]["rules"] == [
        {"match": {"path": {"prefix": "/api"}}, "component": {"name": "api", "preserve_path_prefix": True}},
        {"match": {"path": {"prefix": "/"}}, "component": {"name": "web"}},
    ]
    assert not any("routes" in service for service in spec["services"])


def test_rules_that_are_given_stay_alone(cloud):
    rules = [{"match": {"path": {"prefix": "/x"}}, "component": {"name": "web", "preserve_path_prefix": "true"}}]
    spec = _stored(cloud, cloud.with_service(routes=[{"path": "/"}]) | {"ingress": {"rules": rules}})
    assert spec["ingress"]["rules"] == [
        {"match": {"path": {"prefix": "/x"}}, "component": {"name": "web", "preserve_path_prefix": True}}
    ]


def test_nothing_is_routed_to_workers(cloud):
    worker = {"name": "work", "image": cloud.service()["image"]}
    app = cloud.deployed({"name": "fisio", "workers": [worker]})
    assert "ingress" not in app["spec"]
    assert "default_ingress" not in app


def test_what_buildpacks_build_gets_their_stack_once(cloud):
    service = {"name": "web", "github": GITHUB}
    spec = {"name": "fisio", "services": [service], "features": ["x", "buildpack-stack=ubuntu-18"]}
    assert _stored(cloud, spec)["features"] == ["x", "buildpack-stack=ubuntu-18"]
    docker = {"name": "other", "services": [{**service, "dockerfile_path": "Dockerfile"}]}
    assert "features" not in _stored(cloud, docker)


def test_egress_addresses_are_not_the_clients_to_give(cloud):
    vpc = cloud.vpc("fra1")
    spec = _stored(cloud, cloud.spec(vpc={"id": vpc, "egress_ips": [{"ip": "10.0.0.1"}]}))
    assert spec["vpc"] == {"id": vpc}
