# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the app says of itself, read from the body; and the records that its domains need."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.answering import health_problems

STORES = ["database", "redis"]


def body(status: int = 200, **checks: Any) -> dict[str, Any]:
    """FisioFlow's own answer, with `checks` laid over it."""
    healthy = {name: {"status": "healthy", "responseTime": 5} for name in (*STORES, "memory", "system")}
    return {"status": status, "json": {"status": "healthy", "checks": {**healthy, **checks}}}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (body(database={"status": "unhealthy"}), "says that database is unhealthy"),
        (body(redis={"status": "unknown"}), "says that redis is unknown"),
        (body(redis={}), "says that redis is not told of"),
        (body(redis=None, database="healthy"), "says that database is not told of, redis is not told of"),
        (body(503, redis={"status": "unhealthy"}), "says that redis is unhealthy"),
        (body(503), "answers 503"),
        ({"status": 200, "json": {"status": "healthy"}}, "answers 200 with a body without checks"),
        ({"status": 200, "json": ["healthy"]}, "answers 200 with a body without checks"),
        ({"status": 200}, "answers 200 with a body without checks"),
        ({"status": 404}, "answers 404"),
        ({"status": -1, "msg": "Status code was -1 and not [200]: no route."}, "answers nothing (no route)"),
        ({"rc": 127, "msg": "no interpreter"}, "answers nothing (no interpreter)"),
        ({}, "answers nothing"),
    ],
)
def test_a_store_that_is_not_called_good_is_a_problem(answer: dict[str, Any], problem: str) -> None:
    [told] = health_problems(answer, STORES)
    assert told.startswith(problem)


@pytest.mark.parametrize("memory", [{"status": "warning"}, {"status": "healthy"}])
def test_a_full_heap_is_none(memory: dict[str, str]) -> None:
    """It makes the whole unhealthy, and says nothing of a deployment."""
    answer = body(memory=memory)
    answer["json"]["status"] = "unhealthy"
    assert health_problems(answer, STORES) == []


def test_an_application_that_tells_nothing_is_judged_by_its_status() -> None:
    assert health_problems({"status": 200}, []) == []
    assert health_problems({"status": 503}, []) == ["answers 503"]
