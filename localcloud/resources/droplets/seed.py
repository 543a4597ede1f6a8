# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Droplets of somebody else in the same account, for tests that nothing of theirs is touched."""

from __future__ import annotations

from localcloud.resources.droplets import creation, images, rows
from localcloud.world import hooks
from localcloud.world.world import World

REGIONS = ("nyc3", "fra1", "sgp1")


@hooks.seeder("droplets")
def seed(world: World, count: int) -> None:
    """``foreign-droplet-0001`` and so on, active; the account's limit grows with them."""
    taken = len(rows.droplets(world))
    for index in range(taken, taken + count):
        body = {"size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64", "region": REGIONS[index % 3], "tags": ["foreign"]}
        row = creation.make(world, f"foreign-droplet-{index + 1:04}", creation.check(world, body), _foreign=True)
        world.cancel("droplets.active", droplet_id=row["id"])
        creation.active(world, row["id"])


@hooks.seeder("snapshots")
def seed_snapshots(world: World, count: int) -> None:
    """Of a Droplet of theirs, which they come with."""
    seed(world, 1)
    droplet = rows.droplets(world).everything()[-1]
    for number in range(count):
        images.make(world, droplet, f"foreign-snapshot-{number + 1:04}", "snapshot")
