# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client of Spaces: addresses, what is sent, and what is tried again."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import (
    ApiError,
    ConnectionLost,
    Failure,
    NotTheApi,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import address as spaces_address
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import client as spaces
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import transport as spaces_transport
from tests.unit.plugins.module_utils.scripted import StoppedClock

PARAMS: dict[str, Any] = {
    "access_key": "DO00A",
    "secret_key": "s",
    "region": "fra1",
    "spaces_url": spaces_address.DEFAULT_URL,
    "ca_path": None,
    "timeout": 120,
}


class Body:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def stream(self, **_kwargs: Any) -> Iterator[bytes]:
        yield self.data


class Wire:
    """What botocore puts on the wire, and the answers to it: status, or status and S3's code."""

    def __init__(self, client: spaces.Spaces, *answers: tuple[int, str]) -> None:
        self.answers = list(answers)
        self.sent: list[Any] = []
        client._transport._client.meta.events.register("before-send.s3", self.answer)  # type: ignore[attr-defined]

    def answer(self, request: Any, **_kwargs: Any) -> AWSResponse:
        # Header values have become bytes by now.
        request.headers = {
            name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
        }
        self.sent.append(request)
        status, code = self.answers.pop(0) if self.answers else (200, "")
        text = f"<Error><Code>{code}</Code><Message>m</Message></Error>" if code else document(request)
        return AWSResponse(request.url, status, {"x-amz-request-id": "tx1"}, Body(text.encode()))


def document(request: Any) -> str:
    """What S3 answers to it when nothing is set."""
    root = {
        "location": "LocationConstraint",
        "cors": "CORSConfiguration",
        "acl": "AccessControlPolicy",
        "lifecycle": "LifecycleConfiguration",
        "logging": "BucketLoggingStatus",
        "versioning": "VersioningConfiguration",
        "delete": "DeleteResult",
    }.get(request.url.partition("?")[2])
    writes = request.method in ("PUT", "DELETE")
    return f'<{root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>' if root and not writes else ""


PAGE = b"<html>\r\n<body>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"


class Gateway(Wire):
    """Something in between that answers with its own page."""

    def answer(self, request: Any, **_kwargs: Any) -> AWSResponse:
        self.sent.append(request)
        status, _code = self.answers.pop(0)
        page = (
            ({"content-type": "text/html"}, Body(PAGE))
            if status >= 400
            else ({"x-amz-request-id": "tx1"}, Body(document(request).encode()))
        )
        return AWSResponse(request.url, status, *page)


def client(**params: Any) -> spaces.Spaces:
    return spaces.connect({**PARAMS, **params}, secrets=Secrets(), clock=StoppedClock())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        (spaces_address.DEFAULT_URL, "https://clinic.fra1.digitaloceanspaces.com/?cors"),
        ("https://127.0.0.1:8444", "https://127.0.0.1:8444/clinic?cors"),
        ("https://{region}.localhost:8444/", "https://fra1.localhost:8444/clinic?cors"),
    ],
)
def test_a_bucket_is_a_host_where_hosts_are_buckets(url: str, sent: str) -> None:
    s3 = client(spaces_url=url)
    wire = Wire(s3)
    s3.call("delete_bucket_cors", Bucket="clinic")
    assert wire.sent[0].url == sent
    assert "/fra1/s3/aws4_request" in wire.sent[0].headers["Authorization"]


def test_a_name_with_periods_matches_no_certificate_and_stays_in_the_path() -> None:
    s3 = client()
    wire = Wire(s3)
    s3.call("delete_bucket_cors", Bucket="a.b.c")
    assert wire.sent[0].url == "https://fra1.digitaloceanspaces.com/a.b.c?cors"


