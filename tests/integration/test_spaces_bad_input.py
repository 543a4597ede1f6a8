# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong about a bucket and the way to it: one sentence each, and nothing is changed."""

from __future__ import annotations

import re
from typing import Any

import pytest
import trustme

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Run, Step, admin, assert_sentence, fault
from tests.localcloud_fixtures import LocalCloud

NEW: dict[str, Any] = {"name": "clinic-uploads", "region": "fra1"}
NO_KEY = {"SPACES_ACCESS_KEY_ID": "", "SPACES_SECRET_ACCESS_KEY": ""}
RULE = {"allowed_origins": ["*"], "allowed_methods": ["GET"]}
EXPIRES = {"id": "x", "expiration": {"days": 1}}

# name → (options beside NEW, what the sentence must say). `TMP` is the test's folder, `PLAIN` the endpoint over http.
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "no key": ({}, r"No Spaces key was given: set access_key and secret_key, or the environment variables SPA"),
    "half a key": ({"secret_key": ""}, r"No Spaces key was given"),
    "key with a line break": ({"access_key": "DO00\n"}, r"contains white space"),
    "wrong secret": ({"secret_key": "sentinel-wrong-secret"}, r"403 \"SignatureDoesNotMatch: .*Check secret_key"),
    "unknown key": ({"access_key": "DO00UNKNOWN"}, r"403 \"InvalidAccessKeyId: .*there is no such Spaces key"),
    "somebody else's, in the region": (
        {"name": "taken-0001", "region": "atl1"},
        r"Could not read .*403 \"AccessDenied.*fullaccess.*choose another name",
    ),
    "somebody else's, elsewhere": ({"name": "taken-0001"}, r"exists in atl1 and is somebody else's.*another one"),
    "ours, elsewhere": ({"name": "colleague-0001"}, r"exists in atl1, and names are unique.*set region to atl1"),
    "no such region": ({"region": "mars1"}, r"region \"mars1\" is none of Spaces, .* known to be in ams3, "),
    "upper case": ({"name": "Clinic"}, r"name \"Clinic\" cannot be that of a bucket: it may only have lower-case"),
    "underscore": ({"name": "clinic_uploads"}, r"cannot be that of a bucket: it may only have lower-case"),
    "short name": ({"name": "ab"}, r"it must have 3 to 63 characters"),
    "long name": ({"name": "a" * 64}, r"it must have 3 to 63 characters"),
    "dash at the end": ({"name": "clinic-"}, r"it must begin and end with a letter or digit"),
    "two periods": ({"name": "clinic..uploads"}, r"periods must stand alone"),
    "an address": ({"name": "192.168.5.4"}, r"it looks like an IP address"),
    "plain http": ({"spaces_url": "PLAIN"}, r"spaces_url http://\S+ must be https://"),
    "url with a bucket": ({"spaces_url": "https://fra1.digitaloceanspaces.com/clinic"}, r"must be https:// with"),
    "url of another region": ({"spaces_url": "https://nyc3.digitaloceanspaces.com"}, r"is not that of the region fra1"),
    "half an IPv6 address": ({"spaces_url": "https://[::1"}, r"must be https:// with"),
    "port that is none": ({"spaces_url": "https://localhost:https"}, r"must be https:// with"),
    "host that is none": ({"spaces_url": "https://{bucket}.example"}, r"must be https:// with"),
    "no time at all": ({"spaces_url": "https://127.0.0.1:9", "timeout": 0}, r"127.0.0.1:9 cannot be reached"),
    "nobody there": ({"spaces_url": "https://127.0.0.1:9"}, r"127.0.0.1:9 cannot be reached .*Check the address"),
    "no such host": ({"spaces_url": "https://nowhere.invalid"}, r"nowhere.invalid cannot be reached"),
    "wrong authority": ({"ca_path": "TMP/other.pem"}, r"certificate of \S+ was not accepted .*Set ca_path"),
    "no authority": ({"ca_path": "TMP/none.pem"}, r"none.pem does not exist"),
    "authority in a directory": ({"ca_path": "TMP"}, r"ca_path \S+ is no file"),
    "policy that is no JSON": ({"policy": "{"}, r"The policy is no JSON"),
    "policy without statements": ({"policy": {"Version": "2012-10-17"}}, r"The policy has no Statement"),
    "rule without action": ({"lifecycle": [{"id": "x"}]}, r"lifecycle rule \"x\" says nothing of when"),
    "two kinds of expiration": (
        {"lifecycle": [{"id": "x", "expiration": {"days": 1, "date": "2027-01-31"}}]},
        r"more than one expiration",
    ),
    "zero days": ({"lifecycle": [{"id": "x", "expiration": {"days": 0}}]}, r"a number of days below 1"),
    "a date that is none": ({"lifecycle": [{"id": "x", "expiration": {"date": "soon"}}]}, r"a date that is none"),
    "one id twice": ({"lifecycle": [EXPIRES, {**EXPIRES, "prefix": "a/"}]}, r"have the same id \(x\)"),
    "equal rules": ({"lifecycle": [{"expiration": {"days": 1}}] * 2}, r"lifecycle rules are equal"),
    "origin with two stars": ({"cors": [{**RULE, "allowed_origins": ["https://*.*"]}]}, r"has more than one \*"),
    "no origin": ({"cors": [{**RULE, "allowed_origins": []}]}, r"allows no origin or no method"),
    "logs into itself": ({"logging": {"target_bucket": "clinic-uploads"}}, r"goes into the bucket itself"),
    "logs nowhere": ({"logging": {"target_prefix": "a/"}}, r"a target_prefix but no target_bucket"),
    "lacking operation": (
        {"name": "there-already", "versioning": True},
        r"501 .*lacks the operation: leave the option out",
    ),
    "limited key, existing": (
        {
            "name": "there-already",
            "acl": "private",
            "access_key": "{{ key.spaces_key.access_key }}",
            "secret_key": "{{ key.spaces_key.secret_key }}",
        },
        r"Could not read .*403 \"AccessDenied.*Use a Spaces key with fullaccess",
    ),
    "limited key, new": (
        {"access_key": "{{ key.spaces_key.access_key }}", "secret_key": "{{ key.spaces_key.secret_key }}"},
        r"Could not create .*403 \"AccessDenied.*Use a Spaces key with fullaccess",
    ),
}
BEFORE = {
    "lacking operation": fault("PUT /there-already", kind="status", status=501),
    "limited key, existing": [admin("clear_faults")],
}


