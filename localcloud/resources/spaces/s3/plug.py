# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the Spaces port plugs into the server: its application, its state, its reset, and somebody else's buckets."""

from __future__ import annotations

import hashlib

from localcloud.ports.fronts import port
from localcloud.ports.shared import Shared, env_source
from localcloud.resources import projects
from localcloud.resources.spaces.keys import standing_key
from localcloud.resources.spaces.s3 import bodies, buckets
from localcloud.resources.spaces.s3.address import REGIONS
from localcloud.resources.spaces.s3.front import Front
from localcloud.resources.spaces.s3.objects import now
from localcloud.resources.spaces.s3.rows import NULL, Version
from localcloud.resources.spaces.s3.store import State, store_of
from localcloud.world import hooks
from localcloud.world.world import World

port("spaces", lambda shared: Front(shared.world))


@env_source
def env(_shared: Shared) -> dict[str, str]:
    """The account's standing full-access key, under the names that the vendor's tools read."""
    access, secret = standing_key()
    return {"SPACES_ACCESS_KEY_ID": access, "SPACES_SECRET_ACCESS_KEY": secret}


@hooks.on_start
def sweep(world: World) -> None:
    """No bodies that one which was killed left behind."""
    store_of(world).blobs.sweep()


@hooks.on_reset
def reset(world: World) -> None:
    store_of(world).clear()


hooks.persistent("spaces", State())


@hooks.seeder("buckets")
def seed_buckets(world: World, count: int) -> None:
    """Buckets of colleagues in the same account: a full-access key sees them, and each holds something to lose."""
    store = store_of(world)
    number = 0
    while count > 0:
        number += 1
        name, region = f"colleague-{number:04d}", REGIONS[number % len(REGIONS)]
        if buckets.taken(world, name):
            continue
        body = f"belongs to a colleague ({number})".encode()
        etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        headers = {"content-type": "text/plain"}
        pieces = (bodies.keep(store.blobs, body, None),)
        store.create(name).put(Version("keep/me.txt", NULL, now(), etag=etag, pieces=pieces, headers=headers))
        buckets.add(world, name, region)
        projects.assign(world, f"do:space:{name}")
        count -= 1


@hooks.seeder("foreign_buckets")
def seed_foreign_buckets(world: World, count: int) -> None:
    """Names that other customers have taken: unseen, untouchable, and not to be had."""
    number = 0
    while count > 0:
        number += 1
        name = f"taken-{number:04d}"
        if not buckets.taken(world, name):
            buckets.add(world, name, REGIONS[number % len(REGIONS)], buckets.OTHER)
            count -= 1
