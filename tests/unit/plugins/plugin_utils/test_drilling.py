# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_markdown, document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drilling import drill_result
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drilling_pages import drill_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.html_pages import document_html

MARKS = {
    "begun": 1000.0,
    "backup found": 1002.5,
    "cluster created": 1302.5,
    "users and grants": 1320.0,
    "first query": 1325.0,
    "checks": 1400.0,
}
ABOUT = {
    "scenario": "database",
    "environment": "local",
    "made_at": "2026-11-29T20:00:00Z",
    "source": "pg",
    "cluster": "pg-drill",
    "made": [{"engine": "pg", "size": "db-s-1vcpu-1gb"}],
    "backup_of": "2026-11-29T06:00:00Z",
    "marks": MARKS,
    "writable": 2,
    "rto_minutes": 15,
    "rpo_hours": 24,
    "prices": {},
}


def row(kind: str, name: str, number: int = 0, text: str = "") -> dict[str, Any]:
    return {"kind": kind, "name": name, "number": number, "text": text}


DATA = [
    row("table", "patients", 200, "77"),
    row("table", "visits", 3, "5"),
    row("orphans", "visits_patient_fkey", 0),
    row("newest", "patients", text="2026-11-29T05:59:00Z"),
    row("newest", "visits", text=""),
]


def drilled(restored: Any = DATA, living: Any = DATA, earlier: tuple[str, ...] = (), **about: Any) -> dict[str, Any]:
    return drill_result(restored, living, {**ABOUT, **about}, list(earlier))


def test_it_is_measured_phase_by_phase() -> None:
    made = drilled()
    assert {row["phase"]: row["seconds"] for row in made["phases"]} == {
        "backup found": 2.5,
        "cluster created": 300.0,
        "users and grants": 17.5,
        "first query": 5.0,
        "checks": 75.0,
    }
    # Until the database answered, without what was looked at afterwards.
    assert (made["rto_minutes"], made["rpo_hours"], made["findings"]) == (5.42, 14.0, [])
    assert made["cost_usd"] == pytest.approx(15.15 / 672, abs=1e-4)
    assert (made["newest_row"], made["foreign_keys"][0]["rows"]) == ("2026-11-29T05:59:00Z", 0)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"rto_minutes": 5}, "RTO: it took 5.42 minutes, over 5."),
        ({"rpo_hours": 12}, "RPO: the backup is 14 hours old, over 12."),
        ({"writable": 0}, "The app may write no table of the restored database."),
        ({"restored": []}, "The restored database has no table."),
        ({"restored": [row("table", "patients", 0, "0")]}, "The restored database has no row, and the living one has."),
        (
            {"restored": [row("table", "patients", 200, "77")]},
            "The table visits is not in the restored database, and the living one has 3 rows of it.",
        ),
        (
            {"restored": [row("table", "patients", 200, "77"), row("table", "visits", 0, "0")]},
            "The table visits is empty in the restored database, and the living one has 3 rows of it.",
        ),
        ({"restored": [*DATA, row("orphans", "b_fkey", 4)]}, "4 rows refer to nothing by b_fkey."),
    ],
)
def test_what_is_not_as_it_must_be_is_a_finding(changed: dict[str, Any], says: str) -> None:
    assert says in drilled(**changed)["findings"]


@pytest.mark.parametrize("name", ["_migrations", "_prisma_migrations"])
def test_a_migration_since_explains_a_table_that_was_not_there_yet(name: str) -> None:
    living = [*DATA, row("table", "later", 1, "1")]
    before, after = row("table", name, 2, "1"), row("table", name, 3, "2")
    assert len(drilled([*DATA, before], [*living, before])["findings"]) == 1
    assert drilled([*DATA, before], [*living, after])["findings"] == []
    # Of that the restored one has none of it, nothing is explained.
    assert len(drilled(DATA, [*living, after])["findings"]) == 2


def test_tables_are_compared_by_their_checksums() -> None:
    living = [row("table", "patients", 200, "78"), row("table", "visits", 2, "4"), row("table", "later", 1, "1")]
    states = {one["table"]: one["state"] for one in drilled([*DATA, row("table", "gone", 1, "1")], living)["tables"]}
    assert states == {
        "patients": "changed since",
        "visits": "fewer than restored",
        "later": "not yet there",
        "gone": "missing",
    }
    assert {one["state"] for one in drilled()["tables"]} == {"same"}


def test_earlier_drills_are_read_and_what_is_none_is_left_out() -> None:
    before = drilled(made_at="2026-10-29T20:00:00Z")
    other = {**before, "environment": "production"}
    made = drilled(earlier=(json.dumps(before), json.dumps(other), "no JSON", "[]", "{}"))
    assert [minutes for _at, minutes in made["drills"]["database"]] == [5.42, 5.42]
    assert made["drills"]["database"][0][0] < made["drills"]["database"][1][0]


@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_its_report_shows_all_of_it(language: str) -> None:
    told = drill_document(drilled(writable=0, prices={"pg": {"db-s-1vcpu-1gb": 20}}), language)
    page, html = document_page(told), document_html(told, "local", ABOUT["made_at"])
    assert "patients" in page
    assert "200" in document_markdown(told)
    assert "<svg" in html
    assert told["good"] is False


def test_of_a_region_parts_and_problems_stand_beside_the_data() -> None:
    part = {"part": "files", "told": "5 / 6", "differs": []}
    clusters = [{"engine": "pg", "size": "db-s-1vcpu-1gb"}, {"engine": "valkey", "size": "db-s-1vcpu-1gb"}]
    marks = {"begun": 0.0, "dump read": 10.0, "healthy": 600.0, "first query": 660.0, "checks": 700.0}
    made = drilled(scenario="region", marks=marks, parts=[part], problems=["It lacks something."], made=clusters)
    assert (made["rto_minutes"], made["findings"], made["parts"]) == (10.0, ["It lacks something."], [part])
    assert made["cost_usd"] == pytest.approx(30.15 / 672, abs=1e-4)
    assert drilled(scenario="region", parts=[], made=[{"engine": "pg", "size": "huge"}])["cost_usd"] is None
    page = document_page(drill_document(made))
    assert "5 / 6" in page
    assert "patients" in page
