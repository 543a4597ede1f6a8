# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One S3 exchange through boto3: the only place that knows it.

Its own retries are off: `client.py` decides about them, here as everywhere. Of boto3 only the lower half is used,
botocore, which has the client and is imported in half the time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import (
    CONNECT_TIMEOUT,
    Broker,
    Exchange,
    no_broker,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import (
    Failure,
    Forbidden,
    Invalid,
    NotTheApi,
    from_answer,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.no_answer import no_answer
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.transport import Answer
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.address import (
    DEFAULT_URL,
    endpoint,
    is_real,
)

try:
    import botocore.session
    from botocore import exceptions as boto_errors
    from botocore import handlers
    from botocore.awsrequest import AWSResponse
    from botocore.config import Config
    from botocore.handlers import parse_get_bucket_location
    from botocore.parsers import ResponseParserError
except ImportError:
    BOTO3_MISSING: str | None = traceback.format_exc()
else:
    BOTO3_MISSING = None

# What botocore shall not take from the environment or from ~/.aws: that is about Amazon, and about other accounts.
_NOT_OURS: Data = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
    "defaults_mode": (None, None, "legacy", None),
    "use_fips_endpoint": (None, None, None, None),
    "use_dualstack_endpoint": (None, None, None, None),
    "ca_bundle": (None, None, None, None),
}

_one_at_a_time = Lock()

# What a success of a reading operation holds: the root of its document (operations of S3, by the service's model).
JSON = "JSON"
_DECLARATION = re.compile(rb"\A\s*<\?xml[^>]*\?>")
_ROOT = re.compile(rb"\A\s*(?:<\?xml[^>]*\?>)?\s*<(?:\w+:)?(\w+)")
DOCUMENTS = {
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketPolicy": JSON,
    "GetBucketVersioning": "VersioningConfiguration",
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CopyObject": "CopyObjectResult",
    "DeleteObjects": "DeleteResult",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "ListObjectsV2": "ListBucketResult",
    "ListObjectVersions": "ListVersionsResult",
}
# What is done to objects, for which a key needs no more than the bucket's own grant.
OBJECTS = frozenset(
    {
        "abort_multipart_upload",
        "complete_multipart_upload",
        "create_multipart_upload",
        "delete_object",
        "get_object",
        "list_multipart_uploads",
        "list_objects_v2",
        "put_object",
        "upload_part",
    }
)


class NotGranted(Forbidden):
    """403: the access key may not do this, or its secret is wrong."""

    lacks_scope = True

    @property
    def advice(self) -> str:  # type: ignore[override]
        """By S3's code."""
        if self.error_id == "AccessDenied" and self.path in OBJECTS:
            return "Use a Spaces key that may read and write in this bucket (grant readwrite), or another bucket."
        return {
            "InvalidAccessKeyId": "Check access_key: there is no such Spaces key.",
            "SignatureDoesNotMatch": "Check secret_key: it is not the secret of access_key.",
            "RequestTimeTooSkewed": "Set the clock of this machine right.",
        }.get(
            self.error_id,
            "Use a Spaces key with fullaccess: others reach the objects of a bucket only, not what "
            "is set on it. If the bucket is somebody else's, choose another name.",
        )


class Lacking(Invalid):
    """501: the endpoint has no such operation, and will not have it on the next try either."""

    advice = "This endpoint lacks the operation: leave the option out that needs it."


class BotoTransport:
    """A Transport whose paths are operations of boto3's S3 client and whose bodies are their parameters."""

    def __init__(
        self,
        *,
        access_key: str | None,
        secret_key: str | None,
        region: str,
        url: str,
        ca_path: str | None,
        timeout: float,
        broker: Broker = no_broker,
    ) -> None:
        if BOTO3_MISSING is not None:
            raise Failure(missing_required_lib("boto3"))
        if not access_key or not secret_key:
            raise Failure(
                "No Spaces key was given: set access_key and secret_key, or the environment variables "
                "SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY."
            )
        if access_key.split() != [access_key] or secret_key.split() != [secret_key]:
            raise Failure("The Spaces key contains white space: set access_key and secret_key to nothing but the two.")
        self.url = endpoint(url, region)
        if ca_path and not Path(ca_path).is_file():
            # A directory, which the REST API's client takes, is nothing to botocore.
            wrong = "is no file" if Path(ca_path).exists() else "does not exist"
            raise Failure(
                f"The ca_path {ca_path} {wrong}: give the file with the certificate authority of "
                f"{self.url}, or leave it out."
            )
        config = Config(
            # Elsewhere, bucket names are no host names. Checksums other than MD5 are Amazon's own.
            s3={"addressing_style": "virtual" if is_real(self.url) else "path"},
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=max(1.0, min(CONNECT_TIMEOUT, timeout)),
            read_timeout=max(1.0, timeout / 3),
            # One try: the next one is client.py's business.
            retries={"mode": "standard", "total_max_attempts": 1},
        )
        # Sessions are not for several threads at a time; clients are.
        with _one_at_a_time:
            self._client = _session().create_client(
                "s3",
                endpoint_url=self.url,
                region_name=region,
                verify=ca_path or True,
                aws_access_key_id=access_key,
                aws_secret_access_key=secret_key,
                config=config,
            )
        self._client.meta.events.register("before-sign.s3", _add_content_md5)
        self._client.meta.events.register("before-parse.s3", self._judge)
        self._ca_path, self._timeout, self._broker = ca_path or None, max(1.0, timeout), broker
        self._client.meta.events.register("before-send.s3", self._carried)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Data | None,  # noqa: ARG002
        body: Any,
        timeout: float,  # noqa: ARG002 - a client of boto3 has its own from the start
        recent: bool = False,  # noqa: ARG002
    ) -> Answer:
        """See Transport."""
        facts: Data = {"method": method, "path": path}
        try:
            data: Data = getattr(self._client, path)(**body)
            if "Body" in data:
                # The content of an object, of which nobody asks for more than he can hold.
                data["Body"] = data["Body"].read()
        except boto_errors.ClientError as error:
            return _refusal(error, facts, self.url)
        except (boto_errors.HTTPClientError, boto_errors.ConnectionError, boto_errors.IncompleteReadError) as error:
            raise no_answer(error, self.url, **facts) from None
        except ResponseParserError:
            raise NotTheApi(f"{self.url} answered with what is no document of S3", status=200, **facts) from None
        except boto_errors.ParamValidationError as error:
            raise Invalid(" ".join(str(error).split()), **facts) from None
        about = data.pop("ResponseMetadata", {})
        dated = {"date": str(about.get("HTTPHeaders", {}).get("date") or "")}
        return Answer(
            int(about.get("HTTPStatusCode") or 200), dated, {key: _plain(value) for key, value in data.items()}
        )

    def link(self, operation: str, seconds: int, **parameters: Any) -> str:
        """An address that does this for whoever asks it in time."""
        return str(self._client.generate_presigned_url(operation, parameters, seconds))

    def _carried(self, request: Any, **_more: Any) -> Any:
        """What the broker brings back, or None, upon which botocore sends the request itself."""
        if not isinstance(request.body, bytes | None):
            return None
        headers = {
            name: value.decode("latin-1") if isinstance(value, bytes) else str(value)
            for name, value in request.headers.items()
        }
        exchange = Exchange(
            request.method, request.url, headers, request.body, self._ca_path, self._timeout, endpoint=self.url
        )
        received = self._broker(exchange)
        if received is None:
            return None
        return AWSResponse(request.url, received.status, received.headers, _Body(received.content))

    def _judge(self, operation_model: Any, response_dict: Data, **_more: Any) -> None:
        """Raise NotTheApi for a success that is none of S3's: botocore would make of it that nothing is set.

        And Redirected, before botocore looks for the bucket's region, which it does for ever at a login page.
        """
        status, name, headers = int(response_dict["status_code"]), str(operation_model.name), response_dict["headers"]
        if status >= 400:
            return
        if status >= 300:
            raise from_answer(status, f"redirect to {headers.get('location', 'nowhere')}", path=name)
        # The content of an object may be anything.
        problem = "" if name == "GetObject" else _stranger(name, bytes(response_dict["body"] or b""))
        if not problem and "x-amz-request-id" not in headers:
            problem = "without the request id of S3"
        if problem:
            raise NotTheApi(f"{self.url} answered {status} {problem}", status=status, path=name)


