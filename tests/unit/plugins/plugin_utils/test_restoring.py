# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.restoring import (
    restore_plan,
    source_problem,
    target_problem,
)

BACKUPS = [{"created_at": f"2026-11-{day:02}T06:00:00Z"} for day in (29, 28, 27)]
MARK = "clinic-restoring"


def plan(clusters: list[dict[str, Any]] | None = None, copies: Any = BACKUPS, **wanted: Any) -> dict[str, Any]:
    asked = {"what": "backup", "of": "pg", "at": "newest", "name": "", "base": "clinic", "mark": MARK, "rpo_hours": 24}
    return restore_plan(copies, clusters or [], {**asked, "now": "2026-11-29T20:00:00Z", **wanted})


def cluster(name: str, *tags: str, **values: Any) -> dict[str, Any]:
    return {"name": name, "status": "online", "engine": "pg", "private_network_uuid": "n", "tags": [*tags], **values}


def test_the_newest_one_becomes_a_cluster_that_is_called_after_it() -> None:
    assert plan() == {
        "problems": [],
        "name": "clinic-261129-060000",
        "taken": BACKUPS[0],
        "goes_on": False,
        "tags": ["clinic-restored-261129-060000", MARK],
    }


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        ("2026-11-29T06:00:00Z", 0),
        ("2026-11-29T05:59:59Z", 1),
        ("2026-11-29T02:30:00-03:00", 1),
        ("2026-11-28 12:00", 1),
        ("2026-11-27T06:00:00", 2),
    ],
)
def test_of_a_time_the_newest_before_it_is_taken(at: str, taken: int) -> None:
    assert plan(at=at)["taken"] == BACKUPS[taken]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ({"at": "2026-11-27T05:00:00Z"}, "no backup of pg is as old as .*: the oldest one is of 2026-11-27T06:00:00Z"),
        ({"at": "2026-11-30T00:00:00Z"}, "still to come"),
        ({"at": "yesterday"}, "restore_at 'yesterday' is neither newest nor a time"),
        ({"copies": []}, "there is no backup of pg"),
        (
            {"now": "2026-11-30T12:00:00Z"},
            r"is of 2026-11-29T06:00:00Z, 30.0 h older, .* restore_rpo_hours=31 accepts it",
        ),
        ({"base": "c" * 36}, "more than 36 characters: choose another one with -e restore_name="),
        (
            {"name": "clinic-pg", "clusters": [cluster("clinic-pg")]},
            "'clinic-pg' is taken by a cluster that was not made",
        ),
        ({"clusters": [cluster("clinic-261129-060000")]}, "is taken by a cluster that was not made from the backup"),
    ],
)
def test_what_cannot_be_restored_is_one_sentence(wanted: dict[str, Any], says: str) -> None:
    [problem] = plan(**wanted)["problems"]
    assert re.search(says, problem)
    assert problem.endswith(".")


def test_an_older_backup_is_accepted_when_that_is_said() -> None:
    assert plan(now="2026-11-30T12:00:00Z", rpo_hours=31)["problems"] == []


def test_what_an_interrupted_run_has_left_is_gone_on_with() -> None:
    left = cluster("clinic-261128-060000", "clinic-restored-261128-060000", MARK)
    found = plan([left], rpo_hours=40)
    assert (found["name"], found["goes_on"], found["taken"]) == ("clinic-261128-060000", True, BACKUPS[1])


def test_what_was_left_and_is_older_than_accepted_is_gone_on_with_only_when_its_time_is_named() -> None:
    left = cluster("clinic-261128-060000", "clinic-restored-261128-060000", MARK)
    [problem] = plan([left])["problems"]
    assert "'clinic-261128-060000'" in problem
    assert "38.0 h old, and 24 h are accepted" in problem
    assert "-e restore_at=2026-11-28T06:00:00Z, or delete that cluster." in problem
    named = plan([left], at="2026-11-28T06:00:00Z")
    assert (named["problems"], named["name"], named["goes_on"]) == ([], "clinic-261128-060000", True)


def test_another_time_than_that_of_the_interrupted_run_is_another_cluster() -> None:
    left = cluster("clinic-261128-060000", "clinic-restored-261128-060000", MARK)
    found = plan([left], at="2026-11-27T07:00:00Z")
    assert (found["name"], found["goes_on"]) == ("clinic-261127-060000", False)


