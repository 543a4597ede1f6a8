# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trusted sources: who may open a connection. An empty list admits everybody [M]."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import rows
from localcloud.world.world import World

PATH = "/v2/databases/{database_cluster_uuid}/firewall"
MAX_RULES = 100
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_TAG = re.compile(r"[A-Za-z0-9_\-:]{1,255}")


def _reason(world: World, kind: str, value: str) -> str | None:
    """Why the value does not fit the type, None when it does. Written back exactly as given [M]."""
    if kind == "ip_addr":
        try:
            ipaddress.IPv4Network(value, strict=False)
        except ValueError:
            return "invalid ip format"  # IPv6 gets the same words [M]
    elif kind == "app":
        if not _UUID.fullmatch(value):
            return "invalid app id"
        if world.table("apps").peek(value) is None:
            return "app not found"
    elif kind == "k8s" and not _UUID.fullmatch(value):
        return "invalid kubernetes cluster id"
    elif kind == "droplet" and not value.isdigit():
        return "invalid droplet id"
    elif kind == "tag" and not _TAG.fullmatch(value):
        return "invalid tag name"
    return None


def checked(world: World, cluster_id: str, wanted: list[Any], present: list[JSON]) -> list[JSON]:
    """The new list. A rule that was there keeps its uuid and date [?]; ``cluster_uuid`` in a request is ignored [S]."""
    if len(wanted) > MAX_RULES:
        raise ApiError(422, f"a database cluster is limited to {MAX_RULES} trusted sources")
    before = {(rule["type"], rule["value"]): rule for rule in present}
    rules: dict[tuple[str, str], JSON] = {}
    for rule in wanted:
        kind, value = (rule.get("type"), rule.get("value")) if isinstance(rule, dict) else (None, None)
        if kind not in ("droplet", "k8s", "ip_addr", "tag", "app") or not isinstance(value, str) or not value:
            raise ApiError(422, f"invalid rule with type {str(kind).upper()}")
        # What is there may be written back, even when the app has gone meanwhile [?].
        reason = None if (kind, value) in before else _reason(world, kind, value)
        if reason:
            raise ApiError(422, f"invalid rule with type {kind.upper()} because: {reason}")
        if (kind, value) in rules:
            raise ApiError(422, f"duplicate rule with type {kind.upper()} and value {value}")
        old = before.get((kind, value), {})
        rules[kind, value] = {
            "uuid": old.get("uuid") or world.uuid(),
            "cluster_uuid": cluster_id,
            "type": kind,
            "value": value,
            "created_at": old.get("created_at") or world.timestamp(),
            **({"description": rule["description"]} if rule.get("description") else {}),
        }
    return list(rules.values())


@operation("GET", PATH, scope="database:read")
def list_rules(request: Request) -> JSON:
    return {"rules": rows.cluster(request)["rules"]}


@operation("PUT", PATH, scope="database:update", status=204)
def replace_rules(request: Request) -> None:
    """Also while the cluster is still being created: the control panel lets trusted sources be set meanwhile."""
    cluster = rows.cluster(request)
    wanted = request.json.get("rules")
    if wanted is not None and not isinstance(wanted, list):
        raise ApiError(422, "rules must be a list")
    cluster["rules"] = checked(request.world, cluster["id"], wanted or [], cluster["rules"])
    rows.note(request.world, cluster, "cluster_update")
