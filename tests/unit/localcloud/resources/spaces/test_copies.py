# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies and their conditions, conditional reads and writes, and encryption with the customer's key."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from boto3.s3.transfer import TransferConfig

BEFORE, AFTER = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))
MIB = 1024 * 1024


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    return "fisio-a"


@pytest.fixture
def etag(s3, bucket):
    put = s3.put_object(Bucket=bucket, Key="k", Body=b"hello", Metadata={"a": "1"}, ContentType="text/x", Tagging="t=1")
    return put["ETag"]


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ({"CopySourceIfMatch": "same"}, True),
        ({"CopySourceIfMatch": '"other"'}, False),
        ({"CopySourceIfNoneMatch": "same"}, False),
        ({"CopySourceIfNoneMatch": '"other"'}, True),
        ({"CopySourceIfModifiedSince": BEFORE}, True),
        ({"CopySourceIfModifiedSince": AFTER}, False),
        ({"CopySourceIfUnmodifiedSince": BEFORE}, False),
        ({"CopySourceIfUnmodifiedSince": AFTER}, True),
        ({"CopySourceIfMatch": "same", "CopySourceIfUnmodifiedSince": BEFORE}, True),
    ],
)
def test_conditions_of_a_copy(s3, bucket, etag, code, condition, held):
    named = {name: etag if value == "same" else value for name, value in condition.items()}
    wanted = {"Bucket": bucket, "Key": "copy", "CopySource": f"{bucket}/k", **named}
    if held:
        assert s3.copy_object(**wanted)["CopyObjectResult"]["ETag"] == etag
    else:
        assert code(s3.copy_object, **wanted) == "PreconditionFailed"
        assert code(s3.head_object, Bucket=bucket, Key="copy") == "404"


def test_what_a_copy_has_of_its_source(s3, bucket, etag, code):
    s3.copy_object(Bucket=bucket, Key="same", CopySource=f"{bucket}/k", ACL="public-read")
    same = s3.head_object(Bucket=bucket, Key="same")
    assert (same["Metadata"], same["ContentType"]) == ({"a": "1"}, "text/x")
    assert s3.get_object_tagging(Bucket=bucket, Key="same")["TagSet"] == [{"Key": "t", "Value": "1"}]
    more = {"MetadataDirective": "REPLACE", "Metadata": {"b": "2"}, "TaggingDirective": "REPLACE", "Tagging": "u=2"}
    s3.copy_object(Bucket=bucket, Key="new", CopySource=f"{bucket}/k", **more)
    assert s3.head_object(Bucket=bucket, Key="new")["Metadata"] == {"b": "2"}
    assert s3.get_object_tagging(Bucket=bucket, Key="new")["TagSet"] == [{"Key": "u", "Value": "2"}]
    assert code(s3.copy_object, Bucket=bucket, Key="k", CopySource=f"{bucket}/k") == "InvalidRequest"
    s3.delete_object(Bucket=bucket, Key="k")
    assert s3.get_object(Bucket=bucket, Key="same")["Body"].read() == b"hello"


@pytest.mark.parametrize("source", ["", "/", "fisio-a", "fisio-a/", "%ff/k", "fisio-a/k?versionId=%ff"])
def test_a_source_that_is_none(cloud, s3, bucket, etag, source):
    from botocore.exceptions import ClientError

    with pytest.raises(ClientError) as caught:
        s3.copy_object(Bucket=bucket, Key="copy", CopySource=source or "x")
    assert 400 <= caught.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500


def test_conditions_of_reads_and_writes(s3, bucket, etag, code):
    where = {"Bucket": bucket, "Key": "k"}
    assert code(s3.get_object, **where, IfMatch='"other"') == "PreconditionFailed"
    assert code(s3.get_object, **where, IfNoneMatch=etag) == "304"
    assert code(s3.get_object, **where, IfModifiedSince=AFTER) == "304"
    assert s3.get_object(**where, IfUnmodifiedSince=AFTER)["Body"].read() == b"hello"
    assert code(s3.put_object, **where, Body=b"", IfMatch='"other"') == "PreconditionFailed"
    assert code(s3.put_object, Bucket=bucket, Key="none", Body=b"", IfMatch=etag) == "NoSuchKey"
    s3.put_object(**where, Body=b"new", IfMatch=etag)
    for range, expected in (("bytes=1-", b"ew"), ("bytes=-1", b"w"), ("bytes=0-99", b"new"), ("bytes=odd", b"new")):
        assert s3.get_object(**where, Range=range)["Body"].read() == expected
    assert code(s3.get_object, **where, Range="bytes=3-") == "InvalidRange"


KEY = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}
OTHER = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "o" * 32}


def test_a_customers_key_opens_what_it_locked(cloud, s3, bucket, code):
    where = {"Bucket": bucket, "Key": "locked"}
    put = s3.put_object(**where, Body=b"a secret of a patient", **KEY)
    assert put["SSECustomerAlgorithm"] == "AES256"
    assert s3.get_object(**where, **KEY)["Body"].read() == b"a secret of a patient"
    assert s3.get_object(**where, **KEY, Range="bytes=2-7")["Body"].read() == b"secret"
    assert code(s3.get_object, **where) == code(s3.get_object, **where, **OTHER) == "InvalidRequest"
    assert code(s3.head_object, **where) == "400"
    on_disk = b"".join(path.read_bytes() for path in (cloud.shared.home / "spaces").iterdir())
    assert (b"secret" in on_disk, KEY["SSECustomerKey"].encode() in on_disk) == (False, False)
    source = {f"CopySource{name}": value for name, value in KEY.items()}
    assert code(s3.copy_object, Bucket=bucket, Key="copy", CopySource=f"{bucket}/locked") == "InvalidRequest"
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/locked", **source, **OTHER)
    assert s3.get_object(Bucket=bucket, Key="copy", **OTHER)["Body"].read() == b"a secret of a patient"


def test_an_upload_in_parts_with_a_customers_key(s3, bucket):
    body = bytes(range(256)) * (6 * MIB // 256)
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    s3.upload_fileobj(io.BytesIO(body), bucket, "big", Config=config, ExtraArgs=KEY)
    assert s3.get_object(Bucket=bucket, Key="big", **KEY)["Body"].read() == body
    assert s3.get_object(Bucket=bucket, Key="big", **KEY, PartNumber=2)["Body"].read() == body[5 * MIB :]


def test_a_completion_may_be_asked_for_again(s3, bucket):
    which = {"Bucket": bucket, "Key": "k", "UploadId": s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]}
    part = s3.upload_part(**which, PartNumber=1, Body=b"x")
    wanted = {**which, "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}}
    first, second = (s3.complete_multipart_upload(**wanted) for _ in range(2))
    assert first["ETag"] == second["ETag"]
