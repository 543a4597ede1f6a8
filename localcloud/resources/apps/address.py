# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an app can be reached: at ``_at`` where software runs behind the record, else where DigitalOcean would say."""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.apps import domains
from localcloud.world.world import World

HTTPS = 443


def place(world: World) -> JSON:
    """``_at`` of a new app."""
    return world.plane.place("route", {"https": HTTPS, "http": 80})


def egress(world: World) -> str:
    """``_egress_at`` of a new app: the loopback address that its connections come from; empty without software."""
    found: JSON = world.plane.place("deployment", {"egress": 0})
    return str(found["egress"][0]) if found else ""


def name(app: JSON) -> str:
    """The host name that DigitalOcean would give it."""
    return f"{app['spec']['name']}-{app['_suffix']}.ondigitalocean.app"


def default_ingress(app: JSON) -> str:
    host, port = app.get("_at", {}).get("https", (name(app), HTTPS))
    return f"https://{host}" if port == HTTPS else f"https://{host}:{port}"


def live_url(app: JSON) -> str:
    """What visitors use: the primary domain once it works."""
    domain = domains.primary(app)
    return f"https://{domain}" if domain else app.get("default_ingress") or default_ingress(app)
