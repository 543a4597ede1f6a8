# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private bucket, a public one, and the CDN in front of the public one only."""

from __future__ import annotations

from typing import Any

EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"


def readers(account: Any, bucket: str) -> list[str]:
    grants = account.s3().get_bucket_acl(Bucket=bucket)["Grants"]
    return [grant["Grantee"].get("URI", "") for grant in grants]


def test_uploads_are_private_versioned_and_cleaned_up(account: Any) -> None:
    bucket, s3 = "fisioflow-local-uploads", account.s3()
    assert EVERYBODY not in readers(account, bucket)
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    rules = {rule["ID"]: rule for rule in s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]}
    assert rules["expire-old-versions"]["NoncurrentVersionExpiration"]["NoncurrentDays"] == 30
    assert rules["abort-unfinished-uploads"]["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] == 7
    [cors] = s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    assert cors["AllowedOrigins"] == ["https://fisioflow.example", "https://www.fisioflow.example"]


def test_assets_are_public_behind_the_cdn(account: Any) -> None:
    assert EVERYBODY in readers(account, "fisioflow-local-assets")
    [endpoint] = account.rows("/v2/cdn/endpoints", "endpoints")
    assert endpoint["origin"] == "fisioflow-local-assets.nyc3.digitaloceanspaces.com"
    assert endpoint["ttl"] == 3600


def test_no_key_of_the_run_is_left(account: Any) -> None:
    assert "fisioflow-local-bootstrap" not in [row["name"] for row in account.rows("/v2/spaces/keys", "keys")]
