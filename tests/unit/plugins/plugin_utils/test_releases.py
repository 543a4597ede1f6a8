# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which deployment to go back to, and what is not undone."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.releases import component_problem, rollback_plan

JOBS = [{"name": "migrate", "kind": "PRE_DEPLOY"}, {"name": "night", "kind": "SCHEDULED"}]


def deployment(number: int, phase: str = "SUPERSEDED", **more: Any) -> dict[str, Any]:
    spec = {"name": "clinic", "services": [{"name": "web", "image": {"digest": f"sha256:{number}"}}], "jobs": JOBS}
    return {"id": f"d-{number}", "phase": phase, "created_at": f"2026-11-2{number}", "spec": spec, **more}


THREE = [deployment(3, "ACTIVE"), deployment(2), deployment(1)]
CLONE = deployment(4, "ACTIVE", cloned_from="d-2", cause="rollback to deployment d-2")


@pytest.mark.parametrize(
    ("app", "rows", "wanted", "step", "target", "since"),
    [
        ({"active_deployment": THREE[0]}, THREE, "", "roll_back", "d-2", ["d-3"]),
        ({"active_deployment": THREE[0]}, THREE, "d-1", "roll_back", "d-1", ["d-3", "d-2"]),
        ({"active_deployment": THREE[0]}, THREE, "d-3", "none", "d-3", []),
        # What failed never took over, but its migrations may have.
        (
            {"active_deployment": THREE[1]},
            [deployment(3, "ERROR"), {**THREE[1], "phase": "ACTIVE"}, THREE[2]],
            "",
            "none",
            "d-2",
            ["d-3"],
        ),
        # Committed before: once more is no way back to what was left.
        ({"active_deployment": CLONE}, [CLONE, *THREE], "", "none", "d-2", ["d-4", "d-3"]),
        ({"active_deployment": CLONE}, [CLONE, *THREE], "d-3", "roll_back", "d-3", ["d-4"]),
        # Killed before it was judged, also while it was still coming up.
        ({"active_deployment": CLONE, "pinned_deployment": CLONE}, [CLONE, *THREE], "", "judge", "d-2", ["d-4", "d-3"]),
        (
            {
                "active_deployment": THREE[0],
                "pinned_deployment": {**CLONE, "phase": "DEPLOYING"},
                "in_progress_deployment": {**CLONE, "phase": "DEPLOYING"},
            },
            [CLONE, *THREE],
            "d-2",
            "judge",
            "d-2",
            ["d-4", "d-3"],
        ),
    ],
)
def test_where_it_leads(
    app: dict[str, Any], rows: list[dict[str, Any]], wanted: str, step: str, target: str, since: list[str]
) -> None:
    found = rollback_plan(app, rows, wanted)
    assert (found["problem"], found["step"], found["target"]) == ("", step, target)
    assert [(row["deployment"], row["job"]) for row in found["migrations"]] == [(id, "migrate") for id in since]


@pytest.mark.parametrize(
    ("app", "rows", "wanted", "why"),
    [
        ({}, [], "", "nothing of it runs"),
        ({"active_deployment": THREE[0]}, THREE[:1], "", "it has no earlier successful deployment"),
        ({"active_deployment": THREE[0]}, THREE, "d-9", "deployment d-9 is none of its newest ones"),
        (
            {"active_deployment": THREE[0], "pending_deployment": deployment(4, "BUILDING")},
            THREE,
            "",
            "deployment d-4 is under way",
        ),
        (
            {"active_deployment": CLONE, "pinned_deployment": CLONE},
            [CLONE, *THREE],
            "d-1",
            "it is pinned to deployment d-4",
        ),
    ],
)
def test_what_cannot_be_done(app: dict[str, Any], rows: list[dict[str, Any]], wanted: str, why: str) -> None:
    found = rollback_plan(app, rows, wanted)
    assert found["problem"].startswith(why)
    assert found["step"] == "none"


def test_no_rollback_begins_or_ends_maintenance() -> None:
    closed = deployment(2)
    closed["spec"] = {**closed["spec"], "maintenance": {"enabled": True}}
    rows = [deployment(3, "ACTIVE"), closed, deployment(1)]
    assert rollback_plan({"active_deployment": rows[0]}, rows)["target"] == "d-1"
    assert (
        rollback_plan({"active_deployment": rows[0]}, rows, "d-2")["problem"]
        == "deployment d-2 would begin maintenance"
    )
    now = {"active_deployment": {**closed, "phase": "ACTIVE"}}
    assert rollback_plan(now, rows, "d-1")["problem"] == "deployment d-1 would end maintenance"


def test_what_can_be_restarted() -> None:
    app = {"active_deployment": {"spec": {"services": [{"name": "web"}], "workers": [{"name": "mail"}], "jobs": JOBS}}}
    assert [component_problem(app, name) for name in ("", "web", "mail")] == ["", "", ""]
    assert component_problem(app, "migrate") == "it has no component migrate that runs, but web, mail"
    assert component_problem({}, "web") == "nothing of it runs: deploy it first"
