# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State over a restart, reset, seeds and faults."""

from __future__ import annotations

import json

import pytest

from localcloud.resources.spaces.s3.store import store_of
from localcloud.world import state_file


@pytest.fixture
def full(s3):
    """Two buckets with everything in them."""
    s3.create_bucket(Bucket="fisio-a", ACL="public-read")
    s3.create_bucket(Bucket="fisio-logs")
    s3.put_bucket_versioning(Bucket="fisio-a", VersioningConfiguration={"Status": "Enabled"})
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://x"], "ID": "c"}
    s3.put_bucket_cors(Bucket="fisio-a", CORSConfiguration={"CORSRules": [rule]})
    rules = [{"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "t/"}, "Expiration": {"Days": 3}}]
    s3.put_bucket_lifecycle_configuration(Bucket="fisio-a", LifecycleConfiguration={"Rules": rules})
    target = {"TargetBucket": "fisio-logs", "TargetPrefix": "a/"}
    s3.put_bucket_logging(Bucket="fisio-a", BucketLoggingStatus={"LoggingEnabled": target})
    policy = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:X", "Resource": "*"}]}
    s3.put_bucket_policy(Bucket="fisio-a", Policy=json.dumps(policy))
    s3.put_object(Bucket="fisio-a", Key="ä/ +.bin", Body=bytes(range(256)), Metadata={"m_1": "v"}, ContentType="a/b")
    s3.put_object(Bucket="fisio-a", Key="open", Body=b"x", ACL="public-read", CacheControl="max-age=1")
    s3.put_object_tagging(Bucket="fisio-a", Key="open", Tagging={"TagSet": [{"Key": "a b", "Value": "c=d"}]})
    for number in range(3):
        s3.put_object(Bucket="fisio-logs", Key=f"n{number}", Body=b"")
    return s3


def picture(s3):
    """Everything about the two buckets, without what a new copy has of its own."""
    whole = {}
    calls = ("acl", "cors", "lifecycle_configuration", "logging", "policy", "versioning", "location")
    for name in calls:
        whole[name] = getattr(s3, f"get_bucket_{name}")(Bucket="fisio-a")
    for key in ("ä/ +.bin", "open"):
        whole[key] = s3.get_object(Bucket="fisio-a", Key=key)
        whole[key]["Body"] = whole[key]["Body"].read()
        whole[f"{key} tags"] = s3.get_object_tagging(Bucket="fisio-a", Key=key)["TagSet"]
        whole[f"{key} acl"] = s3.get_object_acl(Bucket="fisio-a", Key=key)
    whole["logs"] = s3.list_objects_v2(Bucket="fisio-logs")
    whole["buckets"] = s3.list_buckets()["Buckets"]
    for answer in whole.values():
        if isinstance(answer, dict):
            for gone in ("ResponseMetadata", "VersionId", "LastModified"):
                answer.pop(gone, None)
            for entry in answer.get("Contents", []):
                entry.pop("LastModified")
    return whole


def test_state_survives(cloud, full):
    before = picture(full)
    state = json.loads(json.dumps(state_file.dump(cloud.shared.world)))
    cloud.shared.reset()
    assert full.list_buckets()["Buckets"] == []
    cloud.shared.load(state)
    assert picture(full) == before


def versions(s3, bucket):
    """Key, body and whether it is the latest of each version, newest first; then the delete markers."""
    listed = s3.list_object_versions(Bucket=bucket)
    rows = []
    for row in listed["Versions"]:
        body = s3.get_object(Bucket=bucket, Key=row["Key"], VersionId=row["VersionId"])["Body"].read()
        rows.append((row["Key"], body, row["IsLatest"]))
    return rows + [(row["Key"], None, row["IsLatest"]) for row in listed.get("DeleteMarkers", [])]


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
def test_versions_survive(cloud, full, status):
    for body in (b"1", b"2", b"3"):
        full.put_object(Bucket="fisio-a", Key="v", Body=body)
    full.put_object(Bucket="fisio-a", Key="gone", Body=b"still there")
    full.delete_object(Bucket="fisio-a", Key="gone")
    full.put_bucket_versioning(Bucket="fisio-a", VersioningConfiguration={"Status": status})
    before = versions(full, "fisio-a")
    assert [row for row in before if row[0] == "v"] == [("v", b"3", True), ("v", b"2", False), ("v", b"1", False)]
    assert [row for row in before if row[0] == "gone"] == [("gone", b"still there", False), ("gone", None, True)]
    state = json.loads(json.dumps(state_file.dump(cloud.shared.world)))
    cloud.shared.reset()
    cloud.shared.load(state)
    assert versions(full, "fisio-a") == before
    assert full.get_bucket_versioning(Bucket="fisio-a")["Status"] == status


@pytest.mark.parametrize("bucket", ["fisio-a", "fisio-logs"])
@pytest.mark.parametrize("key", ["\u2028", " blanks ", "a+b%20c", "x\x01y"])
def test_odd_keys_survive(cloud, full, bucket, key):
    full.put_object(Bucket=bucket, Key=key, Body=b"x", WebsiteRedirectLocation="/x")
    state = json.loads(json.dumps(state_file.dump(cloud.shared.world)))
    cloud.shared.reset()
    cloud.shared.load(state)
    found = full.get_object(Bucket=bucket, Key=key)
    assert (found["Body"].read(), found["WebsiteRedirectLocation"]) == (b"x", "/x")


def test_a_reset_empties_everything(cloud, full, code):
    bodies = cloud.shared.home / "spaces"
    assert len(list(bodies.iterdir())) == 5
    cloud.shared.reset()
    assert list(bodies.iterdir()) == []
    full.create_bucket(Bucket="fisio-a")
    assert "Contents" not in full.list_objects_v2(Bucket="fisio-a")
    assert code(full.get_bucket_cors, Bucket="fisio-a") == "NoSuchCORSConfiguration"


def test_two_worlds_know_nothing_of_each_other(cloud, full, tmp_path, code):
    from localcloud.world import hooks
    from localcloud.world.world import World

    other = World()
    for start in hooks.STARTERS:
        start(other)
    hooks.SEEDERS["buckets"](other, 1)
    with pytest.raises(KeyError):
        store_of(other)["fisio-a"]
    assert code(full.head_bucket, Bucket="colleague-0001") == "404"
    other_store = store_of(other)
    other_store.clear()
    assert full.head_object(Bucket="fisio-a", Key="open")


def test_somebody_elses_buckets(cloud, s3):
    cloud.seed("buckets", 30)
    anywhere = cloud.s3(region="us-east-1")
    names = [bucket["Name"] for bucket in anywhere.list_buckets()["Buckets"]]
    assert len(names) == 30
    assert all(anywhere.list_objects_v2(Bucket=name)["KeyCount"] == 1 for name in names)


def test_faults_reach_this_port_too(cloud, s3, code):
    s3.create_bucket(Bucket="fisio-a")
    faults = cloud.shared.faults
    faults.add({"kind": "status", "status": 503, "path": "/fisio-a/k", "count": 1})
    assert code(s3.put_object, Bucket="fisio-a", Key="k", Body=b"") == "SlowDown"
    faults.add({"kind": "status", "status": 500, "method": "PUT", "path": "/fisio-a/k", "count": 1, "when": "after"})
    assert code(s3.put_object, Bucket="fisio-a", Key="k", Body=b"") == "InternalError"
    entry = cloud.journal()[-1]
    noted = [entry[name] for name in ("operation", "effect", "fault", "status")]
    assert noted == ["s3:PutObject", True, "status", 500]
    assert s3.head_object(Bucket="fisio-a", Key="k")


def test_a_new_bucket_may_stay_unseen_for_a_while(cloud, s3, code):
    cloud.shared.faults.add({"kind": "stale", "method": "PUT", "path": "/fisio-a", "count": 1, "reads": 2})
    s3.create_bucket(Bucket="fisio-a")
    assert code(s3.head_bucket, Bucket="fisio-a") == "404"
    assert s3.list_buckets()["Buckets"] == []
    assert s3.head_bucket(Bucket="fisio-a")


def test_status_of_writes_in_the_journal(cloud, s3, code):
    seq = len(cloud.journal()) and cloud.journal()[-1]["seq"]
    s3.create_bucket(Bucket="fisio-a")
    assert code(s3.create_bucket, Bucket="fisio-a") == "BucketAlreadyExists"
    s3.list_buckets()
    noted = [(entry["operation"], entry["status"], entry["effect"]) for entry in cloud.journal(seq)]
    assert noted == [("s3:CreateBucket", 200, True), ("s3:CreateBucket", 409, False), ("s3:ListBuckets", 200, False)]
