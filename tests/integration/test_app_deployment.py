# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying, restarting, canceling and rolling back; and what the info modules of App Platform list."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.harness.apps import BROKEN, DIGESTS, SECRET, do, release
from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Run, Step, admin, assert_sentence
from tests.localcloud_fixtures import LocalCloud


def deployment(run: Run, name: str) -> dict[str, Any]:
    found: dict[str, Any] = run.good(name).result["app_deployment"]
    return found


def digest_of(found: dict[str, Any]) -> str:
    digest: str = found["spec"]["services"][0]["image"]["digest"]
    return digest


def test_rollback_from_the_default_target_to_its_end(cloud: LocalCloud) -> None:
    run = inside(cloud, [
        release("v1", DIGESTS[1]),
        do("nothing before", "rolled_back"),
        release("v2", DIGESTS[2]),
        do("restart", "restarted", components=["web"]),
        do("back: check", "rolled_back", check=True),
        do("back", "rolled_back"),
        do("back: again", "rolled_back"),
        release("change meanwhile", DIGESTS[3]),
        do("deploy meanwhile", "deployed"),
        do("elsewhere meanwhile", "rolled_back", deployment_id="5a4981aa-9653-4bd1-bef5-d6bff52042e4"),
        do("commit: check", "rollback_committed", check=True),
        do("commit", "rollback_committed"),
        do("commit: again", "rollback_committed"),
        do("revert: nothing", "rollback_reverted"),
        release("v3", DIGESTS[3]),
        do("back for a look", "rolled_back"),
        do("revert: check", "rollback_reverted", check=True),
        do("revert", "rollback_reverted"),
        do("revert: again", "rollback_reverted"),
        do("back at once", "rolled_back", skip_pin=True),
        do("back at once: again", "rolled_back", skip_pin=True),
        release("v3 again", DIGESTS[3]),
    ])  # fmt: skip
    assert run["nothing before"].status == "failed"
    assert "has no earlier successful deployment" in run["nothing before"].message
    back = run.good("back")
    assert (back.changed, back.result["diff"]) == (True, run["back: check"].result["diff"])
    assert run["back: check"].write_list == []
    assert digest_of(deployment(run, "back")) == DIGESTS[1], "the restart of v2 is left out, it ran the same"
    assert deployment(run, "back")["phase"] == "ACTIVE"
    assert (run.good("back: again").changed, run["back: again"].write_list) == (False, [])
    assert deployment(run, "back: again")["id"] == deployment(run, "back")["id"]
    for name in ("change meanwhile", "deploy meanwhile"):
        assert run[name].write_list == []
        assert f"pinned to deployment {deployment(run, 'back')['id']}" in run[name].message
        assert_sentence(run[name].message)
    assert "has no deployment 5a4981aa" in run["elsewhere meanwhile"].message
    committed = run.good("commit")
    assert (committed.changed, committed.result["diff"]) == (True, run["commit: check"].result["diff"])
    assert [run.good(name).changed for name in ("commit: again", "revert: nothing")] == [False, False]
    assert digest_of(deployment(run, "back for a look")) == DIGESTS[1]
    assert digest_of(deployment(run, "revert")) == DIGESTS[3]
    assert run["revert"].result["diff"] == run["revert: check"].result["diff"]
    assert not run.good("revert: again").changed
    assert digest_of(deployment(run, "back at once")) == DIGESTS[1]
    assert not run.good("back at once: again").changed
    assert run.good("v3 again").changed
    assert SECRET not in run.printed


