# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks against an upgrade of PostgreSQL, and what is lost by one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.upgrading import upgrade_losses, upgrade_problems

LIMITS = {"version": "18", "backup_hours": "24", "disk_percent": "80", "lag_bytes": "100"}
STATE = {
    "version": 17,
    "server": "17.10",
    "prepared": 0,
    "lag_bytes": 0,
    "extensions": ["plpgsql", "pg_trgm"],
    "slots": [],
    "unavailable": [],
    "numbered": [],
    "invalid": [],
    "rows": {"public.patients": "50"},
}


def answers(**other: Any) -> dict[str, Any]:
    good = {
        "cluster": {"engine": "pg", "version": "17", "status": "online", "maintenance_window": {"pending": False}},
        "options": {"database_options": {"pg": {"versions": ["16", "17", "18"]}}},
        "backups": {"newest_age_hours": 2.5},
        "replicas": {"database_replicas": []},
        "measured": {"nodes": [{"host": "one", "disk_percent": 40.0}]},
        "health": [],
    }
    return {name: {**value, **other.get(name, {})} if isinstance(value, dict) else other.get(name, value)
            for name, value in good.items()}  # fmt: skip


def test_nothing_speaks_against_what_is_right() -> None:
    assert upgrade_problems(answers(), LIMITS, STATE) == []


def test_nothing_is_judged_of_a_cluster_that_is_there_already() -> None:
    assert upgrade_problems(answers(cluster={"status": "creating"}), {**LIMITS, "version": "17"}, STATE) == []


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("", "as by -e version=18. From 17 on offer: 18."),
        ("18.1", "no major version"),
        ("16", "No cluster goes back from 17 to 16"),
        ("19", "The version 19 is not on offer. From 17 on offer: 18."),
    ],
)
def test_a_version_that_cannot_be(version: str, told: str) -> None:
    [problem] = upgrade_problems(answers(), {**LIMITS, "version": version}, STATE)
    assert told in problem


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"cluster": {"status": "migrating"}}, "is migrating, not online"),
        ({"cluster": {"maintenance_window": {"pending": True}}}, "Maintenance of the cluster is pending"),
        ({"backups": {"newest_age_hours": None}}, "has no backup yet"),
        ({"backups": {"newest_age_hours": 24.5}}, "24.5 h old, more than 24"),
        ({"replicas": {"database_replicas": [{"name": "r", "status": "forking"}]}}, "The replica r is forking"),
        ({"measured": {"nodes": []}}, "nobody tells"),
        ({"measured": {"nodes": [{"host": "one", "disk_percent": None}]}}, "its metrics do not tell"),
        ({"measured": {"nodes": [{"host": "one", "disk_percent": 81.0}]}}, "81 % full, more than 80"),
        ({"health": ["it answers nothing"]}, "The app is not healthy before: it answers nothing."),
    ],
)
def test_what_the_api_tells_against_it(other: dict[str, Any], told: str) -> None:
    [problem] = upgrade_problems(answers(**other), LIMITS, STATE)
    assert told in problem


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"prepared": 1}, "1 prepared transaction(s) are open"),
        ({"slots": ["a", "b"]}, "Logical replication by a, b ends"),
        ({"lag_bytes": 101}, "101 bytes behind"),
        ({"lag_bytes": None}, "How far a standby is behind, nobody tells"),
        ({"unavailable": ["postgis"]}, "The extensions postgis are installed"),
        ({"numbered": ["odd.what"]}, "The columns odd.what hold"),
        ({"invalid": ["an_index"]}, "The indexes an_index are broken"),
    ],
)
def test_what_the_database_tells_against_it(state: dict[str, Any], told: str) -> None:
    [problem] = upgrade_problems(answers(), LIMITS, {**STATE, **state})
    assert told in problem
    assert upgrade_problems(answers(), LIMITS) == [], "where nobody has looked, nothing is judged"


def test_what_is_lost() -> None:
    rows = {"public.patients": "49"}
    after = {**STATE, "extensions": ["plpgsql"], "rows": rows}
    assert upgrade_losses(STATE, after, 18) == [
        "The server says that it is 17.10, not 18.",
        "The extensions pg_trgm are gone.",
        "The table public.patients has 49 rows, and had 50.",
    ]
    assert upgrade_losses(STATE, {**STATE, "rows": {}}) == ["The table public.patients is gone."]
    assert upgrade_losses({}, after) == [], "where nobody has looked before, nothing is compared"


def test_people_may_write_meanwhile_but_not_on_a_fork() -> None:
    after = {**STATE, "rows": {"public.patients": "51", "public.new": "1"}}
    assert upgrade_losses(STATE, after) == []
    assert len(upgrade_losses(STATE, after, exact=True)) == 1
