# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented ways to make a deployment fail, and that what runs is left alone."""

from __future__ import annotations

import pytest

BROKEN = "sha256:0bad" + "0" * 60


def _failed(cloud, spec):
    """The failed steps of the deployment of a spec, after a first deployment that was fine."""
    app = cloud.deployed(cloud.spec())
    cloud.update(app["id"], spec)
    after = cloud.app(app["id"])
    assert after["active_deployment"]["id"] == app["active_deployment"]["id"]
    assert after["active_deployment"]["phase"] == "ACTIVE"
    assert not {"in_progress_deployment", "pending_deployment"} & set(after)
    deployment = cloud.latest(app["id"])
    assert deployment["phase"] == "ERROR"
    assert deployment["progress"]["error_steps"] == 1
    assert "running_steps" not in deployment["progress"]
    path, steps = [], deployment["progress"]["steps"]
    while steps:
        step = next(step for step in steps if step["status"] == "ERROR")
        path.append(step["name"])
        steps = step.get("steps")
    return "/".join(path), step


@pytest.mark.parametrize(
    "image",
    [{"tag": "1.2-broken"}, {"repository": "broken/web"}, {"digest": BROKEN}, {"digest": "sha256:broken"}],
)
def test_a_broken_image_never_gets_healthy(cloud, image):
    other = {"name": "api", "image": cloud.service()["image"]}
    spec = cloud.spec(services=[cloud.service(image={"registry_type": "DOCR", "repository": "web", **image}), other])
    path, step = _failed(cloud, spec)
    assert path == "deploy/components/web/wait"
    assert step["reason"]["code"] == "DeployContainerHealthChecksFailed"
    assert "did not respond to health checks" in step["reason"]["message"]
    assert step["component_name"] == "web"


def test_a_broken_branch_is_not_built(cloud):
    source = {"repo": "fisioflow/web", "branch": "fix/brokenbuild-1"}
    path, step = _failed(cloud, cloud.spec(services=[{"name": "web", "github": source}]))
    assert path == "build/components/web"
    assert step["reason"]["code"] == "BuildJobExitNonZero"


@pytest.mark.parametrize("job", [{"run_command": "npm run broken-migration"}, {"tag": "broken-migration"}])
def test_a_broken_migration_stops_before_the_service(cloud, job):
    image = {"registry_type": "DOCR", "repository": "web", **({"tag": job.pop("tag")} if "tag" in job else {})}
    path, step = _failed(cloud, cloud.spec(jobs=[{"name": "migrate", "kind": "PRE_DEPLOY", "image": image, **job}]))
    assert path == "deploy/components/migrate/wait"
    assert step["reason"]["code"] == "DeployContainerExitNonZero"


def test_a_broken_job_after_the_deployment(cloud):
    image = {"registry_type": "DOCR", "repository": "web", "tag": "broken"}
    path, _step = _failed(cloud, cloud.spec(jobs=[{"name": "warm", "kind": "POST_DEPLOY", "image": image}]))
    assert path == "deploy/components/warm/wait"


def test_a_job_after_the_deployment_never_follows_a_failure(cloud):
    job = {"name": "warm", "kind": "POST_DEPLOY", "image": cloud.service()["image"]}
    web = cloud.service(image={"registry_type": "DOCR", "repository": "web", "tag": "broken"})
    app = cloud.deployed(cloud.spec())
    cloud.slow()
    cloud.update(app["id"], cloud.spec(services=[web], jobs=[job, {**job, "name": "migrate", "kind": "PRE_DEPLOY"}]))
    cloud.advance(20)
    before = _components(cloud, app["id"])
    cloud.advance(1000)
    after = _components(cloud, app["id"])
    assert {name: step["status"] for name, step in after.items()} == {
        "migrate": "SUCCESS",
        "web": "ERROR",
        "warm": "PENDING",
    }
    assert after["migrate"] == before["migrate"]


def _components(cloud, id):
    deploy = cloud.latest(id)["progress"]["steps"][-1]
    [components] = [step for step in deploy["steps"] if step["name"] == "components"]
    return {step["name"]: step for step in components["steps"]}


def test_a_first_deployment_that_fails_leaves_an_app_without_address(cloud):
    app = cloud.create(cloud.with_service(image={"registry_type": "DOCR", "repository": "web", "tag": "broken"}))
    after = cloud.app(app["id"])
    assert not {"default_ingress", "live_url", "active_deployment"} & set(after)
    fixed = cloud.update(app["id"], cloud.spec())
    assert cloud.app(fixed["id"])["default_ingress"]


def test_a_job_for_another_occasion_does_no_harm(cloud):
    job = {
        "name": "alarm",
        "kind": "FAILED_DEPLOY",
        "image": cloud.service()["image"],
        "run_command": "broken-migration",
    }
    app = cloud.deployed(cloud.spec(jobs=[job]))
    assert app["active_deployment"]["phase"] == "ACTIVE"
    names = [step["name"] for step in app["active_deployment"]["progress"]["steps"][1]["steps"][1]["steps"]]
    assert names == ["web"]
