# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's buckets: listed, made and deleted."""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources import projects
from localcloud.resources.spaces.s3 import acl, buckets, rules, xmldoc
from localcloud.resources.spaces.s3.address import DEFAULT_REGION, REGIONS
from localcloud.resources.spaces.s3.answer import S3Answer, document, element
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.listing import OWNER
from localcloud.resources.spaces.s3.request import S3Request
from localcloud.resources.spaces.s3.store import store_of
from localcloud.world.world import World

ANYWHERE = ("", "us-east-1", "default")


def list_buckets(world: World, region: str | None) -> S3Answer:
    """The account's buckets of the endpoint's region."""
    rows = "".join(
        f"<Bucket>{element('Name', b['name'])}"
        f"<CreationDate>{b['created_at'].replace('Z', '.000Z')}</CreationDate></Bucket>"
        for b in buckets.mine(world, region)
    )
    return document("ListAllMyBucketsResult", f"{OWNER}<Buckets>{rows}</Buckets>")


def create_bucket(world: World, request: S3Request, region: str | None) -> S3Answer:
    """A new bucket in the endpoint's region.

    A name that is taken answers ``BucketAlreadyExists``, also when the bucket is the caller's own and S3 would say
    BucketAlreadyOwnedByYou (seen by clients: parse-community/parse-server-s3-adapter issue 230).
    """
    rules.check(request)
    name = request.address.bucket
    buckets.check_name(name)
    constraint = ""
    if request.body.strip():
        constraint = xmldoc.text(xmldoc.parse(request.body, "CreateBucketConfiguration"), "LocationConstraint") or ""
    if constraint not in ANYWHERE and constraint not in (REGIONS if region is None else (region,)):
        raise S3Error("InvalidLocationConstraint")
    where = region or (DEFAULT_REGION if constraint in ANYWHERE else constraint)
    if buckets.taken(world, name):
        raise S3Error("BucketAlreadyExists", BucketName=name)
    if len(buckets.mine(world)) >= buckets.MAX_BUCKETS:
        raise S3Error("TooManyBuckets")
    store_of(world).create(name).settings["grants"] = acl.by_headers(request.headers)
    buckets.add(world, name, where)
    projects.assign(world, f"do:space:{name}")
    return S3Answer(200, b"", [("location", f"/{name}")])


@handles("DeleteBucket")
def delete_bucket(world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    """Versions and delete markers keep it; uploads that were never completed go with it."""
    name = str(bucket["name"])
    store = store_of(world)
    if store[name].keys:
        raise S3Error("BucketNotEmpty", BucketName=name)
    store.remove(name)
    buckets.remove(world, name)
    projects.unassign(world, f"do:space:{name}")
    return S3Answer(204)
