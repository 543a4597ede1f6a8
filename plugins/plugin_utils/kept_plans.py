# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan (see planning.py) that was kept in a file, held against what would be done by now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.plan_pages import plan_value
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.planning import ACTIONS, FORM

# What the file must hold to be compared at all.
TEXTS = ("environment", "account", "owner", "made_at", "secrets")
WAS = {"create": "to be created", "change": "to be changed", "delete": "to be deleted", "cannot": "impossible"}
AGAIN = "make a new plan with playbooks/plan.yml and look at it"


def kept_plan_problem(text: str, about: Data) -> str:
    """Why the text of a file is no plan that can be applied here, as a sentence; empty when it is one.

    `about` is that of the environment at hand, as `environment_plan` takes it.
    """
    try:
        _check(_parsed(text), about)
    except Failure as failure:
        return str(failure)
    return ""


def plan_moves(now: Data, text: str) -> list[str]:
    """What is not as the kept plan said, one sentence each; empty when the plan can be applied as it is."""
    kept = _parsed(text)
    plans = [{row["name"]: row for row in plan["resources"]} for plan in (kept, now)]
    moves = [
        sentence
        for name in sorted({*plans[0], *plans[1]})
        for sentence in _moves(name, *(plan.get(name) for plan in plans))
    ]
    if not moves and kept["secrets"] != now["secrets"]:
        moves = ["a secret that the plan calls new has by now another value than when it was made."]
    return moves + [f"not compared by now: {sentence}" for sentence in now["not_compared"]]


def _parsed(text: str) -> Data:
    if not text.strip():
        raise Failure("it cannot be read, or is empty")
    try:
        plan = json.loads(text)
    except ValueError:
        raise Failure("it is not JSON: the plan is the .json of the files that playbooks/plan.yml leaves") from None
    if not isinstance(plan, dict) or "fisioflow_plan" not in plan:
        raise Failure("it is no plan: playbooks/plan.yml makes one")
    if plan["fisioflow_plan"] != FORM:
        raise Failure(f"it is a plan of another version ({plan['fisioflow_plan']}, this one reads {FORM}): {AGAIN}")
    if not _sound(plan):
        raise Failure(f"it is damaged: {AGAIN}")
    return plan


def _sound(plan: Data) -> bool:
    rows = plan.get("resources")
    return (
        all(isinstance(plan.get(key), str) for key in TEXTS)
        and isinstance(plan.get("release"), dict)
        and isinstance(plan.get("not_compared"), list)
        and isinstance(rows, list)
        and all(_sound_row(row) for row in rows)
        and len({row["name"] for row in rows}) == len(rows)
    )


def _sound_row(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("name"), str)
        and row.get("action") in ACTIONS
        and isinstance(row.get("changes"), list)
        and all(
            isinstance(change, dict) and {"attribute", "before", "after"} <= set(change) for change in row["changes"]
        )
    )


def _check(plan: Data, about: Data) -> None:
    if plan["environment"] != about["environment"]:
        raise Failure(f"it is a plan for {plan['environment']}, and this is {about['environment']}")
    if (plan["account"], plan["owner"]) != (about["account"], about["owner"]):
        raise Failure(f"it is a plan for another account ({plan['account']}, {plan['owner'] or 'unknown'})")
    if plan["release"] != about["release"]:
        kept, now = (_asked(release) for release in (plan["release"], about["release"]))
        raise Failure(f"it was made for {kept}, and {now} is asked for: give the same to both")
    if impossible := [row["name"] for row in plan["resources"] if row["action"] == "cannot"]:
        raise Failure(f"it holds what is impossible ({', '.join(impossible)}), so no run can apply it")
    if plan["not_compared"]:
        raise Failure(f"it does not cover everything ({' '.join(map(str, plan['not_compared']))})")


def _asked(release: Data) -> str:
    given = ", ".join(f"{name} {value}" for name, value in release.items() if value)
    return given or "no new version"


def _moves(name: str, kept: Data | None, now: Data | None) -> Iterator[str]:
    if kept is None and now is not None:
        yield f"{name}: is by now {WAS[now['action']]}, which the plan does not say{_told(now)}."
    elif now is None and kept is not None:
        yield f"{name}: was {WAS[kept['action']]}, and by now nothing of it differs."
    elif kept is not None and now is not None and kept["action"] != now["action"]:
        yield f"{name}: was {WAS[kept['action']]}, and is by now {WAS[now['action']]}{_told(now)}."
    elif kept is not None and now is not None:
        yield from _other_values(name, kept, now)


def _other_values(name: str, kept: Data, now: Data) -> Iterator[str]:
    sides = [{row["attribute"]: (row["before"], row["after"]) for row in plan["changes"]} for plan in (kept, now)]
    for attribute in dict.fromkeys([*sides[0], *sides[1]]):
        then, new = (side.get(attribute) for side in sides)
        if then != new:
            yield f"{name}: {attribute} was {_step(then)}, and is by now {_step(new)}."
    if not kept["changes"] and not now["changes"] and kept.get("why") != now["why"]:
        yield f"{name}: {now['why']}"


def _step(sides: tuple[Any, Any] | None) -> str:
    if sides is None:
        return "left alone"
    return f"{plan_value(sides[0])} → {plan_value(sides[1])}"


def _told(row: Data) -> str:
    """The first of its changes, in brackets, or why there is none."""
    if row["changes"] and row["action"] == "change":
        first = row["changes"][0]
        return f" ({first['attribute']}: {_step((first['before'], first['after']))})"
    return f" ({row['why'].rstrip('.')})" if row["why"] else ""
