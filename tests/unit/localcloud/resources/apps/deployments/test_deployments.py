# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deployment's way through its phases, and what clients may do to it on the way."""

from __future__ import annotations

from localcloud.world.clock import parse

GITHUB = {"repo": "fisioflow/web", "branch": "main"}
JOB = {"name": "migrate", "kind": "PRE_DEPLOY"}


def _git(cloud, **more):
    return cloud.spec(services=[{"name": "web", "github": GITHUB, "instance_size_slug": "apps-s-1vcpu-1gb"}], **more)


def _step(deployment, *path):
    found = deployment["progress"]
    for name in path:
        found = next(step for step in found["steps"] if step["name"] == name)
    return found


def test_a_git_source_is_built_and_deployed(cloud):
    cloud.slow()
    id = cloud.create(_git(cloud))["id"]
    at = {}
    while cloud.world.timers:
        row = cloud.latest(id)
        at[row["phase"]] = parse(row["phase_last_updated_at"])
        cloud.step()
    row = cloud.latest(id)
    at[row["phase"]] = parse(row["phase_last_updated_at"])
    assert list(at) == ["PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING", "ACTIVE"]
    assert (at["PENDING_DEPLOY"] - at["BUILDING"]).total_seconds() == 90
    assert (at["ACTIVE"] - at["DEPLOYING"]).total_seconds() == 60


def test_an_image_is_not_built(cloud):
    cloud.slow()
    id = cloud.create(cloud.spec())["id"]
    cloud.step()
    deployment = cloud.latest(id)
    assert deployment["phase"] == "PENDING_DEPLOY"
    assert _step(deployment, "build")["status"] == "SUCCESS"
    assert [step["name"] for step in _step(deployment, "build")["steps"]] == ["initialize"]


def test_the_app_points_at_its_deployment_all_the_way(cloud):
    cloud.slow()
    id = cloud.create(_git(cloud))["id"]
    assert "pending_deployment" in cloud.app(id)
    cloud.advance(10)
    app = cloud.app(id)
    assert app["in_progress_deployment"]["phase"] == "BUILDING"
    assert "pending_deployment" not in app
    cloud.advance(300)
    assert cloud.app(id)["active_deployment"]["id"] == app["in_progress_deployment"]["id"]


def test_the_progress_of_a_build(cloud):
    cloud.slow()
    id = cloud.create(_git(cloud))["id"]
    progress = cloud.latest(id)["progress"]
    assert (progress["pending_steps"], progress["total_steps"]) == (6, 6)
    cloud.advance(10)
    deployment = cloud.latest(id)
    progress = deployment["progress"]
    counts = {key: progress.get(key) for key in ("success_steps", "running_steps", "pending_steps", "error_steps")}
    assert counts == {"success_steps": 1, "running_steps": 1, "pending_steps": 4, "error_steps": None}
    web = _step(deployment, "build", "components", "web")
    assert (web["status"], web["component_name"], web["message_base"]) == ("RUNNING", "web", "Building service")
    assert [(step["name"], step["status"]) for step in progress["summary_steps"]] == [
        ("build", "RUNNING"),
        ("deploy", "PENDING"),
    ]
    initialized = _step(deployment, "build", "initialize")
    cloud.advance(300)
    assert _step(cloud.latest(id), "build", "initialize") == initialized
    progress = cloud.latest(id)["progress"]
    assert (progress["success_steps"], progress["total_steps"]) == (6, 6)
    assert "pending_steps" not in progress
    assert {step["status"] for step in progress["steps"]} == {"SUCCESS"}


def test_a_job_runs_before_the_service(cloud):
    cloud.slow()
    job = {**JOB, "image": cloud.service()["image"]}
    id = cloud.create(cloud.spec(jobs=[job]))["id"]
    cloud.step()
    cloud.step()
    deployment = cloud.latest(id)
    components = _step(deployment, "deploy", "components")["steps"]
    assert [(step["name"], step["status"]) for step in components] == [("migrate", "RUNNING"), ("web", "PENDING")]
    cloud.step()
    components = _step(cloud.latest(id), "deploy", "components")["steps"]
    assert [step["status"] for step in components] == ["SUCCESS", "RUNNING"]


def test_a_job_after_the_deployment_runs_once_the_service_does(cloud):
    cloud.slow()
    job = {**JOB, "kind": "POST_DEPLOY", "image": cloud.service()["image"]}
    id = cloud.create(cloud.spec(jobs=[job]))["id"]
    seen = []
    while cloud.latest(id)["phase"] != "ACTIVE":
        cloud.step()
        components = _step(cloud.latest(id), "deploy", "components")["steps"]
        seen.append([step["status"] for step in components])
    assert seen == [["PENDING", "PENDING"], ["RUNNING", "PENDING"], ["SUCCESS", "RUNNING"], ["SUCCESS", "SUCCESS"]]


def test_a_new_deployment_supersedes_the_one_under_way(cloud):
    cloud.slow()
    id = cloud.create(_git(cloud))["id"]
    cloud.advance(10)
    second = cloud.ok("POST", f"/apps/{id}/deployments", {"force_build": True})["deployment"]
    newest, oldest = cloud.deployments(id)
    assert (newest["id"], newest["phase"], oldest["phase"]) == (second["id"], "PENDING_BUILD", "SUPERSEDED")
    cloud.advance(1000)
    assert [row["phase"] for row in cloud.deployments(id)] == ["ACTIVE", "SUPERSEDED"]


