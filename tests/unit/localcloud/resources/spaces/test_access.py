# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what: grants of keys, ACLs, bucket policies."""

from __future__ import annotations

import json

import pytest

KEY = {"Key": "k"}
READS = {
    "head_bucket": {},
    "list_objects": {},
    "list_objects_v2": {},
    "list_object_versions": {},
    "get_bucket_location": {},
    "get_object": KEY,
    "head_object": KEY,
    "get_object_acl": KEY,
    "get_object_tagging": KEY,
}
WRITES = {
    "put_object": {**KEY, "Body": b"x"},
    "put_object_acl": {**KEY, "ACL": "private"},
    "put_object_tagging": {**KEY, "Tagging": {"TagSet": []}},
    "copy_object": {"Key": "copy", "CopySource": "fisio-a/k"},
    "delete_objects": {"Delete": {"Objects": [{"Key": "none"}]}},
    "create_multipart_upload": {"Key": "big"},
    "list_multipart_uploads": {},
    "delete_object": KEY,
}
OWNS = {
    "get_bucket_acl": {},
    "put_bucket_acl": {"ACL": "private"},
    "get_bucket_cors": {},
    "put_bucket_cors": {"CORSConfiguration": {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}},
    "get_bucket_versioning": {},
    "put_bucket_versioning": {"VersioningConfiguration": {"Status": "Enabled"}},
    "get_bucket_lifecycle_configuration": {},
    "get_bucket_policy": {},
    "get_bucket_logging": {},
    "delete_bucket_cors": {},
    "delete_bucket": {},
}
CALLS = {**READS, **WRITES, **OWNS}


@pytest.fixture
def bucket(s3):
    for name in ("fisio-a", "fisio-b"):
        s3.create_bucket(Bucket=name)
        s3.put_object(Bucket=name, Key="k", Body=b"hello")
    return "fisio-a"


def outcome(client, name, bucket):
    """Whether a call got past the gate: an error about something that is not there is on the far side of it."""
    from botocore.exceptions import ClientError

    try:
        getattr(client, name)(Bucket=bucket, **CALLS[name])
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"] != 403
    return True


@pytest.mark.parametrize(
    ("permission", "allowed"),
    [("read", {*READS}), ("readwrite", {*READS, *WRITES}), ("fullaccess", {*CALLS}), (None, set())],
)
def test_what_a_key_may_do(cloud, bucket, permission, allowed):
    grants = [] if permission is None else [("" if permission == "fullaccess" else bucket, permission)]
    client = cloud.s3(cloud.key(*grants))
    done = {name for name in CALLS if outcome(client, name, bucket)}
    assert done == allowed


@pytest.mark.parametrize("permission", ["read", "readwrite"])
def test_a_key_of_one_bucket_opens_no_other(cloud, s3, bucket, code, permission):
    client = cloud.s3(cloud.key((bucket, permission)))
    assert {name for name in CALLS if outcome(client, name, "fisio-b")} == set()
    assert code(client.list_buckets) == "AccessDenied"
    assert code(client.create_bucket, Bucket="fisio-c") == "AccessDenied"
    assert s3.get_object(Bucket="fisio-b", Key="k")["Body"].read() == b"hello"


def test_grants_on_several_buckets(cloud, bucket):
    client = cloud.s3(cloud.key((bucket, "read"), ("fisio-b", "readwrite")))
    assert (outcome(client, "put_object", bucket), outcome(client, "put_object", "fisio-b")) == (False, True)
    assert outcome(client, "get_object", bucket)


def anonymous(cloud, path):
    return cloud.raw("GET", cloud.spaces_url + path)[0]


