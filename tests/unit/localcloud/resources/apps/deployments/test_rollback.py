# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rollback: to what, with which warnings, pinned until committed or reverted."""

from __future__ import annotations

import pytest


@pytest.fixture
def app(cloud):
    """An app with two good deployments: port 8080, then port 3000."""
    made = cloud.deployed(cloud.spec())
    cloud.update(made["id"], cloud.with_service(http_port=3000))
    return cloud.app(made["id"])


def _first(cloud, app):
    return cloud.deployments(app["id"])[-1]["id"]


def _validate(cloud, app, target):
    return cloud.ok("POST", f"/apps/{app['id']}/rollback/validate", {"deployment_id": target})


def _rollback(cloud, app, **more):
    body = {"deployment_id": _first(cloud, app), **more}
    return cloud.ok("POST", f"/apps/{app['id']}/rollback", body)["deployment"]


def _port(spec):
    return spec["services"][0]["http_port"]


def test_a_rollback_pins_the_app_to_the_earlier_spec(cloud, app):
    target = _first(cloud, app)
    assert _validate(cloud, app, target) == {"valid": True}
    deployment = _rollback(cloud, app)
    assert (deployment["cloned_from"], deployment["cause"]) == (target, f"rollback to deployment {target}")
    after = cloud.app(app["id"])
    assert after["active_deployment"]["id"] == after["pinned_deployment"]["id"] == deployment["id"]
    assert _port(after["active_deployment"]["spec"]) == 8080
    # Until it is committed the app's own spec is the newer one.
    assert _port(after["spec"]) == 3000


def test_a_pinned_app_takes_no_other_deployment(cloud, app):
    target = _first(cloud, app)
    _rollback(cloud, app)
    id = app["id"]
    for method, path, body in (
        ("POST", f"/apps/{id}/deployments", {}),
        ("PUT", f"/apps/{id}", {"spec": cloud.spec()}),
        ("POST", f"/apps/{id}/restart", {}),
        ("POST", f"/apps/{id}/rollback", {"deployment_id": target}),
    ):
        assert "pinned" in cloud.refused(method, path, body, 409)
    assert _validate(cloud, app, target)["error"]["code"] == "app_pinned"


def test_a_commit_makes_it_the_apps_spec(cloud, app):
    _rollback(cloud, app)
    assert cloud.ok("POST", f"/apps/{app['id']}/rollback/commit") is None
    after = cloud.app(app["id"])
    assert _port(after["spec"]) == 8080
    assert "pinned_deployment" not in after
    cloud.ok("POST", f"/apps/{app['id']}/deployments", {})


def test_a_revert_deploys_the_newer_spec_again(cloud, app):
    _rollback(cloud, app)
    deployment = cloud.ok("POST", f"/apps/{app['id']}/rollback/revert")["deployment"]
    assert _port(deployment["spec"]) == 3000
    after = cloud.app(app["id"])
    assert after["active_deployment"]["id"] == deployment["id"]
    assert "pinned_deployment" not in after


def test_without_a_pin_it_is_committed_at_once(cloud, app):
    _rollback(cloud, app, skip_pin=True)
    after = cloud.app(app["id"])
    assert _port(after["spec"]) == 8080
    assert "pinned_deployment" not in after
    assert "not pinned" in cloud.refused("POST", f"/apps/{app['id']}/rollback/commit")
    assert "not pinned" in cloud.refused("POST", f"/apps/{app['id']}/rollback/revert")


def test_nothing_is_built_again(cloud):
    made = cloud.deployed(cloud.spec(services=[{"name": "web", "github": {"repo": "a/b", "branch": "main"}}]))
    cloud.slow()
    cloud.ok("POST", f"/apps/{made['id']}/rollback", {"deployment_id": made["active_deployment"]["id"]})
    cloud.step()
    assert cloud.latest(made["id"])["phase"] == "PENDING_DEPLOY"


def test_a_deployment_under_way_is_no_target(cloud, app):
    cloud.slow()
    row = cloud.ok("POST", f"/apps/{app['id']}/deployments", {})["deployment"]
    error = _validate(cloud, app, row["id"])["error"]
    assert error["code"] == "incompatible_phase"
    assert error["message"] in cloud.refused("POST", f"/apps/{app['id']}/rollback", {"deployment_id": row["id"]})


