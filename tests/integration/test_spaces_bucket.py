# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about buckets: settings with calls of their own, what others have set, and what is inside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.integration.harness.ansible import play
from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Outcome, Step, admin, assert_sentence, fault
from tests.localcloud_fixtures import LocalCloud

NAME = "clinic-uploads"
BUCKET = {"name": NAME, "region": "fra1"}
WHOLE: dict[str, Any] = {
    **BUCKET,
    "acl": "public-read",
    "versioning": True,
    "cors": [{"allowed_origins": ["https://clinic.example"], "allowed_methods": ["GET"]}],
    "lifecycle": [{"id": "uploads", "abort_incomplete_multipart_upload": {"days_after_initiation": 7}}],
    "policy": {
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{NAME}/public/*"}
        ]
    },
    "logging": {"target_bucket": "clinic-logs", "target_prefix": "uploads/"},
}
SETTINGS = ("acl", "versioning", "cors", "lifecycle", "policy", "logging")


@pytest.fixture
def s3(cloud: LocalCloud) -> Iterator[Any]:
    """Somebody else with the same rights."""
    client = boto3.client(
        "s3",
        endpoint_url=cloud.spaces_url,
        region_name="fra1",
        verify=cloud.ca,
        aws_access_key_id=cloud.env["SPACES_ACCESS_KEY_ID"],
        aws_secret_access_key=cloud.env["SPACES_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}),
    )
    yield client
    client.close()


def questions(outcome: Outcome) -> list[str]:
    return sorted(call["query"].partition("=")[0] for call in outcome.calls if call["method"] == "GET")


def bucket(outcome: Outcome) -> dict[str, Any]:
    assert outcome.status == "ok", outcome.message
    found: dict[str, Any] = outcome.result["spaces_bucket"]
    return found


def test_settings_that_are_left_out_are_neither_read_nor_touched(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("logs", "spaces_bucket", {"name": "clinic-logs", "region": "fra1"}),
            Step("whole", "spaces_bucket", WHOLE),
            Step("info", "spaces_bucket_info", BUCKET),
            Step("alone", "spaces_bucket", BUCKET),
            Step("acl", "spaces_bucket", {**BUCKET, "acl": "private"}),
            Step("info again", "spaces_bucket_info", BUCKET),
            Step("list", "spaces_bucket_info", {"region": "fra1"}),
            Step("list elsewhere", "spaces_bucket_info", {"region": "nyc3"}),
            Step("no such", "spaces_bucket_info", {"name": "none-of-ours", "region": "fra1"}),
        ],
    )
    # Created with its ACL, then one call for each of the others.
    assert len(run["whole"].writes) == 6
    assert questions(run["alone"]) == ["location"]
    assert run["alone"].writes == []
    assert bucket(run["alone"]) == {
        **BUCKET,
        "urn": f"do:space:{NAME}",
        "host": f"{NAME}.fra1.digitaloceanspaces.com",
        "endpoint": cloud.spaces_url,
        "url": f"{cloud.spaces_url}/{NAME}",
    }
    assert [call["query"].rstrip("=") for call in run["acl"].writes] == ["acl"]
    (before,), (after,) = run["info"].result["spaces_buckets"], run["info again"].result["spaces_buckets"]
    assert {name: before[name] for name in SETTINGS} == {name: bucket(run["whole"])[name] for name in SETTINGS}
    assert after == {**before, "acl": "private"}
    assert [row["name"] for row in run["list"].result["spaces_buckets"]] == ["clinic-logs", NAME]
    assert not set(SETTINGS) & set(run["list"].result["spaces_buckets"][0])
    assert run["list elsewhere"].result["spaces_buckets"] == run["no such"].result["spaces_buckets"] == []


def test_settings_are_read_in_the_time_of_one_request(cloud: LocalCloud) -> None:
    """As many as the buckets of an app have: a run makes a few connections to Spaces, not one for everything."""
    few = {name: value for name, value in WHOLE.items() if name not in ("policy", "logging")}
    run = inside(
        cloud,
        [
            Step("logs", "spaces_bucket", {"name": "clinic-logs", "region": "fra1"}),
            Step("whole", "spaces_bucket", WHOLE),
            Step("slow", "spaces_bucket", few, before=[admin("settings", latency_ms=400)]),
        ],
    )
    assert run["slow"].changed is False
    assert questions(run["slow"]) == ["acl", "cors", "lifecycle", "location", "versioning"]
    settings = [call for call in run["slow"].calls if call["query"].partition("=")[0] in SETTINGS]
    ends = [call["at"] for call in settings]
    begins = [call["at"] - call["duration_ms"] / 1000 for call in settings]
    assert len(settings) == 4
    assert max(begins) < min(ends), "there is a moment at which all of them are under way"


def test_what_others_have_set_is_seen(cloud: LocalCloud, s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    s3.put_bucket_acl(Bucket=NAME, GrantWrite='uri="http://acs.amazonaws.com/groups/global/AllUsers"')
    s3.put_bucket_lifecycle_configuration(
        Bucket=NAME,
        LifecycleConfiguration={
            "Rules": [{"Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 3}}]
        },
    )
    s3.put_bucket_cors(
        Bucket=NAME,
        CORSConfiguration={"CORSRules": [{"ID": "theirs", "AllowedMethods": ["PUT", "GET"], "AllowedOrigins": ["*"]}]},
    )
    rules = {
        "lifecycle": [{"prefix": "tmp/", "expiration": {"days": 3}}],
        "cors": [{"allowed_methods": ["GET", "PUT"], "allowed_origins": ["*"]}],
    }
    run = inside(
        cloud,
        [
            Step("info", "spaces_bucket_info", BUCKET),
            Step("equal", "spaces_bucket", {**BUCKET, **rules}),
            Step("acl: check", "spaces_bucket", {**BUCKET, "acl": "private"}, check=True),
            Step("acl", "spaces_bucket", {**BUCKET, "acl": "private"}),
            Step(
                "rules",
                "spaces_bucket",
                {
                    **BUCKET,
                    "lifecycle": [*rules["lifecycle"], {"expiration": {"date": "2027-01-31"}, "status": "Disabled"}],
                },
            ),
            Step(
                "rules again",
                "spaces_bucket",
                {
                    **BUCKET,
                    "lifecycle": [
                        {"expiration": {"date": "2027-01-31T00:00:00Z"}, "status": "Disabled"},
                        *rules["lifecycle"],
                    ],
                },
            ),
        ],
    )
    (found,) = run["info"].result["spaces_buckets"]
    assert found["acl"] == "custom"
    assert run["equal"].changed is False
    assert run["acl: check"].result["diff"] == run["acl"].result["diff"]
    assert run["acl"].result["diff"]["before"]["acl"] == "custom"
    assert bucket(run["acl"])["acl"] == "private"
    # The name that S3 had invented stays.
    assert found["lifecycle"][0]["id"] in [rule["id"] for rule in bucket(run["rules"])["lifecycle"]]
    assert (run["rules"].changed, run["rules again"].changed) == (True, False)


def fill(s3: Any) -> None:
    """Versions, marks of deleted objects, names that need encoding, and an upload that was never finished."""
    s3.create_bucket(Bucket=NAME)
    s3.put_object(Bucket=NAME, Key="before versioning", Body=b"x")
    s3.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Enabled"})
    for number in range(3):
        s3.put_object(Bucket=NAME, Key="often", Body=b"%d" % number)
    s3.put_object(Bucket=NAME, Key="näme with/<odd> & chars+.txt", Body=b"x")
    s3.delete_object(Bucket=NAME, Key="often")
    s3.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Suspended"})
    s3.put_object(Bucket=NAME, Key="often", Body=b"after")
    s3.create_multipart_upload(Bucket=NAME, Key="unfinished")


def test_what_is_inside_goes_only_by_force(cloud: LocalCloud, s3: Any) -> None:
    fill(s3)
    gone = {**BUCKET, "state": "absent"}
    run = inside(
        cloud,
        [
            Step("refuse: check", "spaces_bucket", gone, check=True),
            Step("refuse", "spaces_bucket", gone),
            Step("force: check", "spaces_bucket", {**gone, "force": True}, check=True),
            Step(
                "force",
                "spaces_bucket",
                {**gone, "force": True},
                before=fault(f"POST /{NAME}", kind="drop", when="after", count=1),
            ),
            Step("force: again", "spaces_bucket", {**gone, "force": True}),
        ],
    )
    for name in ("refuse: check", "refuse"):
        assert (run[name].status, run[name].writes) == ("failed", [])
        assert 'is not empty (it holds "before versioning"); set force to true' in run[name].message
        assert_sentence(run[name].message)
    assert (run["force: check"].changed, run["force: check"].writes) == (True, [])
    assert run["force"].changed
    assert run["force"].result["spaces_bucket"] == {}
    assert (run["force: again"].changed, run["force: again"].writes) == (False, [])
    assert s3.list_buckets()["Buckets"] == []


def test_an_unfinished_upload_keeps_no_bucket_alive(cloud: LocalCloud, s3: Any) -> None:
    s3.create_bucket(Bucket=NAME)
    s3.create_multipart_upload(Bucket=NAME, Key="unfinished")
    run = inside(cloud, [Step("absent", "spaces_bucket", {**BUCKET, "state": "absent"})])
    assert run["absent"].changed
    assert s3.list_buckets()["Buckets"] == []


def test_faults_of_the_endpoint(cloud: LocalCloud) -> None:
    changed = {**BUCKET, "versioning": False, "acl": "private"}
    run = inside(
        cloud,
        [
            Step("logs", "spaces_bucket", {"name": "clinic-logs", "region": "fra1"}),
            Step(
                "made while answers get lost",
                "spaces_bucket",
                WHOLE,
                before=fault(f"* /{NAME}", kind="drop", when="after", probability=0.2, seed=3),
            ),
            Step("unchanged", "spaces_bucket", WHOLE, before=[admin("clear_faults")]),
            Step(
                "read through errors",
                "spaces_bucket",
                WHOLE,
                before=fault(f"GET /{NAME}", kind="status", status=503, probability=0.3, seed=5),
            ),
            Step(
                "changed through errors",
                "spaces_bucket",
                changed,
                before=fault(f"PUT /{NAME}", kind="status", status=500, when="after", count=2),
            ),
            Step(
                "down",
                "spaces_bucket",
                {**changed, "timeout": 2},
                before=fault(f"GET /{NAME}", kind="status", status=502, body="<html>bad gateway</html>"),
            ),
            Step(
                "half done",
                "spaces_bucket",
                {**WHOLE, "timeout": 2},
                before=[*fault(f"PUT /{NAME}", kind="status", status=500, skip=1)],
            ),
            Step("completed", "spaces_bucket", WHOLE, before=[admin("clear_faults")]),
        ],
    )
    assert run["made while answers get lost"].changed
    assert run["unchanged"].changed is False
    assert run["read through errors"].changed is False
    assert bucket(run["changed through errors"])["versioning"] is False
    for name in ("down", "half done"):
        assert run[name].status == "failed"
        assert_sentence(run[name].message)
    assert 'Could not read Spaces bucket "clinic-uploads": the API answered 502' in run["down"].message
    assert run["down"].changed is False
    assert "Could not change versioning of Spaces bucket" in run["half done"].message
    assert run["half done"].changed is True
    assert run["completed"].changed is True


def test_nothing_of_the_users_amazon_configuration_counts(cloud: LocalCloud, tmp_path: Path) -> None:
    """A profile that does not exist, another endpoint, other credentials: all of it is about Amazon."""
    (tmp_path / "aws").write_text("[default]\nregion = us-west-2\naws_access_key_id = AKIA\n[broken")
    run = play(
        cloud,
        tmp_path / "play",
        [Step("make", "spaces_bucket", BUCKET)],
        env={
            "AWS_PROFILE": "nobody",
            "AWS_CONFIG_FILE": str(tmp_path / "aws"),
            "AWS_ENDPOINT_URL": "https://127.0.0.1:9",
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "aws"),
            "AWS_ACCESS_KEY_ID": "AKIA",
            "AWS_REGION": "us-west-2",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_USE_FIPS_ENDPOINT": "true",
            "AWS_CA_BUNDLE": str(tmp_path / "none.pem"),
        },
    )
    assert run["make"].changed, run["make"].message
