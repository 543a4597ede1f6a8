# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls about records: ``/v2/domains/{domain_name}/records``."""

from __future__ import annotations

from localcloud import JSON
from localcloud.contract.relaxations import relax
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources.domains import records
from localcloud.resources.domains.domains import wanted

ALL = "/v2/domains/{domain_name}/records"
ONE = f"{ALL}/{{domain_record_id}}"


@relax("flags and tag are CAA's: that SRV, TXT and NS require them is a slip, since no client sends them (godo, doctl)")
def _only_of_caa(description: JSON) -> None:
    for kind in ("srv", "txt", "ns"):
        for part in description["components"]["schemas"][f"domain_record_{kind}"]["allOf"]:
            if "required" in part:
                part["required"] = [name for name in part["required"] if name not in ("flags", "tag")]


def _one(request: Request) -> JSON:
    domain = wanted(request)["name"]
    row = request.world.table(records.TABLE).get(request.params["domain_record_id"])
    if row is None or row["_domain"] != domain:
        raise not_found()
    return row


@operation("GET", ALL, scope="domain:read")
def list_records(request: Request) -> JSON:
    """``name`` is the whole name, not the relative one."""
    domain = wanted(request)["name"]
    rows = [row for row in request.world.table(records.TABLE).all() if row["_domain"] == domain]
    if name := request.query.get("name", "").lower():
        rows = [row for row in rows if name == (domain if row["name"] == "@" else f"{row['name']}.{domain}")]
    if kind := request.query.get("type"):
        rows = [row for row in rows if row["type"] == kind]
    return paginate(request, "domain_records", rows)


@operation("POST", ALL, scope=("domain:create", "domain:update"), status=201)
def create(request: Request) -> JSON:
    domain = wanted(request)["name"]
    values = records.checked(request.world, domain, request.json)
    return {"domain_record": public(records.insert(request.world, domain, values))}


@operation("GET", ONE, scope="domain:read")
def read(request: Request) -> JSON:
    return {"domain_record": public(_one(request))}


@operation("PUT", ONE, scope="domain:update")
@operation("PATCH", ONE, scope="domain:update")
def update(request: Request) -> JSON:
    """What is left out stays, by either method. Of an SOA only the TTL counts."""
    row, body = _one(request), request.json
    if row["type"] == "SOA":
        body = {"ttl": body.get("ttl", row["ttl"])}
    if body.get("type", row["type"]) != row["type"]:
        raise ApiError(422, "Type cannot be changed")
    row.update(records.checked(request.world, row["_domain"], body, own=row))
    return {"domain_record": public(row)}


@operation("DELETE", ONE, scope=("domain:delete", "domain:update"), status=204)
def delete(request: Request) -> None:
    row = _one(request)
    if row["type"] == "SOA":
        raise ApiError(422, "SOA records cannot be deleted")
    request.world.table(records.TABLE).delete(str(row["id"]))
