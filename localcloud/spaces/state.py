# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the store for state.json, and back.

Written and read through the S3 interface only, so that it does not depend on how moto keeps its things:
``{bucket: {"config": {subresource: document}, "objects": [{key, headers, body, tagging}]}}``, bodies in base64. The
versions of an object follow each other, the oldest first; a delete marker is a key alone. They get new ids and times.
Uploads that were never completed are not kept.
"""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import quote, unquote, urlencode
from xml.parsers.expat import ExpatError

from localcloud.spaces import buckets
from localcloud.spaces.rules import as_list, parse_xml
from localcloud.spaces.store import Store, store_of
from localcloud.world import World

_CONFIG = ("versioning", "acl", "cors", "lifecycle", "website")
_KEPT = re.compile(
    r"content-(type|encoding|language|disposition)|cache-control|expires"
    r"|x-amz-((meta|checksum)-.*|website-redirect-location)"
)
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
    listed = _versions(store, path, region) if "versioning" in config else _keys(store, path, region)
    return {"config": config, "objects": [_dump_object(store, path, region, *version) for version in listed]}


def _keys(store: Store, path: str, region: str) -> list[tuple[str, str]]:
    """Each key, with an empty version id."""
    found: list[tuple[str, str]] = []
    while True:
        more = {"start-after": found[-1][0]} if found else {}
        # Encoded, because XML cannot carry each character that a key may have.
        query = urlencode({"list-type": "2", "max-keys": _PAGE, "encoding-type": "url", **more})
        page = parse_xml(store.call("GET", path, query, region=region).body, "ListBucketResult")
        keys = [unquote(str(entry["Key"])) for entry in as_list(page.get("Contents"))]
        found += [(key, "") for key in keys]
        if page.get("IsTruncated") != "true" or not keys:
            return found


def _versions(store: Store, path: str, region: str) -> list[tuple[str, str | None]]:
    """Key and version id of each version, the oldest first; None in place of the id for a delete marker.

    moto encodes no keys here. Where XML cannot carry one, it is the current versions that are kept.
    """
    import xmltodict  # type: ignore[import-untyped]

    found: list[tuple[str, bool, str, str | None]] = []
    marker: dict[str, str] = {}
    while True:
        answer = store.call("GET", path, urlencode({"versions": "", "max-keys": _PAGE, **marker}), region=region)
        try:
            # Blanks around a key are part of it.
            page = xmltodict.parse(answer.body, strip_whitespace=False)["ListVersionsResult"]
        except ExpatError:
            return [*_keys(store, path, region)]
        for kind in ("Version", "DeleteMarker"):
            for entry in as_list(page.get(kind)):
                id = entry["VersionId"] if kind == "Version" else None
                found.append((entry["LastModified"], entry["IsLatest"] == "true", entry["Key"], id))
        if page.get("IsTruncated") != "true":
            # Listed with the newest first, and their times are whole seconds: equal ones stay in order.
            found.reverse()
            return [version[2:] for version in sorted(found, key=lambda version: version[:2])]
        marker = {"key-marker": page["NextKeyMarker"], "version-id-marker": page["NextVersionIdMarker"]}


def _dump_object(store: Store, path: str, region: str, key: str, version: str | None) -> dict[str, Any]:
    if version is None:
        return {"key": key}
    where, which = f"{path}/{quote(key)}", urlencode({"versionId": version} if version else {})
    stored = store.call("GET", where, which, region=region, headers={"x-amz-checksum-mode": "ENABLED"})
    if not stored.ok:
        raise ValueError(f"the object {where} cannot be read: {stored.status} {stored.body.decode()}")
    headers = {name: value for name, value in stored.headers if _KEPT.fullmatch(name)}
    for name in [*headers]:
        if name.startswith(_CHECKSUM) and name != f"{_CHECKSUM}type":
            # moto keeps a checksum only of an algorithm that it is told.
            headers["x-amz-sdk-checksum-algorithm"] = name.removeprefix(_CHECKSUM).upper()
    headers["x-amz-acl"] = "public-read" if store.public_read(where, region, which) else "private"
    tags = store.call("GET", where, f"tagging&{which}", region=region).body.decode()
    return {
        "key": key,
        "headers": headers,
        "body": base64.b64encode(stored.body).decode(),
        **({"tagging": tags} if "<Tag>" in tags else {}),
    }


def _load_bucket(store: Store, bucket: buckets.Bucket, data: dict[str, Any]) -> None:
    path, region, config = f"/{bucket['name']}", bucket["region"], dict(data.get("config", {}))
    versioning = config.pop("versioning", "").replace("GetBucketVersioningResponse", "VersioningConfiguration")
    if versioning:
        # Versions are only made once it is on; where it is suspended, they were made before that.
        _put(store, path, "versioning", region, {}, versioning.replace("Suspended", "Enabled").encode())
    for sub, document in config.items():
        _put(store, path, sub, region, {}, document.encode())
    for entry in data.get("objects", []):
        where = f"{path}/{quote(entry['key'])}"
        if "body" not in entry:
            store.call("DELETE", where, region=region)
            continue
        _put(store, where, "", region, entry["headers"], base64.b64decode(entry["body"]))
        if "tagging" in entry:
            _put(store, where, "tagging", region, {}, entry["tagging"].encode())
    if "Suspended" in versioning:
        _put(store, path, "versioning", region, {}, versioning.encode())


def _put(store: Store, path: str, query: str, region: str, headers: dict[str, str], body: bytes) -> None:
    stored = store.call("PUT", path, query, region=region, headers=headers, body=body)
    if not stored.ok:
        raise ValueError(f"the state of {path}?{query} cannot be read: {stored.status} {stored.body.decode()}")