class _Body(BytesIO):
    """A body as botocore takes one from urllib3."""

    def stream(self, *_amount: Any, **_options: Any) -> Iterator[bytes]:
        """All of it."""
        yield self.read()


def _stranger(operation: str, body: bytes) -> str:
    """Why a body is not that of the operation, "" when it is. Writes are answered with a declaration of XML at most."""
    wanted = DOCUMENTS.get(operation)
    try:
        if wanted == JSON:
            return "" if isinstance(json.loads(body), dict) else "with no policy"
        if wanted is None:
            return "in the place of nothing" if _DECLARATION.sub(b"", body).strip() else ""
        root = _ROOT.match(body)
        return "" if root and root[1].decode() == wanted else f"without <{wanted}>"
    except (ValueError, RecursionError):
        return "with no policy"


@cache
def _session() -> Any:
    """One session for a process: it keeps the service descriptions, which cost most of the first client."""
    session = botocore.session.Session(session_vars=_NOT_OURS)
    # It parses errors, too, and a gateway's page is no XML.
    session.unregister("after-call.s3.GetBucketLocation", parse_get_bucket_location)
    session.register("after-call.s3.GetBucketLocation", _parse_location)
    # It makes a fault of the server of a success that is no XML; whose answer it is, is judged here.
    if hasattr(handlers, "_handle_200_error"):
        session.unregister("before-parse.s3.*", handlers._handle_200_error)
    return session