def test_a_given_target_and_what_the_api_says_against_it(cloud: LocalCloud) -> None:
    run = inside(cloud, [
        release("v1", DIGESTS[1], register="v1"),
        release("by tag", "", tag="stable", register="tag"),
        release("broken", BROKEN, register="broken"),
        do("after a failure", "rolled_back"),
        do("to the running one", "rolled_back", deployment_id="{{ tag.deployment.id }}"),
        do("to the broken one", "rolled_back", deployment_id="{{ broken.deployment.id }}"),
        release("v3", DIGESTS[3]),
        do("to the tag", "rolled_back", deployment_id="{{ tag.deployment.id }}"),
        do("to v1 while pinned", "rolled_back", deployment_id="{{ v1.deployment.id }}"),
    ])  # fmt: skip
    unharmed = run.good("after a failure")
    assert (unharmed.changed, unharmed.write_list) == (False, []), "what failed never went live"
    assert deployment(run, "after a failure")["id"] == run["by tag"].result["deployment"]["id"]
    assert not run.good("to the running one").changed
    refused = run["to the broken one"]
    assert (refused.status, refused.write_list) == ("failed", [])
    assert "incompatible_result" in refused.message
    assert_sentence(refused.message)
    warned = run.good("to the tag").result["warnings"]
    assert any("image_source_missing_digest" in warning and "web" in warning for warning in warned)
    pinned = run["to v1 while pinned"]
    assert (pinned.status, pinned.write_list) == ("failed", [])
    assert "app_pinned" in pinned.message


def test_canceling_stops_what_is_under_way_and_nothing_else(cloud: LocalCloud) -> None:
    run = inside(cloud, [
        release("v1", DIGESTS[1]),
        do("nothing under way", "canceled"),
        do("deploy", "deployed", wait=False, register="running", before=[admin("settings", speed="real")]),
        do("cancel: check", "canceled", check=True),
        do("cancel", "canceled"),
        do("cancel: again", "canceled"),
        do("cancel it by id", "canceled", deployment_id="{{ running.app_deployment.id }}"),
        do("deploy too slowly", "deployed", wait_timeout=1),
        do("cancel that", "canceled"),
    ])  # fmt: skip
    for name in ("nothing under way", "cancel: again", "cancel it by id"):
        assert (run.good(name).changed, run[name].write_list) == (False, []), name
    assert (run.good("cancel: check").changed, run["cancel: check"].write_list) == (True, [])
    canceled = run.good("cancel")
    assert (canceled.changed, canceled.result["diff"]) == (True, run["cancel: check"].result["diff"])
    assert deployment(run, "cancel")["phase"] == "CANCELED"
    assert deployment(run, "cancel")["id"] == deployment(run, "deploy")["id"]
    late = run["deploy too slowly"]
    assert late.status == "failed"
    assert late.changed
    assert "was still PENDING_BUILD" in late.message
    assert "after 1 s (wait_timeout)" in late.message
    assert_sentence(late.message)
    assert run.good("cancel that").changed


@pytest.mark.parametrize("kind", ["drop", "status"])
def test_a_lost_answer_deploys_nothing_twice(cloud: LocalCloud, kind: str) -> None:
    def lose(path: str) -> list[dict[str, Any]]:
        more = {"status": 500} if kind == "status" else {}
        return [admin("clear_faults"), admin("fault", kind, method="POST", path=path, when="after", count=1, **more)]

    base = "/v2/apps/*"
    run = inside(cloud, [
        release("v1", DIGESTS[1]),
        release("v2", DIGESTS[2]),
        do("deploy", "deployed", before=lose(f"{base}/deployments")),
        do("restart", "restarted", before=lose(f"{base}/restart")),
        do("back", "rolled_back", before=lose(f"{base}/rollback")),
        do("revert", "rollback_reverted", before=lose(f"{base}/rollback/revert")),
        do("back again", "rolled_back"),
        do("commit", "rollback_committed", before=lose(f"{base}/rollback/commit")),
        Step("list", "app_deployment_info", {"app": "clinic"}),
    ])  # fmt: skip
    for name in ("deploy", "restart", "back", "revert", "commit"):
        assert run.good(name).changed, name
    found = run["list"].result["app_deployments"]
    ours = [deployment(run, name)["id"] for name in ("back again", "revert", "back", "restart", "deploy")]
    assert [row["id"] for row in found] == [*ours, *(run[name].result["deployment"]["id"] for name in ("v2", "v1"))]
    assert not found[0].get("pinned_deployment")


