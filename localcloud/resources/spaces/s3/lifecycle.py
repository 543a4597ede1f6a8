# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle rules: what Spaces takes of them. They are kept and told; nothing expires here."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from localcloud import JSON
from localcloud.resources.spaces.s3 import xmldoc
from localcloud.resources.spaces.s3.answer import S3Answer, document, element
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.store import store_of
from localcloud.world.clock import parse as parse_time

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World

MAX_RULES, MAX_ID = 1000, 255
_DAYS = re.compile(r"[0-9]{1,9}")
# What a rule does, and the counts of days in it.
_ACTIONS = {
    "Expiration": ("Days",),
    "NoncurrentVersionExpiration": ("NoncurrentDays", "NewerNoncurrentVersions"),
    "AbortIncompleteMultipartUpload": ("DaysAfterInitiation",),
}


def rules_of(body: bytes) -> list[JSON]:
    """The rules, as they are kept: only what is known of them. S3Error for what Spaces would not accept."""
    rules = xmldoc.nodes(xmldoc.parse(body, "LifecycleConfiguration"), "Rule")
    if not 1 <= len(rules) <= MAX_RULES:
        raise S3Error("MalformedXML")
    found = [_rule(rule) for rule in rules]
    if len({rule["ID"] for rule in found}) != len(found):
        raise S3Error("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule", 400)
    return found


def _rule(rule: JSON) -> JSON:
    status = xmldoc.text(rule, "Status")
    if status not in ("Enabled", "Disabled"):
        raise S3Error("MalformedXML")
    if "Transition" in rule or "NoncurrentVersionTransition" in rule:
        raise S3Error("NotImplemented", "There is one storage class only.")
    # A rule without a name gets one.
    id = xmldoc.text(rule, "ID") or uuid.uuid4().hex
    if len(id) > MAX_ID:
        raise S3Error("InvalidArgument", f"ID length should not exceed allowed limit of {MAX_ID}", 400)
    kept: JSON = {"ID": id, **_where(rule), "Status": status}
    for name, counts in _ACTIONS.items():
        action = xmldoc.node(rule, name)
        if action is not None:
            kept[name] = _action(action, counts)
    if not _ACTIONS.keys() & kept.keys():
        raise S3Error("MalformedXML")
    return kept


def _where(rule: JSON) -> JSON:
    """``Filter``, or the older ``Prefix`` in its place."""
    where = xmldoc.node(rule, "Filter")
    if where is None:
        return {"Prefix": xmldoc.text(rule, "Prefix") or ""}
    both = xmldoc.node(where, "And")
    if "Tag" in where or "Tag" in (both or {}):
        raise S3Error("NotImplemented", "Tag-based lifecycle rules are not supported.")
    if {"ObjectSizeGreaterThan", "ObjectSizeLessThan"} & (where.keys() | (both or {}).keys()):
        raise S3Error("NotImplemented", "Lifecycle rules by size are not supported.")
    if both is not None:
        return {"Filter": {"And": {"Prefix": xmldoc.text(both, "Prefix") or ""}}}
    prefix = xmldoc.text(where, "Prefix")
    return {"Filter": {} if prefix is None else {"Prefix": prefix}}


def _action(action: JSON, counts: tuple[str, ...]) -> JSON:
    kept: JSON = {}
    for name in counts:
        days = xmldoc.text(action, name)
        if days is None:
            continue
        if not _DAYS.fullmatch(days.strip()) or not int(days):
            raise S3Error("InvalidArgument", "Days must be a positive integer.", 400)
        kept[name] = int(days)
    date, marker = xmldoc.text(action, "Date"), xmldoc.text(action, "ExpiredObjectDeleteMarker")
    if "Days" in counts and date is not None:
        kept["Date"] = _midnight(date.strip())
    if "Days" in counts and marker is not None:
        if marker not in ("true", "false"):
            raise S3Error("MalformedXML")
        kept["ExpiredObjectDeleteMarker"] = marker
    if len(kept.keys() & {"Days", "Date", "ExpiredObjectDeleteMarker"}) > 1 or not kept:
        raise S3Error("MalformedXML")
    return kept


def _midnight(text: str) -> str:
    try:
        moment = parse_time(text if "T" in text else f"{text}T00:00:00Z")
        if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            return text
    except (ValueError, OverflowError):
        pass
    raise S3Error("InvalidArgument", "'Date' must be at midnight GMT", 400)


def _written(node: Any) -> str:
    return "".join(
        f"<{name}>{_written(value)}</{name}>" if isinstance(value, dict) else element(name, value)
        for name, value in node.items()
    )


@handles("GetBucketLifecycleConfiguration")
def get_lifecycle(world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    rules = store_of(world)[bucket["name"]].settings.get("lifecycle")
    if rules is None:
        raise S3Error("NoSuchLifecycleConfiguration", BucketName=bucket["name"])
    return document("LifecycleConfiguration", "".join(f"<Rule>{_written(rule)}</Rule>" for rule in rules))


@handles("PutBucketLifecycleConfiguration")
def put_lifecycle(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    store_of(world)[bucket["name"]].settings["lifecycle"] = rules_of(request.body)
    return S3Answer()


@handles("DeleteBucketLifecycleConfiguration")
def delete_lifecycle(world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    store_of(world)[bucket["name"]].settings.pop("lifecycle", None)
    return S3Answer(204)
