# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of what is wanted against what is there: what can never change is told before anything else is changed.

The modules refuse the same, but each only when its turn comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import ranges
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import connection_limit, memory_gib
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.offers import meant
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import variables
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import pool_size
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_offers import LABELS, engine_of

# Told before a move, since nothing in the API tells it. The vendor's pages of October 2026, quoted by third parties.
LACKING = (
    "Before such a move mind what the Advanced edition lacks: CREATE EXTENSION (there are pg_repack, pgaudit, "
    "pg_stat_statements, plpgsql and vector, but neither uuid-ossp nor pg_trgm; gen_random_uuid() needs none), "
    "startup parameters in URLs (options=…, statement_timeout), and an authority of its own (clients verify it with "
    "the system's)."
)


def check_app(inputs: Data, app: Data | None) -> Iterator[str]:
    """`app` as the API gives it; a first deployment needs what later ones keep: every provided secret, and an image."""
    held = variables((app or {}).get("spec"), inputs["environment_service_name"])
    for key, given in sorted((inputs["environment_secrets"] or {}).items()):
        if not given and key not in held:
            way_out = "set it"
            if key in (inputs["app_permanent_secrets"] or []):
                way_out = "set the one that the data was encrypted with, or a new one if there is no data yet"
            why = "the app has no earlier value" if app else "there is no app yet to keep an earlier value"
            yield f"environment_secrets.{key} is empty, and {why}: {way_out}."
    named = {**(inputs["environment_optional_secrets"] or {}), **(inputs["environment_secrets"] or {})}
    for key in sorted(set(inputs["app_permanent_secrets"] or []) & set(held) - set(named)):
        yield (
            f"environment_secrets lacks {key}, which the app has and must keep: name it again (empty keeps its value), "
            f"or take {key} out of app_permanent_secrets."
        )
    if app:
        region = app["spec"].get("region")
        if region and region != inputs["app_region"]:
            fact = f"the app {inputs['app_name']!r} cannot leave"
            # Nobody who only wrote nyc1 for nyc wants to move.
            way_out = "" if meant(inputs["app_region"], [region]) else "delete the app, which is then made anew"
            yield _fixed("app_region", inputs["app_region"], fact, region, way_out)
        return
    image = inputs["app_image"] or {}
    if image and not (image.get("digest") or image.get("tag") or inputs["app_release_digest"]):
        yield "app_image has neither digest nor tag, and there is no app yet to keep the image of: give image_digest."


def check_permanent(lost: list[str]) -> Iterator[str]:
    """`lost` are the places, as `web.KEY`, whose value the module app refuses to replace."""
    for key in sorted({place.rsplit(".", 1)[-1] for place in lost}):
        yield (
            f"environment_secrets.{key} is not the value that the app has (or that was set by hand and cannot be "
            "compared), and what was encrypted with the app's could not be read any more: give the former value again, "
            f"or unset it (inventories/common/secrets.yml takes it from vault_{key.lower()} or FISIOFLOW_{key}), then "
            f"the app keeps what it has; to change it knowingly, take {key} out of app_permanent_secrets."
        )


def check_network(inputs: Data, vpcs: list[Data]) -> Iterator[str]:
    """`vpcs` are all of the account, as the API gives them."""
    name, wanted = inputs["network_name"], ranges.network(inputs["network_ip_range"])
    there = _named(vpcs, name)
    if there is None:
        for vpc in ranges.overlapping(wanted, vpcs):
            # The very same range tells of another name: see checks_renames.
            if (other := ranges.network(vpc["ip_range"])) != wanted:
                yield f"network_ip_range {wanted} overlaps {other} of the VPC {vpc['name']!r}; choose a free range."
        return
    if inputs["network_region"] != there["region"]:
        yield _fixed("network_region", inputs["network_region"], f"the VPC {name!r} cannot leave", there["region"])
    if wanted and wanted != ranges.network(there["ip_range"]):
        yield _fixed("network_ip_range", str(wanted), f"the VPC {name!r} keeps", there["ip_range"])


