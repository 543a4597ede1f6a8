# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of objects, versions, uploads and parts."""

from __future__ import annotations

import pytest

KEYS = ["a b", "d/1", "d/2", "e+é", "f/x/1", "z"]


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    for key in KEYS:
        s3.put_object(Bucket="fisio-a", Key=key, Body=b"")
    return "fisio-a"


def entries(page):
    return [row["Key"] for row in page.get("Contents", [])] + [row["Prefix"] for row in page.get("CommonPrefixes", [])]


def test_the_first_version_goes_on_by_its_markers(s3, bucket):
    marker, found = "", []
    for _ in range(10):
        page = s3.list_objects(Bucket=bucket, Delimiter="/", MaxKeys=1, Marker=marker)
        found += entries(page)
        if not page["IsTruncated"]:
            break
        marker = page["NextMarker"]
        assert marker == found[-1]
    assert found == ["a b", "d/", "e+é", "f/", "z"]


def test_the_second_version_goes_on_by_its_tokens(s3, bucket):
    pages = list(
        s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 2})
    )
    assert [page["KeyCount"] for page in pages] == [2, 2, 1]
    assert [entry for page in pages for entry in entries(page)] == ["a b", "d/", "e+é", "f/", "z"]
    assert entries(s3.list_objects_v2(Bucket=bucket, StartAfter="e")) == ["e+é", "f/x/1", "z"]
    assert entries(s3.list_objects_v2(Bucket=bucket, Prefix="d/")) == ["d/1", "d/2"]


def signed(cloud, path):
    """A presigned GET, as it is: what boto3 makes of an answer is not looked at."""
    bucket, _mark, query = path.partition("?")
    from botocore.auth import S3SigV4QueryAuth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    from localcloud.resources.spaces.keys import standing_key

    request = AWSRequest("GET", f"{cloud.spaces_url}/{bucket}?{query}")
    S3SigV4QueryAuth(Credentials(*standing_key()), "s3", "fra1").add_auth(request)
    return cloud.raw("GET", request.prepare().url)


@pytest.mark.parametrize("what", ["", "list-type=2&", "versions&"])
def test_keys_are_encoded_when_that_is_asked_for(cloud, s3, bucket, what):
    s3.put_object(Bucket=bucket, Key="x\x01", Body=b"")
    answer = signed(cloud, f"{bucket}?{what}encoding-type=url")[2].decode()
    assert all(f"<Key>{key}</Key>" in answer for key in ("a%20b", "d/1", "e%2B%C3%A9", "x%01"))
    assert "<EncodingType>url</EncodingType>" in answer
    assert "<Key>x&#x1;</Key>" in signed(cloud, f"{bucket}?{what}")[2].decode()
    assert signed(cloud, f"{bucket}?{what}encoding-type=odd")[0] == 400


@pytest.mark.parametrize("what", ["max-keys", "versions&max-keys", "uploads&max-uploads"])
def test_a_page_has_a_thousand_at_most(cloud, s3, bucket, what):
    name = {"max-keys": "MaxKeys", "uploads": "MaxUploads", "versions": "MaxKeys"}[what.partition("&")[0]]
    for asked in ("", "1000", "5000", "999999999999"):
        assert f"<{name}>1000</{name}>" in signed(cloud, f"{bucket}?{what}={asked}")[2].decode(), asked
    for odd in ("-1", "x", "1e3", "%C2%B2", "9" * 40):
        assert signed(cloud, f"{bucket}?{what}={odd}")[0] == 400, odd


def test_more_than_a_page(cloud, s3, bucket):
    from localcloud.resources.spaces.s3.rows import NULL, Version
    from localcloud.resources.spaces.s3.store import store_of

    for number in range(1001):
        store_of(cloud.shared.world)[bucket].put(Version(f"n{number:04}", NULL, "2026-11-28T00:00:00.000Z"))
    page = s3.list_objects_v2(Bucket=bucket, Prefix="n")
    assert (len(page["Contents"]), page["IsTruncated"]) == (1000, True)
    assert len(s3.list_object_versions(Bucket=bucket, Prefix="n")["Versions"]) == 1000


def test_no_more_than_a_thousand_keys_are_deleted_at_once(cloud, s3, bucket, code):
    objects = [{"Key": f"n{number}"} for number in range(1001)]
    assert code(s3.delete_objects, Bucket=bucket, Delete={"Objects": objects}) == "MalformedXML"
    assert len(s3.delete_objects(Bucket=bucket, Delete={"Objects": objects[:1000]})["Deleted"]) == 1000


def test_versions_by_page(s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for _ in range(3):
        s3.put_object(Bucket=bucket, Key="d/1", Body=b"")
    s3.delete_object(Bucket=bucket, Key="z")
    pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2}))
    assert {len(page.get("Versions", [])) + len(page.get("DeleteMarkers", [])) for page in pages} == {2}
    found = [row["Key"] for page in pages for row in page.get("Versions", [])]
    assert sorted(found) == sorted([*KEYS, "d/1", "d/1", "d/1"])
    assert [row["Key"] for page in pages for row in page.get("DeleteMarkers", [])] == ["z"]
    rolled = s3.list_object_versions(Bucket=bucket, Delimiter="/")
    assert [row["Prefix"] for row in rolled["CommonPrefixes"]] == ["d/", "f/"]


def test_uploads_and_parts_by_page(s3, bucket):
    ids = {}
    for key in ("u/1", "u/2", "v w"):
        ids[key] = s3.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]
    pages = list(
        s3.get_paginator("list_multipart_uploads").paginate(
            Bucket=bucket, EncodingType="url", PaginationConfig={"PageSize": 2}
        )
    )
    assert [row["Key"] for page in pages for row in page["Uploads"]] == ["u/1", "u/2", "v%20w"]
    rolled = s3.list_multipart_uploads(Bucket=bucket, Delimiter="/")
    assert [row["Prefix"] for row in rolled["CommonPrefixes"]] == ["u/"]
    which = {"Bucket": bucket, "Key": "u/1", "UploadId": ids["u/1"]}
    for number in (1, 2, 3):
        s3.upload_part(**which, PartNumber=number, Body=b"%d" % number)
    parts = list(s3.get_paginator("list_parts").paginate(**which, PaginationConfig={"PageSize": 2}))
    assert [row["PartNumber"] for page in parts for row in page["Parts"]] == [1, 2, 3]
