# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables and the bindable variables in their values."""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.resources.apps.spec import components
from localcloud.resources.apps.validation.errors import invalid, objects, one_of, text
from localcloud.resources.databases import rows
from localcloud.world.world import World

KEY = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")
BINDING = re.compile(r"\$\{([^${}\s]+)\}")
SELF = "_self"
SCOPES = ("UNSET", "RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME")
TYPES = ("GENERAL", "SECRET")

_PUBLIC = {"PUBLIC_URL", "PUBLIC_ROUTE_PATH", "COMMIT_HASH"}
BINDABLE: dict[str, set[str]] = {
    "services": {*_PUBLIC, "PRIVATE_DOMAIN", "PRIVATE_PORT", "PRIVATE_URL"},
    "static_sites": _PUBLIC,
    "functions": _PUBLIC,
    "workers": {"COMMIT_HASH"},
    "jobs": {"COMMIT_HASH"},
}
DATABASE_BINDABLE = {
    "HOSTNAME",
    "PRIVATE_HOSTNAME",
    "PORT",
    "USERNAME",
    "PASSWORD",
    "DATABASE",
    "DATABASE_URL",
    "DATABASE_PRIVATE_URL",
    "JDBC_DATABASE_URL",
    "JDBC_DATABASE_PRIVATE_URL",
    "CA_CERT",
}


def check_envs(world: World, spec: JSON) -> None:
    names = _bindable_names(spec)
    _check_list(world, spec, spec, "envs", "", names)
    for kind, component in components(spec):
        _check_list(world, spec, component, f"{kind}.envs", component["name"], names)


def _bindable_names(spec: JSON) -> dict[str, set[str]]:
    """Per component what ``${component.VAR}`` may name: what the platform offers and the component's own variables."""
    names = {
        component["name"]: BINDABLE[kind] | {text(env, "key", f"{kind}.envs.key") for env in _envs(component, kind)}
        for kind, component in components(spec)
    }
    return names | {database["name"]: DATABASE_BINDABLE for database in spec.get("databases") or []}


def _envs(component: JSON, kind: str) -> list[JSON]:
    return objects(component, "envs", f"{kind}.envs")


def _check_list(world: World, spec: JSON, owner: JSON, field: str, name: str, names: dict[str, set[str]]) -> None:
    seen: set[str] = set()
    for env in objects(owner, "envs", field):
        key = text(env, "key", f"{field}.key")
        if not KEY.fullmatch(key):
            raise invalid(f"{field}.key", f'"{key}" must be letters, digits and underscores, not starting with a digit')
        if key in seen:
            raise invalid(f"{field}.key", f'the variable "{key}" is there more than once')
        seen.add(key)
        one_of(env, "scope", f"{field}.scope", SCOPES)
        one_of(env, "type", f"{field}.type", TYPES)
        for binding in BINDING.findall(text(env, "value", f"{field}.value")):
            problem = _unbound(world, spec, binding, name, names)
            if problem:
                raise invalid(f"{field}.value", f'the variable "{key}" refers to ${{{binding}}}: {problem}')


def _unbound(world: World, spec: JSON, binding: str, own: str, names: dict[str, set[str]]) -> str:
    """What is wrong with ``component.VAR`` or ``database.pool.VAR``, empty when nothing is.

    A name without a dot is an app-wide or own variable, or text for a shell: it is left alone. So is ``_self`` in a
    variable of the app, which is another component each time.
    """
    owner, *rest = binding.split(".")
    if not rest or (owner == SELF and not own):
        return ""
    owner = own if owner == SELF else owner
    if owner not in names:
        return f'there is no component "{owner}"'
    if len(rest) == 2:
        return _unbound_pool(world, spec, owner, *rest)
    if len(rest) > 2 or rest[0] not in names[owner]:
        return f'the component "{owner}" has no variable "{".".join(rest)}"'
    return ""


def _unbound_pool(world: World, spec: JSON, owner: str, pool: str, variable: str) -> str:
    database = next((d for d in spec.get("databases") or [] if d["name"] == owner), None)
    cluster = rows.by_name(world, database.get("cluster_name") or "") if database else None
    if cluster is None or rows.true_part(world, rows.POOLS, cluster["id"], pool) is None:
        return f'the component "{owner}" has no connection pool "{pool}"'
    return "" if variable in DATABASE_BINDABLE else f'a connection pool has no variable "{variable}"'
