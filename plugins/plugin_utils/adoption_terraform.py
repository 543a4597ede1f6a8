# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Terraform keeps of an account, as rows in the API's form: a state, as `terraform show -json` or a file has it.

Names of resources and attributes are those of the vendor's provider, by its documentation: blocks are called in the
singular and are lists, also where there can be one only, and what was not said is null, empty or 0.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import schema
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_people import terraform_alerts
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_spec import tidy_spec
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

PREFIX = "digitalocean_"
_DATA = "data."


def read_terraform(text: str, say: Words) -> tuple[Data, list[str]]:
    """The picture of an account (see adoption.py), and what of the state it does not hold. Raises Failure."""
    try:
        state = json.loads(text)
    except ValueError:
        raise Failure("The file is no JSON: make it by terraform show -json > FILE.") from None
    rows = list(_resources(state)) if isinstance(state, dict) else []
    if not any(kind.startswith(PREFIX) for kind, _name, _row in rows):
        raise Failure("There is no resource of DigitalOcean in the file: make it by terraform show -json > FILE.")
    told: list[str] = []
    found: Data = {name: [] for name in ("apps", "clusters", "vpcs", "projects", "buckets", "cdns", "domains")}
    found["balancers"] = []
    below: list[tuple[str, Data]] = []
    held: dict[Any, list[str]] = {}
    for kind, name, row in rows:
        short = kind.removeprefix(PREFIX)
        if kind.startswith(_DATA):
            told.append(say("{kind}.{name} is only read by Terraform, and was left out.", kind=kind, name=name))
        elif not kind.startswith(PREFIX):
            told.append(say("{kind}.{name} is of another provider and was left out.", kind=kind, name=name))
        elif short in _PLAIN:
            found[_PLAIN[short][0]].append(_PLAIN[short][1](row))
        elif short == "project_resources":
            held.setdefault(row.get("project"), []).extend(row.get("resources") or [])
        elif short == "app":
            found["apps"].append(_app(row, told, say))
        elif short.startswith("database_") and row.get("cluster_id"):
            below.append((kind, row))
        else:
            why = _beside(say).get(short) or say("it is no part of what site.yml makes, and stays as it is")
            told.append(say("{kind}.{name} is not in the inventory: {why}.", kind=kind, name=name, why=why))
    for project in found["projects"]:
        project["resources"] = [*(project["resources"] or []), *held.get(project["id"], [])]
    for kind, row in below:
        _put_below(found["clusters"], kind, row, told, say)
    return found, told


def _beside(say: Words) -> dict[str, str]:
    """Why what roles of ours make under names of their own stays beside what Terraform made of it."""
    return {
        **dict.fromkeys(
            ("uptime_check", "uptime_alert", "monitor_alert"), say("site.yml makes its own checks and alerts")
        ),
        "spaces_key": say("site.yml makes a key of the app's own"),
        **dict.fromkeys(("record", "certificate", "tag"), say("it is not compared; site.yml keeps only its own")),
        **dict.fromkeys(
            ("spaces_bucket_cors_configuration", "spaces_bucket_policy", "spaces_bucket_logging"),
            say("the settings of a bucket are those of the role spaces"),
        ),
    }


def _resources(state: Data) -> Iterator[tuple[str, str, Data]]:
    """Type, name and attributes: of `terraform show -json`, a plan of it, or a state file."""
    values = state.get("values") or state.get("planned_values")
    if isinstance(values, dict):
        yield from _module(values.get("root_module"))
        return
    for row in state.get("resources") or []:
        for instance in row.get("instances") or []:
            yield _kind(row), str(row.get("name")), instance.get("attributes") or {}


def _kind(row: Data) -> str:
    """Its type, as Terraform itself writes it of what it only reads."""
    return f"{_DATA if row.get('mode') == 'data' else ''}{row.get('type')}"


def _module(module: Any) -> Iterator[tuple[str, str, Data]]:
    for row in (module or {}).get("resources") or []:
        yield _kind(row), str(row.get("name")), row.get("values") or {}
    for child in (module or {}).get("child_modules") or []:
        yield from _module(child)


