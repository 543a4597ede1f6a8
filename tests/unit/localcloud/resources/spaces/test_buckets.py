# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Buckets: names, regions, configuration, and what Spaces does not have."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    return "fisio-a"


@pytest.mark.parametrize(
    "name", ["ab", "a" * 64, "Upper", "under_score", "-dash", "dot..dot", "10.0.0.1", "dash-", "a.-b", "a-.b"]
)
def test_bad_names(cloud, name):
    assert cloud.put(f"/{name}") == (400, "InvalidBucketName")


def test_a_name_is_unique_over_all_regions_and_customers(cloud, s3, bucket, code):
    assert code(s3.create_bucket, Bucket=bucket) == "BucketAlreadyExists"
    assert code(cloud.s3(region="nyc3").create_bucket, Bucket=bucket) == "BucketAlreadyExists"
    cloud.seed("foreign_buckets", 2)
    assert code(s3.create_bucket, Bucket="taken-0002") == "BucketAlreadyExists"
    anywhere = cloud.s3(region="us-east-1")
    assert code(anywhere.head_bucket, Bucket="taken-0002") == "403"
    assert code(anywhere.list_objects_v2, Bucket="taken-0001") == "AccessDenied"
    assert [b["Name"] for b in anywhere.list_buckets()["Buckets"]] == [bucket]


def test_a_bucket_lives_in_one_region(cloud, s3, bucket, code):
    far = cloud.s3(region="nyc3")
    far.create_bucket(Bucket="fisio-far")
    assert [b["Name"] for b in s3.list_buckets()["Buckets"]] == [bucket]
    assert [b["Name"] for b in far.list_buckets()["Buckets"]] == ["fisio-far"]
    assert code(far.list_objects_v2, Bucket=bucket) == "NoSuchBucket"
    assert code(far.head_bucket, Bucket=bucket) == "404"
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == "fra1"
    # A client that was told no region names the one that S3 began with; on one endpoint for all, that is any.
    anywhere = cloud.s3(region="us-east-1")
    assert len(anywhere.list_buckets()["Buckets"]) == 2
    assert anywhere.get_bucket_location(Bucket="fisio-far")["LocationConstraint"] == "nyc3"


@pytest.mark.parametrize(
    ("region", "constraint", "expected"),
    [
        *[("fra1", "fra1", "fra1"), ("us-east-1", "ams3", "ams3"), ("us-east-1", None, "nyc3"), ("fra1", "ams3", None)],
        # A datacentre without Spaces: there, no host would answer.
        ("nyc1", None, None),
    ],
)
def test_location_constraints(cloud, code, region, constraint, expected):
    client = cloud.s3(region=region)
    more = {"CreateBucketConfiguration": {"LocationConstraint": constraint}} if constraint else {}
    if expected is None:
        assert code(client.create_bucket, Bucket="fisio-a", **more) == "InvalidLocationConstraint"
    else:
        client.create_bucket(Bucket="fisio-a", **more)
        assert client.get_bucket_location(Bucket="fisio-a")["LocationConstraint"] == expected


def test_there_may_be_a_hundred(cloud, s3, code):
    cloud.seed("buckets", 100)
    assert code(s3.create_bucket, Bucket="fisio-a") == "TooManyBuckets"


def test_only_an_empty_bucket_is_deleted(cloud, s3, bucket, code):
    assert cloud.api("GET", "/v2/projects")[0] == 200
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    assert code(s3.delete_bucket, Bucket=bucket) == "BucketNotEmpty"
    s3.delete_object(Bucket=bucket, Key="k")
    s3.delete_bucket(Bucket=bucket)
    assert code(s3.head_bucket, Bucket=bucket) == "404"
    assert code(s3.delete_bucket, Bucket=bucket) == "NoSuchBucket"
    s3.create_bucket(Bucket=bucket)


def test_a_bucket_is_in_a_project(cloud, s3, bucket):
    from localcloud.resources import projects

    assert projects.project_of(cloud.shared.world, f"do:space:{bucket}")
    s3.delete_bucket(Bucket=bucket)
    assert projects.project_of(cloud.shared.world, f"do:space:{bucket}") is None


