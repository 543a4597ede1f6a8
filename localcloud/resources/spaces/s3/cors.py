# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which web pages may use a bucket, as Ceph decides it.

A preflight request that no rule allows is answered 403. Any other request is answered as ever; what it carries besides
is decided by the first rule that knows the page and the method. An error says it, too: a page must be able to read it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from localcloud import JSON
from localcloud.resources.spaces.s3 import xmldoc
from localcloud.resources.spaces.s3.answer import S3Answer, document, element
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.store import store_of

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World

METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
MAX_RULES, MAX_ID = 100, 255
_LISTS = ("AllowedHeader", "AllowedMethod", "AllowedOrigin", "ExposeHeader")
_SECONDS = re.compile(r"[0-9]{1,9}")
# What a header of an answer may hold.
_PLAIN = re.compile(r"[\x20-\x7e]*")

Headers = list[tuple[str, str]]


def rules_of(body: bytes) -> list[JSON]:
    """The rules as they are kept; S3Error for what is none."""
    rules = xmldoc.nodes(xmldoc.parse(body, "CORSConfiguration"), "CORSRule")
    if not 1 <= len(rules) <= MAX_RULES:
        raise S3Error("MalformedXML")
    return [_rule(rule) for rule in rules]


def _rule(rule: JSON) -> JSON:
    id, seconds = xmldoc.text(rule, "ID"), xmldoc.text(rule, "MaxAgeSeconds")
    kept: JSON = {"ID": id} if id else {}
    kept |= {name: xmldoc.texts(rule, name) for name in _LISTS}
    if not kept["AllowedMethod"] or not kept["AllowedOrigin"]:
        raise S3Error("MalformedXML")
    for method in kept["AllowedMethod"]:
        if method not in METHODS:
            raise S3Error(
                "InvalidRequest", f"Found unsupported HTTP method in CORS config. Unsupported method is {method}"
            )
    for name, what in (("AllowedOrigin", "AllowedOrigin"), ("AllowedHeader", "AllowedHeader")):
        if any(value.count("*") > 1 for value in kept[name]):
            raise S3Error("InvalidRequest", f"{what} can not have more than one wildcard.")
    if any("*" in value or not _PLAIN.fullmatch(value) for value in kept["ExposeHeader"]):
        raise S3Error("InvalidRequest", "ExposeHeader contains what a name of a header cannot.")
    if len(id or "") > MAX_ID:
        raise S3Error("InvalidRequest", f"The ID of a rule has at most {MAX_ID} characters.")
    if seconds is not None:
        if not _SECONDS.fullmatch(seconds.strip()):
            raise S3Error("MalformedXML")
        kept["MaxAgeSeconds"] = int(seconds)
    return kept


def _like(text: str, pattern: str) -> bool:
    head, star, tail = pattern.partition("*")
    if not star:
        return text == pattern
    return len(text) >= len(head) + len(tail) and text.startswith(head) and text.endswith(tail)


def _asked(request: S3Request) -> list[str]:
    names = request.headers.get("access-control-request-headers", "").split(",")
    return [name.strip() for name in names if name.strip()]


def _allowed(rule: JSON, name: str) -> bool:
    return any(_like(name.lower(), pattern.lower()) for pattern in rule["AllowedHeader"])


def _matching(request: S3Request, rules: list[JSON]) -> JSON | None:
    origin = request.headers.get("origin", "")
    method = request.headers.get("access-control-request-method") or request.method
    for rule in rules:
        if method in rule["AllowedMethod"] and any(_like(origin, pattern) for pattern in rule["AllowedOrigin"]):
            return rule
    return None


def _rules(world: World, bucket: JSON) -> list[JSON]:
    rules: list[JSON] = store_of(world)[bucket["name"]].settings.get("cors") or []
    return rules


def headers(world: World, request: S3Request, bucket: JSON) -> Headers:
    """What an answer carries for the page that asked, if any."""
    origin = request.headers.get("origin", "")
    rule = _matching(request, _rules(world, bucket)) if origin else None
    if rule is None:
        return []
    # Who signs, has credentials: those are never for everybody (Fetch, 3.3.5).
    anybody = "*" in rule["AllowedOrigin"] and "authorization" not in request.headers
    found = [("access-control-allow-origin", "*" if anybody else origin)]
    found += [] if anybody else [("vary", "Origin")]
    found.append(
        ("access-control-allow-methods", request.headers.get("access-control-request-method") or request.method)
    )
    names = [name for name in _asked(request) if _allowed(rule, name)]
    found += [("access-control-allow-headers", ",".join(names))] if names else []
    exposed = ",".join(rule["ExposeHeader"])
    found += [("access-control-expose-headers", exposed)] if exposed else []
    seconds = rule.get("MaxAgeSeconds")
    return found + ([("access-control-max-age", str(seconds))] if seconds is not None else [])


def preflight(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    """A browser asks before it sends; nobody signs that. The answer's headers are those of ``headers``."""
    if not request.headers.get("origin"):
        raise S3Error("BadRequest", "Insufficient information. Origin request header needed.", 400)
    if not request.headers.get("access-control-request-method"):
        raise S3Error("BadRequest", "Invalid Access-Control-Request-Method: null", 400)
    rule = _matching(request, _rules(world, bucket))
    if rule is None or not all(_allowed(rule, name) for name in _asked(request)):
        raise S3Error("AccessDenied")
    return S3Answer()


@handles("GetBucketCors")
def get_cors(world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    rules = _rules(world, bucket)
    if not rules:
        raise S3Error("NoSuchCORSConfiguration", BucketName=bucket["name"])
    inner = ""
    for rule in rules:
        parts = [element("ID", rule.get("ID"))]
        parts += [element(name, value) for name in _LISTS for value in rule[name]]
        inner += f"<CORSRule>{''.join(parts)}{element('MaxAgeSeconds', rule.get('MaxAgeSeconds'))}</CORSRule>"
    return document("CORSConfiguration", inner)


@handles("PutBucketCors")
def put_cors(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    store_of(world)[bucket["name"]].settings["cors"] = rules_of(request.body)
    return S3Answer()


@handles("DeleteBucketCors")
def delete_cors(world: World, _request: S3Request, bucket: JSON) -> S3Answer:
    store_of(world)[bucket["name"]].settings.pop("cors", None)
    return S3Answer(204)
