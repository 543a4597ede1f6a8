# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements that give each user of a database what it needs."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.privileges import database_privileges

USERS = ("owner", ["app", "app_b"], "backup", "people")


def test_names_are_quoted_whatever_is_in_them() -> None:
    said = database_privileges('a"b; DROP DATABASE x', *USERS)
    assert said["admin"][0] == 'REVOKE ALL ON DATABASE "a""b; DROP DATABASE x" FROM PUBLIC'


def test_the_digest_follows_what_is_said() -> None:
    digests = {
        database_privileges("db", *USERS)["digest"],
        database_privileges("other", *USERS)["digest"],
        database_privileges("db", "boss", *USERS[1:])["digest"],
        database_privileges("db", *USERS, ["pgcrypto"])["digest"],
    }
    assert len(digests) == 4
    first, second = (database_privileges("db", *USERS, given)["digest"] for given in (["a", "b"], ["b", "a"]))
    assert first == second
    other_way_round = database_privileges("db", "owner", ["app_b", "app"], "backup", "people")
    assert other_way_round["digest"] == database_privileges("db", *USERS)["digest"]
    assert database_privileges("db", *USERS, []) == database_privileges("db", *USERS)


def test_only_the_app_writes_beside_the_owner() -> None:
    said = database_privileges("db", *USERS)["owner"]
    writing = [statement for statement in said if "INSERT" in statement]
    assert len(writing) == 2
    assert all(statement.endswith('TO "app", "app_b"') for statement in writing)
