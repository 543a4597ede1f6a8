# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loser of two parallel runs finds what the other one has made, whatever words the API has for a taken name."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import LOOKS
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_db import DatabaseDb
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_pool import DatabasePool
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_user import DatabaseUser
from tests.unit.plugins.module_utils.scripted import answer, error, play

CLUSTER = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30"
POOL = {"name": "app", "db": "fisioflow", "mode": "transaction", "size": 10, "user": "app"}
# In the API's words as localcloud has them, which are those that clients have seen.
RACES = {
    "user": (DatabaseUser, "users", {"name": "app"}, {"name": "app", "role": "normal"}, "user name is not available"),
    "database": (DatabaseDb, "dbs", {"name": "app"}, {"name": "app"}, "database name is not available"),
    "pool": (DatabasePool, "pools", POOL, POOL, "connection pool name is not available"),
}


def script(many, resource, words, *, seen):
    """What the API says to one who looked too early; `seen`: whether it shows what the other one has made."""
    path = f"/v2/databases/{CLUSTER}/{many}"
    one = (f"GET {path}/{resource['name']}", answer(200, {many[:-1]: resource}))
    nothing, found = ((one[0], error(404, "no such thing")), one)
    if many == "users":
        nothing, found = ((f"GET {path}", answer(200, {many: rows})) for rows in ([], [resource]))
    return [nothing, (f"POST {path}", error(422, words)), *([found, one] if seen else [nothing] * len(LOOKS))]


@pytest.mark.parametrize("kind", RACES)
def test_who_came_second_goes_on_with_it(kind):
    module, many, options, resource, words = RACES[kind]
    result = play(module, script(many, resource, words, seen=True), cluster_id=CLUSTER, **options)
    assert result.get("failed") is None, result
    assert result[module.kind.name]["name"] == "app"


@pytest.mark.parametrize("kind", RACES)
def test_what_is_not_to_be_seen_is_told_as_the_work_of_another(kind):
    module, many, options, resource, words = RACES[kind]
    result = play(module, script(many, resource, words, seen=False), cluster_id=CLUSTER, **options)
    assert "perhaps by another run at this very moment: run again, which takes up what is there" in result["msg"]
    assert "option" not in result["msg"]
