# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the CDN serves: ``https://<bucket>.<region>.cdn.digitaloceanspaces.com/<key>``.

To anybody, public objects, for the endpoint's ttl. Whoever has a presigned URL, of the origin or of the CDN's own name
for it, what that opens; such an answer is nobody else's, so no ttl is told.
"""

from __future__ import annotations

from dataclasses import replace

from localcloud import JSON
from localcloud.resources.spaces.s3 import access, buckets
from localcloud.resources.spaces.s3.address import DOMAIN
from localcloud.resources.spaces.s3.answer import S3Answer
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.objects import get_object
from localcloud.resources.spaces.s3.request import S3Request
from localcloud.world.world import World


def as_origin_sees_it(request: S3Request) -> S3Request:
    """The CDN asks the origin under the origin's own name."""
    where, port = request.address, request.headers.get("host", "").rpartition(":")[2]
    host = f"{where.bucket}.{where.region}.{DOMAIN}" + (f":{port}" if port.isdigit() else "")
    return replace(request, headers={**request.headers, "host": host})


def _endpoint(world: World, request: S3Request) -> JSON:
    where = request.address
    host = f"{where.bucket}.{where.region}.cdn."
    for endpoint in world.table("cdn_endpoints").all():
        if str(endpoint["endpoint"]).startswith(host):
            return endpoint
    raise S3Error("NoSuchBucket", BucketName=where.bucket)


def checked(world: World, request: S3Request) -> S3Request:
    """The request, when it is one for the CDN: reading an object through an endpoint that is there."""
    _endpoint(world, request)
    if request.operation.name not in ("GetObject", "HeadObject"):
        raise S3Error("MethodNotAllowed" if request.method not in ("GET", "HEAD") else "AccessDenied")
    return request


def deliver(world: World, request: S3Request) -> S3Answer:
    """An object that everybody may read, whatever the query says."""
    endpoint = _endpoint(world, request)
    plain = replace(request, raw_query="")
    bucket = buckets.find(world, request.address.bucket, request.address.region)
    if request.method in ("GET", "HEAD") and not request.address.key:
        raise S3Error("AccessDenied")
    access.authorize_request(world, checked(world, plain), bucket)
    answer = get_object(world, plain, bucket)
    if answer.ok and not any(name == "cache-control" for name, _value in answer.headers):
        answer.headers.append(("cache-control", f"max-age={endpoint['ttl']}"))
    return answer
