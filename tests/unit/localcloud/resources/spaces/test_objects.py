# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects, as boto3 reads and writes them."""

from __future__ import annotations

import io

import pytest
from boto3.s3.transfer import TransferConfig

MIB = 1024 * 1024


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    return "fisio-a"


@pytest.mark.parametrize("key", ["a.txt", "deep/er/ß é+&%20 ~'!()*.txt", "/leading", "dots/../x", "double//slash"])
def test_an_object_comes_back_as_it_was_put(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=b"hello", ContentType="text/x", Metadata={"a-b": "1", "c_d": "2"})
    answer = s3.get_object(Bucket=bucket, Key=key)
    assert answer["Body"].read() == b"hello"
    assert answer["ContentType"] == "text/x"
    assert answer["Metadata"] == {"a-b": "1", "c_d": "2"}
    assert "ContentEncoding" not in answer
    assert s3.head_object(Bucket=bucket, Key=key)["ContentLength"] == 5
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]


def test_ranges_conditions_and_missing_keys(s3, bucket, code):
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    assert s3.get_object(Bucket=bucket, Key="k", Range="bytes=2-4")["Body"].read() == b"234"
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"x", IfNoneMatch="*") == "PreconditionFailed"
    assert code(s3.get_object, Bucket=bucket, Key="none") == "NoSuchKey"
    assert code(s3.head_object, Bucket=bucket, Key="none") == "404"
    s3.put_object(Bucket=bucket, Key="é" * 512, Body=b"")
    assert code(s3.put_object, Bucket=bucket, Key="é" * 512 + "x", Body=b"") == "KeyTooLongError"


def test_a_multipart_upload(s3, bucket):
    body = bytes(range(256)) * (6 * MIB // 256)
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    s3.upload_fileobj(io.BytesIO(body), bucket, "big", Config=config)
    answer = s3.get_object(Bucket=bucket, Key="big")
    assert answer["Body"].read() == body
    assert answer["ETag"].endswith('-2"')


def test_a_completed_upload_says_where_it_is(s3, bucket):
    key = "a & b.txt"
    upload = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    part = s3.upload_part(Bucket=bucket, Key=key, UploadId=upload, PartNumber=1, Body=b"x")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    done = s3.complete_multipart_upload(Bucket=bucket, Key=key, UploadId=upload, MultipartUpload=parts)
    assert (done["Location"], done["Key"]) == ("fra1.digitaloceanspaces.com/fisio-a/a & b.txt", key)


def test_an_abandoned_upload_can_be_listed_and_aborted(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=1, Body=b"x")
    assert [u["UploadId"] for u in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]] == [upload]
    s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_copies_stay_within_what_the_key_may_read_and_the_region(cloud, s3, bucket, code):
    s3.create_bucket(Bucket="fisio-b")
    s3.put_object(Bucket=bucket, Key="k", Body=b"hello")
    s3.copy_object(Bucket="fisio-b", Key="copy", CopySource={"Bucket": bucket, "Key": "k"})
    assert s3.get_object(Bucket="fisio-b", Key="copy")["Body"].read() == b"hello"

    limited = cloud.s3(cloud.key(("fisio-b", "readwrite")))
    assert code(limited.copy_object, Bucket="fisio-b", Key="c", CopySource=f"{bucket}/k") == "AccessDenied"
    limited.copy_object(Bucket="fisio-b", Key="again", CopySource="fisio-b/copy")

    elsewhere = cloud.s3(region="nyc3")
    elsewhere.create_bucket(Bucket="fisio-far")
    assert code(elsewhere.copy_object, Bucket="fisio-far", Key="c", CopySource=f"{bucket}/k") == "NoSuchBucket"


def test_versions_are_kept_once_versioning_is_on(s3, bucket, code):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["VersionId"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"2")
    s3.delete_object(Bucket=bucket, Key="k")
    assert code(s3.get_object, Bucket=bucket, Key="k") == "NoSuchKey"
    assert s3.get_object(Bucket=bucket, Key="k", VersionId=first)["Body"].read() == b"1"
    assert code(s3.delete_bucket, Bucket=bucket) == "BucketNotEmpty"
    found = s3.list_object_versions(Bucket=bucket)
    for entry in [*found["Versions"], *found["DeleteMarkers"]]:
        s3.delete_object(Bucket=bucket, Key="k", VersionId=entry["VersionId"])
    s3.delete_bucket(Bucket=bucket)


def test_many_objects_are_deleted_at_once_and_listed_by_page(s3, bucket):
    for number in range(5):
        s3.put_object(Bucket=bucket, Key=f"d/{number}", Body=b"")
    pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2}))
    assert [len(page["Contents"]) for page in pages] == [2, 2, 1]
    keys = [{"Key": entry["Key"]} for page in pages for entry in page["Contents"]]
    assert len(s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})["Deleted"]) == 5
    s3.delete_bucket(Bucket=bucket)


def test_virtual_hosted_style(cloud, public_names):
    """https://fisio-a.fra1.digitaloceanspaces.com: bucket and region come from the host name."""
    client = cloud.s3(region="us-east-1", style="virtual", endpoint=public_names("fra1"))
    client.create_bucket(Bucket="fisio-a")
    client.put_object(Bucket="fisio-a", Key="deep/k", Body=b"hello")
    assert client.get_object(Bucket="fisio-a", Key="deep/k")["Body"].read() == b"hello"
    assert client.list_objects(Bucket="fisio-a")["Contents"][0]["Key"] == "deep/k"
    assert client.get_bucket_location(Bucket="fisio-a")["LocationConstraint"] == "fra1"
    entry = cloud.journal()[-2]
    assert (entry["operation"], entry["path"]) == ("s3:ListObjects", "/fisio-a")


@pytest.mark.parametrize("style", ["path", "virtual"])
@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_presigned_urls(cloud, public_names, style, version):
    client = cloud.s3(style=style, endpoint=public_names("fra1"), signature_version=version)
    client.create_bucket(Bucket="fisio-a")
    where = {"Bucket": "fisio-a", "Key": "up/ü +.txt"}
    put = client.generate_presigned_url("put_object", Params={**where, "ContentType": "text/x"}, ExpiresIn=60)
    assert ("Signature=" in put.replace("X-Amz-Signature=", "")) == (version == "s3")
    assert cloud.raw("PUT", put, b"hello", {"Content-Type": "text/x"})[0] == 200
    get = client.generate_presigned_url("get_object", Params=where, ExpiresIn=60)
    status, headers, body = cloud.raw("GET", get)
    assert (status, headers["content-type"], body) == (200, "text/x", b"hello")
    assert cloud.raw("GET", get.replace("up/", "down/"))[0] == 403
    assert cloud.raw("DELETE", get)[0] == 403


def test_a_client_that_signs_with_version_2(cloud):
    client = cloud.s3(signature_version="s3")
    client.create_bucket(Bucket="fisio-a")
    client.put_object(Bucket="fisio-a", Key="k", Body=b"hello")
    client.put_bucket_versioning(Bucket="fisio-a", VersioningConfiguration={"Status": "Enabled"})
    assert client.get_bucket_versioning(Bucket="fisio-a")["Status"] == "Enabled"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_an_object_may_have_the_type_of_a_form(s3, bucket, kind):
    s3.put_object(Bucket=bucket, Key="k", Body=b"a=b", ContentType=kind)
    answer = s3.get_object(Bucket=bucket, Key="k")
    assert (answer["Body"].read(), answer["ContentType"]) == (b"a=b", kind)
