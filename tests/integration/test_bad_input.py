# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong before or around the API: one clear sentence each, and nothing is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Run, Step, assert_sentence
from tests.localcloud_fixtures import LocalCloud

NEW: dict[str, Any] = {"name": "new", "region": "fra1"}
UNKNOWN_ID = "5a4981aa-9653-4bd1-bef5-d6bff52042e4"

# name → (options beside `name` and `region`, what the sentence must say). `TMP` is the test's folder.
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "no token": ({"api_token": ""}, r"No API token was given: set api_token, or the environment variable"),
    "wrong token": ({"api_token": "dop_v1_" + "0" * 64}, r"answered 401 .*api_token: it is wrong, expired or revoked"),
    "token with a line break": ({"api_token": "dop_v1_a\nb"}, r"contains white space"),
    "token of other letters": ({"api_token": "dop_v1_\u20ac"}, r"set api_token to the token alone"),
    "half an IPv6 address": ({"api_url": "https://[::1"}, r"a host and perhaps a port"),
    "port that is none": ({"api_url": "https://localhost:https"}, r"a host and perhaps a port"),
    "host that is none": ({"api_url": "https://{region}.example"}, r"a host and perhaps a port"),
    "http address": ({"api_url": "http://api.digitalocean.com"}, r"http://\S+ must start with https://"),
    "no address": ({"api_url": "https://"}, r"a host and perhaps a port"),
    "address with credentials": ({"api_url": "https://a:b@api.digitalocean.com"}, r"a host and perhaps a port"),
    "nobody there": ({"api_url": "https://127.0.0.1:9"}, r"127.0.0.1:9 cannot be reached \(Connection refused\)"),
    "no such host": ({"api_url": "https://nowhere.invalid"}, r"nowhere.invalid cannot be reached \("),
    "wrong authority": ({"ca_path": "TMP/other.pem"}, r"certificate of \S+ was not accepted .*Set ca_path"),
    "no authority": ({"ca_path": "TMP/none.pem"}, r"none.pem does not exist"),
    "unknown option": ({"nmae": "x"}, r"Unsupported parameters .*nmae"),
    "unknown state": ({"state": "gone"}, r"value of state must be one of: present, absent"),
    "text for a number": ({"timeout": "long"}, r"timeout.*long"),
    "text for yes or no": ({"wait": "perhaps"}, r"wait.*perhaps"),
    "list for text": ({"ip_range": ["10.0.0.0/20"]}, r"ip_range must be text, not a list"),
    "nothing where there is a default": ({"timeout": "{{ none }}"}, r"timeout has no value: leave it out"),
    "id that is none": ({"id": "clinic"}, r'id "clinic" is not an id'),
    "id of nothing": ({"id": UNKNOWN_ID}, rf'There is no VPC with the id "{UNKNOWN_ID}"'),
    "unknown region": ({"region": "mars1"}, r"VPC \"new\", nothing was done: region 'mars1' is not on offer"),
    "no region": ({"region": None}, r'VPC "new" does not exist: to create it, set also region'),
    "bad range": ({"ip_range": "10.0.0.0"}, r'VPC "new", nothing was done: ip_range 10.0.0.0 has a /32'),
    "public range": ({"ip_range": "8.8.8.0/24"}, r'VPC "new", nothing was done: .* not inside the private ranges'),
    "range too small": ({"ip_range": "10.0.0.0/30"}, r'VPC "new", nothing was done: ip_range 10.0.0.0/30 has a'),
    "bad name": ({"name": "no spaces allowed"}, r"Could not create VPC .*: the API answered 4\d\d "),
    "long description": ({"description": "x" * 256}, r'Could not create VPC "new": the API answered 4\d\d '),
    "first one is no default": ({"default": False}, r"Could not set default to false"),
}
# Refused by Ansible itself, in its own words.
ANSIBLES_WORDS = ("unknown option", "unknown state", "text for a number", "text for yes or no")
WHAT_IS_THERE = "what is there"


@pytest.fixture(scope="module")
def run(localcloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("bad_input")
    trustme.CA().cert_pem.write_to_path(str(folder / "other.pem"))
    localcloud.renew()
    localcloud.admin.settings(strict=False)
    steps = []
    for name, (options, _) in CASES.items():
        merged = {
            key: value.replace("TMP", str(folder)) if isinstance(value, str) else value
            for key, value in {**NEW, **options}.items()
        }
        steps.append(
            Step(
                name,
                "vpc",
                {key: value for key, value in merged.items() if value is not None},
                keywords={"environment": NO_TOKEN} if name == "no token" else {},
            )
        )
    steps.append(Step(WHAT_IS_THERE, "vpc_info", {}))
    done = inside(localcloud, steps)
    localcloud.admin.settings(strict=True)
    localcloud.admin.forget_violations()
    return done


@pytest.mark.xdist_group("bad-input")
@pytest.mark.parametrize("name", CASES)
def test_one_sentence_and_no_effect(name: str, run: Run) -> None:
    outcome = run[name]
    assert outcome.status == "failed"
    assert re.search(CASES[name][1], outcome.message), outcome.message
    assert outcome.changed is False
    assert [call for call in outcome.calls if call["effect"]] == []
    if name not in ANSIBLES_WORDS:
        assert_sentence(outcome.message)


@pytest.mark.xdist_group("bad-input")
def test_nothing_was_made(run: Run) -> None:
    assert run[WHAT_IS_THERE].result["vpcs"] == []


def test_expired_token_and_missing_scope(cloud: LocalCloud) -> None:
    expired = cloud.admin.token(expires_in=1)
    reader = cloud.admin.token(scopes=["vpc:read"])
    blind = cloud.admin.token(scopes=["account:read"])
    cloud.admin.advance(10)
    run = inside(
        cloud,
        [
            Step("expired", "vpc", {**NEW, "api_token": expired}),
            Step("reader", "vpc", {**NEW, "api_token": reader}),
            Step("blind", "vpc_info", {"api_token": blind}),
        ],
    )
    assert re.search(r"answered 401 .*expired", run["expired"].message)
    assert re.search(r'Could not create VPC "new": .*403 .*scope vpc:create', run["reader"].message)
    assert re.search(r"Could not read VPC: .*403 .*scope vpc:read", run["blind"].message)
    for outcome in run.outcomes.values():
        assert_sentence(outcome.message)


def test_the_token_is_sent_whatever_else_is_known_of_the_host(cloud: LocalCloud, tmp_path: Path) -> None:
    """Left alone, requests replaces it with what it finds in ~/.netrc, where `default` is for every host."""
    (tmp_path / "netrc").write_text("default login somebody password something\n")
    run = inside(cloud, [Step("info", "vpc_info", {})], env={"NETRC": str(tmp_path / "netrc")})
    assert (run["info"].status, run["info"].result.get("vpcs")) == ("ok", [])


NO_TOKEN = dict.fromkeys(("DO_API_TOKEN", "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"), "")
