# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uploads from browser forms."""

from __future__ import annotations

import http.client
import ssl
import uuid
from urllib.parse import urlsplit

import pytest


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    return "fisio-a"


def send(cloud, post, file=b"hello", name="x.txt", **changed):
    """``(status, headers, error code)`` of a form as a browser sends it."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in {**post["fields"], **changed}.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = b"".join([*parts, head.encode(), b"Content-Type: a/b\r\n\r\n", file, f"\r\n--{boundary}--\r\n".encode()])
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    status, headers, answer = cloud.raw("POST", post["url"], body, kind)
    return status, headers, answer.decode().partition("<Code>")[2].partition("</Code>")[0]


def presigned(client, **more):
    fields = {"Content-Type": "text/x", "acl": "public-read"}
    conditions = [["starts-with", "$Content-Type", "text/"], {"acl": "public-read"}, ["content-length-range", 1, 10]]
    return client.generate_presigned_post("fisio-a", "up/${filename}", fields, conditions, **more)


@pytest.mark.parametrize("style", ["path", "virtual"])
def test_a_form_uploads(cloud, public_names, bucket, style):
    client = cloud.s3(signature_version="s3v4", style=style, endpoint=public_names("fra1"))
    assert send(cloud, presigned(client))[0] == 204
    answer = client.get_object(Bucket=bucket, Key="up/x.txt")
    assert (answer["Body"].read(), answer["ContentType"]) == (b"hello", "text/x")
    assert cloud.raw("GET", f"{cloud.spaces_url}/{bucket}/up/x.txt")[0] == 200
    entry = cloud.journal()[-3]
    assert (entry["operation"], entry["effect"]) == ("s3:PostObject", True)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"key": "elsewhere"}, "AccessDenied"),
        ({"Content-Type": "image/png"}, "AccessDenied"),
        ({"acl": "private"}, "AccessDenied"),
        ({"x-amz-meta-more": "1"}, "AccessDenied"),
        ({"x-amz-signature": "0" * 64}, "SignatureDoesNotMatch"),
        ({"x-amz-credential": "DO00NOBODY/20261124/fra1/s3/aws4_request"}, "InvalidAccessKeyId"),
        ({"file": b"more than ten bytes"}, "EntityTooLarge"),
        ({"file": b""}, "EntityTooSmall"),
    ],
)
def test_a_form_that_does_not_keep_to_its_policy(cloud, bucket, changed, expected):
    client = cloud.s3(signature_version="s3v4")
    status, _headers, code = send(cloud, presigned(client), **changed)
    assert (code, status in (400, 403)) == (expected, True)
    assert "Contents" not in client.list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize("condition", [5, ["eq", "$key"], ["content-length-range", "a", "b"]])
def test_a_policy_that_is_none(cloud, bucket, condition):
    client = cloud.s3(signature_version="s3v4")
    post = client.generate_presigned_post(bucket, "up/x", {}, [condition])
    assert send(cloud, post)[0::2] == (400, "InvalidPolicyDocument")


def test_a_policy_expires_and_a_reader_cannot_sign_one(cloud, bucket):
    client = cloud.s3(signature_version="s3v4")
    assert send(cloud, presigned(client, ExpiresIn=-1))[2] == "AccessDenied"
    reader = cloud.s3(cloud.key((bucket, "read")), signature_version="s3v4")
    assert send(cloud, presigned(reader))[2] == "AccessDenied"
    writer = cloud.s3(cloud.key((bucket, "readwrite")), signature_version="s3v4")
    assert send(cloud, presigned(writer))[0] == 204


def test_a_form_may_be_signed_with_version_2_and_redirect(cloud, bucket):
    """As boto3 makes it, and as Python's requests sends it: each field with the name of a file."""
    client = cloud.s3(signature_version="s3")
    fields = {"success_action_redirect": "https://app.example/done"}
    post = client.generate_presigned_post(bucket, "up/x", fields, [fields])
    assert "AWSAccessKeyId" in post["fields"]
    boundary = uuid.uuid4().hex
    body = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**post["fields"], "file": "hello"}.items()
    )
    request = http.client.HTTPSConnection(
        urlsplit(post["url"]).netloc, context=ssl.create_default_context(cafile=cloud.ca)
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    request.request("POST", urlsplit(post["url"]).path, f"{body}--{boundary}--\r\n".encode(), kind)
    answer = request.getresponse()
    assert (answer.status, answer.headers["location"].partition("?")[0]) == (303, "https://app.example/done")
    assert "key=up%2Fx" in answer.headers["location"]
    request.close()
    assert client.get_object(Bucket=bucket, Key="up/x")["Body"].read() == b"hello"
    assert send(cloud, {**post, "fields": {**post["fields"], "signature": "x"}})[2] == "SignatureDoesNotMatch"
