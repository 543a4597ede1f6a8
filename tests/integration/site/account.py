# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account holds, in a form in which two accounts can be compared: names for ids, nothing of time or chance."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from localcloud.resources.apps import secrets as app_secrets
from localcloud.world.world import World

State = dict[str, Any]
Tables = dict[str, dict[str, dict[str, Any]]]

# The app of the inventory `local`.
APP = "fisioflow-local"

# Tables that say what happened, or who may ask, and not what is there.
HISTORY = {
    *("tokens", "app_keys", "database_metrics", "database_events", "app_events", "app_deployments"),
    *("numbers", "actions", "utilization", "load_balancers_fate"),
}
# What differs between two equal accounts: times, chance, passwords.
VOLATILE = re.compile(
    r".*_at|_?created|create_time|.*password|_secret|_suffix|_zone|hour|_pending|_in_progress|default_ingress|live_.*|"
    r"_order|_since|_backup_times|_first_backup|_rollback.*|uuid|_ca.*|_certificate.*|"
    # Of Droplets and what stands before them.
    r"ip|_networks|_next_host|not_after|sha1_fingerprint|_history|_members"
)
ENCRYPTED = re.compile(r"EV\[[^]]*\]")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def tables_of(state: State) -> Tables:
    found: Tables = state["world"]["tables"]
    return found


def name_of(table: str, row: dict[str, Any]) -> str:
    """What people call it."""
    if table == "apps":
        return str(row["spec"]["name"])
    if table == "domain_records":
        return f"{row['name']} {row['type']} {row['data']} of {row['_domain']}"
    # An alert is one of its check.
    of = f"{row['_check']} " if row.get("_check") else ""
    return of + str(row.get("name") or row.get("origin") or row.get("urn") or row.get("description") or row.get("id"))


def inventory(state: State) -> list[str]:
    """One line of JSON for each thing in the account, sorted."""
    tables = tables_of(state)
    names = {
        str(key): f"<{table} {name_of(table, row)}>"
        for table, rows in tables.items()
        if table not in HISTORY
        for key, row in rows.items()
        if re.fullmatch(r"[0-9a-f-]{36}|DO[0-9A-Z]{18}", str(key))
    }
    names |= {row["ip"]: f"<{row['name']}>" for row in tables.get("load_balancers", {}).values()}
    names |= {row["default_ingress"].removeprefix("https://"): "<ingress>" for row in _apps(tables)}
    for droplet in tables.get("droplets", {}).values():
        # The pool that made it numbers and names it.
        names |= {droplet["name"]: f"<{droplet['tags']}>", f'"id": {droplet["id"]}': '"id": 0', str(droplet["id"]): "0"}
    # Ends in a hash of what has the ingress in it.
    names |= {pool["droplet_template"]["name"]: "<proxy>" for pool in tables.get("autoscale_pools", {}).values()}
    lines = []
    for table, rows in tables.items():
        if table not in HISTORY:
            lines += [_line(table, row, names) for row in rows.values()]
    for app in tables.get("apps", {}).values():
        active = tables["app_deployments"].get(app["_active"] or "", {})
        lines.append(
            _line(
                "active deployment", {"app": app["id"], "spec": active.get("spec"), "phase": active.get("phase")}, names
            )
        )
    for bucket, content in state["more"].get("spaces", {}).get("buckets", {}).items():
        lines.append(_line("bucket content", {"name": bucket, **content}, names))
    return sorted(lines)


def _line(table: str, row: dict[str, Any], names: dict[str, str]) -> str:
    if table == "apps":
        row = {**row, "_active": None}
    if table == "domain_records":
        row = {**row, "id": 0}
    text = json.dumps(_settled(row), sort_keys=True)
    for key, name in names.items():
        text = text.replace(key, name)
    return f"{table} {UUID.sub('<id>', ENCRYPTED.sub('EV', text))}"