def test_a_deployment_asked_for_before_a_503_is_asked_for_again(cloud: LocalCloud) -> None:
    fault = admin("fault", "status", method="POST", path="/v2/apps/*/deployments", status=503, count=1)
    run = inside(cloud, [
        release("v1", DIGESTS[1]),
        do("deploy", "deployed", before=[fault]),
        Step("list", "app_deployment_info", {"app": "clinic"}),
    ])  # fmt: skip
    assert run.good("deploy").changed
    assert len(run["list"].result["app_deployments"]) == 2


def test_an_app_that_is_not_there(cloud: LocalCloud) -> None:
    run = inside(cloud, [
        do("by name", "deployed"),
        do("by id", "deployed", app_id="5a4981aa-9653-4bd1-bef5-d6bff52042e4"),
        do("by no id", "deployed", app_id="clinic"),
        do("in check mode", "deployed", check=True),
        do("not yet", "deployed", app_id="known-after-creation", check=True),
        Step("info", "app_deployment_info", {"app": "clinic"}),
    ])  # fmt: skip
    assert 'There is no app "clinic"' in run["by name"].message
    assert 'There is no app "5a4981aa' in run["by id"].message
    assert 'app_id "clinic" is not an id' in run["by no id"].message
    for name in ("in check mode", "not yet"):
        assert run.good(name).changed
        assert deployment(run, name)["id"] == "known-after-creation"
    assert "there is no app" in run["info"].message
    for name in ("by name", "by id", "by no id", "info"):
        assert_sentence(run[name].message)
        assert run[name].write_list == []


def test_info(cloud: LocalCloud) -> None:
    run = inside(cloud, [
        release("v1", DIGESTS[1], register="v1"),
        release("broken", BROKEN),
        Step("failed", "app_deployment_info", {"app": "clinic", "phases": ["ERROR"]}),
        Step("newest", "app_deployment_info", {"app_id": "{{ v1.app.id }}", "limit": 1}),
        Step("one", "app_deployment_info", {"app": "clinic", "id": "{{ v1.deployment.id }}"}),
        Step("of types", "app_deployment_info", {"app": "clinic", "deployment_types": ["MANUAL", "AUTO_ROLLBACK"]}),
        Step("rollbacks", "app_deployment_info", {"app": "clinic", "deployment_types": ["MANUAL_ROLLBACK"]}),
        Step("apps", "app_info", {"with_alerts": True}),
        Step("by id", "app_info", {"id": "{{ v1.app.id }}"}),
        Step("by another name", "app_info", {"name": "other"}),
        Step("options", "app_options_info", {}),
    ])  # fmt: skip

    def ids(name: str) -> list[str]:
        return [row["id"] for row in run.good(name).result["app_deployments"]]

    first, second = run["v1"].result["deployment"]["id"], run["broken"].result["deployment"]["id"]
    assert (ids("failed"), ids("newest"), ids("one")) == ([second], [second], [first])
    assert (ids("of types"), ids("rollbacks")) == ([second, first], [])
    assert run["failed"].result["app_deployments"][0]["failures"][0]["component"] == "web"
    assert run["one"].result["app_deployments"][0]["app_id"] == run["v1"].result["app"]["id"]
    (only,) = run["apps"].result["apps"]
    assert only["alerts"] == []
    assert {key: only[key] for key in only if key != "alerts"} == run["by id"].result["apps"][0]
    assert set(run["by id"].result["apps"][0]) == set(run["v1"].result["app"]) | {"secrets_since"}
    assert only["spec"]["services"][0]["envs"] == [
        {"key": "SESSION_SECRET", "scope": "RUN_AND_BUILD_TIME", "type": "SECRET"}
    ]
    assert run["by another name"].result["apps"] == []
    options = run["options"].result["app_options"]
    assert "fra" in [region["slug"] for region in options["regions"]]
    assert "apps-d-1vcpu-1gb" in [size["slug"] for size in options["instance_sizes"]]
    assert [outcome.write_list for name, outcome in run.outcomes.items() if name not in ("v1", "broken")] == [[]] * 9
