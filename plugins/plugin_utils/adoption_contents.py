# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a PostgreSQL cluster holds as it is: the app's database, its users and its pool."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import RESERVED_DATABASES, RESERVED_USERS
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_values import Variable
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import pool_size

_USERS = ("owner", "app", "spare", "backup", "readonly")


def contents(sketch: Sketch, row: Data | None, component: Data, spec: Data, found: list[Variable]) -> None:
    """Of the cluster, None for one that is yet to be made; `component` is what binds it in the app."""
    databases = [str(db.get("name")) for db in (row or {}).get("dbs") or []]
    users = [str(user.get("name")) for user in (row or {}).get("users") or []]
    used = _used(component, found)
    _database(sketch, used["database"], databases, bool(row))
    _users(sketch, used["user"], users, spec)
    _pool(sketch, (row or {}).get("pools") or [])


def _used(component: Data, found: list[Variable]) -> dict[str, str]:
    """Database and user of the running app, by the component that binds them or by its address; "" for nobody knows."""
    addresses = [variable.address for variable in found if variable.address["scheme"].startswith("postgres")]
    plain = next((row for row in addresses if row["host"] and "$" not in row["host"]), {})
    database = component.get("db_name") or plain.get("path", "").strip("/")
    user = component.get("db_user") or plain.get("user", "")
    return {"database": "" if "$" in database else database, "user": "" if "$" in user else user}


def _database(sketch: Sketch, used: str, there: list[str], is_there: bool) -> None:
    say = sketch.say
    own = [name for name in there if name not in RESERVED_DATABASES]
    if used and used not in RESERVED_DATABASES:
        sketch.set("postgresql_database", used)
    elif own and sketch.get("postgresql_database") not in own:
        sketch.set("postgresql_database", own[0])
    name = str(sketch.get("postgresql_database"))
    if name not in there:
        sketch.differs("postgresql database", "create", say("The database {name} is made, empty.", name=name))
    if is_there and (used in RESERVED_DATABASES or not own):
        sketch.obstacles.append(
            say(
                "The app's data is in {used}, which is DigitalOcean's own: site.yml makes {name}, empty, and "
                "the data has to be moved there (pg_dump | pg_restore) before the app works with it.",
                used=used or "defaultdb",
                name=name,
            )
        )


def _users(sketch: Sketch, used: str, there: list[str], spec: Data) -> None:
    say = sketch.say
    if used in RESERVED_USERS:
        sketch.danger(
            "doadmin",
            "databases",
            say("The app works as {used}, who may do everything; it needs a user of its own.", used=used),
        )
    elif used:
        sketch.set("postgresql_app_user", used)
    bound = {str(part.get("db_user")) for part in spec.get("databases") or [] if part.get("db_user")}
    owners = sorted(name for name in bound - RESERVED_USERS - {used} if "owner" in name or "migrat" in name)
    if owners:
        sketch.set("postgresql_owner_user", owners[0])
    for role in _USERS:
        name = str(sketch.get(f"postgresql_{role}_user"))
        if name not in there:
            sketch.differs(f"postgresql users {name}", "create", say("The user {name} is made.", name=name))


def _pool(sketch: Sketch, pools: list[Data]) -> None:
    say = sketch.say
    database, user = sketch.get("postgresql_database"), sketch.get("postgresql_app_user")
    usual = sketch.get("postgresql_pool_name")
    fitting = [row for row in pools if row.get("db") == database]
    row = next((row for row in fitting if row.get("name") == usual), fitting[0] if fitting else None)
    if row is None:
        sketch.differs("postgresql pool", "create", say("The app's connection pool is made."))
        taken = sum(int(pool.get("size") or 0) for pool in pools)
        usual_size = pool_size(
            str(sketch.get("postgresql_size")), int(str(sketch.get("postgresql_direct_connections")))
        )
        if pools:
            sketch.set("postgresql_pool_size", max(1, usual_size - taken))
        return
    sketch.set("postgresql_pool_name", row["name"])
    sketch.set("postgresql_pool_mode", row.get("mode") or "transaction")
    direct = int(str(sketch.get("postgresql_direct_connections")))
    if int(row.get("size") or 0) != pool_size(str(sketch.get("postgresql_size")), direct):
        sketch.set("postgresql_pool_size", int(row.get("size") or 0))
    if row.get("user") != user:
        why = say(
            "The pool {name} belongs to {owner}; it becomes {user}'s.",
            name=row["name"],
            owner=row.get("user") or say("whoever connects"),
            user=user,
        )
        sketch.differs("postgresql pool", "change", why, ["user"])
