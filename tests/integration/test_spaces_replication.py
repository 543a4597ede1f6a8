# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One bucket in another one: what is lacking and nothing else, with a key that may do no more, and no name told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud

PAIR = {"source": "clinic-uploads", "region": "fra1", "target": "clinic-replica", "target_region": "ams3"}
# Of the first half of names the part that could tell of a patient; names that shells, globs and URLs stumble over.
WHO = "maria-das-dores"
KEYS = [f"{WHO}/x-ray [1] *.png", f"{WHO}/ação & laudo.pdf", f"{WHO}/100%.txt", f"{WHO}/-dash", "other/#1"]


def client(cloud: LocalCloud, region: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=cloud.spaces_url,
        region_name=region,
        verify=cloud.ca,
        aws_access_key_id=cloud.env["SPACES_ACCESS_KEY_ID"],
        aws_secret_access_key=cloud.env["SPACES_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}),
    )


@pytest.fixture
def sides(cloud: LocalCloud) -> Iterator[tuple[Any, Any]]:
    """Clients of both regions, with a bucket in each, and objects in the first."""
    here, there = client(cloud, "fra1"), client(cloud, "ams3")
    here.create_bucket(Bucket=PAIR["source"])
    there.create_bucket(Bucket=PAIR["target"])
    there.put_bucket_versioning(Bucket=PAIR["target"], VersioningConfiguration={"Status": "Enabled"})
    for key in KEYS:
        here.put_object(
            Bucket=PAIR["source"], Key=key, Body=key.encode(), ContentType="image/png", Metadata={"clinic": "2"}
        )
    yield here, there
    here.close()
    there.close()


def limited(cloud: LocalCloud) -> dict[str, str]:
    grants = [
        {"bucket": PAIR["source"], "permission": "read"},
        {"bucket": PAIR["target"], "permission": "readwrite"},
    ]
    key = Api(cloud).ok("POST", "/spaces/keys", {"name": "limited", "grants": grants})["key"]
    return {"access_key": key["access_key"], "secret_key": key["secret_key"]}


def told(run: Any, step: str) -> dict[str, Any]:
    found: dict[str, Any] = run.good(step).result["spaces_replication"]
    return found


def test_copies_what_is_lacking_and_nothing_else(cloud: LocalCloud, sides: tuple[Any, Any]) -> None:
    here, there = sides
    pair = {**PAIR, **limited(cloud)}

    def change() -> None:
        here.put_object(Bucket=PAIR["source"], Key=KEYS[0], Body=b"another picture")
        here.delete_object(Bucket=PAIR["source"], Key=KEYS[1])
        upload = here.create_multipart_upload(Bucket=PAIR["source"], Key="in parts")["UploadId"]
        part = here.upload_part(Bucket=PAIR["source"], Key="in parts", UploadId=upload, PartNumber=1, Body=b"x" * 999)
        here.complete_multipart_upload(
            Bucket=PAIR["source"],
            Key="in parts",
            UploadId=upload,
            MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
        )

    first = inside(
        cloud,
        [
            Step("would", "spaces_replication", pair, check=True),
            Step("all", "spaces_replication", pair),
            Step("again", "spaces_replication", pair),
        ],
    )
    would, done, again = told(first, "would"), told(first, "all"), told(first, "again")
    assert (would["pending"], would["copied"], would["objects"]) == (5, 0, 5)
    assert would["lag_seconds"] > 0
    assert (done["copied"], done["checked"], done["missing"], done["differing"]) == (5, 5, 0, 0)
    assert first.good("would").writes == []
    assert (again["copied"], again["checked"], again["pending"]) == (0, 5, 0)
    assert not first.good("again").changed
    assert WHO not in first.printed
    copy = there.get_object(Bucket=PAIR["target"], Key=KEYS[0])
    assert (copy["Body"].read(), copy["ContentType"], copy["Metadata"]["clinic"]) == (
        KEYS[0].encode(),
        "image/png",
        "2",
    )

    change()
    second = inside(cloud, [Step("changes", "spaces_replication", pair), Step("no more", "spaces_replication", pair)])
    changes = told(second, "changes")
    assert (changes["copied"], changes["kept"], changes["checked"], changes["unhashed"]) == (2, 1, 5, 1)
    assert told(second, "no more")["copied"] == 0
    assert there.get_object(Bucket=PAIR["target"], Key=KEYS[1])["Body"].read() == KEYS[1].encode()
    versions = there.list_object_versions(Bucket=PAIR["target"], Prefix=KEYS[0])["Versions"]
    assert len(versions) == 2, "what the replica had stays a version"


def test_a_copy_that_somebody_has_changed_is_mended_unless_only_what_is_missing_counts(
    cloud: LocalCloud, sides: tuple[Any, Any]
) -> None:
    _here, there = sides
    there.put_object(Bucket=PAIR["target"], Key=KEYS[0], Body=b"forged")
    both = {**PAIR, "prefix": f"{WHO}/", "only_missing": True}
    run = inside(
        cloud,
        [
            Step("missing", "spaces_replication", both),
            Step("mended", "spaces_replication", {**both, "only_missing": False}),
            Step("one alone", "spaces_replication", {**PAIR, "prefix": KEYS[2]}, check=True),
        ],
    )
    assert (told(run, "missing")["copied"], told(run, "missing")["differing"]) == (3, 0)
    assert told(run, "mended")["copied"] == 1
    assert told(run, "mended")["checked"] == 4
    assert there.get_object(Bucket=PAIR["target"], Key=KEYS[0])["Body"].read() == KEYS[0].encode()
    assert told(run, "one alone")["objects"] == 1
    assert "other/#1" not in [row["Key"] for row in there.list_objects_v2(Bucket=PAIR["target"])["Contents"]]


def test_what_it_may_not_write_is_missing_and_said_in_a_word(cloud: LocalCloud, sides: tuple[Any, Any]) -> None:
    grants = [{"bucket": PAIR[name], "permission": "read"} for name in ("source", "target")]
    key = Api(cloud).ok("POST", "/spaces/keys", {"name": "reader", "grants": grants})["key"]
    pair = {**PAIR, "access_key": key["access_key"], "secret_key": key["secret_key"]}
    run = inside(
        cloud,
        [
            Step("not granted", "spaces_replication", pair),
            Step("itself", "spaces_replication", {**PAIR, "target": PAIR["source"]}),
            Step("nowhere", "spaces_replication", {**PAIR, "target": "clinic-nowhere"}),
        ],
    )
    found = told(run, "not granted")
    assert (found["missing"], found["copied"], found["why"]) == (5, 0, "AccessDenied")
    assert key["secret_key"] not in run.printed
    assert WHO not in run.printed
    run.assert_refused("itself", "Source and target are the same bucket, nothing was done: name another one as target.")
    assert "NoSuchBucket" in run["nowhere"].message
