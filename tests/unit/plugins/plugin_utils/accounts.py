# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account with an environment called `clinic` in it, as info modules tell of it."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.account import account_found

VPC = "5a4981aa-9653-4bd1-bef5-d6bff52042e4"
ABOUT: dict[str, Any] = {
    "environment": "test",
    "made_at": "2026-11-28T21:00:00Z",
    "prefix": "clinic",
    "network": "clinic",
    "project": "clinic",
    "declared": {
        "app": ["clinic"],
        "database_cluster": ["clinic-pg"],
        "droplet_autoscale_pool": ["clinic-edge"],
        "vpc": ["clinic"],
        "project": ["clinic"],
    },
    "known": [],
    "budget": 0.0,
    "snapshot_days": 90,
    "not_looked_at": [],
}


def cluster(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "engine": "pg", "size": "db-s-1vcpu-1gb", "num_nodes": 1, **more}


def droplet(name: str, **more: Any) -> dict[str, Any]:
    return {"id": 7, "name": name, "status": "active", "size": "s-1vcpu-1gb", "price_monthly": 6.0, "tags": [], **more}


def balancer(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "type": "REGIONAL", "size_unit": 2, "droplet_ids": [], "tag": "", **more}


def found(**more: Any) -> dict[str, Any]:
    service = {"name": "web", "instance_size_slug": "apps-s-1vcpu-1gb", "instance_count": 2}
    network = {"id": VPC, "name": "clinic", "members": [{"urn": "do:dbaas:id-clinic-pg", "name": "clinic-pg"}]}
    rows = {
        "apps": [{"id": "id-app", "spec": {"name": "clinic", "services": [service]}}],
        "database_clusters": [cluster("clinic-pg")],
        "vpcs": [network],
        "projects": [{"id": "id-project", "name": "clinic", "resources": ["do:app:id-app"]}],
        **more,
    }
    return account_found({"results": [{name: of} for name, of in rows.items()]})
