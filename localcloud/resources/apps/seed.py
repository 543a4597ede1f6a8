# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else's apps in the same account."""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.apps.apps import insert_app
from localcloud.resources.apps.catalogue import REGIONS
from localcloud.resources.apps.rows import by_name
from localcloud.world import hooks
from localcloud.world.world import World


@hooks.seeder("apps")
def seed(world: World, count: int) -> None:
    regions = list(REGIONS)
    made = number = 0
    while made < count:
        name = f"foreign-app-{number:04}"
        if by_name(world, name) is None:
            insert_app(world, _spec(name, regions[number % len(regions)]), None)
            made += 1
        number += 1


def _spec(name: str, region: str) -> JSON:
    image = {"registry_type": "DOCKER_HUB", "registry": "library", "repository": "nginx", "tag": "1.29"}
    return {"name": name, "region": region, "services": [{"name": "web", "image": image, "http_port": 80}]}
