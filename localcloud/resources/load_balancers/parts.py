# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single Droplets and rules of a load balancer, and the cache of a global one."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.routing import Request, operation
from localcloud.resources.load_balancers import rows
from localcloud.resources.load_balancers.load_balancers import ONE, work
from localcloud.resources.load_balancers.settings import check_droplets, forwarding_rules, refuse

# In the API's words (digitalocean/droplet_kit issue 153).
NO_DROPLETS = "need to provide either a tag or a list of droplets"


def _ids(request: Request, row: JSON) -> list[int]:
    """422 for one that finds its Droplets by tag [S]."""
    ids = request.json.get("droplet_ids") or []
    if not ids:
        raise refuse(NO_DROPLETS)
    if row["tag"]:
        raise refuse("individual droplets cannot be added to or removed from a load balancer with a tag")
    return list(ids)


@operation("POST", f"{ONE}/droplets", scope="load_balancer:update", status=204)
def add_droplets(request: Request) -> None:
    row = rows.changeable(request)
    ids = list(dict.fromkeys([*row["droplet_ids"], *_ids(request, row)]))
    check_droplets(request.world, ids, row.get("region"))
    row["droplet_ids"] = ids
    work(request.world, row)


@operation("DELETE", f"{ONE}/droplets", scope="load_balancer:update", status=204)
def remove_droplets(request: Request) -> None:
    """One that is not behind it is no error [?]."""
    row = rows.changeable(request)
    gone = set(_ids(request, row))
    row["droplet_ids"] = [id for id in row["droplet_ids"] if id not in gone]
    work(request.world, row)


@operation("POST", f"{ONE}/forwarding_rules", scope="load_balancer:update", status=204)
def add_rules(request: Request) -> None:
    row = _with_rules(request)
    given = [*row["forwarding_rules"], *(request.json.get("forwarding_rules") or [])]
    row["forwarding_rules"] = forwarding_rules(request.world, given, row["type"])
    work(request.world, row)


@operation("DELETE", f"{ONE}/forwarding_rules", scope="load_balancer:update", status=204)
def remove_rules(request: Request) -> None:
    """They are told by both ports and protocols [?]. At least one stays."""
    row = _with_rules(request)
    gone = {_of(rule) for rule in request.json.get("forwarding_rules") or []}
    left = [rule for rule in row["forwarding_rules"] if _of(rule) not in gone]
    row["forwarding_rules"] = forwarding_rules(request.world, left, row["type"])
    work(request.world, row)


def _with_rules(request: Request) -> JSON:
    row = rows.changeable(request)
    if row["type"] == "GLOBAL":
        raise refuse("forwarding_rules are not supported by global load balancers; use glb_settings")
    return row


def _of(rule: JSON) -> tuple[object, ...]:
    return tuple(rule.get(f"{side}_{what}") for side in ("entry", "target") for what in ("protocol", "port"))


@operation("DELETE", f"{ONE}/cache", scope="load_balancer:delete", status=204)
def purge_cache(request: Request) -> None:
    """Nothing is cached here, so there is nothing to drop; the journal shows that it was asked for."""
    if rows.wanted(request)["type"] != "GLOBAL":
        raise refuse("only the cache of a global load balancer can be purged")
