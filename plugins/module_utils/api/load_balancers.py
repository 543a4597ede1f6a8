# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers as the API takes them, which is not as it tells them."""

from __future__ import annotations

from typing import Any

# What the API tells and does not take, and the size of old in the place of which it takes size_unit.
TOLD = ("id", "ip", "ipv6", "status", "created_at", "size")


def slug(region: Any) -> Any:
    """A region's, of which the API takes the slug and tells all."""
    return region.get("slug") if isinstance(region, dict) else region


def body(values: dict[str, Any]) -> dict[str, Any]:
    """The body of a POST or PUT with all of these; what is empty the API has by itself."""
    found = {name: value for name, value in values.items() if name not in TOLD and value not in (None, "", [], {})}
    if "region" in found:
        found["region"] = slug(found["region"])
    if found.get("tag"):
        found.pop("droplet_ids", None)
    if (found.get("sticky_sessions") or {}).get("type") == "none":
        found["sticky_sessions"] = {"type": "none"}
    if (found.get("health_check") or {}).get("protocol") == "tcp":
        found["health_check"] = {name: value for name, value in found["health_check"].items() if name != "path"}
    return found