def test_one_that_was_completed_is_not_made_again() -> None:
    done = cluster("clinic-261129-060000", "clinic-restored-261129-060000")
    assert plan([done])["goes_on"]
    assert plan([done], name="other")["goes_on"] is False


DUMPS: list[dict[str, Any]] = [
    {
        "name": f"pg/clinic/202611{day}T030000Z",
        "started": f"2026-11-{day}T03:00:00Z",
        "complete": day != 28,
        "problem": "P.",
    }
    for day in (29, 28, 27)
]


def dump_plan(dump: str = "newest", *clusters: dict[str, Any], copies: Any = DUMPS, **wanted: Any) -> dict[str, Any]:
    return plan([*clusters], copies, what="dump", dump=dump, **wanted)


def test_the_newest_whole_dump_is_taken_or_the_one_that_is_named() -> None:
    found = dump_plan()
    assert (found["name"], found["taken"]["name"]) == ("clinic-261129-030000", DUMPS[0]["name"])
    assert found["tags"] == ["clinic-dump-261129-030000", MARK]
    assert dump_plan(at="2026-11-28T02:00:00Z")["taken"]["name"] == DUMPS[2]["name"]
    # However old it is: somebody has chosen it.
    assert dump_plan(DUMPS[2]["name"])["taken"]["name"] == DUMPS[2]["name"]


@pytest.mark.parametrize(
    ("dump", "wanted", "says"),
    [
        ("pg/clinic/other", {}, "no dump 'pg/clinic/other', and the newest one is pg/clinic/20261129T030000Z: correct"),
        ("pg/clinic/other", {"copies": []}, "and there is none at all"),
        (DUMPS[1]["name"], {}, "cannot be restored. P."),
        ("newest", {"copies": DUMPS[1:2]}, "there is no dump of pg"),
        ("newest", {"copies": DUMPS[1:]}, "the newest dump of pg before now is of 2026-11-27T03:00:00Z, 65.0 h older"),
    ],
)
def test_a_dump_that_cannot_be_restored_is_one_sentence(dump: str, wanted: dict[str, Any], says: str) -> None:
    [problem] = dump_plan(dump, **wanted)["problems"]
    assert says in problem
    assert problem.endswith(".")


def test_of_what_is_under_way_a_dump_goes_on_with_that_of_a_dump() -> None:
    of_dump = cluster("clinic-261127-030000", "clinic-dump-261127-030000", MARK)
    of_backup = cluster("clinic-261128-060000", "clinic-restored-261128-060000", MARK)
    [refused] = dump_plan("newest", of_backup, of_dump)["problems"]
    assert f"finish it with -e restore_dump={DUMPS[2]['name']}" in refused
    found = dump_plan("newest", of_backup, of_dump, rpo_hours=72)
    assert (found["name"], found["goes_on"], found["taken"]["name"]) == (of_dump["name"], True, DUMPS[2]["name"])
    assert plan([of_dump, of_backup], rpo_hours=72)["name"] == of_backup["name"]
    same_moment = cluster("clinic-261129-030000", "clinic-restored-261129-030000")
    assert "was not made from the dump of 2026-11-29T03:00:00Z" in dump_plan("newest", same_moment)["problems"][0]


def test_a_source_is_online() -> None:
    assert source_problem([cluster("pg")], "pg") == ""
    assert "is forking, not online" in source_problem([cluster("pg", status="forking")], "pg")
    assert "its backups went with it" in source_problem([], "pg")


@pytest.mark.parametrize(
    ("there", "says"),
    [
        ([], "there is no database cluster 'new'"),
        ([cluster("new", status="migrating")], "is migrating, not online"),
        ([cluster("new", engine="valkey")], "is valkey, not PostgreSQL"),
        ([cluster("new", MARK)], "finish it first"),
        ([cluster("new", private_network_uuid="m")], "in another private network than 'pg'"),
    ],
)
def test_the_app_goes_where_it_can(there: list[dict[str, Any]], says: str) -> None:
    assert says in target_problem([*there, cluster("pg")], "new", "pg", MARK)
    assert target_problem([cluster("new"), cluster("pg")], "new", "pg", MARK) == ""