def test_anonymous_readers(cloud, s3, bucket):
    """A public bucket is one whose contents can be listed; each object has an ACL of its own."""
    assert (anonymous(cloud, f"/{bucket}"), anonymous(cloud, f"/{bucket}/k"), anonymous(cloud, "/")) == (403, 403, 403)
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    assert (anonymous(cloud, f"/{bucket}"), anonymous(cloud, f"/{bucket}/k")) == (200, 403)
    s3.put_object(Bucket=bucket, Key="new", Body=b"x")
    assert anonymous(cloud, f"/{bucket}/new") == 403
    s3.put_object(Bucket=bucket, Key="open", Body=b"x", ACL="public-read")
    assert anonymous(cloud, f"/{bucket}/open") == 200
    owner = s3.get_object_acl(Bucket=bucket, Key="open")
    s3.put_object_acl(Bucket=bucket, Key="new", AccessControlPolicy={k: owner[k] for k in ("Owner", "Grants")})
    assert anonymous(cloud, f"/{bucket}/new") == 200
    owner["Grants"] = [grant for grant in owner["Grants"] if grant["Permission"] == "FULL_CONTROL"]
    s3.put_object_acl(Bucket=bucket, Key="new", AccessControlPolicy={k: owner[k] for k in ("Owner", "Grants")})
    assert anonymous(cloud, f"/{bucket}/new") == 403
    s3.put_bucket_acl(Bucket=bucket, ACL="private")
    assert (anonymous(cloud, f"/{bucket}"), anonymous(cloud, f"/{bucket}/open")) == (403, 200)
    assert cloud.raw("PUT", f"{cloud.spaces_url}/{bucket}/open", b"y")[0] == 403
    assert cloud.raw("DELETE", f"{cloud.spaces_url}/{bucket}/open")[0] == 403


def statement(effect, action, resource, **more):
    return {"Effect": effect, "Principal": "*", "Action": action, "Resource": f"arn:aws:s3:::{resource}", **more}


def not_from(networks):
    return {"NotIpAddress": {"aws:SourceIp": networks}}


def test_a_policy_opens_and_closes(cloud, s3, bucket, code):
    statements = [
        statement("Allow", "s3:GetObject", f"{bucket}/public/*"),
        statement("Deny", ["s3:DeleteObject", "s3:*BucketPolicy"], f"{bucket}*"),
        statement("Deny", "s3:*", f"{bucket}/*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        statement("Deny", "s3:GetObject", f"{bucket}/inner/*", Condition=not_from("127.0.0.0/8")),
        statement("Deny", "s3:GetObject", f"{bucket}/outer/*", Condition=not_from(["10.0.0.0/8"])),
    ]
    for key in ("public/x", "inner/x", "outer/x"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Statement": statements}))
    assert anonymous(cloud, f"/{bucket}/public/x") == 200
    assert (anonymous(cloud, f"/{bucket}/k"), anonymous(cloud, f"/{bucket}/inner/x")) == (403, 403)
    assert s3.get_object(Bucket=bucket, Key="inner/x")
    assert code(s3.get_object, Bucket=bucket, Key="outer/x") == "AccessDenied"
    assert code(s3.delete_object, Bucket=bucket, Key="k") == "AccessDenied"
    # Nobody locks the owner out for good; others are not let in by that.
    assert anonymous(cloud, f"/{bucket}?policy") == 403
    assert cloud.raw("DELETE", f"{cloud.spaces_url}/{bucket}?policy")[0] == 403
    assert s3.get_bucket_policy(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Statement": statements[:1]}))
    s3.delete_object(Bucket=bucket, Key="k")


def test_policies_and_limited_keys_exclude_each_other(cloud, s3, bucket, code):
    policy = json.dumps({"Statement": [statement("Allow", "s3:GetObject", f"{bucket}/*")]})
    key = cloud.key((bucket, "read"))
    assert code(s3.put_bucket_policy, Bucket=bucket, Policy=policy) == "AccessDenied"
    s3.put_bucket_policy(Bucket="fisio-b", Policy=json.dumps({"Statement": [statement("Deny", "s3:X", "fisio-b")]}))
    assert cloud.api("DELETE", f"/v2/spaces/keys/{key[0]}")[0] == 204
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    body = {"name": "late", "grants": [{"bucket": bucket, "permission": "read"}]}
    status, answer = cloud.api("POST", "/v2/spaces/keys", body)
    assert (status, "bucket policy" in answer["message"]) == (400, True)
