# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wanted state of the local inventory, and what an account is offered, as small dictionaries to bend."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[4]

PG_SIZES = {
    1: ["db-s-1vcpu-1gb", "db-s-1vcpu-2gb", "db-s-2vcpu-4gb"],
    2: ["db-s-1vcpu-2gb", "db-s-2vcpu-4gb"],
    3: ["db-s-1vcpu-2gb"],
}
LAYOUTS = [{"num_nodes": nodes, "sizes": sizes} for nodes, sizes in PG_SIZES.items()]
SECRET_OPTIONS = {"spaces_secret_key": True, "environment_secrets": {"NEXTAUTH_SECRET": True}}


def defaults() -> dict[str, Any]:
    """The defaults of all roles; values that refer to other variables are left out of them."""
    found: dict[str, Any] = {}
    for path in sorted((ROOT / "roles").glob("*/defaults/main.yml")):
        found.update(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    return {key: None if isinstance(value, str) and "{{" in value else value for key, value in found.items()}


def inputs(**changes: Any) -> dict[str, Any]:
    """Inputs of all roles that preflight finds nothing wrong with, except for `changes`."""
    names = {
        "project_name": "fisioflow-local",
        "network_name": "fisioflow-local",
        "network_region": "nyc1",
        "postgresql_name": "fisioflow-local-postgresql",
        "postgresql_region": "nyc1",
        "valkey_name": "fisioflow-local-valkey",
        "valkey_region": "nyc1",
        "spaces_name": "fisioflow-local",
        "spaces_region": "nyc3",
        "spaces_uploads_bucket": "fisioflow-local-uploads",
        "spaces_assets_bucket": "fisioflow-local-assets",
        "spaces_access_key": "DO00EXAMPLE",
        "app_name": "fisioflow-local",
        "app_region": "nyc",
        "app_postgresql_cluster": "fisioflow-local-postgresql",
        "app_valkey_cluster": "fisioflow-local-valkey",
        "app_image": {
            "registry_type": "GHCR",
            "registry": "fisioflow",
            "repository": "fisioflow",
            "digest": f"sha256:{'a' * 64}",
        },
        "app_run_command": "node server.js",
        "preflight_budget_usd": 60,
    }
    return copy.deepcopy({**defaults(), **names, **SECRET_OPTIONS, **changes})


def offers(**changes: Any) -> dict[str, Any]:
    """What the API offers, in the shape in which the preflight role hands it to the filter."""
    engine = {"regions": ["nyc1", "nyc3", "fra1"], "versions": ["15", "16", "17"], "layouts": LAYOUTS}
    sizes = [
        size("apps-s-1vcpu-0.5gb", 5, single=True),
        size("apps-s-1vcpu-1gb-fixed", 10, single=True),
        size("apps-s-1vcpu-1gb", 12),
        size("apps-d-1vcpu-1gb", 34, scalable=True),
    ]
    advanced = [{"num_nodes": nodes, "sizes": ["gd-2vcpu-8gb", "gd-4vcpu-16gb"]} for nodes in (1, 2, 3)]
    regions = [
        {"slug": "nyc", "data_centers": ["nyc1", "nyc3"]},
        {"slug": "fra", "data_centers": ["fra1"]},
        {"slug": "ams", "data_centers": ["ams3"], "disabled": True},
    ]
    plain = {
        "failed": [],
        "token_scopes": None,
        "token_expires_in": None,
        "server_time": "2026-11-29T23:59:59Z",
        "databases": {
            "pg": engine,
            "advanced_pg": {**engine, "layouts": advanced},
            "valkey": {**engine, "versions": ["8"], "layouts": LAYOUTS[:2]},
        },
        "instance_sizes": sizes,
        "app_regions": regions,
        "apps": [],
        "vpcs": [],
        "clusters": [],
    }
    return copy.deepcopy({**plain, **changes})


def profile(name: str) -> dict[str, Any]:
    """The variables of a profile of the inventories."""
    found = yaml.safe_load((ROOT / "inventories" / "common" / f"{name}.yml").read_text(encoding="utf-8"))
    return {key: value for key, value in found.items() if key != "summary_profile"}


def size(slug: str, usd: float, *, single: bool = False, scalable: bool = False) -> dict[str, Any]:
    return {"slug": slug, "usd_per_month": f"{usd:.2f}", "single_instance_only": single, "scalable": scalable}
