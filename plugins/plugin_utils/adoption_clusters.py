# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clusters of an app as they are, as inputs of the roles: which are meant, what they hold, and who may connect."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import (
    MOST_VALKEY_NODES,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_contents import contents
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_values import Variable

# Of each role: what its cluster is called, and its engines.
ENGINES = {"postgresql": ("PostgreSQL", ("pg", "advanced_pg")), "valkey": ("Valkey", ("valkey", "redis"))}


# ── Which of them are meant ──────────────────────────────────────────────────────────────────────────────────────────


def unknown_cluster(clusters: list[Data], wanted: Data) -> str:
    """Which cluster was named that there is not, as a sentence; "" for none."""
    for role, (called, engines) in ENGINES.items():
        names = sorted(str(row["name"]) for row in clusters if str(row.get("engine")) in engines)
        if wanted[role] and wanted[role] not in names:
            there = ", ".join(names) or "none"
            return f"There is no {called} cluster {wanted[role]!r} (adoption_{role}): there are {there}."
    return ""


def cluster_of(role: str, clusters: list[Data], spec: Data, found: list[Variable], wanted: str = "") -> Data | None:
    """The cluster of a role that the app works with: as named, as its spec or an address says, or the only one."""
    _called, engines = ENGINES[role]
    rows = [row for row in clusters if str(row.get("engine")) in engines]
    attached = [row.get("cluster_name") for row in spec.get("databases") or [] if row.get("cluster_name")]
    hosts = {variable.address["host"].removeprefix("private-") for variable in found} - {""}
    for fits in (
        lambda row: row["name"] == wanted,
        lambda row: row["name"] in attached,
        lambda row: (row.get("connection") or {}).get("host") in hosts,
    ):
        if chosen := next((row for row in rows if fits(row)), None):
            return chosen
    return rows[0] if len(rows) == 1 and not wanted else None


# ── The clusters ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _cluster(sketch: Sketch, role: str, row: Data, vpc: Data) -> None:
    """What both roles take alike."""
    say = sketch.say
    sketch.set(f"{role}_name", row["name"])
    for name in ("version", "size"):
        sketch.set(f"{role}_{name}", str(row.get(name) or ""))
    sketch.set(f"{role}_num_nodes", int(row.get("num_nodes") or 1))
    window = row.get("maintenance_window") or {}
    if window.get("day"):
        hour = ":".join(str(window.get("hour") or "00:00").split(":")[:2])
        sketch.set(f"{role}_maintenance_window", {"day": str(window["day"]).lower(), "hour": hour})
    config, wanted = row.get("config") or {}, sketch.defaults.get(f"{role}_config") or {}
    # Of the settings that the role has an opinion on; what it is silent about it leaves alone.
    sketch.set(f"{role}_config", {key: config[key] for key in wanted if key in config} or dict(wanted))
    if config == {} or not set(wanted) <= set(config):
        sketch.settings[f"{role}_config"] = {key: config[key] for key in wanted if key in config}
    inside, region = row.get("private_network_uuid"), str(row.get("region"))
    if region != sketch.settings["fisioflow_region"]:
        sketch.settings[f"{role}_region"] = region
        sketch.obstacles.append(
            say(
                "The cluster {name} is in {region}, and the network in {network}: a cluster does not change "
                "its network, so another one has to be made there and take its place.",
                name=row["name"],
                region=region,
                network=sketch.settings["fisioflow_region"],
            )
        )
    elif inside and vpc and inside != vpc["id"]:
        sketch.settings[f"{role}_network_id"] = inside
        sketch.obstacles.append(
            say(
                "The cluster {name} is in a network of its own, which it never leaves ({role}_network_id "
                "says so); one that the app reaches has to be made and take its place.",
                name=row["name"],
                role=role,
            )
        )


def postgresql(sketch: Sketch, row: Data | None, vpc: Data, spec: Data, found: list[Variable]) -> None:
    """The cluster, with database, users and pool."""
    component: Data = next(
        (part for part in spec.get("databases") or [] if _is(part, "PG") and part.get("cluster_name")), {}
    )
    if row is None:
        _no_postgresql(sketch, found)
    else:
        _cluster(sketch, "postgresql", row, vpc)
        sketch.set("postgresql_engine", row["engine"])
        _growth(sketch, row)
    contents(sketch, row, component, spec, found)


def _growth(sketch: Sketch, row: Data) -> None:
    say = sketch.say
    scaling = row.get("autoscale")
    if scaling is None:
        sketch.left_out.append(
            say(
                "Whether the disk of {name} grows by itself is not known; it does with postgresql_storage_autoscale.",
                name=row["name"],
            )
        )
    elif not scaling.get("enabled"):
        sketch.settings["postgresql_storage_autoscale"] = {}
        sketch.danger("full disk", row["name"], say("The disk of {name} does not grow by itself.", name=row["name"]))
    elif "threshold_percent" in scaling:
        sketch.set("postgresql_storage_autoscale", scaling)


def _no_postgresql(sketch: Sketch, found: list[Variable]) -> None:
    say = sketch.say
    for name in ("postgresql", "postgresql config"):
        sketch.differs(name, "create", say("There is no PostgreSQL cluster that the app uses; one is made, empty."))
    elsewhere = [variable for variable in found if variable.address["scheme"].startswith("postgres")]
    for variable in elsewhere:
        if variable.address["host"] and not variable.is_reference:
            sketch.obstacles.append(
                say(
                    "{place} leads to a PostgreSQL that is no cluster of this account: its data has to be dumped "
                    "and restored before the app works with the cluster that site.yml makes.",
                    place=variable.place,
                )
            )


def valkey(sketch: Sketch, row: Data | None, vpc: Data) -> None:
    """The cache."""
    say = sketch.say
    if row is not None and row["engine"] != "valkey":
        sketch.obstacles.append(
            say(
                "{name} is a cluster of {engine}, which nobody can make any more: site.yml makes one of "
                "Valkey beside it, which begins empty; delete the old one when the app has left it.",
                name=row["name"],
                engine=row["engine"],
            )
        )
        row = None
    if row is None:
        for name in ("valkey", "valkey config"):
            sketch.differs(name, "create", say("There is no Valkey cluster that the app uses; one is made, empty."))
        return
    _cluster(sketch, "valkey", row, vpc)
    if int(row.get("num_nodes") or 1) > MOST_VALKEY_NODES:
        sketch.settings["valkey_num_nodes"] = MOST_VALKEY_NODES
        sketch.differs(
            "valkey",
            "change",
            say("{name} has more than {most} nodes.", name=row["name"], most=MOST_VALKEY_NODES),
            ["num_nodes"],
        )
    policy = str((row.get("config") or {}).get("valkey_maxmemory_policy") or "")
    if policy:
        sketch.set("valkey_eviction_policy", policy)
    if policy == "noeviction":
        sketch.danger(
            "full cache",
            row["name"],
            say("{name} refuses writes when its memory is full (noeviction).", name=row["name"]),
        )


def _is(part: Data, *engines: Any) -> bool:
    """An engine that is not said is PostgreSQL's."""
    return str(part.get("engine") or "PG").upper() in engines
