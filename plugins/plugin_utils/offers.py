# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account offers and holds, from the answers to the questions of the preflight role."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.editions import ADVANCED

# In the order in which people read what could not be asked.
ASKED = (
    "databases",
    "options",
    "apps",
    "networks",
    "clusters",
    "pools",
    "dbs",
    "other_apps",
    "uptime_checks",
    "certificates",
)
BELOW_CLUSTER = ("pools", "dbs")
POSTGRESQL = ("pg", ADVANCED["pg"])
BUCKETS = ("buckets", "uploads", "assets")


def _failed(answers: Data) -> list[Data]:
    """Results that say why there is no answer. Without one about the account, all others have failed alike."""
    asked = [answers.get(name, {}) for name in ASKED] if "account" in answers["account"] else [answers["account"]]
    return [answer for answer in asked if "msg" in answer]


def _is_usable(answers: Data, cluster: str) -> bool:
    """Whether there is anything below the PostgreSQL cluster: nothing is while it is created, or if it is none."""
    rows = answers.get("clusters", {}).get("database_clusters") or []
    here = next((row for row in rows if row["name"] == cluster), {"engine": "", "status": ""})
    return here["engine"] in POSTGRESQL and here["status"] == "online"


def _bucket_errors(answers: Data) -> list[str]:
    """Of one that is not among a list that failed nothing else is known."""
    if "account" not in answers["account"]:
        return []
    told = [answers[name]["msg"] for name in BUCKETS if answers.get(name, {}).get("msg")]
    return told[:1] if "msg" in answers.get("buckets", {}) else told


def preflight_offers(answers: Data, cluster: str) -> Data:
    """What `preflight_problems` holds inputs against; None for what is not known.

    `answers` are results of modules, `account` and those that were asked of `databases` and `options` of App Platform
    (what is on offer), `apps` of the app's name and `other_apps`, `networks`, `clusters`, `pools` and `dbs` of the one
    called `cluster`, `uptime_checks`, `certificates` of the edge's name, `buckets`, and `uploads` and `assets` among
    them.
    """
    if not _is_usable(answers, cluster):
        answers = {name: answer for name, answer in answers.items() if name not in BELOW_CLUSTER}

    def of(name: str, *path: str) -> Any:
        found: Any = answers.get(name)
        for key in path:
            found = (found or {}).get(key)
        return found

    buckets = of("buckets", "spaces_buckets")
    return {
        "failed": _failed(answers),
        "bucket_errors": _bucket_errors(answers),
        **{key: of("account", "account", key) for key in ("token_scopes", "token_expires_in", "server_time")},
        "databases": of("databases", "database_options"),
        "instance_sizes": of("options", "app_options", "instance_sizes"),
        "app_regions": of("options", "app_options", "regions"),
        "apps": of("apps", "apps"),
        "other_apps": None if of("apps", "apps") else of("other_apps", "apps"),
        "vpcs": of("networks", "vpcs"),
        "clusters": of("clusters", "database_clusters"),
        "databases_there": of("dbs", "database_dbs"),
        "certificates": of("certificates", "certificates"),
        "uptime_checks": of("uptime_checks", "uptime_checks"),
        "pools": of("pools", "database_pools") or [],
        "lost_secrets": of("apps", "lost_secrets") or [],
        "buckets": None if buckets is None else [bucket["name"] for bucket in buckets],
    }
