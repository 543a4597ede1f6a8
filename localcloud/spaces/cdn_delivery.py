# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the CDN serves to anybody, from public objects: ``https://<bucket>.<region>.cdn.digitaloceanspaces.com/<key>``."""

from __future__ import annotations

from localcloud.spaces import buckets
from localcloud.spaces.errors import S3Error
from localcloud.spaces.request import S3Request
from localcloud.spaces.store import Stored, store_of
from localcloud.world import World


def deliver(world: World, request: S3Request) -> Stored:
    """An object that everybody may read, of a bucket with a CDN endpoint. A signature opens nothing here."""
    where = request.address
    host = f"{where.bucket}.{where.region}.cdn."
    endpoint = next((e for e in world.table("cdn_endpoints").all() if str(e["endpoint"]).startswith(host)), None)
    if endpoint is None:
        raise S3Error("NoSuchBucket", BucketName=where.bucket)
    if request.method not in ("GET", "HEAD"):
        raise S3Error("MethodNotAllowed")
    bucket = buckets.find(world, where.bucket, where.region)
    store = store_of(world)
    if not where.key or not store.public_read(where.path, bucket["region"]):
        raise S3Error("AccessDenied")
    wanted = {n: v for n, v in request.headers.items() if n == "range" or n == "origin" or n.startswith("if-")}
    stored = store.call(request.method, where.path, region=bucket["region"], headers=wanted)
    if stored.ok and not any(name == "cache-control" for name, _value in stored.headers):
        stored.headers.append(("cache-control", f"max-age={endpoint['ttl']}"))
    return stored