@pytest.fixture(scope="module")
def run(localcloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("spaces_bad_input")
    trustme.CA().cert_pem.write_to_path(str(folder / "other.pem"))
    localcloud.renew()
    localcloud.admin.seed(buckets=1, foreign_buckets=1)
    steps = [
        Step("there already", "spaces_bucket", {"name": "there-already", "region": "fra1"}),
        Step(
            "limited",
            "spaces_key",
            {"name": "limited", "grants": [{"bucket": "there-already", "permission": "readwrite"}]},
            register="key",
            keywords={"no_log": True},
        ),
    ]
    for name, (options, _) in CASES.items():
        plain = localcloud.spaces_url.replace("https", "http")
        merged = {
            key: value.replace("TMP", str(folder)).replace("PLAIN", plain) if isinstance(value, str) else value
            for key, value in {**NEW, **options}.items()
        }
        steps.append(
            Step(
                name,
                "spaces_bucket",
                merged,
                before=BEFORE.get(name, []),
                keywords={"environment": NO_KEY} if name == "no key" else {},
            )
        )
    steps.append(Step("what is there", "spaces_bucket_info", {"region": "fra1"}))
    return inside(localcloud, steps)


@pytest.mark.xdist_group("spaces-bad-input")
@pytest.mark.parametrize("name", CASES)
def test_one_sentence_and_no_effect(name: str, run: Run) -> None:
    outcome = run[name]
    assert outcome.status == "failed"
    assert re.search(CASES[name][1], outcome.message), outcome.message
    assert_sentence(outcome.message)
    assert outcome.changed is False
    assert [call for call in outcome.calls if call["effect"]] == []


@pytest.mark.xdist_group("spaces-bad-input")
def test_nothing_was_made_and_nothing_was_told(run: Run, localcloud: LocalCloud) -> None:
    assert [row["name"] for row in run["what is there"].result["spaces_buckets"]] == ["there-already"]
    secrets = [
        "sentinel-wrong-secret",
        localcloud.env["SPACES_SECRET_ACCESS_KEY"],
        run["limited"].result["spaces_key"]["secret_key"],
    ]
    assert [secret for secret in secrets if secret in run.printed] == []
