# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The S3 endpoint: who asks, for what, and whether it may; then the answer of the store."""

from __future__ import annotations

import logging
import re
import uuid
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape

from localcloud.exchange import Answer, Call
from localcloud.spaces import access, buckets, cdn_delivery, form, own, payload, rules, signature, transport
from localcloud.spaces.access import Key
from localcloud.spaces.address import DOMAIN, REGIONS
from localcloud.spaces.caller import Signer
from localcloud.spaces.errors import S3Error
from localcloud.spaces.keys import TABLE as KEYS
from localcloud.spaces.operations import Need
from localcloud.spaces.request import S3Request
from localcloud.spaces.store import Stored, store_of
from localcloud.world import World

log = logging.getLogger("localcloud")

_LOCATION = re.compile(rb"<Location>[^<]*</Location>")
_IDS = re.compile(rb"<(RequestId|HostId)>[^<]*</\1>")


class Front:
    """``await front(call)`` gives the answer; never raises."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, call: Call) -> Answer:
        request = S3Request.of(call)
        request_id = f"tx{uuid.uuid4().hex[:21]}"
        # Journalled as /bucket/key, however the bucket was addressed.
        call.path = request.address.resource
        caller: list[str] = []
        try:
            stored = self._serve(request, caller)
        except S3Error as error:
            resource = request.address.resource
            stored = Stored(error.status, error.xml(resource, request_id), [("content-type", "application/xml")])
        except Exception:
            log.exception("s3:%s %s failed (request %s)", request.operation.name, request.address.resource, request_id)
            failure = S3Error("InternalError", "We encountered an internal error. Please try again.", 500)
            stored = Stored(
                500, failure.xml(request.address.resource, request_id), [("content-type", "application/xml")]
            )
        return self._answer(request, stored, request_id, caller)

    @staticmethod
    def _answer(request: S3Request, stored: Stored, request_id: str, caller: list[str]) -> Answer:
        body = stored.body
        if stored.status >= 400:
            body = _IDS.sub(lambda found: b"<%s>%s</%s>" % (found[1], request_id.encode(), found[1]), body)
        answer = Answer(stored.status, body, [*stored.headers, ("x-amz-request-id", request_id)])
        answer.operation = f"s3:{request.operation.name}"
        answer.effect = request.operation.writes and stored.ok
        answer.token = caller[0] if caller else ""
        return answer

    def _serve(self, request: S3Request, caller: list[str]) -> Stored:
        world = self._world
        if request.address.cdn:
            return cdn_delivery.deliver(world, request)
        if request.method == "OPTIONS":
            return self._preflight(request)
        if request.operation.name == "PostObject" and request.operation.supported:
            return self._post_form(request, caller)
        signer = signature.verify(request, self._secret_of, datetime.now(UTC))
        key = self._key(signer)
        if key is not None:
            caller.append(str(key["access_key"]))
        request = payload.unwrap(transport.hoisted(request), signer)
        if request.operation.need is Need.OWNER and not request.address.bucket:
            if key is None or not access.has_full_access(key):
                raise S3Error("AccessDenied")
            if not request.operation.supported:
                raise S3Error("MethodNotAllowed")
            return own.list_buckets(world, _region(request, signer))
        if request.operation.name == "CreateBucket":
            if key is None or not access.has_full_access(key):
                raise S3Error("AccessDenied")
            return own.create_bucket(world, rules.check(request), _region(request, signer))
        return self._in_bucket(request, key, _region(request, signer))

    def _post_form(self, request: S3Request, caller: list[str]) -> Stored:
        fields, file = form.read(request)
        signer = form.verify(fields, file, request.address.bucket, self._secret_of, datetime.now(UTC))
        caller.append(signer.access_key)
        put = form.as_put(request, fields, file)
        stored = self._in_bucket(put, self._key(signer), _region(put, signer))
        return form.answer(fields, put, stored) if stored.ok else stored

    def _in_bucket(self, request: S3Request, key: Key | None, region: str | None) -> Stored:
        world = self._world
        bucket = buckets.find(world, request.address.bucket, region)
        store = store_of(world)
        access.authorize(request, key, bucket, lambda: store.public_read(request.address.path, bucket["region"]))
        if "x-amz-copy-source" in request.headers:
            self._check_source(request, key, bucket["region"])
        request = rules.check(request)
        handler = own.OWN.get(request.operation.name)
        if handler is not None:
            return handler(world, request, bucket)
        return self._forward(request, bucket["region"])

    def _forward(self, request: S3Request, region: str) -> Stored:
        headers = transport.forwarded(request.headers)
        try:
            stored = store_of(self._world).call(
                request.method,
                request.address.path,
                request.raw_query,
                region=region,
                headers=headers,
                body=request.body,
            )
        except (ExpatError, KeyError, TypeError, ValueError) as error:
            # moto trusts documents; what it stumbles over in one is the client's mistake.
            if request.method not in ("PUT", "POST") or not request.body.lstrip().startswith(b"<"):
                raise
            raise S3Error("MalformedXML") from error
        if request.operation.name == "GetBucketVersioning":
            # moto names the document after the response.
            stored.body = stored.body.replace(b"GetBucketVersioningResponse", b"VersioningConfiguration")
        if request.operation.name == "CompleteMultipartUpload":
            # Not moto's address, and without a scheme: clients that show it trip over that (aws-sdk-js issue 4196).
            where = f"<Location>{region}.{DOMAIN}{escape(request.address.resource)}</Location>".encode()
            stored.body = _LOCATION.sub(lambda _found: where, stored.body)
        return stored

    def _preflight(self, request: S3Request) -> Stored:
        """A browser asks before it sends: nobody signs that, and the bucket's CORS rules answer."""
        bucket = buckets.find(self._world, request.address.bucket, request.address.region)
        return self._forward(request, bucket["region"])

    def _check_source(self, request: S3Request, key: Key | None, region: str) -> None:
        """The object to be copied must be readable for the caller and in the same region."""
        name, _slash, source_key = (
            unquote(urlsplit(request.headers["x-amz-copy-source"]).path).lstrip("/").partition("/")
        )
        bucket = buckets.find(self._world, name, region)
        allowed = key is not None and Need.READ in access.grants(key, name)
        if not source_key or (
            not allowed and not store_of(self._world).public_read(f"/{name}/{source_key}", bucket["region"])
        ):
            raise S3Error("AccessDenied")

    def _secret_of(self, access_key: str) -> str | None:
        record = self._world.table(KEYS).peek(access_key)
        return str(record["_secret"]) if record else None

    def _key(self, signer: Signer | None) -> Key | None:
        return self._world.table(KEYS).peek(signer.access_key) if signer else None


_DATACENTRE = re.compile(r"[a-z]{3}\d")


def _region(request: S3Request, signer: Signer | None) -> str | None:
    """The region that a request means: its Host's, else that of its signature when it is one of Spaces; None: any.

    A datacentre without Spaces has no host there, so whoever signs for one has come to the wrong place; other words are
    what clients put where they are told no region.
    """
    if request.address.region is not None:
        return request.address.region
    if signer and _DATACENTRE.fullmatch(signer.region or "") and signer.region not in REGIONS:
        raise S3Error("InvalidLocationConstraint", f"There is no Spaces in the region {signer.region}.")
    return signer.region if signer and signer.region in REGIONS else None
