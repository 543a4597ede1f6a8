# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""With which of its two database users the app works.

A new password of a user counts at once, while what runs has the old one until a deployment. So the app has two users,
each with a pool of its own, and changes over from one to the other: `rotate_credentials.yml`. Which of them it works
with is not desired state (decisions 8 and 65): it is read from what is deployed.
"""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data


def app_login(logins: list[Data], app: Data | None, pools: list[Data] | None, component: str, move: bool) -> Data:
    """`{user, pool, spare_user, spare_pool, spare_used}`: with which user the app works, or is to work after a `move`.

    `logins` are the two, `[{user, pool}]`; `app` is the app as it is, None or {} when there is none; `pools` are those
    of the cluster; `component` is that through which the service reaches the database. `spare_used` tells whether
    something that is deployed, or about to be, has the other one: then both must go on working.

    Of an app that is gone, the pool that is left tells.
    """
    first, second = logins
    used = [user for user in _users(app, component) if user in (first["user"], second["user"])]
    there = {pool["name"] for pool in pools or []}
    is_second = used[0] == second["user"] if used else second["pool"] in there and first["pool"] not in there
    now, spare = (second, first) if is_second != move else (first, second)
    return {
        "user": now["user"],
        "pool": now["pool"],
        "spare_user": spare["user"],
        "spare_pool": spare["pool"],
        "spare_used": spare["user"] in used,
    }


def _users(app: Data | None, component: str) -> list[str]:
    """Of the deployments first that which is under way, then the active one; without any, that of the spec."""
    deployments = [(app or {}).get(f"{state}_deployment") or {} for state in ("pending", "in_progress", "active")]
    specs = [row["spec"] for row in deployments if row.get("spec")] or [(app or {}).get("spec") or {}]
    databases = [row for spec in specs for row in spec.get("databases") or [] if row.get("name") == component]
    return [row["db_user"] for row in databases if row.get("db_user")]