def check_clusters(inputs: Data, clusters: list[Data], vpcs: list[Data] | None) -> Iterator[str]:
    """`clusters` are all of the account, as the API gives them; so are `vpcs`, or None when they are not known."""
    for role, label in LABELS.items():
        engine = engine_of(role, inputs)
        name = inputs[f"{role}_name"]
        there = _named(clusters, name)
        if there is None or not engine:
            continue
        if role == "postgresql" and {engine, there["engine"]} == {"pg", "advanced_pg"}:
            fact = f"the cluster {name!r} stays"
            move = f" {LACKING}" if engine == "advanced_pg" else ""
            yield _fixed("postgresql_engine", engine, fact, there["engine"]) + move
            continue
        if there["engine"] != engine:
            yield f"{role}_name {name!r} is that of a {there['engine']} cluster, not of {label}: set it back."
            continue
        size = inputs[f"{role}_size"]
        if 0 < memory_gib(size) < memory_gib(there["size"]):
            yield _fixed(f"{role}_size", size, f"the nodes of {name!r} cannot get smaller than", there["size"])
        # A disk that grows by itself is left as large as it has become.
        grows = (inputs.get(f"{role}_storage_autoscale") or {}).get("enabled")
        for key in ("version",) if grows else ("version", "storage_size_mib"):
            wanted, present = inputs.get(f"{role}_{key}"), there.get(key)
            if 0 < _number(wanted) < _number(present):
                yield _fixed(f"{role}_{key}", wanted, f"the cluster {name!r} cannot go down from", present)
        # A cluster may move to another region, but only out of its private network.
        if inputs[f"{role}_region"] != there["region"]:
            yield _fixed(
                f"{role}_region", inputs[f"{role}_region"], f"the cluster {name!r} cannot leave", there["region"]
            )
        elif vpcs is not None:
            yield from _membership(inputs, role, there.get("private_network_uuid"), vpcs)


def check_cluster_of_app(inputs: Data, app: Data, clusters: list[Data] | None) -> Iterator[str]:
    """The app is not taken back to a cluster that another one, restored from its backup, has taken the place of.

    `app` and `clusters` (all of the account; None when not known) as the API gives them.
    """
    wanted, component = inputs["app_postgresql_cluster"], inputs["app_database_component"]
    attached = (row for row in app["spec"].get("databases") or [] if row["name"] == component)
    used = next((row.get("cluster_name") for row in attached), None)
    leave = inputs["preflight_leave_cluster"]
    if not used or used == wanted or leave == "*":
        return
    if not inputs["preflight_provisioning"]:
        yield (
            f"the app works with the cluster {used!r}, and postgresql_name is {wanted!r}: set it to {used!r}; it is "
            "site.yml that moves an app to another cluster."
        )
        return
    now, then = _named(clusters or [], used), _named(clusters or [], wanted)
    if now and then and then["created_at"] < now["created_at"] and leave != used:
        yield (
            f"postgresql_name {wanted!r} is an older cluster than {used!r}, which the app works with: what was written "
            f"since would stay behind. Set postgresql_name to {used!r}; who means to go back says "
            f"-e preflight_leave_cluster={used}."
        )


def check_pools(inputs: Data, pools: list[Data]) -> Iterator[str]:
    """`pools` are those of the PostgreSQL cluster, as the API gives them; another one must find connections left."""
    name, size = inputs["postgresql_pool_name"], inputs["postgresql_size"]
    wanted = int(inputs["postgresql_pool_size"] or 0) or pool_size(size, inputs["postgresql_direct_connections"] or 0)
    left = connection_limit(size) - sum(pool["size"] for pool in pools)
    known = any(_named(pools, there) for there in (name, inputs["postgresql_spare_pool"]))
    if pools and not known and connection_limit(size) and wanted > left:
        there = ", ".join(f"{pool['name']!r} with {pool['size']}" for pool in pools)
        yield (
            f"postgresql_pool_name {name!r} would be one more pool, and of its {wanted} connections {max(left, 0)} are "
            f"left beside {there}: keep the name, or shrink what is there by {wanted - left} (database_pool) and "
            "delete it when the app has the new one."
        )


def _membership(inputs: Data, role: str, vpc_id: str | None, vpcs: list[Data]) -> Iterator[str]:
    given, network = inputs[f"{role}_network_id"], _named(vpcs, inputs["network_name"]) or {}
    if not vpc_id or vpc_id == (given or network.get("id")):
        return
    fact = f"the cluster {inputs[f'{role}_name']!r} cannot leave the VPC"
    if given:
        yield _fixed(f"{role}_network_id", given, fact, vpc_id)
    else:
        name = next((vpc["name"] for vpc in vpcs if vpc["id"] == vpc_id), vpc_id)
        yield _fixed("network_name", inputs["network_name"], fact, name)


def _fixed(variable: str, wanted: Any, fact: str, there: Any, way_out: str = "") -> str:
    way_out = f", or {way_out}" if way_out else "; no run moves what is there"
    return f"{variable} is {wanted!r}, but {fact} {there!r}: set it to {there!r}{way_out}."


def _named(rows: list[Data], name: str) -> Data | None:
    return next((row for row in rows if row["name"] == name), None)


def _number(value: Any) -> int:
    """0 for what is none."""
    return int(value) if str(value).isdigit() else 0
