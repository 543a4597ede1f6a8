# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about CDN endpoints: purging, custom domains, and how few requests they allow."""

from __future__ import annotations

import re

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, assert_sentence, fault
from tests.localcloud_fixtures import LocalCloud

ORIGIN = "assets-of-ours.fra1.digitaloceanspaces.com"
CDN = {"origin": ORIGIN}
BUCKET = Step("bucket", "spaces_bucket", {"name": "assets-of-ours", "region": "fra1"})
ZONE = Step("zone", "domain", {"name": "example.com"})
ISSUED = Step("issued", "certificate", {"name": "assets", "dns_names": ["assets.example.com"]}, register="issued")
DOMAIN = {"custom_domain": "assets.example.com", "certificate_id": "{{ issued.certificate.id }}"}
BY_THE_CDN = {**DOMAIN, "certificate_id": "needs-cloudflare-cert"}


def test_purges_whenever_told(cloud: LocalCloud) -> None:
    many = [f"css/{number}.css" for number in range(60)]
    run = inside(
        cloud,
        [
            BUCKET,
            Step("make", "cdn_endpoint", {**CDN, "purge": ["*"]}),
            Step("check", "cdn_endpoint", {**CDN, "purge": ["logo.png", "css/*"]}, check=True),
            Step("purge", "cdn_endpoint", {**CDN, "purge": ["logo.png", "css/*"]}),
            Step(
                "purge again, limited",
                "cdn_endpoint",
                {**CDN, "purge": ["logo.png", "css/*"]},
                before=fault("DELETE /v2/cdn/endpoints/*/cache", kind="status", status=429, count=1, seconds=1),
            ),
            Step("nothing", "cdn_endpoint", {**CDN, "purge": []}),
            Step("many and ttl", "cdn_endpoint", {**CDN, "ttl": 60, "purge": many}),
        ],
    )
    path = f"/v2/cdn/endpoints/{run['make'].result['cdn_endpoint']['id']}"
    assert run["make"].write_list == ["POST /v2/cdn/endpoints"]
    assert run["check"].writes == []
    assert (
        run["check"].result["diff"]
        == run["purge"].result["diff"]
        == {
            "before": {"origin": ORIGIN, "cache": "as it is"},
            "after": {"origin": ORIGIN, "cache": "without logo.png, css/*"},
        }
    )
    assert run["purge"].write_list == [f"DELETE {path}/cache"]
    assert run["purge again, limited"].write_list == [f"DELETE {path}/cache"] * 2
    # The API takes 50 paths at a time.
    assert run["many and ttl"].write_list == [f"PUT {path}"] + [f"DELETE {path}/cache"] * 2
    changed = {name: outcome.changed for name, outcome in run.outcomes.items()}
    assert changed == {**dict.fromkeys(changed, True), "nothing": False}


def test_an_unchanged_endpoint_costs_one_request(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            BUCKET,
            Step("make", "cdn_endpoint", CDN),
            Step("again", "cdn_endpoint", {**CDN, "ttl": 3600, "custom_domain": ""}),
        ],
    )
    assert [f"{call['method']} {call['path']}" for call in run["again"].calls] == ["GET /v2/cdn/endpoints"]
    assert run["again"].changed is False


def test_waits_when_the_five_requests_are_used_up(cloud: LocalCloud) -> None:
    cloud.admin.settings(rate_limit=True)
    steps = [Step(f"run {number}", "cdn_endpoint", {**CDN, "purge": ["*"]}) for number in range(3)]
    run = inside(cloud, [BUCKET, Step("make", "cdn_endpoint", CDN), *steps])
    cloud.admin.settings(rate_limit=False)
    assert [outcome.message for outcome in run.outcomes.values() if outcome.status != "ok"] == []
    answers = [call["status"] for outcome in run.outcomes.values() for call in outcome.calls]
    assert 429 in answers


def test_a_domain_and_its_certificate_come_and_go_together(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            BUCKET,
            ZONE,
            ISSUED,
            Step("make", "cdn_endpoint", {**CDN, **DOMAIN, "ttl": 600}),
            Step("same", "cdn_endpoint", {**CDN, "custom_domain": "Assets.Example.com"}),
            Step("half away", "cdn_endpoint", {**CDN, "custom_domain": ""}),
            Step("ttl", "cdn_endpoint", {**CDN, "ttl": 60}),
            Step("away", "cdn_endpoint", {**CDN, "custom_domain": "", "certificate_id": ""}),
            Step("half", "cdn_endpoint", {**CDN, "certificate_id": DOMAIN["certificate_id"]}),
            Step("by the CDN", "cdn_endpoint", {**CDN, **BY_THE_CDN}),
            Step("by the CDN again", "cdn_endpoint", {**CDN, **BY_THE_CDN}),
            Step("info", "cdn_endpoint_info", CDN),
            Step("info: other", "cdn_endpoint_info", {"origin": "none.fra1.digitaloceanspaces.com"}),
        ],
    )
    assert run["same"].changed is False
    # What is left out of the PUT would be kept by some and lost by others: it is sent along.
    assert run["ttl"].result["cdn_endpoint"] | {"ttl": 600} == run["make"].result["cdn_endpoint"]
    assert run["away"].result["cdn_endpoint"]["custom_domain"] == ""
    for name in ("half away", "half"):
        assert (run[name].status, run[name].writes) == ("failed", [])
        assert "set both custom_domain and certificate_id" in run[name].message
        assert_sentence(run[name].message)
    assert run["by the CDN"].result["cdn_endpoint"]["certificate_id"] == "needs-cloudflare-cert"
    assert (run["by the CDN again"].changed, run["by the CDN again"].writes) == (False, [])
    assert run["info"].result["cdn_endpoints"] == [run["by the CDN"].result["cdn_endpoint"]]
    assert run["info: other"].result["cdn_endpoints"] == []


def test_what_cannot_be_an_origin_is_one_sentence(cloud: LocalCloud) -> None:
    says = {
        "clinic.example.com": "is not the host name of a bucket",
        "fra1.digitaloceanspaces.com": "is not the host name of a bucket",
        "assets-of-ours.fra1.cdn.digitaloceanspaces.com": "is not the host name of a bucket",
        "assets-of-ours.mars.digitaloceanspaces.com": "is not the host name of a bucket",
        "assets-of-ours.nyc3.digitaloceanspaces.com": "Could not create CDN endpoint .*422 .*not a Space",
    }
    run = inside(cloud, [BUCKET, *(Step(origin, "cdn_endpoint", {"origin": origin}) for origin in says)])
    for origin, words in says.items():
        assert run[origin].status == "failed"
        assert re.search(words, run[origin].message), run[origin].message
        assert_sentence(run[origin].message)
        assert [call for call in run[origin].calls if call["effect"]] == []
