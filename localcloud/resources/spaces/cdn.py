# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CDN endpoints: ``/v2/cdn/endpoints``.

Records of the table ``cdn_endpoints`` by id: ``{id, origin, endpoint, ttl, created_at}``, with ``certificate_id`` and
``custom_domain`` when set, and ``_purges``, ``[number, files]`` each. The limit of 5 calls in 10 seconds is the port's,
that of purged files is here.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.contract.relaxations import relax, schema
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources.spaces import cdn_limit
from localcloud.resources.spaces.s3 import buckets
from localcloud.resources.spaces.s3.address import DOMAIN, parse_host
from localcloud.world.world import World

TABLE = "cdn_endpoints"
# What runs behind an endpoint, as the plane knows it, and the purges that it is told of, at most.
SOFTWARE = "cdn"
PURGES_TOLD = 50
TTLS = (60, 600, 3600, 86400, 604800)
DEFAULT_TTL = 3600


@relax("the Go client takes a custom domain away with empty strings, which are neither a uuid nor a host name")
def _no_domain(description: JSON) -> None:
    properties = schema(description, "update_endpoint")["properties"]
    for name in ("certificate_id", "custom_domain"):
        properties[name] = {"anyOf": [properties[name], {"type": "string", "enum": [""]}]}


# Given in place of a certificate, for one that the CDN makes itself; the answer has the same.
BY_THE_CDN = "needs-cloudflare-cert"


@relax(f"certificate_id may be {BY_THE_CDN}, which is no uuid (terraform-provider-digitalocean PR 1089, issue 1086)")
def _certificate_by_the_cdn(description: JSON) -> None:
    for name in ("cdn_endpoint", "update_endpoint"):
        properties = schema(description, name)["properties"]
        word = {"type": "string", "enum": [BY_THE_CDN]}
        properties["certificate_id"] = {"anyOf": [properties["certificate_id"], word]}


def _find(request: Request) -> JSON:
    return request.row(TABLE, "cdn_id")


def _check_origin(world: World, origin: str) -> str:
    """The endpoint's host name for an origin, which must be a Space of the account, of no other endpoint."""
    bucket, region, cdn = parse_host(origin)
    # A name with a dot in it is none either (terraform-provider-digitalocean issue 993), as no certificate fits it.
    if not origin.endswith(f".{DOMAIN}") or bucket is None or region is None or cdn or "." in bucket:
        raise ApiError(422, f"invalid origin: it must be the FQDN of a Space, <bucket>.<region>.{DOMAIN}.")
    record = buckets.true_record(world, bucket) if buckets.exists(world, bucket) else None
    if record is None or record["region"] != region:
        raise ApiError(422, f"origin {origin} is not a Space of this account.")
    # One endpoint for each origin, in the API's words (ansible-collections/community.digitalocean issue 267).
    if any(endpoint["origin"] == origin for endpoint in world.table(TABLE).everything()):
        raise ApiError(409, "cdn already enabled")
    return f"{bucket}.{region}.cdn.{DOMAIN}"


def _ttl(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value not in TTLS:
        raise ApiError(422, f"ttl must be one of {', '.join(map(str, TTLS))}.")
    return value


def _apply_domain(world: World, record: JSON, body: JSON) -> None:
    """Set or, with empty strings, take away the custom domain: a name and a certificate, only together."""
    custom = body.get("custom_domain", record.get("custom_domain")) or ""
    certificate = body.get("certificate_id", record.get("certificate_id")) or ""
    if bool(custom) != bool(certificate):
        raise ApiError(422, "custom_domain and certificate_id must be given together.")
    if certificate not in ("", BY_THE_CDN) and world.table("certificates").peek(certificate) is None:
        raise ApiError(422, f"certificate {certificate} does not exist.")
    others = (row for row in world.table(TABLE).everything() if row["id"] != record["id"])
    if custom and any(row.get("custom_domain") == custom for row in others):
        raise ApiError(409, f"the custom domain {custom} is used by another CDN endpoint.")
    for name, value in (("custom_domain", custom), ("certificate_id", certificate)):
        if value:
            record[name] = value
        else:
            record.pop(name, None)


def with_certificate(world: World, id: str) -> list[JSON]:
    """The endpoints that use this certificate."""
    return [row for row in world.table(TABLE).everything() if row.get("certificate_id") == id]


def change_certificate(world: World, id: str, new: str) -> None:
    """Let them use another one in its place."""
    for row in with_certificate(world, id):
        row["certificate_id"] = new


@operation("GET", "/v2/cdn/endpoints", scope="cdn:read")
def list_endpoints(request: Request) -> JSON:
    return paginate(request, "endpoints", request.world.table(TABLE).all())


@operation("POST", "/v2/cdn/endpoints", scope="cdn:create", status=201)
def create_endpoint(request: Request) -> JSON:
    world, body = request.world, request.json
    origin = str(body.get("origin", "")).lower()
    host = _check_origin(world, origin)
    record: JSON = {
        "id": world.uuid(),
        "origin": origin,
        "endpoint": host,
        "created_at": world.timestamp(),
        "ttl": _ttl(body.get("ttl", DEFAULT_TTL)),
        "_at": world.plane.place(SOFTWARE, {"https": 443}),
    }
    _apply_domain(world, record, body)
    world.table(TABLE).insert(record["id"], record)
    return {"endpoint": public(record)}


@operation("GET", "/v2/cdn/endpoints/{cdn_id}", scope="cdn:read")
def get_endpoint(request: Request) -> JSON:
    return {"endpoint": public(_find(request))}


@operation("PUT", "/v2/cdn/endpoints/{cdn_id}", scope="cdn:update")
def update_endpoint(request: Request) -> JSON:
    """What is left out stays: the vendor's Go client changes the ttl and the domain in calls of their own."""
    record = _find(request)
    changed = {**record}
    if "ttl" in request.json:
        changed["ttl"] = _ttl(request.json["ttl"])
    _apply_domain(request.world, changed, request.json)
    record.clear()
    record.update(changed)
    return {"endpoint": public(record)}


@operation("DELETE", "/v2/cdn/endpoints/{cdn_id}", scope="cdn:delete", status=204)
def delete_endpoint(request: Request) -> None:
    request.world.table(TABLE).delete(_find(request)["id"])


@operation("DELETE", "/v2/cdn/endpoints/{cdn_id}/cache", scope="cdn:delete", status=204)
def purge_cache(request: Request) -> None:
    """Done by what runs behind it; where nothing does, nothing is cached."""
    record = _find(request)
    files = request.json.get("files")
    if not isinstance(files, list) or not files or not all(isinstance(f, str) and f for f in files):
        raise ApiError(422, "files must be a list of paths.")
    if request.rate_limited:
        cdn_limit.count(request.world, len(files))
    purges = record.get("_purges", [])
    number = purges[-1][0] + 1 if purges else 1
    record["_purges"] = [*purges, [number, files]][-PURGES_TOLD:]
