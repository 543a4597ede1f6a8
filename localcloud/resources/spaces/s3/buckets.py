# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which buckets there are, where, and whose.

Records of the table ``spaces_buckets`` by name: ``{name, region, created_at, owner}`` plus ``policy`` (text or None)
and ``logging`` (``{target_bucket, target_prefix}`` or None), which the front decides on itself. ``owner`` is
``account``, or ``other`` for a name that some other customer has taken: names are unique over all of Spaces.
"""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.world.world import World

TABLE = "spaces_buckets"
ACCOUNT, OTHER = "account", "other"
# https://docs.digitalocean.com/products/spaces/details/limits/
MAX_BUCKETS = 100

_NAME = re.compile(r"(?!.*(?:\.-|-\.))[a-z0-9](?:[a-z0-9-]|\.(?!\.)){1,61}[a-z0-9]")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


def check_name(name: str) -> None:
    """3–63 of lower-case letters, digits, dashes and dots; letter or digit at the ends and beside dots; no address."""
    if not _NAME.fullmatch(name) or _IP.fullmatch(name):
        raise S3Error("InvalidBucketName", BucketName=name)


def add(world: World, name: str, region: str, owner: str = ACCOUNT) -> JSON:
    record: JSON = {
        "name": name,
        "region": region,
        "created_at": world.timestamp(),
        "owner": owner,
        "policy": None,
        "logging": None,
    }
    return world.table(TABLE).insert(name, record)


def remove(world: World, name: str) -> None:
    world.table(TABLE).delete(name)


def mine(world: World, region: str | None = None) -> list[JSON]:
    """The account's buckets by name, in one region or in all: each region is an endpoint of its own."""
    rows = [b for b in world.table(TABLE).all() if b["owner"] == ACCOUNT and region in (None, b["region"])]
    return sorted(rows, key=lambda bucket: str(bucket["name"]))


def taken(world: World, name: str) -> bool:
    return world.table(TABLE).peek(name) is not None


def exists(world: World, name: str) -> bool:
    """Whether the account has a bucket of that name, as a client may see it now."""
    record = world.table(TABLE).get(name)
    return record is not None and record["owner"] == ACCOUNT


def true_record(world: World, name: str) -> JSON | None:
    """The account's bucket as it really is."""
    record = world.table(TABLE).peek(name)
    return record if record is not None and record["owner"] == ACCOUNT else None


def find(world: World, name: str, region: str | None) -> JSON:
    """The bucket that a request means. S3Error ``NoSuchBucket``, or ``AccessDenied`` when it is another customer's.

    A bucket of another region is not there: regions are separate clusters which know nothing of each other's buckets
    (a guess from how clients fare; no redirect has been reported).
    """
    record = world.table(TABLE).get(name)
    if record is None or region not in (None, record["region"]):
        raise S3Error("NoSuchBucket", BucketName=name)
    if record["owner"] != ACCOUNT:
        raise S3Error("AccessDenied")
    return record