CORS = [
    {
        "ID": "one",
        "AllowedHeaders": ["*"],
        "AllowedMethods": ["GET", "PUT"],
        "AllowedOrigins": ["https://app.fisioflow.example"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }
]


def test_cors(cloud, s3, bucket, code):
    assert code(s3.get_bucket_cors, Bucket=bucket) == "NoSuchCORSConfiguration"
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": CORS})
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == CORS
    asked = {"Origin": "https://app.fisioflow.example", "Access-Control-Request-Method": "PUT"}
    status, headers, _body = cloud.raw("OPTIONS", f"{cloud.spaces_url}/{bucket}/k", None, asked)
    assert (status, headers["access-control-allow-origin"]) == (200, "https://app.fisioflow.example")
    status, headers, _body = cloud.raw(
        "OPTIONS", f"{cloud.spaces_url}/{bucket}/k", None, {**asked, "Origin": "https://evil"}
    )
    assert (status, headers["access-control-allow-origin"]) == (403, None)
    s3.delete_bucket_cors(Bucket=bucket)
    assert code(s3.get_bucket_cors, Bucket=bucket) == "NoSuchCORSConfiguration"
    wrong = [{**CORS[0], "AllowedMethods": ["PATCH"]}]
    assert code(s3.put_bucket_cors, Bucket=bucket, CORSConfiguration={"CORSRules": wrong}) == "InvalidRequest"


def lifecycle(**rule):
    return {"Rules": [{"Status": "Enabled", "Filter": {"Prefix": "tmp/"}, **rule}]}


def test_lifecycle(s3, bucket, code):
    assert code(s3.get_bucket_lifecycle_configuration, Bucket=bucket) == "NoSuchLifecycleConfiguration"
    wanted = lifecycle(
        Expiration={"Days": 30},
        NoncurrentVersionExpiration={"NoncurrentDays": 7},
        AbortIncompleteMultipartUpload={"DaysAfterInitiation": 1},
    )
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=wanted)
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule.pop("ID")
    assert [rule] == wanted["Rules"]
    put = s3.put_bucket_lifecycle_configuration
    tagged = lifecycle(Expiration={"Days": 1}, Filter={"Tag": {"Key": "a", "Value": "b"}})
    assert code(put, Bucket=bucket, LifecycleConfiguration=tagged) == "NotImplemented"
    moved = lifecycle(Transitions=[{"Days": 1, "StorageClass": "GLACIER"}])
    assert code(put, Bucket=bucket, LifecycleConfiguration=moved) == "NotImplemented"
    assert code(put, Bucket=bucket, LifecycleConfiguration=lifecycle(Expiration={"Days": 0})) == "InvalidArgument"
    assert code(put, Bucket=bucket, LifecycleConfiguration=lifecycle()) == "MalformedXML"
    s3.delete_bucket_lifecycle(Bucket=bucket)
    assert code(s3.get_bucket_lifecycle_configuration, Bucket=bucket) == "NoSuchLifecycleConfiguration"


def test_versioning(s3, bucket):
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    for status in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})
        assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == status


def test_logging(cloud, s3, bucket, code):
    s3.create_bucket(Bucket="fisio-logs")
    cloud.s3(region="nyc3").create_bucket(Bucket="fisio-far")
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)

    def put(target, of=bucket):
        return {"Bucket": of, "BucketLoggingStatus": {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "a/"}}}

    s3.put_bucket_logging(**put("fisio-logs"))
    enabled = s3.get_bucket_logging(Bucket=bucket)["LoggingEnabled"]
    assert enabled == {"TargetBucket": "fisio-logs", "TargetPrefix": "a/"}
    assert code(s3.put_bucket_logging, **put("nowhere")) == "InvalidTargetBucketForLogging"
    assert code(s3.put_bucket_logging, **put(bucket)) == "InvalidTargetBucketForLogging"
    assert code(s3.put_bucket_logging, **put("fisio-far")) == "CrossLocationLoggingProhibited"
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)


