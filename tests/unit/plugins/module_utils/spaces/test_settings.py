# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How S3 and the options tell the same settings."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import settings
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.client import Spaces
from tests.unit.plugins.module_utils.scripted import Script, StoppedClock, answer

OWNER = {"Grantee": {"ID": "1", "Type": "CanonicalUser"}, "Permission": "FULL_CONTROL"}


def everybody(permission: str) -> dict[str, Any]:
    return {"Grantee": {"Type": "Group", "URI": settings.EVERYBODY}, "Permission": permission}


@pytest.mark.parametrize(
    ("grants", "acl"),
    [
        ([OWNER], "private"),
        ([OWNER, everybody("READ")], "public-read"),
        ([OWNER, everybody("READ"), everybody("WRITE")], "custom"),
        ([OWNER, everybody("WRITE")], "custom"),
        ([OWNER, {"Grantee": {"ID": "2"}, "Permission": "READ"}], "custom"),
    ],
)
def test_acl(grants: list[dict[str, Any]], acl: str) -> None:
    assert settings.acl_told({"Owner": {"ID": "1"}, "Grants": grants}) == acl


def test_names_go_both_ways() -> None:
    rule = {
        "id": "x",
        "abort_incomplete_multipart_upload": {"days_after_initiation": 1},
        "expiration": {"expired_object_delete_marker": True},
    }
    told = {
        "ID": "x",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
    }
    assert settings.camel(rule) == told
    assert settings.snake(told) == rule


@pytest.mark.parametrize("where", [{"Filter": {"Prefix": "a/"}}, {"Prefix": "a/"}, {"Prefix": "a/", "Filter": {}}])
def test_the_prefix_of_a_rule_is_in_one_place(where: dict[str, Any]) -> None:
    assert settings.lifecycle_told({"Rules": [{"ID": "x", **where}]}) == [{"id": "x", "prefix": "a/"}]


def test_a_filter_that_options_cannot_tell_stays_visible() -> None:
    tagged = {"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}]}}
    (rule,) = settings.lifecycle_told({"Rules": [{"ID": "x", "Filter": tagged}]})
    assert settings.same_lifecycle([rule]) != settings.same_lifecycle([{"id": "x", "prefix": "a/"}])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"id": "x"}, {"id": "x", "status": "Enabled", "prefix": ""}),
        (
            {"id": "x", "expiration": {"date": "2027-01-31"}},
            {"id": "x", "expiration": {"date": "2027-01-31T00:00:00Z"}},
        ),
        (
            {"id": "x", "expiration": {"days": 1}},
            {"id": "x", "expiration": {"days": 1, "expired_object_delete_marker": False}},
        ),
        ({"id": "x"}, {"id": "x", "expiration": {"expired_object_delete_marker": False}}),
    ],
)
def test_equal_lifecycle_rules(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert settings.same_lifecycle([one]) == settings.same_lifecycle([other])
    assert settings.same_lifecycle([one]) != settings.same_lifecycle([{**other, "status": "Disabled"}])


def test_a_rule_keeps_its_invented_id_and_gets_a_steady_one() -> None:
    unnamed = {"prefix": "a/", "expiration": {"days": 1}}
    (first,), (second,) = settings.with_ids([unnamed], []), settings.with_ids([{**unnamed, "status": "Enabled"}], [])
    assert first["id"] == second["id"]
    assert settings.with_ids([unnamed], [{**unnamed, "id": "theirs"}])[0]["id"] == "theirs"
    assert settings.with_ids([{**unnamed, "id": "mine"}], [{**unnamed, "id": "theirs"}])[0]["id"] == "mine"
    assert settings.with_ids([{**unnamed, "id": ""}], []) == [first], "an empty id is none"
    assert settings.with_ids([{**unnamed, "expiration": {"days": 2}}], [])[0]["id"] != first["id"]


def test_cors_rules_have_an_order_and_their_lists_have_none() -> None:
    get, put = ({"allowed_origins": ["b", "a"], "allowed_methods": [method]} for method in ("GET", "PUT"))
    same = {**get, "allowed_origins": ["a", "b"], "expose_headers": []}
    assert settings.same_cors([get]) == settings.same_cors([same])
    assert settings.same_cors([get, put]) != settings.same_cors([put, get])
    assert settings.same_cors([get]) != settings.same_cors([{**get, "max_age_seconds": 5}])


STATEMENT = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "r"}


@pytest.mark.parametrize(
    ("policy", "equal"),
    [
        ({"Statement": STATEMENT}, True),
        ({"Statement": [{**STATEMENT, "Action": ["s3:PutObject", "s3:GetObject"], "Resource": ["r"]}]}, True),
        ({"Statement": [{**STATEMENT, "Principal": {"AWS": ["*"]}}]}, True),
        ({"Statement": [{**STATEMENT, "Effect": "Deny"}]}, False),
        ({"Statement": [{**STATEMENT, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}, False),
        ({}, False),
    ],
)
def test_equal_policies(policy: dict[str, Any], equal: bool) -> None:
    assert (settings.same_policy(policy) == settings.same_policy({"Statement": [STATEMENT]})) is equal


def test_no_policy_is_no_policy() -> None:
    assert settings.parsed("") == settings.parsed(" {} ") == settings.policy_told({}) == {}
    assert settings.same_policy(None) == settings.same_policy({}) == settings.same_policy("") == {}


RULE = {"id": "x", "prefix": "a/", "expiration": {"days": 1}}


@pytest.mark.parametrize(
    ("name", "value", "call"),
    [
        ("acl", "private", ("put_bucket_acl", {"ACL": "private"})),
        ("versioning", True, ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}})),
        ("versioning", False, ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Suspended"}})),
        (
            "cors",
            [{"max_age_seconds": 5}],
            ("put_bucket_cors", {"CORSConfiguration": {"CORSRules": [{"MaxAgeSeconds": 5}]}}),
        ),
        ("cors", [], ("delete_bucket_cors", {})),
        (
            "lifecycle",
            [RULE],
            (
                "put_bucket_lifecycle_configuration",
                {
                    "LifecycleConfiguration": {
                        "Rules": [{"ID": "x", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 1}}]
                    }
                },
            ),
        ),
        ("lifecycle", [], ("delete_bucket_lifecycle", {})),
        ("policy", {"Statement": []}, ("put_bucket_policy", {"Policy": '{"Statement": []}'})),
        ("policy", {}, ("delete_bucket_policy", {})),
        (
            "logging",
            {"target_bucket": "b"},
            (
                "put_bucket_logging",
                {"BucketLoggingStatus": {"LoggingEnabled": {"TargetPrefix": "", "TargetBucket": "b"}}},
            ),
        ),
        ("logging", {}, ("put_bucket_logging", {"BucketLoggingStatus": {}})),
    ],
)
def test_each_is_put_as_a_whole_or_deleted(name: str, value: Any, call: tuple[str, dict[str, Any]]) -> None:
    operation, parameters = call
    script = Script([(f"PUT {operation}", answer(200))])
    spaces = Spaces(script, timeout=60, secrets=Secrets(), clock=StoppedClock())  # type: ignore[arg-type]
    settings.write(spaces, "clinic", name, value)
    script.done()
    assert [body for _, _, body in script.sent] == [{"Bucket": "clinic", **parameters}]


def test_logging_off() -> None:
    for off in ({}, None, {"target_bucket": None}):
        assert settings.same_logging(off) == {}
    assert settings.same_logging({"target_bucket": "a"}) == settings.same_logging(
        {"target_bucket": "a", "target_prefix": ""}
    )
