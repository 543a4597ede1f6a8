# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks for names that were changed: a new name renames nothing, it makes a second, empty thing beside the first.

Told before anything is made, with what would stay behind. Whoever means another one makes it first, by hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import (
    COMPONENT_KINDS,
    RESERVED_DATABASES,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_offers import LABELS, engine_of

BEHIND = "would stay behind and go on costing: a name that changes renames nothing"


def check_names(inputs: Data, there: Data) -> Iterator[str]:
    """`there` holds `vpcs`, `clusters` (all of the account), `databases_there` (of the PostgreSQL cluster), `buckets`
    (names of the account in the region), `apps` (of the app's name) and `other_apps`; what is None is not known.
    """
    vpcs, clusters = there.get("vpcs") or [], there.get("clusters") or []
    apps, others = there.get("apps") or [], there.get("other_apps") or []
    network = next((row for row in vpcs if row["name"] == inputs["network_name"]), None)
    twin = next((row for row in vpcs if row["ip_range"] == inputs["network_ip_range"]), None)
    if network is None and twin is not None:
        # Clusters that keep their names tell themselves that they cannot leave it.
        if not {inputs[f"{role}_name"] for role in LABELS} & {row["name"] for row in clusters}:
            yield _environment(inputs, twin, clusters, others)
        return
    if network is not None:
        yield from _clusters(inputs, network, clusters)
    if not apps:
        yield from _app(inputs, network, others)
    yield from _database(inputs, there.get("databases_there") or [])
    if apps and there.get("buckets") is not None:
        yield from _bucket(inputs, apps[0], there["buckets"])


def _environment(inputs: Data, twin: Data, clusters: list[Data], apps: list[Data]) -> str:
    """The whole environment under another name: its private range tells."""
    behind = [f"the VPC {twin['name']!r}"]
    theirs = sorted(row["name"] for row in clusters if row.get("private_network_uuid") == twin["id"])
    behind += [f"the cluster {name!r}" for name in theirs]
    behind += [f"the app {row['spec']['name']!r}" for row in apps if _network_of(row) == twin["id"]]
    return (
        f"network_name {inputs['network_name']!r} would be a new VPC, but network_ip_range {twin['ip_range']} is that "
        f"of {twin['name']!r}. Everything would be made a second time, empty, and {', '.join(behind)} {BEHIND}. Set "
        "fisioflow_name and fisioflow_environment (or network_name) back; a range of its own is for what really is "
        "another environment."
    )


def _clusters(inputs: Data, network: Data, clusters: list[Data]) -> Iterator[str]:
    names = {row["name"] for row in clusters}
    wanted = {inputs[f"{role}_name"] for role in LABELS}
    for role, label in LABELS.items():
        engine, name = engine_of(role, inputs), inputs[f"{role}_name"]
        beside = [
            row["name"]
            for row in clusters
            if row["engine"] == engine
            and row.get("private_network_uuid") == network["id"]
            and row["name"] not in wanted
        ]
        if engine and name not in names and beside:
            yield (
                f"{role}_name {name!r} would be a new, empty cluster, and {' and '.join(map(repr, beside))} ({label}, "
                f"in the same network) {BEHIND}. Set {role}_name to {beside[0]!r}; a cluster that is meant to take its "
                "place is made first, from a backup (database_cluster)."
            )


def _app(inputs: Data, network: Data | None, others: list[Data]) -> Iterator[str]:
    ours = {inputs[f"{role}_name"] for role in LABELS}
    for app in others:
        attached = {row.get("cluster_name") for row in app["spec"].get("databases") or []}
        if attached & ours or (network is not None and _network_of(app) == network["id"]):
            name = app["spec"]["name"]
            yield (
                f"app_name {inputs['app_name']!r} would be a second app, and {name!r}, which uses the same databases "
                f"or network, {BEHIND}. Set app_name to {name!r}, or rename the app first (app, with id and spec.name)."
            )


def _database(inputs: Data, databases: list[Data]) -> Iterator[str]:
    wanted = inputs["postgresql_database"]
    names = [row["name"] for row in databases if row["name"] not in RESERVED_DATABASES]
    if names and wanted not in names:
        yield (
            f"postgresql_database {wanted!r} would be a new, empty database, and the data in "
            f"{' and '.join(map(repr, names))} would stay behind: a name that changes renames nothing. Set "
            f"postgresql_database to {names[0]!r}; one that is meant to take its place is made and filled first "
            "(database_db)."
        )


def _bucket(inputs: Data, app: Data, buckets: list[str]) -> Iterator[str]:
    wanted, used = inputs["spaces_uploads_bucket"], _variable(app["spec"], "DO_SPACES_BUCKET")
    if used and used != wanted and wanted not in buckets and used in buckets:
        yield (
            f"spaces_uploads_bucket {wanted!r} would be a new, empty bucket, and the patients' files in {used!r}, "
            f"which the app uses, {BEHIND}. Set spaces_uploads_bucket to {used!r}; one that is meant to take its place "
            "is made and filled first (spaces_bucket)."
        )


def _network_of(app: Data) -> str:
    return str((app.get("vpc") or app["spec"].get("vpc") or {}).get("id") or "")


def _variable(spec: Data, key: str) -> str:
    """The value of an environment variable of the app or of a component; "" for none."""
    places = [spec, *(part for kind in COMPONENT_KINDS for part in spec.get(kind) or [])]
    found = (env.get("value") for place in places for env in place.get("envs") or [] if env.get("key") == key)
    return str(next(found, None) or "")
