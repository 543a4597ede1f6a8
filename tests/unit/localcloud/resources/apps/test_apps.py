# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create, read, list, update, delete: envelopes, statuses, scopes, what appears when."""

from __future__ import annotations

import re

import pytest


def test_a_new_app_shows_its_pending_deployment_and_no_address_yet(cloud):
    app = cloud.create(cloud.spec())
    assert app["pending_deployment"]["phase"] == "PENDING_BUILD"
    assert app["pending_deployment"]["cause"] == "initial deployment"
    assert app["region"]["data_centers"] == ["fra1"]
    assert app["tier_slug"] == "professional"
    absent = {
        "default_ingress",
        "live_url",
        "active_deployment",
        "in_progress_deployment",
        "pinned_deployment",
        "domains",
    }
    assert not absent & set(app)


def test_a_deployed_app_has_an_address(cloud):
    app = cloud.deployed(cloud.spec())
    assert re.fullmatch(r"https://fisio-[a-z0-9]{5}\.ondigitalocean\.app", app["default_ingress"])
    assert app["live_url"] == app["live_url_base"] == app["default_ingress"]
    assert app["live_domain"] == app["live_url"].removeprefix("https://")
    assert app["active_deployment"]["phase"] == "ACTIVE"
    assert "pending_deployment" not in app
    assert "in_progress_deployment" not in app


def test_the_address_stays_when_the_app_is_renamed(cloud):
    app = cloud.deployed(cloud.spec())
    cloud.update(app["id"], cloud.spec(name="renamed"))
    assert cloud.app(app["id"])["default_ingress"] == app["default_ingress"]


def test_a_name_is_taken_once(cloud):
    app = cloud.create(cloud.spec())
    assert '"fisio" already exists' in cloud.refused("POST", "/apps", {"spec": cloud.spec()}, 409)
    other = cloud.create(cloud.spec(name="other"))
    cloud.refused("PUT", f"/apps/{other['id']}", {"spec": cloud.spec()}, 409)
    cloud.update(app["id"], cloud.spec())


def test_a_taken_name_is_told_before_the_spec_is_judged(cloud):
    """``doctl apps create --upsert`` updates upon this 409; its domains are the very app's."""
    spec = cloud.spec(domains=[{"domain": "clinic.example.com", "type": "PRIMARY"}])
    app = cloud.create(spec)
    assert "already exists" in cloud.refused("POST", "/apps", {"spec": spec}, 409)
    cloud.update(app["id"], spec)


def test_an_update_replaces_the_whole_spec(cloud):
    envs, alerts = [{"key": "A", "value": "1"}], [{"rule": "DOMAIN_LIVE"}]
    app = cloud.create(cloud.spec(envs=envs, alerts=alerts, maintenance={"enabled": True}))
    spec = cloud.update(app["id"], cloud.spec())["spec"]
    assert not {"envs", "alerts", "maintenance"} & set(spec)


def test_an_update_answers_with_the_deployment_that_it_caused(cloud):
    app = cloud.deployed(cloud.spec())
    updated = cloud.update(app["id"], cloud.with_service(http_port=3000))
    assert updated["pending_deployment"]["spec"]["services"][0]["http_port"] == 3000
    assert updated["pending_deployment"]["cause"] == "app spec updated"
    assert updated["active_deployment"]["id"] == app["active_deployment"]["id"]
    assert updated["pending_deployment"]["previous_deployment_id"] == app["active_deployment"]["id"]


def test_a_deleted_app_is_gone_with_its_deployments(cloud):
    app = cloud.deployed(cloud.spec())
    assert cloud.ok("DELETE", f"/apps/{app['id']}") == {"id": app["id"]}
    for path in ("", "/deployments", f"/deployments/{app['active_deployment']['id']}", "/alerts"):
        cloud.refused("GET", f"/apps/{app['id']}{path}", status=404)
    cloud.refused("DELETE", f"/apps/{app['id']}", status=404)
    assert not cloud.world.table("app_deployments").everything()
    assert not [row for row in cloud.world.table("project_resources").everything() if "app" in row["urn"]]


def test_a_deletion_during_a_deployment_ends_it_quietly(cloud):
    cloud.slow()
    app = cloud.create(cloud.spec())
    cloud.ok("DELETE", f"/apps/{app['id']}")
    cloud.advance(1000)
    assert not cloud.world.timers


def test_the_list_is_paged(cloud):
    cloud.seed(apps=22)
    first = cloud.ok("GET", "/apps")
    assert (len(first["apps"]), first["meta"]["total"]) == (20, 22)
    assert first["links"]["pages"]["next"].endswith("/v2/apps?page=2")
    assert [app["spec"]["name"] for app in cloud.ok("GET", "/apps?page=2")["apps"]] == [
        "foreign-app-0020",
        "foreign-app-0021",
    ]


