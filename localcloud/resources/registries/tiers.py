# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's subscription: one for all of its registries, with its limits and price.

Sources: the API description's examples; docs.digitalocean.com/products/container-registry/details/pricing.
A record of the table ``registry_subscription`` under ``own``: ``{tier, created_at, updated_at}``.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.routing import Request, operation
from localcloud.world.world import World

TABLE = "registry_subscription"
OWN = "own"
GIB = 2**30
# slug → repositories (0: any number), bytes of storage, bytes of traffic out, cents a month, registries.
_TIERS = {
    "starter": (1, 500 * 2**20, 500 * 2**20, 0, 1),
    "basic": (5, 5 * GIB, 5 * GIB, 500, 1),
    "professional": (0, 100 * GIB, 100 * GIB, 2000, 10),
}
REGIONS = ("nyc3", "sfo3", "sfo2", "ams3", "sgp1", "fra1", "blr1", "syd1")


def tier(slug: str) -> JSON:
    repositories, storage, traffic, price, _registries = _TIERS[slug]
    return {
        "name": slug.title(),
        "slug": slug,
        "included_repositories": repositories,
        "included_storage_bytes": storage,
        "allow_storage_overage": price > 0,
        "included_bandwidth_bytes": traffic,
        "monthly_price_in_cents": price,
        "storage_overage_price_in_cents": 2 if price else 0,
    }


def registries_of(slug: str) -> int:
    """How many the tier lets an account have."""
    return _TIERS[slug][4]


def current(world: World) -> JSON | None:
    return world.table(TABLE).get(OWN)


def subscribe(world: World, slug: str) -> JSON:
    """Begin the subscription, or change its tier."""
    now = world.timestamp()
    row = world.table(TABLE).peek(OWN)
    if row is None:
        return world.table(TABLE).insert(OWN, {"tier": tier(slug), "created_at": now, "updated_at": now})
    if row["tier"]["slug"] != slug:
        row.update(tier=tier(slug), updated_at=now)
    return row


def known(slug: object) -> str:
    """That slug; 422 for one that is none."""
    if not isinstance(slug, str) or slug not in _TIERS:
        raise ApiError(422, "invalid subscription tier slug")
    return slug


def usage(world: World) -> tuple[int, int]:
    """Repositories in the fullest registry, and bytes in all of them."""
    rows = world.table("registries").everything()
    return max((len(row["_repositories"]) for row in rows), default=0), sum(row["storage_usage_bytes"] for row in rows)


def over(world: World, slug: str) -> list[str]:
    """What the account has too much of for the tier, in the API's words."""
    repositories, stored = usage(world)
    limits = tier(slug)
    found = []
    if 0 < limits["included_repositories"] < repositories:
        found.append("OverRepositoryLimit")
    if not limits["allow_storage_overage"] and stored > limits["included_storage_bytes"]:
        found.append("OverStorageLimit")
    return found


@operation("GET", "/v2/registries/subscription", scope="registry:read")
@operation("GET", "/v2/registry/subscription", scope="registry:read")
def read(request: Request) -> JSON:
    row = current(request.world)
    if row is None:
        raise not_found()
    return {"subscription": row}


@operation("POST", "/v2/registries/subscription", scope="registry:update")
@operation("POST", "/v2/registry/subscription", scope="registry:update")
def change(request: Request) -> JSON:
    """To what the account does not fit in: 412."""
    world = request.world
    if current(world) is None:
        raise not_found()
    slug = known(request.json.get("tier_slug"))
    too_many = len(world.table("registries").everything()) > registries_of(slug)
    if too_many or over(world, slug):
        raise ApiError(412, f"account is not eligible for the {slug} subscription tier")
    return {"subscription": subscribe(world, slug)}


@operation("GET", "/v2/registries/options", scope="registry:read")
@operation("GET", "/v2/registry/options", scope="registry:read")
def options(request: Request) -> JSON:
    tiers = []
    for slug in _TIERS:
        reasons = over(request.world, slug)
        tiers.append(tier(slug) | {"eligible": not reasons} | ({"eligibility_reasons": reasons} if reasons else {}))
    return {"options": {"available_regions": list(REGIONS), "subscription_tiers": tiers}}
