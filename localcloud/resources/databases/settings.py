# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings with an endpoint of their own: storage autoscale, eviction policy, SQL mode, DigitalOcean's settings."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import fields, rows, sizing
from localcloud.resources.databases.clusters import ONE
from localcloud.resources.databases.config_keys import POLICIES, POLICY, spelt_as_listed


@operation("GET", f"{ONE}/autoscale", scope="database:read")
def read_autoscale(request: Request) -> JSON:
    """``storage`` twice: below ``autoscale`` as described [S], and beside it, where the Go client looks [G].

    Of any engine: the description limits only which can be set [S].
    """
    storage = rows.cluster(request)["_autoscale"]
    return {"autoscale": {"storage": storage}, "storage": storage}


@operation("PUT", f"{ONE}/autoscale", scope="database:update", status=204)
def write_autoscale(request: Request) -> None:
    cluster = rows.sql(request, write=True)
    body = request.json
    storage = fields.part(body, "storage") or fields.part(fields.part(body, "autoscale"), "storage")
    cluster["_autoscale"] = sizing.check_autoscale(storage, cluster["size"])
    rows.note(request.world, cluster, "cluster_update")


@operation("GET", f"{ONE}/eviction_policy", scope="database:read")
def read_policy(request: Request) -> JSON:
    cluster = rows.require_engine(rows.cluster(request), "valkey")
    return {"eviction_policy": spelt_as_listed(cluster["_config"][POLICY])}


@operation("PUT", f"{ONE}/eviction_policy", scope="database:update", status=204)
def write_policy(request: Request) -> None:
    """The same setting as ``valkey_maxmemory_policy`` of the configuration."""
    cluster = rows.require_online(rows.require_engine(rows.cluster(request), "valkey"))
    policy = fields.text(request.json, "eviction_policy")
    if policy not in POLICIES:
        raise ApiError(422, "invalid eviction policy")
    cluster["_config"][POLICY] = policy
    rows.note(request.world, cluster, "cluster_update")


@operation("GET", f"{ONE}/sql_mode", scope="database:read")
def read_sql_mode(request: Request) -> JSON:
    """Of MySQL only."""
    rows.require_engine(rows.cluster(request), "mysql")
    return {"sql_mode": ""}


@operation("PUT", f"{ONE}/sql_mode", scope="database:update", status=204)
def write_sql_mode(request: Request) -> None:
    rows.require_engine(rows.cluster(request), "mysql")


@operation("GET", f"{ONE}/do_settings", scope="database:read")
def read_do_settings(request: Request) -> JSON:
    return {"do_settings": rows.cluster(request)["do_settings"]}


@operation("PUT", f"{ONE}/do_settings", scope="database:update", status=204)
def write_do_settings(request: Request) -> None:
    cluster = rows.require_online(rows.cluster(request))
    cluster["do_settings"] = fields.do_settings(request.json)
    rows.note(request.world, cluster, "cluster_update")
