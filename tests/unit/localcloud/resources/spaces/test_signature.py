# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signatures: the right ones open, every other does not."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from localcloud.resources.spaces.keys import standing_key


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    return "fisio-a"


def signed(cloud, method, path, body=b"", payload=None, when=None, monkeypatch=None, **headers):
    """``(url, headers)`` of a request signed by botocore, with a payload word and a time of our choosing."""
    url = cloud.spaces_url + path
    request = AWSRequest(method, url, data=body, headers={"host": urlsplit(url).netloc, **headers})
    signer = S3SigV4Auth(Credentials(*standing_key()), "s3", "fra1")
    if payload is not None:
        signer.payload = lambda _request: payload
    if when is not None:
        monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: when)
    signer.add_auth(request)
    return url, dict(request.headers.items()), signer, request


def error(answer):
    status, _headers, body = answer
    return status, body.decode().partition("<Code>")[2].partition("</Code>")[0]


def test_a_wrong_secret(cloud, s3, code):
    wrong = cloud.s3((standing_key()[0], "wrong"))
    assert code(wrong.list_buckets) == "SignatureDoesNotMatch"
    assert code(wrong.head_bucket, Bucket="x-bucket") == "403"
    assert code(cloud.s3((standing_key()[0], "wrong"), signature_version="s3").list_buckets) == "SignatureDoesNotMatch"


def test_an_unknown_key_and_a_deleted_one(cloud, s3, bucket, code):
    assert code(cloud.s3(("DO00NOBODY", "x")).list_buckets) == "InvalidAccessKeyId"
    key = cloud.key(("", "fullaccess"))
    cloud.s3(key).list_buckets()
    assert cloud.api("DELETE", f"/v2/spaces/keys/{key[0]}")[0] == 204
    assert code(cloud.s3(key).list_buckets) == "InvalidAccessKeyId"


@pytest.mark.parametrize(("minutes", "expected"), [(14, 200), (-14, 200), (16, 403), (-16, 403)])
def test_the_clock_may_be_off_by_a_quarter_of_an_hour(cloud, bucket, monkeypatch, minutes, expected):
    when = datetime.now(UTC) + timedelta(minutes=minutes)
    url, headers, _signer, _request = signed(cloud, "GET", "/", when=when, monkeypatch=monkeypatch)
    answer = cloud.raw("GET", url, None, headers)
    assert answer[0] == expected
    if expected != 200:
        assert error(answer) == (403, "RequestTimeTooSkewed")


def test_what_was_signed_is_what_must_come(cloud, bucket):
    url, headers, _signer, _request = signed(cloud, "PUT", f"/{bucket}/k", b"hello", **{"x-amz-acl": "private"})
    assert error(cloud.raw("PUT", url, b"HELLO", headers)) == (400, "XAmzContentSHA256Mismatch")
    assert error(cloud.raw("PUT", url + "2", b"hello", headers)) == (403, "SignatureDoesNotMatch")
    assert error(cloud.raw("PUT", url, b"hello", {**headers, "x-amz-acl": "public-read"}))[1] == "SignatureDoesNotMatch"
    assert error(cloud.raw("PUT", url + "?tagging", b"hello", headers)) == (403, "SignatureDoesNotMatch")
    assert cloud.raw("PUT", url, b"hello", headers)[0] == 200


def test_a_presigned_url_expires(cloud, s3, bucket, monkeypatch):
    s3.put_object(Bucket=bucket, Key="k", Body=b"hello")
    earlier = datetime.now(UTC) - timedelta(minutes=10)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: earlier)
    client = cloud.s3(signature_version="s3v4")
    assert cloud.raw("GET", client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "k"}, 900))[0] == 200
    late = cloud.raw("GET", client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "k"}, 300))
    assert error(late) == (403, "AccessDenied")
    assert b"expired" in late[2]


