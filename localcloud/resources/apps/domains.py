# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Custom domains of an app: PENDING until a deployment is active, then CONFIGURING, then ACTIVE.

Nobody's DNS is asked here: the record that a user has to make for a domain without a ``zone`` counts as made.
"""

from __future__ import annotations

from datetime import timedelta

from localcloud import JSON
from localcloud.world.world import World, duration, timer

duration("app.domain", 60.0)

CERTIFICATE_LIFETIME = timedelta(days=90)


def sync(world: World, app: JSON) -> None:
    """Bring the domain objects in line with the app's spec; a domain keeps its id as long as it stays."""
    known = {entry["spec"]["domain"]: entry for entry in app["_domains"]}
    result = []
    for spec in app["spec"].get("domains") or []:
        entry = known.get(spec["domain"]) or {"id": world.uuid(), "phase": "PENDING", "progress": {"steps": []}}
        entry["spec"] = dict(spec)
        if spec.get("wildcard") and not spec.get("zone"):
            name = f"_acme-challenge.{spec['domain']}"
            entry.setdefault("validations", [{"txt_name": name, "txt_value": world.token_hex(21)}])
        result.append(entry)
    app["_domains"] = result


def configure(world: World, app: JSON) -> None:
    """A deployment has become active: domains that wait for one are set up now."""
    now = world.timestamp()
    for entry in app["_domains"]:
        if entry["phase"] != "PENDING":
            continue
        entry["phase"] = "CONFIGURING"
        entry["progress"] = {"steps": [_step("default-ingress-ready", now), _step("ensure-zone", now)]}
        world.after("app.domain", "apps.domain_ready", app_id=app["id"], id=entry["id"])


def _step(name: str, now: str) -> JSON:
    return {"name": name, "status": "SUCCESS", "started_at": now, "ended_at": now}


@timer("apps.domain_ready")
def ready(world: World, app_id: str, id: str) -> None:
    app = world.table("apps").peek(app_id)
    entry = next((e for e in app["_domains"] if e["id"] == id), None) if app else None
    if entry is None:
        return
    entry["phase"] = "ACTIVE"
    entry["certificate_expires_at"] = world.timestamp(world.now() + CERTIFICATE_LIFETIME)
    entry["progress"]["steps"].append(_step("ensure-certificate", world.timestamp()))


def primary(app: JSON) -> str | None:
    """The host of the app's live URL, when it is a custom domain that works."""
    for entry in app["_domains"]:
        if entry["spec"].get("type") == "PRIMARY" and entry["phase"] == "ACTIVE":
            return str(entry["spec"]["domain"]).rstrip(".")
    return None
