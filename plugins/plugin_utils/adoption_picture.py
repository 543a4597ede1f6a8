# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of an account (adoption.py), of what info modules have answered."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# Questions of roles/adoption, and the lists in their answers.
_ANSWERS = {
    "apps": "apps",
    "clusters": "database_clusters",
    "vpcs": "vpcs",
    "projects": "projects",
    "buckets": "spaces_buckets",
    "cdns": "cdn_endpoints",
    "domains": "domains",
    "balancers": "load_balancers",
    "checks": "uptime_checks",
    "check_alerts": "uptime_alerts",
    "policies": "monitoring_alert_policies",
    "keys": "spaces_keys",
}
_BELOW = {
    "rules": "database_firewalls",
    "dbs": "database_dbs",
    "users": "database_users",
    "pools": "database_pools",
    "config": "database_configs",
}


def adopted_picture(answers: Data) -> Data:
    """A picture of what info modules answered, by the names of the questions."""
    rows = {name: (answers.get(name) or {}).get(plural) or [] for name, plural in _ANSWERS.items()}
    details = {name: {**row} for name, row in ((row["name"], row) for row in rows["clusters"])}
    for role in ("postgresql", "valkey"):
        for part, plural in _BELOW.items():
            for row in (answers.get(f"{role} {part}") or {}).get(plural) or []:
                there = next(one for one in details.values() if one["id"] == row["cluster_id"])
                if part in ("rules", "config"):
                    there[part] = row[part]
                else:
                    there.setdefault(part, []).append(row)
    growth = answers.get("postgresql growth") or {}
    if "diff" in growth:
        there = details[growth["database_cluster"]["name"]]
        there["autoscale"] = {"enabled": growth["diff"]["before"] == growth["diff"]["after"]}
    known = "buckets" in answers and "spaces_buckets" in answers["buckets"]
    for name in ("uploads", "assets"):
        told = (answers.get(name) or {}).get("spaces_buckets") or []
        rows["buckets"] = [next((one for one in told if one["name"] == row["name"]), row) for row in rows["buckets"]]
    alerts = {row["id"]: row["alerts"] for row in (answers.get("alerts") or {}).get("apps") or []}
    rows["apps"] = [{**row, "alerts": alerts[row["id"]]} if row["id"] in alerts else row for row in rows["apps"]]
    return {**rows, "clusters": list(details.values()), "buckets_known": known}
