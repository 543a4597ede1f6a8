# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions: what is kept, what a delete marker says, and who may touch which."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    return "fisio-a"


def versioning(s3, bucket, status):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})


def rows(s3, bucket):
    """``(key, id, latest, marker)`` of all there is, the newest of a key first."""
    found = s3.list_object_versions(Bucket=bucket)
    listed = [(row, False) for row in found.get("Versions", [])]
    listed += [(row, True) for row in found.get("DeleteMarkers", [])]
    listed.sort(key=lambda pair: pair[0]["LastModified"], reverse=True)
    return [(row["Key"], row["VersionId"], row["IsLatest"], marker) for row, marker in listed]


def body(s3, bucket, **which):
    return s3.get_object(Bucket=bucket, Key="k", **which)["Body"].read()


@pytest.fixture
def suspended(s3, bucket):
    """``null`` from before, two versions, then suspended."""
    s3.put_object(Bucket=bucket, Key="k", Body=b"before")
    versioning(s3, bucket, "Enabled")
    ids = [s3.put_object(Bucket=bucket, Key="k", Body=b"%d" % n)["VersionId"] for n in range(2)]
    versioning(s3, bucket, "Suspended")
    return ids


def test_suspended_versioning_keeps_what_is_there(s3, bucket, suspended):
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"after").get("VersionId") is None
    assert body(s3, bucket) == body(s3, bucket, VersionId="null") == b"after"
    assert [body(s3, bucket, VersionId=id) for id in suspended] == [b"0", b"1"]
    # The version that had no id is the one that goes.
    gone = s3.delete_object(Bucket=bucket, Key="k")
    assert (gone["DeleteMarker"], gone["VersionId"]) == (True, "null")
    assert [body(s3, bucket, VersionId=id) for id in suspended] == [b"0", b"1"]
    assert sorted(row[1:] for row in rows(s3, bucket)) == sorted(
        [("null", True, True), *((id, False, False) for id in suspended)]
    )


def test_a_suspended_bucket_can_be_emptied(s3, bucket, suspended):
    s3.put_object(Bucket=bucket, Key="k", Body=b"after")
    s3.delete_object(Bucket=bucket, Key="other")
    listed = [{"Key": key, "VersionId": id} for key, id, _latest, _marker in rows(s3, bucket)]
    assert len(listed) == 4
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": listed})
    assert len(answer["Deleted"]) == 4
    assert rows(s3, bucket) == []
    s3.delete_bucket(Bucket=bucket)


def test_a_delete_marker_shows_itself(cloud, s3, bucket):
    from botocore.exceptions import ClientError

    versioning(s3, bucket, "Enabled")
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"1")["VersionId"]
    marker = s3.delete_object(Bucket=bucket, Key="k")
    assert marker["DeleteMarker"]
    for which, status, error in (({}, 404, "NoSuchKey"), ({"VersionId": marker["VersionId"]}, 405, "MethodNotAllowed")):
        for call in (s3.get_object, s3.head_object):
            with pytest.raises(ClientError) as caught:
                call(Bucket=bucket, Key="k", **which)
            answer = caught.value.response["ResponseMetadata"]
            assert answer["HTTPStatusCode"] == status
            assert answer["HTTPHeaders"]["x-amz-delete-marker"] == "true"
            assert answer["HTTPHeaders"]["x-amz-version-id"] == marker["VersionId"]
            if call == s3.get_object:
                assert caught.value.response["Error"]["Code"] == error
    gone = s3.delete_object(Bucket=bucket, Key="k", VersionId=marker["VersionId"])
    assert (gone["DeleteMarker"], gone["VersionId"]) == (True, marker["VersionId"])
    assert s3.head_object(Bucket=bucket, Key="k")["VersionId"] == first


def test_acl_and_tags_belong_to_a_version(cloud, s3, bucket):
    versioning(s3, bucket, "Enabled")
    old = s3.put_object(Bucket=bucket, Key="k", Body=b"old", ACL="public-read", Tagging="a=1")["VersionId"]
    new = s3.put_object(Bucket=bucket, Key="k", Body=b"new")["VersionId"]

    def readable(version):
        return cloud.raw("GET", f"{cloud.spaces_url}/{bucket}/k{version and '?versionId='}{version}")[0]

    assert (readable(""), readable(new), readable(old)) == (403, 403, 200)
    s3.put_object_acl(Bucket=bucket, Key="k", VersionId=old, ACL="private")
    s3.put_object_acl(Bucket=bucket, Key="k", ACL="public-read")
    assert (readable(""), readable(new), readable(old)) == (200, 200, 403)
    assert s3.get_object_tagging(Bucket=bucket, Key="k", VersionId=old)["TagSet"] == [{"Key": "a", "Value": "1"}]
    assert s3.get_object_tagging(Bucket=bucket, Key="k")["TagSet"] == []


def deny(s3, bucket, action, key):
    statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": f"arn:aws:s3:::{bucket}/{key}"}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Statement": [statement]}))


def test_a_policy_judges_each_key_of_many(s3, bucket):
    for key in ("safe/a", "b", "c"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    deny(s3, bucket, "s3:DeleteObject", "safe/*")
    objects = [{"Key": "safe/a"}, {"Key": "b"}, {"Key": "c"}]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects[:2]})
    assert [row["Key"] for row in answer["Deleted"]] == ["b"]
    assert [(row["Key"], row["Code"]) for row in answer["Errors"]] == [("safe/a", "AccessDenied")]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    assert "Deleted" not in answer
    assert [row["Key"] for row in answer["Errors"]] == ["safe/a"]
    assert [row["Key"] for row in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["safe/a"]


def test_a_policy_knows_versions_apart(s3, bucket, code):
    versioning(s3, bucket, "Enabled")
    ids = [s3.put_object(Bucket=bucket, Key="k", Body=b"x")["VersionId"] for _ in range(2)]
    deny(s3, bucket, ["s3:DeleteObjectVersion", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"], "*")
    old = {"Bucket": bucket, "Key": "k", "VersionId": ids[0]}
    for call in (s3.get_object, s3.delete_object, s3.get_object_tagging):
        assert code(call, **old) == "AccessDenied"
    objects = [{"Key": "k", "VersionId": ids[0]}]
    assert s3.delete_objects(Bucket=bucket, Delete={"Objects": objects})["Errors"][0]["Code"] == "AccessDenied"
    assert code(s3.copy_object, Bucket=bucket, Key="copy", CopySource=old) == "AccessDenied"
    assert body(s3, bucket) == b"x"
    s3.delete_object(Bucket=bucket, Key="k")
    deny(s3, bucket, "s3:DeleteObject", "*")
    assert code(s3.delete_object, Bucket=bucket, Key="k") == "AccessDenied"
    s3.delete_object(**old)
