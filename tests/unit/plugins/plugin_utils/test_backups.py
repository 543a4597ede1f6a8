# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether backups keep what is promised."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.backups import backups_judged
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.backups_pages import backups_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_page

NOW = "2026-11-29T12:00:00Z"
CLUSTERS = [
    {"name": "c-postgresql", "engine": "pg", "created_at": "2026-10-01T00:00:00Z"},
    {"name": "c-valkey", "engine": "valkey", "created_at": "2026-10-01T00:00:00Z"},
]
ABOUT = {
    "environment": "production",
    "made_at": NOW,
    "cluster": "c-postgresql",
    "rpo_hours": 24,
    "grace_hours": 2,
    "days": 7,
    "looked": True,
    "decrypted": True,
}
WHOLE = {"name": "c-postgresql/f/20261129T030000Z", "complete": True, "age_hours": 9.0, "problem": "", "started": NOW}


def managed(*days: int, age: float = 6.0) -> dict[str, Any]:
    rows = [{"created_at": f"2026-11-{day:02}T06:00:00Z"} for day in days]
    newest = age if rows else None
    return {"item": "c-postgresql", "asked_at": NOW, "newest_age_hours": newest, "database_backups": rows}


def judged(
    backups: dict[str, Any] | None = None, dumps: Any = None, clusters: Any = None, **about: Any
) -> dict[str, tuple[bool, str]]:
    given = managed(*range(29, 21, -1)) if backups is None else backups
    found = backups_judged(
        clusters or CLUSTERS, [given], {"database_dumps": [WHOLE]} if dumps is None else dumps, {**ABOUT, **about}
    )
    assert found["findings"] == [row for row in found["checks"] if not row["ok"]]
    assert document_page(backups_document(found)) != document_page(backups_document(found, "pt_BR"))
    return {row["check"]: (row["ok"], row["why"]) for row in found["checks"]}


def test_all_is_as_promised() -> None:
    found = judged()
    assert list(found) == ["newest", "covered", "gap", "cache", "dump", "readable"]
    assert all(ok for ok, _why in found.values())
    assert "unread" in judged(decrypted=False)
    # Without a key, as in check mode, nobody has looked at dumps.
    assert list(judged(dumps={}, looked=False)) == ["newest", "covered", "gap", "cache", "unasked"]
    assert all(ok for ok, _why in judged(dumps={}, looked=False).values())


@pytest.mark.parametrize(
    ("backups", "bad"),
    [
        (managed(*range(29, 21, -1), age=26.5), {"newest"}),
        (managed(29, 28, 27), {"covered"}),
        (managed(29, 28, 25, 24, 23, 22), {"gap"}),
        (managed(), {"newest"}),
        ({"item": "c-postgresql", "failed": True, "msg": "403"}, {"newest"}),
    ],
)
def test_managed_backups_that_are_not_are_named(backups: dict[str, Any], bad: set[str]) -> None:
    assert {check for check, (ok, _why) in judged(backups).items() if not ok} == bad


@pytest.mark.parametrize(
    ("dumps", "bad"),
    [
        ({"database_dumps": [{**WHOLE, "age_hours": 27.0}]}, {"dump"}),
        ({"database_dumps": []}, {"dump"}),
        ({"database_dumps": [{**WHOLE, "complete": False, "problem": "It is corrupt."}]}, {"dump", "broken"}),
        ({"failed": True, "msg": "There is no bucket."}, {"dump"}),
        ({"database_dumps": [{"name": "half", "complete": False, "problem": "no manifest"}, WHOLE]}, set()),
    ],
)
def test_dumps_that_are_not_are_named(dumps: dict[str, Any], bad: set[str]) -> None:
    assert {check for check, (ok, _why) in judged(dumps=dumps).items() if not ok} == bad


def test_a_young_cluster_may_have_none_and_one_that_is_gone_has_none() -> None:
    young = [{**CLUSTERS[0], "created_at": "2026-11-29T00:00:00Z"}]
    assert all(ok for ok, _why in judged(managed(), {"database_dumps": []}, young).values())
    assert judged(clusters=CLUSTERS[1:])["newest"] == (False, "there is no such cluster")
