# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""With which of its two users the app works, whatever an interrupted run has left."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_logins import app_login

LOGINS = [{"user": "app", "pool": "pool"}, {"user": "app_b", "pool": "pool-b"}]


def spec(user: str) -> dict[str, Any]:
    return {"databases": [{"name": "db-owner", "db_user": "owner"}, {"name": "db", "db_user": user}]}


def deployed(**deployments: str) -> dict[str, Any]:
    app = {f"{state}_deployment": {"spec": spec(user)} for state, user in deployments.items() if state != "spec"}
    return {**app, "spec": spec(deployments.get("spec", "app"))}


@pytest.mark.parametrize(
    ("app", "pools", "user", "spare_used"),
    [
        ({}, [], "app", False),
        ({}, ["pool-b"], "app_b", False),
        ({}, ["pool", "pool-b"], "app", False),
        (deployed(active="app"), ["pool-b"], "app", False),
        (deployed(active="app_b", spec="app_b"), ["pool", "pool-b"], "app_b", False),
        # What failed is not in force.
        (deployed(active="app", spec="app_b"), ["pool", "pool-b"], "app", False),
        (deployed(active="app", in_progress="app_b"), ["pool", "pool-b"], "app_b", True),
        (deployed(active="app_b", pending="app"), ["pool", "pool-b"], "app", True),
        # Never deployed successfully.
        (deployed(spec="app_b"), [], "app_b", False),
        # Of an inventory that has named another user since.
        (deployed(active="former"), [], "app", False),
    ],
)
def test_the_user_in_force_is_read_from_what_is_deployed(
    app: dict[str, Any], pools: list[str], user: str, spare_used: bool
) -> None:
    found = app_login(LOGINS, app, [{"name": name} for name in pools], "db", False)
    assert (found["user"], found["spare_used"]) == (user, spare_used)
    assert {found["user"], found["spare_user"]} == {"app", "app_b"}
    assert found["pool"] == next(row["pool"] for row in LOGINS if row["user"] == user)


def test_a_move_leads_to_the_other_one_while_that_before_is_used() -> None:
    found = app_login(LOGINS, deployed(active="app"), [], "db", True)
    assert (found["user"], found["spare_user"], found["spare_used"]) == ("app_b", "app", True)