def warm_up() -> None:
    """Read the service descriptions, so that the clients to come are cheap. Does nothing without boto3."""
    if BOTO3_MISSING is None:
        BotoTransport(
            access_key="none",
            secret_key="none",  # noqa: S106 - opens nothing
            region="nyc3",
            url=DEFAULT_URL,
            ca_path=None,
            timeout=1,
        )


def _parse_location(http_response: Any, **more: Any) -> None:
    if http_response.status_code < 300:
        parse_get_bucket_location(http_response=http_response, **more)


def _add_content_md5(request: Any, **_more: Any) -> None:
    """What S3 servers other than Amazon's want with a document; newer versions of boto3 leave it out."""
    if request.method in ("PUT", "POST") and isinstance(request.body, bytes) and "Content-MD5" not in request.headers:
        digest = hashlib.md5(request.body, usedforsecurity=False).digest()
        request.headers["Content-MD5"] = base64.b64encode(digest).decode()


def _refusal(error: Any, facts: Data, url: str) -> Answer:
    """An error of S3 as an answer of the API looks; raises what client.py must not judge by its status."""
    told, about = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
    code = str(told.get("Code", ""))
    text = str(told.get("Message") or "")
    # The answer to a HEAD has no body: its "code" is the status once more.
    message = ": ".join(part for part in (code if not code.isdigit() else "", text) if part) or "no message"
    status = int(about.get("HTTPStatusCode") or 500)
    headers = dict(about.get("HTTPHeaders") or {})
    facts = {**facts, "status": status, "error_id": code, "request_id": str(about.get("RequestId") or "")}
    if status < 500 and (not code or code.isdigit() or "html" in headers.get("content-type", "")):
        # Something else: its 404 does not mean that there is no such bucket.
        raise NotTheApi(f"{url} answered {status} with no error of S3", **facts)
    if status == 403:
        raise NotGranted(message, **facts)
    if status == 501:
        raise Lacking(message, **facts)
    return Answer(status, headers, {"message": message, "id": code, "request_id": facts["request_id"]})


def _plain(value: Any) -> Any:
    """JSON only: times as the REST API writes them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value
