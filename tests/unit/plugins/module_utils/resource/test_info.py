# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Info modules against scripted sequences of requests: one of a plain kind, one of a child."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import Kind
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import (
    UNKNOWN,
    Invocation,
    Module,
    execute,
)
from tests.unit.plugins.module_utils.scripted import Script, answer, api, error, scripted

ID = "5a4981aa-9653-4bd1-bef5-d6bff52042e4"
FARM = Kind("farm", "farm", "/farms", "farm", "farms", short="farm")
COW = Kind("cow", "cow", "/farms/{parent}/cows", "cow", "cows", key="name", parent=FARM)


class FarmInfo(Info):
    kind = FARM
    filters = ("region",)


class CowInfo(Info):
    kind = COW


def run(info: type[Module], exchanges: list[tuple[str, Any]], *, check: bool = False, **params: Any) -> dict[str, Any]:
    script = Script(list(exchanges))

    names = ["id", "name", "region", "farm", "farm_id"]
    result = execute(scripted(info, api(script)), Invocation({**dict.fromkeys(names), **params}, check_mode=check))
    script.done()
    return result


def test_filters_leave_what_matches_all_of_them() -> None:
    rows = [{"id": "1", "name": "a", "region": "x"}, {"id": "2", "name": "a", "region": "y"}]
    farms = [("GET /farms", answer(200, {"farms": rows}))]
    assert [row["id"] for row in run(FarmInfo, farms, name="a", region="y")["farms"]] == ["2"]


def test_an_id_is_read_directly_and_nothing_is_an_empty_list() -> None:
    found = run(FarmInfo, [(f"GET /farms/{ID}", answer(200, {"farm": {"id": ID, "name": "a"}}))], id=ID)
    assert found["farms"] == [{"id": ID, "name": "a"}]
    assert run(FarmInfo, [(f"GET /farms/{ID}", error(404))], id=ID)["farms"] == []


def test_check_mode_does_not_ask_for_what_another_task_would_have_created() -> None:
    assert run(FarmInfo, [], check=True, id=UNKNOWN) == {"changed": False, "farms": []}
    assert run(CowInfo, [], check=True, farm_id=UNKNOWN) == {"changed": False, "cows": []}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("option", ["farm_id", "farm"])
def test_an_empty_parent_is_told_and_not_taken_for_one_to_come(option: str, check: bool) -> None:
    result = run(CowInfo, [], check=check, **{option: ""})
    assert result["msg"] == f"{option} is empty: give the id or the name of the farm that is meant."