@pytest.mark.parametrize(("minutes", "expected"), [(14, 200), (16, 403)])
def test_a_presigned_url_of_the_future_is_not_valid_yet(cloud, s3, bucket, monkeypatch, minutes, expected):
    s3.put_object(Bucket=bucket, Key="k", Body=b"hello")
    later = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: later)
    client = cloud.s3(signature_version="s3v4")
    answer = cloud.raw("GET", client.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "k"}, 900))
    assert answer[0] == expected
    assert (b"not valid yet" in answer[2]) is (expected == 403)


def test_the_day_of_the_scope_is_that_of_the_request(cloud, bucket):
    url, headers, _signer, _request = signed(cloud, "GET", f"/{bucket}")
    day = headers["X-Amz-Date"][:8]
    headers["Authorization"] = headers["Authorization"].replace(f"/{day}/", "/20200101/")
    assert error(cloud.raw("GET", url, None, headers)) == (400, "AuthorizationHeaderMalformed")


def chunked(signer, request, parts, secret_wrong=False):
    """An ``aws-chunked`` body whose chunks are signed one on top of the other."""
    previous = request.headers["Authorization"].partition("Signature=")[2]
    stamp, scope = request.context["timestamp"], signer.credential_scope(request)
    body = b""
    for part in [*parts, b""]:
        empty, hashed = hashlib.sha256(b"").hexdigest(), hashlib.sha256(part).hexdigest()
        text = "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", stamp, scope, previous, empty, hashed])
        previous = "0" * 64 if secret_wrong and part else signer.signature(text, request)
        body += b"%x;chunk-signature=%s\r\n" % (len(part), previous.encode()) + part + b"\r\n"
    return body


@pytest.mark.parametrize("wrong", [False, True])
def test_signed_chunks(cloud, s3, bucket, wrong):
    """As SDKs of other languages upload (STREAMING-AWS4-HMAC-SHA256-PAYLOAD)."""
    word = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
    more = {"x-amz-decoded-content-length": "10", "content-encoding": "aws-chunked"}
    url, headers, signer, request = signed(cloud, "PUT", f"/{bucket}/k", payload=word, **more)
    body = chunked(signer, request, [b"hello", b"world"], wrong)
    answer = cloud.raw("PUT", url, body, headers)
    if wrong:
        assert error(answer) == (403, "SignatureDoesNotMatch")
    else:
        assert answer[0] == 200
        assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"helloworld"


@pytest.mark.parametrize(("checksum", "expected"), [("NhCmhg==", 200), ("AAAAAA==", 400)])
def test_a_trailing_checksum_is_checked(cloud, s3, bucket, checksum, expected):
    word = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    more = {"x-amz-decoded-content-length": "5", "content-encoding": "aws-chunked"}
    more["x-amz-trailer"] = "x-amz-checksum-crc32"
    url, headers, _signer, _request = signed(cloud, "PUT", f"/{bucket}/k", payload=word, **more)
    body = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n" % checksum.encode()
    answer = cloud.raw("PUT", url, body, headers)
    assert answer[0] == expected
    if expected == 200:
        assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"hello"
    else:
        assert error(answer) == (400, "BadDigest")


def test_errors_are_documents_with_a_request_id(cloud):
    status, headers, body = cloud.raw("GET", cloud.spaces_url + "/nowhere/k")
    text = body.decode()
    assert (status, headers["content-type"]) == (404, "application/xml")
    assert "<Code>NoSuchBucket</Code>" in text
    assert f"<RequestId>{headers['x-amz-request-id']}</RequestId>" in text


def test_the_journal_knows_the_key_but_no_signature(cloud, s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"hello")
    url = s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": "k"})
    cloud.raw("GET", url)
    put, get = cloud.journal()[-2:]
    assert (put["operation"], put["effect"], put["token"]) == ("s3:PutObject", True, standing_key()[0])
    assert (get["operation"], get["effect"], get["path"]) == ("s3:GetObject", False, f"/{bucket}/k")
    assert standing_key()[1] not in str(cloud.journal())
    assert url.rpartition("Signature=")[2].partition("&")[0] not in get["query"]
