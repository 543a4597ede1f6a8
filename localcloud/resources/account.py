# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account, its limits and its token, and what is on offer: regions, Droplet sizes."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.auth import ALL
from localcloud.ports.pages import paginate
from localcloud.ports.routing import OPERATIONS, Request, operation
from localcloud.resources.catalogue import REGIONS, SIZES, render_region
from localcloud.world.clock import parse
from localcloud.world.world import World

OWNER_ID = 258992
OWNER_UUID = "99525febec065ca37b2ffe4f852fd2b2581895e7"
ACCOUNT_UUID = "b6f2c4c0a8a34f0fb9c3f2b0a96d5f7e1c2d3e4f"
EMAIL, NAME = "ops@fisioflow.example", "FisioFlow Operations"
TEAM = {"uuid": "5df3e3004a17e242b7c20ca6c9fc25b701a47ece", "name": "FisioFlow"}

# The token info answer names the application that a token belongs to; this one stands for the control panel.
PANEL = "0d9f6a6c8f0e4b5d9c7a3e2f1b8c6d4e5f7a9b0c1d2e3f4a5b6c7d8e9f0a1b2c"


DROPLET_LIMIT = 25


def droplet_limit(world: World) -> int:
    """How many Droplets there may be: who has so many of others already was granted more."""
    return DROPLET_LIMIT + sum(bool(row.get("_foreign")) for row in world.table("droplets").everything())


@operation("GET", "/v2/account", scope="account:read")
def get_account(request: Request) -> JSON:
    return {
        "account": {
            "droplet_limit": droplet_limit(request.world),
            "floating_ip_limit": 5,
            # Not in the description; its clients print them, and their tests want them above zero.
            "reserved_ip_limit": 5,
            "volume_limit": 100,
            "email": EMAIL,
            "name": NAME,
            "uuid": ACCOUNT_UUID,
            "email_verified": True,
            "status": "active",
            "status_message": "",
            "team": TEAM,
        }
    }


def all_scopes() -> list[str]:
    """What a token of full access may do here: every scope that an operation asks for."""
    return sorted({scope for op in OPERATIONS.values() for scope in op.scopes})


@operation("GET", "/v1/oauth/token/info", contract=False)
def token_info(request: Request) -> JSON:
    """What a token may do. The vendor's command line asks cloud.digitalocean.com for this."""
    token, now = request.token, request.world.now()
    expires = parse(token.expires_at) if token.expires_at else None
    return {
        "resource_owner_id": OWNER_ID,
        "scopes": all_scopes() if ALL in token.scopes else sorted(token.scopes),
        # A token that never expires has no number here.
        "expires_in_seconds": None if expires is None else max(0, int((expires - now).total_seconds())),
        "application": {"uid": PANEL},
        "created_at": int(parse(token.created_at).timestamp()),
    }


@operation("GET", "/v2/regions", scope="regions:read")
def list_regions(request: Request) -> JSON:
    with_sizes = request.token.allows("sizes:read")
    return paginate(request, "regions", [render_region(slug, with_sizes) for slug in REGIONS])


@operation("GET", "/v2/sizes", scope=("sizes:read", "regions:read"))
def list_sizes(request: Request) -> JSON:
    return paginate(request, "sizes", [size.render() for size in SIZES.values()])