def test_seeded_apps_are_active_and_do_not_collide(cloud):
    cloud.seed(apps=2)
    cloud.seed(apps=1)
    apps = cloud.ok("GET", "/apps")["apps"]
    assert [app["spec"]["name"] for app in apps] == [f"foreign-app-000{n}" for n in range(3)]
    assert {app["active_deployment"]["phase"] for app in apps} == {"ACTIVE"}


def test_stale_readers_see_what_was(cloud):
    app = cloud.deployed(cloud.spec())
    for method, body, reads in (("PUT", {"spec": cloud.with_service(http_port=80)}, 1), ("DELETE", None, 2)):
        cloud.shared.faults.add({"kind": "stale", "method": method, "path": "/v2/apps/*", "count": 1, "reads": reads})
        cloud.ok(method, f"/apps/{app['id']}", body)
        assert [row["id"] for row in cloud.ok("GET", "/apps")["apps"]] == [app["id"]]
        if method == "PUT":
            assert cloud.app(app["id"])["spec"]["services"][0]["http_port"] == 80
    assert cloud.app(app["id"])["id"] == app["id"]
    cloud.refused("GET", f"/apps/{app['id']}", status=404)


def test_an_app_is_found_by_name_without_an_id(cloud):
    app = cloud.create(cloud.spec())
    assert cloud.ok("GET", "/apps/?name=fisio")["app"]["id"] == app["id"]
    assert cloud.ok("GET", "/apps/fisio?name=fisio")["app"]["id"] == app["id"]
    cloud.refused("GET", "/apps/?name=nobody", status=404)
    assert "apps" in cloud.ok("GET", "/apps?name=fisio")


def test_the_project_is_chosen_and_shown_to_those_who_may_know(cloud):
    body = {"name": "clinic", "purpose": "x", "environment": "Development", "description": ""}
    made = cloud.call("POST", "/projects", body)
    assert made.status == 201, made
    project = made.body["project"]["id"]
    app = cloud.create(cloud.spec(), project_id=project)
    assert app["project_id"] == project
    resources = cloud.ok("GET", f"/projects/{project}/resources")["resources"]
    assert [resource["urn"] for resource in resources] == [f"do:app:{app['id']}"]
    answer = cloud.call("GET", f"/apps/{app['id']}", token=cloud.scoped("app:read"))
    assert "project_id" not in answer.body["app"]
    assert "project_id" not in cloud.ok("GET", "/apps")["apps"][0]
    assert cloud.ok("GET", "/apps?with_projects=true")["apps"][0]["project_id"] == project


def test_an_unknown_project_leaves_nothing_behind(cloud):
    before = cloud.world.fingerprint()
    body = {"spec": cloud.spec(), "project_id": "00000000-0000-4000-8000-000000000000"}
    cloud.refused("POST", "/apps", body, 404)
    assert cloud.world.fingerprint() == before


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/apps", "app:read"),
        ("POST", "/apps", "app:create"),
        ("PUT", "/apps/{id}", "app:update"),
        ("DELETE", "/apps/{id}", "app:delete"),
        ("POST", "/apps/propose", "app:read"),
        ("POST", "/apps/{id}/rollback", "app:update"),
        ("GET", "/apps/{id}/components/web/exec", "app:access_console"),
    ],
)
def test_a_token_needs_the_scope(cloud, method, path, scope):
    id = cloud.create(cloud.spec())["id"]
    everything_else = {"app:read", "app:create", "app:update", "app:delete", "app:access_console"} - {scope}
    answer = cloud.call(method, path.format(id=id), {}, token=cloud.scoped(*sorted(everything_else)))
    assert answer.status == 403, answer
    assert scope in answer.body["message"]


def test_a_vpc_is_not_held_by_an_app(cloud):
    """Apps are no members of a VPC by the API description: they do not stop its deletion."""
    cloud.vpc("fra1")
    vpc = cloud.vpc("fra1", "second")
    app = cloud.deployed(cloud.spec(vpc={"id": vpc}))
    assert cloud.call("DELETE", f"/vpcs/{vpc}").status == 204
    assert cloud.app(app["id"])["vpc"]["id"] == vpc


def test_a_project_is_chosen_by_who_may_assign_to_it(cloud):
    wanted = {"spec": cloud.spec(), "project_id": cloud.ok("GET", "/projects/default")["project"]["id"]}
    answer = cloud.call("POST", "/apps", wanted, token=cloud.scoped("app:create"))
    assert (answer.status, "project:assign_resource, project:update" in answer.body["message"]) == (403, True)
    half = cloud.scoped("app:create", "project:assign_resource")
    assert "permission project:update" in cloud.call("POST", "/apps", wanted, token=half).body["message"]
    assert cloud.call("POST", "/apps", wanted, token=cloud.scoped("app:create", "project:update")).status == 200
