# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Droplet in the words in which one asks for it: for its modules, and for the inventory plugin."""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]

_AS_IT_IS = (
    "id",
    "name",
    "status",
    "created_at",
    "memory",
    "vcpus",
    "disk",
    "tags",
    "vpc_uuid",
    "volume_ids",
    "features",
    "backup_ids",
    "snapshot_ids",
    "next_backup_window",
    "networks",
)


def flat(droplet: Data) -> Data:
    """Size, region and image by their slugs (an image without one by its number), and the addresses at hand.

    None for what is not there, or not yet: a new Droplet has no address, so that nobody can tell of its public network.
    """
    size, image = droplet.get("size") or {}, droplet.get("image") or {}
    features = droplet.get("features") or []
    public = address(droplet, "v4", "public")
    return {
        **{name: droplet.get(name) for name in _AS_IT_IS},
        "region": (droplet.get("region") or {}).get("slug"),
        "size": droplet.get("size_slug") or size.get("slug"),
        "price_monthly": size.get("price_monthly"),
        "image": image.get("slug") or image.get("id"),
        "image_id": image.get("id"),
        "backups": "backups" in features,
        "ipv6": "ipv6" in features,
        "monitoring": "monitoring" in features,
        "public_networking": public is not None if address(droplet, "v4", "private") else None,
        "ipv4_address": public,
        "ipv4_address_private": address(droplet, "v4", "private"),
        "ipv6_address": address(droplet, "v6", "public"),
    }


def address(droplet: Data, family: str, kind: str) -> str | None:
    """Its first address of that family (`v4`, `v6`) and kind (`public`, `private`); None without one."""
    networks = (droplet.get("networks") or {}).get(family) or []
    return next((str(network["ip_address"]) for network in networks if network.get("type") == kind), None)