def test_documents_carry_the_checksum_that_every_s3_knows() -> None:
    s3 = client()
    wire = Wire(s3)
    rule = {"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    s3.call("put_bucket_lifecycle_configuration", Bucket="clinic", LifecycleConfiguration={"Rules": [rule]})
    s3.call("delete_objects", Bucket="clinic", Delete={"Objects": [{"Key": "k"}]})
    for request in wire.sent:
        digest = hashlib.md5(request.body, usedforsecurity=False).digest()
        assert request.headers["Content-MD5"] == base64.b64encode(digest).decode()
        assert "content-md5" in request.headers["Authorization"]


def test_what_may_be_repeated_is() -> None:
    s3 = client()
    wire = Wire(s3, (500, "InternalError"), (503, "SlowDown"))
    s3.call("put_bucket_acl", Bucket="clinic", ACL="private")
    assert len(wire.sent) == 3
    assert s3.has_changed


@pytest.mark.parametrize(
    ("status", "code", "tries"),
    [
        (500, "InternalError", 1),  # Perhaps it was created: who asked has to look.
        (409, "BucketAlreadyExists", 1),
        (501, "NotImplemented", 1),
        (403, "AccessDenied", 1),
    ],
)
def test_a_creation_is_not(status: int, code: str, tries: int) -> None:
    s3 = client()
    wire = Wire(s3, *[(status, code)] * 9)
    with pytest.raises(ApiError) as refused:
        s3.call("create_bucket", Bucket="clinic")
    assert (len(wire.sent), refused.value.status, refused.value.error_id) == (tries, status, code)
    assert refused.value.request_id == "tx1"
    assert refused.value.uncertain is (status == 500)
    assert refused.value.name_is_taken is (status == 409)


@pytest.mark.parametrize("operation", ["get_bucket_location", "get_bucket_cors"])
def test_the_page_of_a_gateway_is_tried_again_or_told(operation: str) -> None:
    s3 = client()
    wire = Gateway(s3, (502, ""), (503, ""), (200, ""))
    s3.call(operation, Bucket="clinic")
    assert len(wire.sent) == 3
    for status in (403, 404):
        wire.answers = [(status, "")]
        with pytest.raises(NotTheApi) as refused:
            s3.call(operation, Bucket="clinic")
        assert f"fra1.digitaloceanspaces.com answered {status} with no error of S3" in refused.value.sentence("read it")


# (status, headers, body): what stands between was seen to answer in the place of S3.
S3_ID = {"x-amz-request-id": "tx1"}
STRANGE: list[tuple[int, dict[str, str], bytes]] = [
    (200, S3_ID, b""),
    (204, S3_ID, b""),
    (200, {}, b"{}"),
    (200, {}, b'{"message": "ok"}'),
    (200, S3_ID, b"null"),
    (200, {"content-type": "text/html"}, PAGE),
    (200, S3_ID, b"<?xml version='1.0'?><ok/>"),
    (200, S3_ID, b"<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>"),
    (200, S3_ID, b"<ListAllMyBucketsResult/>"),
    (200, S3_ID, b"[]"),
    (404, {}, b""),
    (404, S3_ID, b"<html><body>gone</body></html>"),
    (404, {"content-type": "application/json"}, b'{"message": "no"}'),
]


class Stranger(Wire):
    """Something else, always the same."""

    def __init__(self, client: spaces.Spaces, strange: tuple[int, dict[str, str], bytes]) -> None:
        super().__init__(client)
        self.strange = strange

    def answer(self, request: Any, **_kwargs: Any) -> AWSResponse:
        self.sent.append(request)
        status, headers, body = self.strange
        return AWSResponse(request.url, status, headers, Body(body))


@pytest.mark.parametrize("strange", STRANGE, ids=repr)
@pytest.mark.parametrize(
    "operation",
    [
        "get_bucket_location",
        "get_bucket_acl",
        "get_bucket_cors",
        "get_bucket_lifecycle_configuration",
        "get_bucket_policy",
        "get_bucket_logging",
        "get_bucket_versioning",
        "list_object_versions",
        "list_multipart_uploads",
    ],
)
def test_what_is_no_document_of_s3_does_not_mean_that_nothing_is_set(operation: str, strange: Any) -> None:
    s3 = client()
    Stranger(s3, strange)
    with pytest.raises(NotTheApi) as refused:
        s3.look(operation, "NoSuchBucket", "NoSuchCORSConfiguration", Bucket="clinic")
    assert "https://fra1.digitaloceanspaces.com answered" in refused.value.sentence("read it")


@pytest.mark.parametrize(
    "strange",
    [(200, {"content-type": "text/html"}, PAGE), (200, {}, b""), (200, S3_ID, b'{"message": "ok"}'), (404, {}, b"")],
    ids=repr,
)
@pytest.mark.parametrize("operation", ["delete_bucket", "put_bucket_acl", "create_bucket"])
def test_a_write_that_s3_has_not_answered_is_not_done(operation: str, strange: Any) -> None:
    s3 = client()
    Stranger(s3, strange)
    with pytest.raises(NotTheApi):
        s3.gone(operation, Bucket="clinic")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("body", [b"", PAGE, b"<a/>"])
def test_a_redirect_names_the_option_that_is_wrong(status: int, body: bytes) -> None:
    """A login page, most of the time."""
    s3 = client()
    wire = Stranger(s3, (status, {"location": "https://login.example/"}, body))
    for operation in ("get_bucket_location", "get_bucket_cors", "put_bucket_acl"):
        with pytest.raises(ApiError) as refused:
            s3.call(operation, Bucket="clinic")
        assert "redirect to https://login.example/" in refused.value.sentence("read it")
        assert "spaces_url" in refused.value.sentence("read it")
    assert len(wire.sent) == 3


@pytest.mark.parametrize(
    ("region", "says"),
    [
        ("fra1", ""),
        ("nyc1", "Spaces is known to be in ams3, atl1,.* perhaps nyc3 is meant"),
    ],
)
def test_a_region_without_a_host_may_be_none_of_spaces(region: str, says: str) -> None:
    class Nowhere:
        url = f"https://{region}.digitaloceanspaces.com"

        def send(self, method: str, path: str, **_options: Any) -> Any:
            raise ConnectionLost(f"{self.url} cannot be reached (Name or service not known)", executed=False)

    bucket = client(region="fra1")
    bucket._transport = Nowhere()  # type: ignore[assignment]
    with pytest.raises(ConnectionLost) as told:
        bucket.call("head_bucket", Bucket="b")
    sentence = told.value.sentence("read it")
    assert re.search(says, sentence) if says else "known to be" not in sentence


def test_an_operation_that_is_lacking_is_not_tried_again() -> None:
    s3 = client()
    wire = Wire(s3, (501, "NotImplemented"))
    with pytest.raises(ApiError, match="NotImplemented") as refused:
        s3.call("get_bucket_versioning", Bucket="clinic")
    assert len(wire.sent) == 1
    assert "leave the option out" in refused.value.sentence("read it")


def test_a_key_may_be_too_young_to_be_known() -> None:
    s3 = client()
    wire = Wire(s3, (403, "InvalidAccessKeyId"), (403, "InvalidAccessKeyId"))
    s3.call("get_bucket_versioning", Bucket="clinic")
    assert len(wire.sent) == 3
    wire.answers = [(403, "InvalidAccessKeyId")] * 9
    with pytest.raises(ApiError, match="InvalidAccessKeyId") as refused:
        s3.call("get_bucket_versioning", Bucket="clinic")
    assert len(wire.sent) == 3 + 4
    assert sum(s3.clock.slept) == 1.5 + 3.5  # type: ignore[attr-defined]
    assert "there is no such Spaces key" in refused.value.sentence("read it")


def test_what_is_not_there_is_gone_and_not_set() -> None:
    s3 = client()
    Wire(s3, (404, "NoSuchBucket"), (404, "NoSuchCORSConfiguration"), (404, "NoSuchBucket"))
    s3.gone("delete_bucket", Bucket="clinic")
    assert s3.look("get_bucket_cors", "NoSuchCORSConfiguration", Bucket="clinic") == {}
    with pytest.raises(ApiError, match="NoSuchBucket"):
        s3.look("get_bucket_cors", "NoSuchCORSConfiguration", Bucket="clinic")


def test_parameters_that_cannot_be_are_told() -> None:
    with pytest.raises(ApiError) as refused:
        client().call("put_bucket_acl", Bucket="clinic", ACL=5)
    assert "\n" not in str(refused.value)


def test_without_boto3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spaces_transport, "BOTO3_MISSING", "a traceback")
    with pytest.raises(Failure, match="boto3"):
        client()
    spaces.warm_up()


def test_addresses() -> None:
    assert spaces_address.about("clinic", PARAMS) == {
        "name": "clinic",
        "region": "fra1",
        "urn": "do:space:clinic",
        "host": "clinic.fra1.digitaloceanspaces.com",
        "endpoint": "https://fra1.digitaloceanspaces.com",
        "url": "https://clinic.fra1.digitaloceanspaces.com",
    }
    local = spaces_address.about("clinic", {**PARAMS, "spaces_url": "https://localhost:8444"})
    assert (local["url"], local["host"]) == ("https://localhost:8444/clinic", "clinic.fra1.digitaloceanspaces.com")