def test_the_active_one_is_superseded_by_success_only(cloud):
    first = cloud.deployed(cloud.spec())
    cloud.slow()
    cloud.ok("POST", f"/apps/{first['id']}/deployments", {})
    cloud.advance(20)
    app = cloud.app(first["id"])
    assert app["active_deployment"]["id"] == first["active_deployment"]["id"]
    assert app["active_deployment"]["phase"] == "ACTIVE"
    cloud.advance(100)
    assert [row["phase"] for row in cloud.deployments(first["id"])] == ["ACTIVE", "SUPERSEDED"]


def test_a_deployment_is_canceled(cloud):
    cloud.slow()
    id = cloud.create(_git(cloud))["id"]
    cloud.advance(10)
    deployment = cloud.latest(id)
    canceled = cloud.ok("POST", f"/apps/{id}/deployments/{deployment['id']}/cancel")["deployment"]
    assert canceled["phase"] == "CANCELED"
    assert _step(canceled, "build", "components", "web")["reason"]["code"] == "Canceled"
    assert "running_steps" not in canceled["progress"]
    cloud.advance(1000)
    assert cloud.latest(id)["phase"] == "CANCELED"
    assert not {"in_progress_deployment", "active_deployment"} & set(cloud.app(id))
    message = cloud.refused("POST", f"/apps/{id}/deployments/{deployment['id']}/cancel")
    assert "CANCELED cannot be canceled" in message


def test_a_deployment_belongs_to_its_app(cloud):
    one, two = cloud.create(cloud.spec()), cloud.create(cloud.spec(name="other"))
    id = one["pending_deployment"]["id"]
    assert cloud.ok("GET", f"/apps/{one['id']}/deployments/{id}")["deployment"]["id"] == id
    cloud.refused("GET", f"/apps/{two['id']}/deployments/{id}", status=404)
    cloud.refused("POST", f"/apps/{two['id']}/deployments/{id}/cancel", status=404)


def test_a_restart_takes_what_is_active(cloud):
    app = cloud.deployed(_git(cloud))
    cloud.slow()
    restarted = cloud.ok("POST", f"/apps/{app['id']}/restart", {"components": ["web"]})["deployment"]
    assert restarted["cloned_from"] == app["active_deployment"]["id"]
    assert restarted["cause"] == "restart"
    cloud.step()
    assert cloud.latest(app["id"])["phase"] == "PENDING_DEPLOY"
    assert cloud.ok("POST", f"/apps/{app['id']}/restart")["deployment"]["phase"] == "PENDING_BUILD"


def test_a_restart_needs_something_that_runs(cloud):
    cloud.slow()
    id = cloud.create(cloud.spec())["id"]
    assert "no active deployment" in cloud.refused("POST", f"/apps/{id}/restart", {})
    cloud.advance(100)
    message = cloud.refused("POST", f"/apps/{id}/restart", {"components": ["web", "nix"]})
    assert "no component nix" in message


def test_deployments_are_listed_by_type(cloud):
    id = cloud.deployed(cloud.spec())["id"]
    target = cloud.latest(id)["id"]
    cloud.update(id, cloud.with_service(http_port=80))
    cloud.ok("POST", f"/apps/{id}/rollback", {"deployment_id": target, "skip_pin": True})
    assert [row["cause_details"]["type"] for row in cloud.deployments(id)] == ["MANUAL_ROLLBACK", "MANUAL", "MANUAL"]
    assert len(cloud.deployments(id, "?deployment_types=MANUAL_ROLLBACK")) == 1
    assert len(cloud.deployments(id, "?deployment_types=MANUAL&deployment_types=MANUAL_ROLLBACK")) == 3
    assert cloud.deployments(id, "?deployment_types=AUTOSCALED") == []


def test_a_client_may_send_no_body(cloud):
    """The Go client sends ``null``."""
    id = cloud.deployed(cloud.spec())["id"]
    answer = cloud.ok("POST", f"/apps/{id}/deployments", {"force_build": False})
    assert answer["deployment"]["cause"] == "manual"


def test_a_deployment_goes_on_after_a_restart_of_localcloud(cloud):
    cloud.slow()
    id = cloud.create(_git(cloud))["id"]
    cloud.advance(10)
    saved = cloud.world.dump()
    saved = {**saved, "tables": {name: dict(rows) for name, rows in saved["tables"].items()}}
    cloud.world.load(saved)
    cloud.advance(300)
    assert cloud.latest(id)["phase"] == "ACTIVE"


def test_source_commits_are_named(cloud):
    (service,) = cloud.deployed(_git(cloud))["active_deployment"]["services"]
    assert service["name"] == "web"
    assert len(service["source_commit_hash"]) == 40


def test_every_deployment_is_an_event(cloud):
    id = cloud.deployed(cloud.spec())["id"]
    cloud.update(id, cloud.spec())
    events = cloud.ok("GET", f"/apps/{id}/events")["events"]
    assert [event["deployment_id"] for event in events] == [row["id"] for row in cloud.deployments(id)]
    event = cloud.ok("GET", f"/apps/{id}/events/{events[0]['id']}")["event"]
    assert (event["type"], event["deployment"]["phase"]) == ("DEPLOYMENT", "ACTIVE")
    assert cloud.ok("GET", f"/apps/{id}/events?event_types=AUTOSCALING")["events"] == []
    assert "only an autoscaling event" in cloud.refused("POST", f"/apps/{id}/events/{event['id']}/cancel")
    urls = cloud.ok("GET", f"/apps/{id}/events/{event['id']}/logs?type=AUTOSCALE_EVENT")["historic_urls"]
    assert urls[0].startswith("https://")
    cloud.refused("GET", f"/apps/{id}/events/nix", status=404)
