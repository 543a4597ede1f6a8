# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canceling a deployment and committing a rollback when answers get lost: exact sequences of requests."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import LOOKS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation, execute
from ansible_collections.fisioflow.digitalocean.plugins.modules.app_deployment import AppDeployment
from tests.unit.plugins.module_utils.scripted import Script, answer, api, error, lost, scripted

ID = "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf"
APP = f"/v2/apps/{ID}"
CANCEL, COMMIT = f"POST {APP}/deployments/d2/cancel", f"POST {APP}/rollback/commit"


def run(exchanges: list[tuple[str, Any]], state: str) -> dict[str, Any]:
    script = Script(exchanges)
    account = api(script)

    names = AppDeployment.argument_spec()["argument_spec"]
    params = {**dict.fromkeys(names), "app_id": ID, "state": state, "wait": True, "wait_timeout": 600}
    result = execute(scripted(AppDeployment, account), Invocation(params))
    assert "unexpected" not in result.get("msg", ""), result["msg"]
    script.done()
    return result


def deployment(number: int, phase: str) -> dict[str, Any]:
    return {"id": f"d{number}", "phase": phase, "created_at": f"2026-11-24T03:0{number}:00Z"}


def app(**values: Any) -> tuple[str, Any]:
    found = {"id": ID, "spec": {"name": "clinic"}, "active_deployment": deployment(1, "ACTIVE"), **values}
    return (f"GET {APP}", answer(200, {"app": found}))


def seen(phase: str) -> tuple[str, Any]:
    return (f"GET {APP}/deployments/d2", answer(200, {"deployment": deployment(2, phase)}))


BUILDING = app(in_progress_deployment=deployment(2, "BUILDING"))
CANCELED = (CANCEL, answer(200, {"deployment": deployment(2, "CANCELED")}))
PINNED = app(pinned_deployment=deployment(2, "ACTIVE"))


@pytest.mark.parametrize("reply", [lost(executed=True), error(500)])
def test_a_cancellation_without_an_answer_is_looked_for(reply: Any) -> None:
    result = run([BUILDING, (CANCEL, reply), seen("BUILDING"), seen("CANCELED")], "canceled")
    assert (result["changed"], result["app_deployment"]["phase"]) == (True, "CANCELED")


def test_a_cancellation_that_never_arrived_is_asked_for_again() -> None:
    result = run([BUILDING, (CANCEL, error(502)), *[seen("BUILDING")] * len(LOOKS), CANCELED], "canceled")
    assert (result["changed"], result["app_deployment"]["phase"]) == (True, "CANCELED")


@pytest.mark.parametrize(("phase", "words"), [("ERROR", ""), ("BUILDING", "the API answered 422"), ("", "422")])
def test_a_refused_cancellation_is_one_unless_it_has_ended_meanwhile(phase: str, words: str) -> None:
    now = seen(phase) if phase else (f"GET {APP}/deployments/d2", error(404))
    result = run([BUILDING, (CANCEL, error(422, "cannot be canceled")), now], "canceled")
    assert result.get("failed", False) is bool(words)
    assert words in result.get("msg", "")


def test_a_commit_without_an_answer_is_looked_for() -> None:
    result = run([PINNED, (COMMIT, lost(executed=True)), PINNED, app()], "rollback_committed")
    assert (result["changed"], result["app_deployment"]["id"]) == (True, "d2")


def test_a_commit_that_never_arrived_is_asked_for_again() -> None:
    script = [PINNED, (COMMIT, error(503)), *[PINNED] * len(LOOKS), (COMMIT, answer(200, {}))]
    assert run(script, "rollback_committed")["changed"]


def test_an_app_that_is_gone_was_not_committed() -> None:
    gone = (f"GET {APP}", error(404))
    script = [PINNED, (COMMIT, lost(executed=True)), *[gone] * len(LOOKS), (COMMIT, error(404, "no such app"))]
    assert "Could not commit the rollback of app" in run(script, "rollback_committed")["msg"]
