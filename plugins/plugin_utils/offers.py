# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account offers and holds, from the answers to the questions of the preflight role."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# In the order in which people read what could not be asked.
ASKED = ("databases", "app_options", "apps", "networks", "clusters", "pools", "dbs", "other_apps", "permanent")


def _failed(answers: Data) -> list[Data]:
    """Results that say why there is no answer. Without one about the account, all others have failed alike."""
    asked = [answers["account"]]
    if "account" in answers["account"]:
        # That a secret would be lost is an answer, though the module fails with it.
        asked = [answers[name] for name in ASKED if "lost_secrets" not in answers[name]]
    return [answer for answer in asked if "msg" in answer]


def _bucket_errors(answers: Data) -> list[str]:
    asked = [answers["buckets"], *(answers["new_buckets"].get("results") or [])]
    return [answer["msg"] for answer in asked if answer.get("msg") and "skipped" not in answer]


def preflight_offers(answers: Data) -> Data:
    """What `preflight_problems` holds inputs against; None for what is not known.

    `answers` are results of modules: `account`, `databases` and `app_options` (what is on offer), `apps` of the app's
    name and `other_apps`, `permanent` (the app with its secrets), `networks`, `clusters`, their `pools` and `dbs`,
    `buckets`, and of a loop `new_buckets`.
    """

    def of(name: str, *path: str) -> Any:
        found: Any = answers[name]
        for key in path:
            found = (found or {}).get(key)
        return found

    buckets = of("buckets", "spaces_buckets")
    return {
        "failed": _failed(answers),
        "bucket_errors": _bucket_errors(answers),
        **{key: of("account", "account", key) for key in ("token_scopes", "token_expires_in", "server_time")},
        "databases": of("databases", "database_options"),
        "instance_sizes": of("app_options", "app_options", "instance_sizes"),
        "app_regions": of("app_options", "app_options", "regions"),
        "apps": of("apps", "apps"),
        "other_apps": of("other_apps", "apps"),
        "vpcs": of("networks", "vpcs"),
        "clusters": of("clusters", "database_clusters"),
        "databases_there": of("dbs", "database_dbs"),
        "pools": of("pools", "database_pools") or [],
        "lost_secrets": of("permanent", "lost_secrets") or [],
        "buckets": None if buckets is None else [bucket["name"] for bucket in buckets],
    }