def test_acl(s3, bucket, code):
    everybody = "http://acs.amazonaws.com/groups/global/AllUsers"

    def public():
        grants = s3.get_bucket_acl(Bucket=bucket)["Grants"]
        return [g["Permission"] for g in grants if g["Grantee"].get("URI") == everybody]

    assert public() == []
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    assert public() == ["READ"]
    s3.put_bucket_acl(Bucket=bucket, ACL="private")
    assert public() == []
    assert code(s3.put_bucket_acl, Bucket=bucket, ACL="public-read-write") == "InvalidArgument"
    s3.create_bucket(Bucket="fisio-public", ACL="public-read")
    bucket = "fisio-public"
    assert public() == ["READ"]


def test_policy(s3, bucket, code):
    assert code(s3.get_bucket_policy, Bucket=bucket) == "NoSuchBucketPolicy"
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=bucket, Policy=text)
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == text
    for wrong in ("no json", "{}", json.dumps({"Statement": [{**statement, "Effect": "Perhaps"}]})):
        assert code(s3.put_bucket_policy, Bucket=bucket, Policy=wrong) == "MalformedPolicy"
    for condition in (
        {"DateLessThan": {"aws:CurrentTime": "2030-01-01"}},
        {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "not an address"]}},
        {"IpAddress": {"aws:Referer": "10.0.0.0/8"}},
        {"Bool": "aws:SecureTransport"},
        ["Bool"],
    ):
        policy = json.dumps({"Statement": [{**statement, "Condition": condition}]})
        assert code(s3.put_bucket_policy, Bucket=bucket, Policy=policy) == "MalformedPolicy", condition
    s3.delete_bucket_policy(Bucket=bucket)
    assert code(s3.get_bucket_policy, Bucket=bucket) == "NoSuchBucketPolicy"


def test_a_document_that_is_none(cloud, s3, bucket):
    for sub in ("cors", "lifecycle", "versioning", "logging", "acl"):
        assert cloud.put(f"/{bucket}?{sub}", b"<not xml") == (400, "MalformedXML"), sub
        assert cloud.put(f"/{bucket}?{sub}", b"<Other/>") == (400, "MalformedXML"), sub


LACKING = {
    "get_object_lock_configuration": {},
    "get_bucket_replication": {},
    "list_bucket_inventory_configurations": {},
    "list_bucket_analytics_configurations": {},
    "list_bucket_metrics_configurations": {},
    "list_bucket_intelligent_tiering_configurations": {},
    "get_bucket_tagging": {},
    "put_bucket_tagging": {"Tagging": {"TagSet": [{"Key": "a", "Value": "b"}]}},
    "delete_bucket_tagging": {},
    "get_bucket_encryption": {},
    "put_bucket_encryption": {
        "ServerSideEncryptionConfiguration": {
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        }
    },
    "get_bucket_notification_configuration": {},
    "get_public_access_block": {},
    "put_public_access_block": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
    "get_bucket_ownership_controls": {},
    "get_bucket_accelerate_configuration": {},
    "get_bucket_request_payment": {},
    "get_bucket_policy_status": {},
    "get_object_retention": {"Key": "k"},
    "get_object_legal_hold": {"Key": "k"},
    "get_object_attributes": {"Key": "k", "ObjectAttributes": ["ETag"]},
    "restore_object": {"Key": "k", "RestoreRequest": {"Days": 1}},
}


@pytest.mark.parametrize("name", LACKING)
def test_what_spaces_lacks(s3, bucket, code, name):
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    assert code(getattr(s3, name), Bucket=bucket, **LACKING[name]) == "NotImplemented"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"ServerSideEncryption": "aws:kms"}, "NotImplemented"),
        ({"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 31}, "InvalidArgument"),
        ({"SSECustomerAlgorithm": "DES", "SSECustomerKey": "k" * 32}, "InvalidEncryptionAlgorithmError"),
        ({"ObjectLockMode": "GOVERNANCE", "ObjectLockRetainUntilDate": "2030-01-01"}, "NotImplemented"),
        ({"StorageClass": "GLACIER"}, "InvalidStorageClass"),
        ({"ACL": "authenticated-read"}, "InvalidArgument"),
    ],
)
def test_what_an_object_cannot_have(s3, bucket, code, more, expected):
    assert code(s3.put_object, Bucket=bucket, Key="k", Body=b"", **more) == expected
    assert code(s3.head_object, Bucket=bucket, Key="k") == "404"