def test_a_failed_deployment_is_no_target(cloud, app):
    cloud.update(app["id"], cloud.with_service(image={"registry_type": "DOCR", "repository": "broken"}))
    answer = _validate(cloud, app, cloud.latest(app["id"])["id"])
    assert answer["valid"] is False
    assert answer["error"] == {
        "code": "incompatible_result",
        "message": 'deployment result "failed" is unsuitable for rollback',
    }


def test_the_last_ten_successful_ones_are_targets(cloud, app):
    first = _first(cloud, app)
    for _number in range(8):
        cloud.ok("POST", f"/apps/{app['id']}/deployments", {})
    assert _validate(cloud, app, first)["valid"] is True
    cloud.update(app["id"], cloud.with_service(image={"registry_type": "DOCR", "repository": "broken"}))
    assert _validate(cloud, app, first)["valid"] is True
    cloud.update(app["id"], cloud.spec())
    error = _validate(cloud, app, first)["error"]
    assert error["code"] == "exceeded_revision_limit"
    assert 'limit of 10 for the "professional" app tier' in error["message"]


def test_other_databases_are_a_conflict(cloud, app):
    cloud.update(app["id"], cloud.spec(databases=[{"name": "db", "engine": "PG"}]))
    assert _validate(cloud, app, _first(cloud, app))["error"]["code"] == "database_config_conflict"


def test_another_region_is_a_conflict(cloud, app):
    cloud.update(app["id"], cloud.spec(region="ams"))
    assert _validate(cloud, app, _first(cloud, app))["error"]["code"] == "region_conflict"


def test_an_image_without_digest_is_a_warning(cloud):
    made = cloud.deployed(cloud.with_service(image={"registry_type": "DOCR", "repository": "web", "tag": "1"}))
    answer = _validate(cloud, made, made["active_deployment"]["id"])
    assert answer["valid"] is True
    assert [(w["code"], w["components"]) for w in answer["warnings"]] == [("image_source_missing_digest", ["web"])]


def test_a_static_site_is_built_again(cloud):
    site = {"name": "pages", "github": {"repo": "a/b", "branch": "main"}}
    made = cloud.deployed(cloud.spec(static_sites=[site]))
    answer = _validate(cloud, made, made["active_deployment"]["id"])
    assert [(w["code"], w["components"]) for w in answer["warnings"]] == [("static_site_requires_rebuild", ["pages"])]
    cloud.slow()
    cloud.ok("POST", f"/apps/{made['id']}/rollback", {"deployment_id": made["active_deployment"]["id"]})
    cloud.step()
    assert cloud.latest(made["id"])["phase"] == "BUILDING"


def test_a_static_app_has_no_revisions(cloud):
    made = cloud.deployed(
        {"name": "site", "static_sites": [{"name": "pages", "github": {"repo": "a/b", "branch": "x"}}]}
    )
    error = _validate(cloud, made, made["active_deployment"]["id"])["error"]
    assert (error["code"], "limit of 0" in error["message"]) == ("exceeded_revision_limit", True)


def test_a_rollback_that_fails_pins_nothing(cloud, app):
    broken = cloud.with_service(image={"registry_type": "DOCR", "repository": "web", "tag": "fine"})
    cloud.update(app["id"], broken)
    target = cloud.latest(app["id"])
    # The image has gone bad since.
    row = cloud.world.table("app_deployments")[target["id"]]
    row["spec"]["services"][0]["image"]["tag"] = "broken"
    cloud.ok("POST", f"/apps/{app['id']}/rollback", {"deployment_id": target["id"]})
    after = cloud.app(app["id"])
    assert after["active_deployment"]["id"] == target["id"]
    assert "pinned_deployment" not in after


def test_an_unknown_deployment_is_not_found(cloud, app):
    for path in ("rollback", "rollback/validate"):
        cloud.refused("POST", f"/apps/{app['id']}/{path}", {"deployment_id": "nix"}, 404)
        assert "deployment_id" in cloud.refused("POST", f"/apps/{app['id']}/{path}", {})