def _app(row: Data, told: list[str], say: Words) -> Data:
    [block, *_rest] = row.get("spec") or [{}]
    spec = tidy_spec(_blocks(schema.SPEC, block), told, say)
    given = {key: row.get(key) for key in ("id", "project_id", "live_url", "default_ingress")}
    told_of = terraform_alerts(block)
    return {**given, "spec": spec, **({} if told_of is None else {"alerts": told_of})}


def _blocks(where: schema.Schema, value: Any) -> Any:
    """A block in the API's form: lists under their plural, single blocks as they are, and nothing that is empty."""
    if isinstance(where, list):
        return [_blocks(where[0], item) for item in (value if isinstance(value, list) else [value])]
    if not isinstance(where, dict):
        return value
    if isinstance(value, list):
        value = value[0] if value else {}
    made: Data = {}
    for name, item in (value or {}).items():
        plural = name if name in where else f"{name}s"
        if item in (None, "", 0, [], {}) or (name == "domains" and value.get("domain")) or name == "destinations":
            continue
        place = schema.part(where, plural)
        if plural == "domains" and place is not None:
            made[plural] = [_domain(place[0], row) for row in (item if isinstance(item, list) else [item])]
        else:
            made[plural] = item if place is None else _blocks(place, item)
    return {name: item for name, item in made.items() if item not in ({}, [])}


def _domain(where: schema.Schema, row: Any) -> Data:
    """The vendor calls the host's name `name`; an old form is the name alone."""
    if not isinstance(row, dict):
        return {"domain": row}
    rest = {key: value for key, value in row.items() if key != "name"}
    return {"domain": row.get("name"), **_blocks(where, rest)}


def _cluster(row: Data) -> Data:
    same = ("id", "name", "engine", "version", "size", "region", "private_network_uuid", "storage_size_mib", "tags")
    window = (row.get("maintenance_window") or [{}])[0]
    # What nobody has said there may be on or off.
    scaling = next(iter(row.get("storage_autoscale") or []), None)
    return {
        **{key: row.get(key) for key in same},
        "num_nodes": row.get("node_count"),
        "maintenance_window": window,
        "autoscale": scaling,
        "connection": {"host": row.get("host")},
        "config": {"valkey_maxmemory_policy": row["eviction_policy"]} if row.get("eviction_policy") else {},
        **{name: [] for name in ("rules", "dbs", "users", "pools")},
    }


def _same(*names: str) -> Callable[[Data], Data]:
    return lambda row: {name: row.get(name) for name in names}


_PLAIN: dict[str, tuple[str, Callable[[Data], Data]]] = {
    "database_cluster": ("clusters", _cluster),
    "vpc": ("vpcs", _same("id", "name", "region", "ip_range", "description", "default")),
    "project": ("projects", _same("id", "name", "description", "purpose", "environment", "is_default", "resources")),
    "spaces_bucket": ("buckets", _same("name", "region", "acl")),
    "cdn": ("cdns", _same("origin", "ttl", "custom_domain")),
    "domain": ("domains", _same("name")),
    "loadbalancer": ("balancers", _same("name", "region", "vpc_uuid", "droplet_tag")),
}


def _put_below(clusters: list[Data], kind: str, row: Data, told: list[str], say: Words) -> None:
    """What lives below a cluster, into the cluster's row."""
    there = next((cluster for cluster in clusters if cluster["id"] == row["cluster_id"]), None)
    short = kind.removeprefix(f"{PREFIX}database_")
    if there is None:
        told.append(
            say(
                "{kind} {name} is of a cluster that is not in the state, and was left out.",
                kind=kind,
                name=row.get("name") or "",
            )
        )
    elif short == "firewall":
        there["rules"] = [{"type": rule.get("type"), "value": rule.get("value")} for rule in row.get("rule") or []]
    elif short == "db":
        there["dbs"].append({"name": row.get("name")})
    elif short == "user":
        there["users"].append({"name": row.get("name")})
    elif short == "connection_pool":
        given = {key: row.get(key) for key in ("name", "mode", "size", "user")}
        there["pools"].append({**given, "db": row.get("db_name")})
    elif short.endswith("_config"):
        told_of = {key: value for key, value in row.items() if key not in ("id", "cluster_id") and value is not None}
        there["config"] = {**there["config"], **told_of}
    else:
        told.append(
            say(
                "{kind} {name} is no part of what site.yml makes, and stays as it is.",
                kind=kind,
                name=row.get("name") or "",
            )
        )
