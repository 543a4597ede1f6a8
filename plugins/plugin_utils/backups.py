# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups: to whom they may be encrypted, and whether those that there are keep what is promised."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.editions import ADVANCED
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import CACHES
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import age

# Engines that this knows the backups of.
POSTGRESQL = frozenset({"pg", ADVANCED["pg"]})


def recipients_problem(keys: list[str]) -> str:
    """Why nothing can be encrypted to these public keys; "" when it can."""
    try:
        age.recipients(keys)
    except Failure as failure:
        return str(failure)
    return ""


def backups_judged(clusters: list[Data], backups: list[Data], dumps: Data, about: Data) -> Data:
    """What each cluster's backups are worth.

    `backups` are results of database_backup_info, an `item` each (the cluster's name); `dumps` is that of
    database_dump_info for the cluster `about["cluster"]`. Returns {"environment", "made_at", "checks": [row],
    "findings": those that are not ok}; a row: {"cluster", "check", "ok", "value", "limit", "why"}. Hours and days.
    """
    by_cluster = {str(row["item"]): row for row in backups}
    checks: list[Data] = []
    for cluster in sorted(clusters, key=lambda row: str(row["name"])):
        name = str(cluster["name"])
        if cluster["engine"] in CACHES:
            checks.append(_row(name, "cache", True))
        elif cluster["engine"] not in POSTGRESQL:
            checks.append(_row(name, "newest", False, why=f"nobody knows the backups of {cluster['engine']}"))
        else:
            checks += _managed(cluster, by_cluster.get(name, {}), about)
    if about["cluster"] not in [str(row["name"]) for row in clusters]:
        checks.append(_row(about["cluster"], "newest", False, why="there is no such cluster"))
    else:
        checks += _own(about["cluster"], dumps, _age_of(about["cluster"], clusters, by_cluster), about)
    return {
        "environment": about["environment"],
        "made_at": about["made_at"],
        "checks": checks,
        "findings": [row for row in checks if not row["ok"]],
    }


def _row(
    cluster: str, check: str, ok: bool, value: float | None = None, limit: float | None = None, why: str = ""
) -> Data:
    return {"cluster": cluster, "check": check, "ok": ok, "value": value, "limit": limit, "why": why}


def _managed(cluster: Data, told: Data, about: Data) -> list[Data]:
    """DigitalOcean's own: the newest, how far back they go, and whether one is missing in between."""
    name = str(cluster["name"])
    if told.get("failed") or "database_backups" not in told:
        return [_row(name, "newest", False, why=str(told.get("msg") or "they were not asked for"))]
    most = about["rpo_hours"] + about["grace_hours"]
    life = _hours(cluster["created_at"], told["asked_at"])
    times = [_moment(row["created_at"]) for row in told["database_backups"]]
    if not times:
        # It is younger than the first one can be.
        return [_row(name, "newest", life <= most, limit=most, why="there is none yet")]
    newest = told["newest_age_hours"]
    oldest = _hours(told["database_backups"][-1]["created_at"], told["asked_at"]) / 24
    covered = max(0.0, min(float(about["days"]), life / 24) - most / 24)
    gap = max(((late - early).total_seconds() / 3600 for late, early in pairwise(times)), default=0.0)
    return [
        _row(name, "newest", newest <= most, newest, most),
        _row(name, "covered", oldest >= covered, round(oldest, 2), round(covered, 2)),
        _row(name, "gap", gap <= most, round(gap, 2), most),
    ]


def _own(cluster: str, dumps: Data, life: float | None, about: Data) -> list[Data]:
    """Those in the bucket: the newest whole one, that it can be read, and what else is there."""
    if not about["looked"]:
        return [_row(cluster, "unasked", True)]
    if dumps.get("failed") or "database_dumps" not in dumps:
        return [_row(cluster, "dump", False, why=str(dumps.get("msg") or "they could not be looked at"))]
    most = about["rpo_hours"] + about["grace_hours"]
    rows = dumps["database_dumps"]
    whole = [row for row in rows if row["complete"]]
    unfinished = [row for row in rows if not row["complete"] and "started" not in row]
    broken = [row for row in rows if not row["complete"] and "started" in row]
    checks = [_row(cluster, "broken", False, why=str(row["problem"])) for row in broken]
    if whole:
        checks.append(_row(cluster, "dump", whole[0]["age_hours"] <= most, whole[0]["age_hours"], most))
        checks.append(_row(cluster, "readable" if about["decrypted"] else "unread", True, why=str(whole[0]["name"])))
    else:
        young = life is not None and life <= most
        checks.append(_row(cluster, "dump", young, limit=most, why="there is none yet"))
    # The next backup removes them.
    return checks + [_row(cluster, "unfinished", True, why=str(row["name"])) for row in unfinished]


def _age_of(name: str, clusters: list[Data], told: dict[str, Data]) -> float | None:
    created = next((row["created_at"] for row in clusters if row["name"] == name), None)
    asked = told.get(name, {}).get("asked_at")
    return _hours(created, asked) if created and asked else None


def _hours(earlier: Any, later: Any) -> float:
    return (_moment(later) - _moment(earlier)).total_seconds() / 3600


def _moment(text: Any) -> datetime:
    return datetime.fromisoformat(str(text).replace("Z", "+00:00"))
