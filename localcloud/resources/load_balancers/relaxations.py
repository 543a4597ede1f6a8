# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the description of load balancers is narrower than the API."""

from __future__ import annotations

from localcloud import JSON
from localcloud.contract.relaxations import relax, schema


@relax(
    "§15.4: a load balancer without Droplets is one with droplet_ids: [] to the description, and a global one has "
    "neither region nor forwarding rules; the Go client sends no empty lists, and Terraform makes both kinds"
)
def _without_targets(description: JSON) -> None:
    by_id, by_tag = schema(description, "load_balancer_create")["oneOf"]
    parts = {name: part for one in (by_id, by_tag) for part in one["allOf"] for name in part.get("properties", {})}
    base = next(part for part in by_id["allOf"] if "$ref" in part)
    description["components"]["schemas"]["load_balancer_create"] = {
        # Regions that are newer than the description count, too; which there are is the handler's business.
        "allOf": [parts["droplet_ids"], parts["tag"], {"properties": {"region": {"type": "string"}}}, base],
    }
    schema(description, "load_balancer_base").pop("required")


@relax('the Go client sends "vpc_uuid" and "project_id" as they are told, which is "" for a global one')
def _no_network(description: JSON) -> None:
    schema(description, "load_balancer_base")["properties"]["vpc_uuid"].pop("format")
