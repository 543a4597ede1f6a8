# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances that really run: what the software behind a deployment has written down of itself.

Rows of ``app_instances`` by deployment: ``{"instances": [{component, number, address, port, ready, restarts, pid}]}``.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.world.world import World

INSTANCES = "app_instances"


def of(world: World, deployment: JSON | None, component: str) -> list[JSON]:
    """In the order of their numbers; empty where none runs, as where there are records only."""
    row = world.table(INSTANCES).peek(deployment["id"]) if deployment else None
    return [one for one in (row or {"instances": []})["instances"] if one["component"] == component]
