# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which credentials are due, which a run rotates, and what an interrupted one has left."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.credentials import credentials_plan, password_marks

NOW = "2026-11-29T21:00:00+00:00"
MADE = "2026-10-01T00:00:00Z"
USERS = {
    "app_database_user": "app",
    "owner_database_user": "owner",
    "backup_database_user": "backup",
    "readonly_database_user": "people",
    "valkey_user": "default",
}


def found(*tags: str, pools: tuple[str, ...] = ("pool",)) -> dict[str, Any]:
    envs = [{"key": "DO_SPACES_KEY", "value": "K1"}]
    return {
        "postgresql": {"name": "pg", "created_at": MADE, "tags": list(tags) or None},
        "valkey": {"name": "cache", "created_at": MADE, "tags": []},
        "pools": [{"name": name} for name in pools],
        "keys": [
            {"name": "other", "access_key": "K2", "created_at": "2020-01-01T00:00:00Z"},
            {"name": "uploads", "access_key": "K1", "created_at": "2026-11-19T21:00:00Z"},
        ],
        "other_secrets": [],
        "app": {
            "created_at": MADE,
            "spec": {"services": [{"name": "web", "envs": envs}]},
            "secrets_since": {"web.NEXTAUTH_SECRET": "2026-01-01", "web.ORIGIN_SECRET": "", "web.ENCRYPTION_KEY": ""},
        },
    }


def about(**changes: Any) -> dict[str, Any]:
    given = {"spare_user": "app_b", "spare_pool": "pool-b", "spare_used": False, "service": "web"}
    return {"users": USERS, **given, "balanced": True, "next_origin": False, "max_age_days": 90, **changes}


def ages(plan: dict[str, Any]) -> dict[str, tuple[int, bool]]:
    return {row["what"]: (row["age_days"], row["exact"]) for row in plan["rows"]}


def test_an_age_comes_from_the_tag_of_a_cluster_and_else_from_what_it_cannot_be_older_than() -> None:
    plan = credentials_plan(
        found("pg-password-app-20261101T000000", "pg-password-app_b-20261120T000000", "other"), about(), "due", NOW
    )
    assert ages(plan) == {
        "app": (28, True),
        "owner": (59, False),
        "backup": (59, False),
        "people": (59, False),
        "default": (59, False),
        "uploads": (10, True),
        "NEXTAUTH_SECRET": (332, True),
        "ORIGIN_SECRET": (59, False),
    }
    assert plan["rotates"] == []


@pytest.mark.parametrize(
    ("days", "asked", "rotates"),
    [
        (30, "due", ["backup_database_user", "owner_database_user", "readonly_database_user", "valkey_user"]),
        (90, "spaces_key, valkey_user", ["spaces_key", "valkey_user"]),
        (333, "due", []),
    ],
)
def test_what_is_due_or_named_is_rotated(days: int, asked: str, rotates: list[str]) -> None:
    plan = credentials_plan(found("pg-password-app-20261101T000000"), about(max_age_days=days), asked, NOW)
    assert plan["rotates"] == rotates


@pytest.mark.parametrize(
    ("spare", "continues", "rotates"),
    [
        # The other one has a new password, and nobody was deployed with it.
        ("20261129T200000", "move", ["app_database_user"]),
        # The app has changed over, and its former user is still there.
        ("20260901T000000", "end", []),
    ],
)
def test_what_was_interrupted_is_told_by_pool_and_tags(spare: str, continues: str, rotates: list[str]) -> None:
    tags = ("pg-password-app-20261101T000000", f"pg-password-app_b-{spare}")
    for asked in ("due", "app_database_user"):
        plan = credentials_plan(found(*tags, pools=("pool", "pool-b")), about(), asked, NOW)
        assert (plan["continues"], plan["rotates"]) == (continues, rotates)
    assert credentials_plan(found(*tags), about(), "due", NOW)["continues"] == ""


@pytest.mark.parametrize(
    ("begun", "changes", "rotates", "noted"),
    [
        (["valkey_user", "spaces_key"], {}, ["spaces_key", "valkey_user"], ["spaces_key", "valkey_user"]),
        # Of a name that nobody knows any more.
        (["cache_user"], {}, [], []),
        # Its value is given by people: it waits for one, and its note stays.
        (["origin_secret"], {}, [], []),
        (["origin_secret"], {"next_origin": True}, ["origin_secret"], ["origin_secret"]),
    ],
)
def test_what_was_begun_and_not_ended_is_rotated_again(
    begun: list[str], changes: dict[str, Any], rotates: list[str], noted: list[str]
) -> None:
    tags = [f"pg-rotating-{name}" for name in begun]
    plan = credentials_plan(found(*tags), about(**changes), "due", NOW)
    assert (plan["rotates"], plan["problems"]) == (rotates, [])
    assert plan["notes"] == [f"pg-rotating-{name}" for name in noted]
    # What is asked for comes on top of it.
    asked = credentials_plan(found(*tags), about(**changes), "backup_database_user", NOW)
    assert asked["rotates"] == ["backup_database_user", *rotates]


def test_an_app_that_has_changed_over_stays_noted_until_all_is_over() -> None:
    tags = ("pg-password-app-20261101T000000", "pg-password-app_b-20260901T000000", "pg-rotating-valkey_user")
    plan = credentials_plan(found(*tags, pools=("pool", "pool-b")), about(), "due", NOW)
    assert (plan["continues"], plan["rotates"]) == ("end", ["valkey_user"])
    assert plan["notes"] == ["pg-rotating-app_database_user", "pg-rotating-valkey_user"]


@pytest.mark.parametrize(
    ("asked", "changes", "told"),
    [
        ("", {}, "rotate is empty"),
        ("spaces_kee", {}, "rotate names spaces_kee. There are"),
        ("ENCRYPTION_KEY", {}, "could not be read any more"),
        ("origin_secret", {}, "as ORIGIN_SECRET_NEXT"),
        ("origin_secret", {"balanced": False}, "the app has none"),
    ],
)
def test_what_cannot_be_is_told(asked: str, changes: dict[str, Any], told: str) -> None:
    (problem,) = credentials_plan(found(), about(**changes), asked, NOW)["problems"]
    assert told in problem


def test_marks_replace_those_of_the_same_users_only() -> None:
    tags = ["pg-password-app-20250101T000000", "pg-password-app_b-20250101T000000", "pg-privileges-1"]
    assert password_marks(tags, "pg", ["app"], NOW) == {
        "tags": [*tags[1:], "pg-password-app-20261129T210000"],
        "old": tags[:1],
    }


@pytest.mark.parametrize(
    ("others", "begun", "rotated", "refused"),
    [
        ([], [], [], True),
        (["web.SMTP_PASS"], [], ["SMTP_PASS"], False),
        # It has them since the run that was interrupted.
        ([], ["pg-rotating-provided_secrets"], ["NEXTAUTH_SECRET", "SMTP_PASS"], False),
        # Which is no provided secret.
        (["web.ORIGIN_SECRET"], [], [], True),
    ],
)
def test_values_that_the_app_has_already_are_no_rotation(
    others: list[str], begun: list[str], rotated: list[str], refused: bool
) -> None:
    there = {**found(*begun), "other_secrets": others}
    there["app"]["secrets_since"]["web.SMTP_PASS"] = ""
    plan = credentials_plan(there, about(), "provided_secrets", NOW)
    assert [row["what"] for row in plan["rows"] if row["rotates"]] == rotated
    told = "provided_secrets: the app already has these values: give new ones where the old ones are"
    assert any(told in problem for problem in plan["problems"]) is refused