def differences(found: list[str], wanted: list[str]) -> list[str]:
    """Where two inventories differ, attribute by attribute, to be read by a person; [] when they do not."""
    lines = []
    extra, missing = sorted(set(found) - set(wanted)), sorted(set(wanted) - set(found))
    for line in [*extra, *missing]:
        kind, thing = line.split(" {", 1)[0], json.loads("{" + line.split(" {", 1)[1])
        others = missing if line in extra else extra
        parts = [json.loads("{" + other.split(" {", 1)[1]) for other in others if other.startswith(f"{kind} {{")]
        twin = next((part for part in parts if part.get("name") == thing.get("name")), {})
        odd = {key: value for key, value in thing.items() if twin.get(key, object()) != value}
        lines.append(f"{'found' if line in extra else 'wanted'} {kind} {thing.get('name', '')}: {odd}")
    counted = Counter(found) - Counter(wanted)
    return lines or [f"twice: {line}" for line in counted]


def _settled(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("key") == "SECRET_FINGERPRINTS":
            return {**value, "value": "salted"}
        return {key: _settled(item) for key, item in value.items() if not VOLATILE.fullmatch(key)}
    if isinstance(value, list):
        settled = [_settled(item) for item in value]
        # What is given to an app again comes last among its variables, whose order means nothing.
        are_variables = all(isinstance(item, dict) and "key" in item for item in settled)
        return sorted(settled, key=lambda item: str(item["key"])) if are_variables else settled
    return value


def _apps(tables: Tables) -> list[dict[str, Any]]:
    return [row for row in tables.get("apps", {}).values() if row.get("default_ingress")]


def duplicates(state: State) -> list[str]:
    """Names that two things of a kind bear, as ``table name``."""
    found = []
    for table, rows in tables_of(state).items():
        if table in HISTORY:
            continue
        owners = Counter((row.get("_cluster", ""), name_of(table, row)) for row in rows.values())
        found += [f"{table} {name}" for (_cluster, name), count in owners.items() if count > 1]
    return found


def app_environment(state: State, app_name: str, component: str = "web") -> dict[str, str]:
    """What the active deployment of the app gets as its environment, secrets in clear."""
    tables = tables_of(state)
    app = next(row for row in tables["apps"].values() if row["spec"]["name"] == app_name)
    spec = tables["app_deployments"][app["_active"]]["spec"]
    world = World()
    world.load(state["world"])
    part = next(row for row in spec["services"] if row["name"] == component)
    return app_secrets.plain_environment(world, app["id"], spec, part)


def keys(state: State) -> dict[str, tuple[str, str]]:
    """Access key → its name and its secret."""
    return {key: (row["name"], row["_secret"]) for key, row in tables_of(state)["spaces_keys"].items()}


def secrets_of(state: State) -> dict[str, str]:
    """Every secret that the account holds, by a name that says whose it is."""
    tables = tables_of(state)
    found = {f"Spaces secret of {name}": secret for name, secret in keys(state).values()}
    for table in ("database_users", "database_metrics"):
        for key, row in tables.get(table, {}).items():
            found |= {f"{field} of {key}": value for field, value in _passwords(row)}
    return found


def _passwords(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field, value in row.items():
        if "password" in field and isinstance(value, str) and value:
            yield field, value


def usable(state: State, nextauth_secret: str) -> list[str]:
    """What is wrong with the app's secrets; nothing when each can be used."""
    env, known = app_environment(state, APP), keys(state)
    wrong = []
    name, secret = known.get(env.get("DO_SPACES_KEY", ""), ("", ""))
    if name != f"{APP}-uploads":
        wrong.append("DO_SPACES_KEY is no key of the app")
    if not secret or env.get("DO_SPACES_SECRET") != secret:
        wrong.append("DO_SPACES_SECRET is not that key's secret")
    if env.get("NEXTAUTH_SECRET") != nextauth_secret:
        wrong.append("NEXTAUTH_SECRET is not the one that was provided")
    return wrong
