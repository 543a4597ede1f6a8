# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to something: planned, predicted, done once and waited for; here, a farm is harvested."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import Kind
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import LOOKS, once
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Look
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.action import Action
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import (
    UNKNOWN,
    Invocation,
    execute,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.planned import Plan, Step
from tests.unit.plugins.module_utils.scripted import Script, answer, api, error, lost, scripted

ID = "5a4981aa-9653-4bd1-bef5-d6bff52042e4"
FARM = Kind("farm", "farm", "/farms", "farm", "farms", short="farm")
HARVEST = Kind("harvest", "harvest", "/farms/{parent}/harvests", "harvest", "harvests", parent=FARM, identity=("id",))
LIST, GET, POST = "GET /farms", f"GET /farms/{ID}", f"POST /farms/{ID}/harvests"
LOOK = f"GET /farms/{ID}/harvests/h1"


class Harvest(Action):
    kind = HARVEST
    states = ("harvested",)

    def plan_harvested(self, farm: Data) -> Plan:
        ripe = {"ripe": farm.get("ripe", True)}
        if not ripe["ripe"]:
            return Plan(ripe, ripe, {"id": farm["last"]})
        return Plan(ripe, {"ripe": False}, {"id": UNKNOWN}, [Step("harvest", self._harvest)])

    def _harvest(self, farm: Data) -> Data:
        ask = partial(self.api.post, HARVEST.collection(farm["id"]), {}, HARVEST.promise)

        def effect() -> Data | None:
            now = self.target() or {}
            return None if now.get("ripe") else {"id": now["last"]}

        return once(self.clock, lambda: HARVEST.unwrap(ask()), effect)

    def follow(self, target: Data, done: Data) -> Data:
        def look() -> Look[Data]:
            now = HARVEST.unwrap(self.api.get(HARVEST.location(done["id"], target["id"]), HARVEST.promise))
            return Look(now, now["status"], now["status"] == "done")

        return self.wait_until(look, goal="done", next_step="Run again.")


def run(exchanges: list[tuple[str, Any]], *, check: bool = False, **options: Any) -> dict[str, Any]:
    script = Script(exchanges)
    account = api(script)

    names = Harvest.argument_spec()["argument_spec"]
    params = {**dict.fromkeys(names), "farm_id": ID, "wait": True, "wait_timeout": 60, **options}
    result = execute(scripted(Harvest, account), Invocation(params, check_mode=check, diff=True))
    script.done()
    return {**result, "writes": [line for line, _, _ in script.sent if not line.startswith("GET")]}


def farm(**values: Any) -> Any:
    return answer(200, {"farm": {"id": ID, "name": "a", "ripe": True, "last": "h1", **values}})


def harvest(status: str = "done") -> Any:
    return answer(200, {"harvest": {"id": "h1", "status": status}})


DIFF = {"before": {"ripe": True}, "after": {"ripe": False}}


def test_it_is_done_and_waited_for() -> None:
    result = run([(GET, farm()), (POST, harvest("under way")), (LOOK, harvest("under way")), (LOOK, harvest())])
    assert (result["changed"], result["diff"]) == (True, DIFF)
    assert result["harvest"] == {"id": "h1", "status": "done", "farm_id": ID}


def test_check_mode_predicts_it_and_writes_nothing() -> None:
    result = run([(GET, farm())], check=True)
    assert (result["changed"], result["diff"], result["writes"]) == (True, DIFF, [])
    assert result["harvest"] == {"id": UNKNOWN, "farm_id": ID}


@pytest.mark.parametrize("check", [True, False])
def test_what_is_done_is_not_done_again(check: bool) -> None:
    result = run([(GET, farm(ripe=False)), *([] if check else [(LOOK, harvest())])], check=check)
    assert (result["changed"], result["diff"]["before"], result["writes"]) == (False, result["diff"]["after"], [])


def test_without_wait_nothing_is_waited_for() -> None:
    result = run([(GET, farm()), (POST, harvest("under way"))], wait=False)
    assert result["harvest"]["status"] == "under way"


def test_a_lost_answer_does_it_once() -> None:
    result = run([(GET, farm()), (POST, lost(executed=True)), (GET, farm(ripe=False)), (LOOK, harvest())])
    assert (result["harvest"]["id"], result["writes"]) == ("h1", [POST])


def test_a_lost_request_is_made_again() -> None:
    nothing = [(GET, farm())] * len(LOOKS)
    result = run([(GET, farm()), (POST, error(502)), *nothing, (POST, harvest()), (LOOK, harvest())])
    assert (result["changed"], result["writes"]) == (True, [POST, POST])


def test_a_refusal_names_what_it_was_to_be_done_to() -> None:
    result = run([(GET, farm()), (POST, error(422, "it rains"))])
    assert result["msg"].startswith(f'Could not harvest farm "{ID}": the API answered 422 "it rains"')
    assert result["changed"] is False


def test_a_wait_that_ends_too_late_is_a_sentence() -> None:
    result = run([(GET, farm()), (POST, harvest("under way")), (LOOK, harvest("under way"))], wait_timeout=0)
    assert f'Farm "{ID}" was still under way and not done after 0 s' in result["msg"]
    assert result["changed"] is True


@pytest.mark.parametrize("options", [{"farm": "a", "farm_id": None}, {}])
def test_its_target_must_be_there(options: dict[str, Any]) -> None:
    missing = (LIST, answer(200, {"farms": []})) if options else (GET, error(404))
    result = run([missing], **options)
    assert result["msg"] == f'There is no farm "{options.get("farm", ID)}": create it first, or correct its name.'


def test_in_check_mode_its_target_may_be_yet_to_come() -> None:
    result = run([], check=True, farm_id=UNKNOWN)
    assert (result["changed"], result["harvest"]["farm_id"]) == (True, UNKNOWN)


def test_a_plan_may_do_something_else_as_well() -> None:
    plan = Plan({"size": 1}, {"size": 1}, {})
    step = Step("plough", lambda _: None)
    plan.also({"soil": "hard"}, {"soil": "soft"}, step)
    assert (plan.before, plan.after, plan.steps) == ({"size": 1, "soil": "hard"}, {"size": 1, "soil": "soft"}, [step])
