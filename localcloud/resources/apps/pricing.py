# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an app costs a month, in whole USD.

Instances by ``usd_per_month`` of their size [S]. Second-hand: a development database 7, dedicated egress addresses 25,
each static site past the third free one of the account 3. Jobs are billed by the second that they run: nothing. Managed
clusters are billed on their own.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.apps.catalogue import find_size
from localcloud.resources.apps.spec import components, instance_count, is_static
from localcloud.world.world import World

DEVELOPMENT_DATABASE = 7
DEDICATED_EGRESS = 25
STATIC_SITE = 3
FREE_STATIC_APPS = 3


def monthly_cost(world: World, spec: JSON, app_id: str | None = None) -> int:
    """Of a canonical spec. ``app_id`` is the app that it would replace."""
    cost = 0.0
    for _kind, component in components(spec, "services", "workers"):
        size = find_size(component["instance_size_slug"]) or {"usd_per_month": "0"}
        cost += float(size["usd_per_month"]) * instance_count(component)
    cost += DEVELOPMENT_DATABASE * sum(not database.get("production") for database in spec.get("databases") or [])
    if (spec.get("egress") or {}).get("type") == "DEDICATED_IP":
        cost += DEDICATED_EGRESS
    if is_static(spec) and static_apps(world, app_id) >= FREE_STATIC_APPS:
        cost += STATIC_SITE * len(spec["static_sites"])
    return round(cost)


def static_apps(world: World, without: str | None = None) -> int:
    """How many static apps the account has."""
    return sum(is_static(app["spec"]) for app in world.table("apps").everything() if app["id"] != without)
