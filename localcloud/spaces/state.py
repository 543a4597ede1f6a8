# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the store for state.json, and back.

Written and read through the S3 interface only, so that it does not depend on how moto keeps its things:
``{bucket: {"config": {subresource: document}, "objects": [{key, headers, body, tagging}]}}``, bodies in base64. Of a
versioned object the current version is kept; uploads that were never completed are not.
"""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import quote, urlencode

from localcloud.spaces import buckets
from localcloud.spaces.rules import as_list, parse_xml
from localcloud.spaces.store import Store, store_of
from localcloud.world import World

# In the order in which they are put back: versions are only made once versioning is on.
_CONFIG = ("versioning", "acl", "cors", "lifecycle", "website")
_KEPT = re.compile(r"content-(type|encoding|language|disposition)|cache-control|expires|x-amz-(meta|checksum)-.*")
_CHECKSUM = "x-amz-checksum-"
_PAGE = 1000


def dump(world: World) -> dict[str, Any]:
    store = store_of(world)
    return {
        bucket["name"]: _dump_bucket(store, bucket)
        for bucket in world.table(buckets.TABLE).everything()
        if _own(bucket)
    }


def load(world: World, data: dict[str, Any]) -> None:
    store = store_of(world)
    store.clear()
    for bucket in world.table(buckets.TABLE).everything():
        if _own(bucket):
            store.create_bucket(bucket["name"], bucket["region"], {})
            _load_bucket(store, bucket, data.get(bucket["name"], {}))


def _own(bucket: buckets.Bucket) -> bool:
    return bool(bucket["owner"] == buckets.ACCOUNT)


def _dump_bucket(store: Store, bucket: buckets.Bucket) -> dict[str, Any]:
    path, region = f"/{bucket['name']}", bucket["region"]
    config: dict[str, str] = {}
    for sub in _CONFIG:
        stored = store.call("GET", path, sub, region=region)
        if stored.ok and (sub != "versioning" or b"<Status>" in stored.body):
            config[sub] = stored.body.decode()
    return {"config": config, "objects": [_dump_object(store, path, region, key) for key in _keys(store, path, region)]}


def _keys(store: Store, path: str, region: str) -> list[str]:
    found: list[str] = []
    while True:
        query = urlencode({"list-type": "2", "max-keys": _PAGE, **({"start-after": found[-1]} if found else {})})
        page = parse_xml(store.call("GET", path, query, region=region).body, "ListBucketResult")
        keys = [str(entry["Key"]) for entry in as_list(page.get("Contents"))]
        found += keys
        if page.get("IsTruncated") != "true" or not keys:
            return found


def _dump_object(store: Store, path: str, region: str, key: str) -> dict[str, Any]:
    where = f"{path}/{quote(key)}"
    stored = store.call("GET", where, region=region, headers={"x-amz-checksum-mode": "ENABLED"})
    headers = {name: value for name, value in stored.headers if _KEPT.fullmatch(name)}
    for name in [*headers]:
        if name.startswith(_CHECKSUM) and name != f"{_CHECKSUM}type":
            # moto keeps a checksum only of an algorithm that it is told.
            headers["x-amz-sdk-checksum-algorithm"] = name.removeprefix(_CHECKSUM).upper()
    headers["x-amz-acl"] = "public-read" if store.public_read(where, region) else "private"
    tags = store.call("GET", where, "tagging", region=region).body.decode()
    return {
        "key": key,
        "headers": headers,
        "body": base64.b64encode(stored.body).decode(),
        **({"tagging": tags} if "<Tag>" in tags else {}),
    }


def _load_bucket(store: Store, bucket: buckets.Bucket, data: dict[str, Any]) -> None:
    path, region = f"/{bucket['name']}", bucket["region"]
    for sub in _CONFIG:
        if sub in data.get("config", {}):
            document = data["config"][sub].replace("GetBucketVersioningResponse", "VersioningConfiguration")
            _put(store, path, sub, region, {}, document.encode())
    for entry in data.get("objects", []):
        where = f"{path}/{quote(entry['key'])}"
        _put(store, where, "", region, entry["headers"], base64.b64decode(entry["body"]))
        if "tagging" in entry:
            _put(store, where, "tagging", region, {}, entry["tagging"].encode())


def _put(store: Store, path: str, query: str, region: str, headers: dict[str, str], body: bytes) -> None:
    stored = store.call("PUT", path, query, region=region, headers=headers, body=body)
    if not stored.ok:
        raise ValueError(f"the state of {path}?{query} cannot be read: {stored.status} {stored.body.decode()}")
