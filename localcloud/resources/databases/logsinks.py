# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a cluster sends its logs. One of them is answered bare, and changing or deleting it with an empty 200 [S]."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import public
from localcloud.ports.routing import Reply, Request, operation
from localcloud.resources.databases import fields, rows
from localcloud.resources.databases.clusters import ONE

SINKS = f"{ONE}/logsink"
SINK = f"{SINKS}/{{logsink_id}}"
# What the configuration of each type must say [S]. Datadog is for MongoDB only [S], which is not served here.
NEEDED = {
    "rsyslog": ("server", "port", "tls", "format"),
    "elasticsearch": ("url", "index_prefix"),
    "opensearch": ("url", "index_prefix"),
}
EMPTY = Reply(raw=b"", status=200)


def _config(request: Request, kind: str) -> JSON:
    """The words are a guess."""
    config = fields.part(request.json, "config")
    if missing := [name for name in NEEDED[kind] if config.get(name) is None]:
        raise ApiError(422, f"config of a {kind} log sink requires {', '.join(missing)}")
    if config.get("format") == "custom" and not config.get("logline"):
        raise ApiError(422, "config requires logline for the format custom")
    return dict(config)


def _sink(request: Request) -> JSON:
    key = f"{rows.cluster(request)['id']}/{request.params['logsink_id']}"
    row = request.world.table(rows.LOGSINKS).get(key)
    if row is None:
        raise not_found()
    return row


@operation("GET", SINKS, scope="database:read")
def list_sinks(request: Request) -> JSON:
    return {"sinks": public(rows.parts(request.world, rows.LOGSINKS, rows.cluster(request)["id"]))}


@operation("POST", SINKS, scope="database:create", status=201)
def create(request: Request) -> JSON:
    cluster = rows.require_online(rows.require_primary(rows.cluster(request)))
    name, kind = fields.text(request.json, "sink_name"), fields.text(request.json, "sink_type")
    if kind not in NEEDED:
        raise ApiError(422, f"log sinks of type {kind} are not supported for this cluster type")
    id = request.world.uuid()
    row = {"sink_id": id, "sink_name": name, "sink_type": kind, "config": _config(request, kind)}
    request.world.table(rows.LOGSINKS).insert(f"{cluster['id']}/{id}", {**row, "_cluster": cluster["id"]})
    return {"sink": row}


@operation("GET", SINK, scope="database:read")
def read(request: Request) -> JSON:
    found: JSON = public(_sink(request))
    return found


@operation("PUT", SINK, scope="database:update")
def update(request: Request) -> Reply:
    row = _sink(request)
    row["config"] = _config(request, row["sink_type"])
    return EMPTY


@operation("DELETE", SINK, scope="database:delete")
def delete(request: Request) -> Reply:
    row = _sink(request)
    request.world.table(rows.LOGSINKS).delete(f"{row['_cluster']}/{row['sink_id']}")
    return EMPTY
