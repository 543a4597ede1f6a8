# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The S3 endpoint: who asks, for what, and whether it may; then the answer of whoever handles the operation."""

from __future__ import annotations

import logging
import re
import uuid
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

from localcloud import JSON
from localcloud.ports.errors import MESSAGES
from localcloud.ports.exchange import Answer, Call
from localcloud.ports.faults import Rule
from localcloud.resources.spaces import cdn_delivery
from localcloud.resources.spaces.keys import TABLE as KEYS
from localcloud.resources.spaces.s3 import access, buckets, cors, form, own, payload, presigned, rules, signature
from localcloud.resources.spaces.s3.address import REGIONS
from localcloud.resources.spaces.s3.answer import XML, S3Answer
from localcloud.resources.spaces.s3.caller import Signer
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import HANDLERS
from localcloud.resources.spaces.s3.request import S3Request
from localcloud.world.world import World

log = logging.getLogger("localcloud")

# What Spaces says when it is asked too much or is not well.
_FAULTS = {413: "EntityTooLarge", 429: "SlowDown", 500: "InternalError", 503: "SlowDown"}
_DATACENTRE = re.compile(r"[a-z]{3}\d")


class Front:
    """Answers the calls of the Spaces port."""

    # An object is uploaded in parts when it is larger.
    max_body = 2**30

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, call: Call) -> Answer:
        request = S3Request.of(call)
        request_id = f"tx{uuid.uuid4().hex[:21]}"
        # Journalled as /bucket/key, however the bucket was addressed.
        call.path = request.address.resource
        caller: list[str] = []
        try:
            request.check()
            found = self._serve(request, caller)
        except S3Error as refused:
            found = _refusal(refused, request, request_id)
        except Exception:
            log.exception("s3:%s %s failed (request %s)", request.operation.name, request.address.resource, request_id)
            error = S3Error("InternalError", "We encountered an internal error. Please try again.", 500)
            found = _refusal(error, request, request_id)
        refused_page = request.method == "OPTIONS" and not found.ok
        found.headers += [] if refused_page else self._for_pages(request)
        found.headers += [("x-amz-request-id", request_id), ("date", format_datetime(self._world.now(), usegmt=True))]
        answer = Answer(found.status, found.body, found.headers)
        answer.operation = f"s3:{request.operation.name}"
        answer.effect = request.operation.writes and found.ok
        answer.token = caller[0] if caller else ""
        return answer

    def failure(self, call: Call, rule: Rule) -> Answer:
        """What a fault rule wants to be said, in S3's shape."""
        status, message = rule.answered, MESSAGES.get(rule.answered, "Error")
        headers = [XML] if rule.seconds is None else [XML, ("retry-after", f"{rule.seconds:g}")]
        if rule.body is not None:
            return Answer(status, rule.body.encode(), headers)
        request_id = f"tx{uuid.uuid4().hex[:21]}"
        document = S3Error(_FAULTS.get(status, "InternalError"), message, status).xml(call.path, request_id)
        return Answer(status, document, [*headers, ("x-amz-request-id", request_id)])

    def _for_pages(self, request: S3Request) -> list[tuple[str, str]]:
        """What a web page needs to be allowed to read the answer, whatever that is."""
        if "origin" in request.headers:
            with suppress(S3Error):
                bucket = buckets.find(self._world, request.address.bucket, request.address.region)
                return cors.headers(self._world, request, bucket)
        return []

    def _serve(self, request: S3Request, caller: list[str]) -> S3Answer:
        world = self._world
        if request.method == "OPTIONS":
            # A browser asks before it sends: nobody signs that.
            return cors.preflight(world, request, buckets.find(world, request.address.bucket, request.address.region))
        if request.operation.name == "PostObject" and request.operation.supported:
            return self._post_form(request, caller)
        signer = self._signer(request)
        request = replace(request, caller=self._key(signer))
        if request.caller is not None:
            caller.append(str(request.caller["access_key"]))
        if request.address.cdn and signer is None:
            return cdn_delivery.deliver(world, request)
        request = payload.unwrap(presigned.hoisted(request), signer)
        if request.address.cdn:
            return self._in_bucket(cdn_delivery.checked(world, request), request.address.region)
        region = _region(request, signer)
        if request.operation.name == "CreateBucket" or not request.address.bucket:
            return self._of_account(request, region)
        return self._in_bucket(request, region)

    def _signer(self, request: S3Request) -> Signer | None:
        """A client's clock is that of this machine, or follows the dates of our answers, as the AWS SDK of Go does."""
        try:
            return self._signer_at(request, datetime.now(UTC))
        except S3Error as error:
            if error.code != "RequestTimeTooSkewed":
                raise
            return self._signer_at(request, self._world.now())

    def _signer_at(self, request: S3Request, now: datetime) -> Signer | None:
        if not request.address.cdn:
            return signature.verify(request, self._secret_of, now)
        try:
            return signature.verify(cdn_delivery.as_origin_sees_it(request), self._secret_of, now)
        except S3Error as error:
            if error.code != "SignatureDoesNotMatch":
                raise
            return signature.verify(request, self._secret_of, now)

    def _of_account(self, request: S3Request, region: str | None) -> S3Answer:
        if request.caller is None or not access.has_full_access(request.caller):
            raise S3Error("AccessDenied")
        if request.operation.name == "CreateBucket":
            return own.create_bucket(self._world, request, region)
        if not request.operation.supported:
            raise S3Error("MethodNotAllowed")
        return own.list_buckets(self._world, region)

    def _post_form(self, request: S3Request, caller: list[str]) -> S3Answer:
        fields, file = form.read(request)
        signer = form.verify(fields, file, request.address.bucket, self._secret_of, datetime.now(UTC))
        caller.append(signer.access_key)
        put = replace(form.as_put(request, fields, file), caller=self._key(signer))
        done = self._in_bucket(put, _region(put, signer))
        return form.answer(fields, put, done) if done.ok else done

    def _in_bucket(self, request: S3Request, region: str | None) -> S3Answer:
        world, operation = self._world, request.operation
        bucket = buckets.find(world, request.address.bucket, region)
        access.authorize_request(world, request, bucket)
        rules.check(request)
        return HANDLERS[operation.name](world, request, bucket)

    def _secret_of(self, access_key: str) -> str | None:
        record = self._world.table(KEYS).peek(access_key)
        return str(record["_secret"]) if record else None

    def _key(self, signer: Signer | None) -> JSON | None:
        return self._world.table(KEYS).peek(signer.access_key) if signer else None


def _refusal(error: S3Error, request: S3Request, request_id: str) -> S3Answer:
    return S3Answer(error.status, error.xml(request.address.resource, request_id), [XML, *error.headers])


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
