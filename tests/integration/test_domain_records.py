# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of a domain: sets that are as listed, by as few calls as will do, and a zone that is emptied by nobody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Run, Step, admin, calm, fault
from tests.localcloud_fixtures import LocalCloud

DOMAIN = "clinic.example"
RECORDS = f"/v2/domains/{DOMAIN}/records"
MADE = Step("domain", "domain", {"name": DOMAIN})
APEX = {"name": "@", "type": "A", "values": ["203.0.113.10", "203.0.113.11"]}
SETS: list[dict[str, Any]] = [
    APEX,
    {"name": "WWW.clinic.example.", "type": "CNAME", "values": ["Clinic.Example"], "ttl": 600},
    {"name": "@", "type": "CAA", "values": ["0 issue letsencrypt.org", '0 issue "pki.goog."']},
    {"name": "@", "type": "MX", "values": ["10 mail", "20 mx.elsewhere.example."]},
    {"name": "_sip._tcp", "type": "SRV", "values": ["10 5 5060 sip.clinic.example."]},
    {"name": "@", "type": "TXT", "values": ["v=spf1 -all; A B"]},
]


def records(name: str, sets: list[dict[str, Any]], *, check: bool = False, before: Any = (), **more: Any) -> Step:
    return Step(name, "domain_records", {"domain": DOMAIN, "records": sets, **more}, check=check, before=list(before))


def kinds(run: Run, name: str) -> list[str]:
    return [entry["method"] for entry in run[name].writes]


def test_all_types_are_made_once_and_then_left_alone(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            records("nothing there", SETS),
            records("check before", SETS, check=True),
            MADE,
            records("check", SETS, check=True),
            records("make", SETS),
            records("again", SETS),
            Step("read", "domain_info", {"name": DOMAIN, "records": True}),
        ],
    )
    run.assert_refused("nothing there", f'There is no domain "{DOMAIN}": create it first, or correct its name.')
    assert run.good("make").write_list == [f"POST {RECORDS}"] * 9
    for step in ("check before", "check"):
        assert run.good(step).result["diff"] == run["make"].result["diff"]
        assert run[step].result["domain_records"] == run["make"].result["domain_records"]
        assert run[step].writes == []
    assert (run.good("again").changed, run["again"].writes) == (False, [])
    assert run["again"].result["domain_records"] == run["make"].result["domain_records"]
    zone = run.good("read").result["domains"][0]["zone_file"].splitlines()
    assert f"www.{DOMAIN}. 600 IN CNAME {DOMAIN}." in zone
    assert f"{DOMAIN}. 1800 IN MX 10 mail.{DOMAIN}." in zone
    assert f"{DOMAIN}. 1800 IN CAA 0 issue letsencrypt.org." in zone


def test_changes_are_in_place_and_never_leave_a_name_without_records(cloud: LocalCloud) -> None:
    another = {**APEX, "values": ["203.0.113.11", "203.0.113.12"]}
    alias = {"name": "@", "type": "TXT", "values": []}
    run = inside(
        cloud,
        [
            MADE,
            records("make", SETS),
            records("one of two", [another]),
            records("slower", [{**another, "ttl": 60}]),
            records("more", [{**APEX, "values": ["203.0.113.11", "203.0.113.12", "203.0.113.13"]}]),
            records("fewer", [{**APEX, "values": ["203.0.113.12"]}]),
            records("emptied", [alias]),
            records("one more", [{**APEX, "values": ["203.0.113.14"], "others": "keep"}]),
            records("the same", [{**APEX, "values": ["203.0.113.14"], "others": "keep"}]),
            records("that one away", [{**APEX, "values": ["203.0.113.14", "203.0.113.15"]}], state="absent"),
            records("away", [{"name": "www", "type": "CNAME"}], state="absent"),
            records("still away", [{"name": "www", "type": "CNAME"}], state="absent"),
        ],
    )
    assert kinds(run, "one of two") == ["PUT"]
    assert kinds(run, "slower") == ["PUT", "PUT"]
    assert kinds(run, "more") == ["POST"]
    assert kinds(run, "fewer") == ["DELETE", "DELETE"]
    assert run["fewer"].result["diff"]["before"]["@ A"]["ttl"] == 60
    assert kinds(run, "one more") == ["POST"]
    assert run["one more"].result["diff"]["after"]["@ A"]["values"] == ["203.0.113.12", "203.0.113.14"]
    assert run.good("the same").writes == []
    assert kinds(run, "that one away") == ["DELETE"]
    assert run["that one away"].result["domain_records"]["records"] == [
        {"name": "@", "type": "A", "ttl": 60, "values": ["203.0.113.12"]}
    ]
    assert kinds(run, "emptied") == kinds(run, "away") == ["DELETE"]
    assert run["away"].result["domain_records"] == {"domain": DOMAIN, "records": []}
    assert run.good("still away").writes == []


def test_a_cname_takes_the_place_of_others(cloud: LocalCloud) -> None:
    address = {"name": "www", "type": "A", "values": ["203.0.113.10"]}
    alias = {"name": "www", "type": "CNAME", "values": ["elsewhere.example."]}
    run = inside(
        cloud,
        [
            MADE,
            records("address", [address]),
            records("beside", [alias]),
            records("instead", [alias, {"name": "www", "type": "A"}]),
            records("and back", [address, {"name": "www", "type": "CNAME"}]),
        ],
    )
    run.assert_refused("beside", "www would have a CNAME beside A, and a CNAME stands alone")
    assert kinds(run, "instead") == kinds(run, "and back") == ["DELETE", "POST"]


def test_exclusive_spares_what_is_named_and_what_every_domain_needs(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            MADE,
            records("make", SETS),
            records("nothing at all", [], exclusive=True),
            records("no expression", [APEX], exclusive=True, spare=["("]),
            records("check", [APEX], check=True, exclusive=True, spare=[" MX$"]),
            records("only", [APEX], exclusive=True, spare=[" MX$"]),
            records("again", [APEX], exclusive=True, spare=[" MX$"]),
            Step("read", "domain_info", {"name": DOMAIN, "records": True}),
            Step("kept", "domain", {"name": DOMAIN, "state": "absent"}),
        ],
    )
    run.assert_refused("nothing at all", "the domain would be emptied")
    run.assert_refused("no expression", "spare is no regular expression")
    assert run.good("check").result["diff"] == run.good("only").result["diff"]
    assert kinds(run, "only") == ["DELETE"] * 5
    assert run.good("again").writes == []
    left = [f"{row['name']} {row['type']}" for row in run.good("read").result["domains"][0]["records"]]
    assert sorted(left) == ["@ A", "@ A", "@ MX", "@ MX", "@ NS", "@ NS", "@ NS", "@ SOA"]
    run.assert_refused("kept", "it holds records such as @ A; set force to true")


def test_a_lost_answer_makes_no_second_record(cloud: LocalCloud) -> None:
    lost = fault(f"POST {RECORDS}", kind="drop", count=2, when="after")
    run = inside(
        cloud,
        [MADE, records("lost", [APEX], before=lost), records("again", [APEX], before=calm())],
    )
    assert run.good("lost").write_list == [f"POST {RECORDS}"] * 2
    assert run.good("again").writes == []


def test_a_zone_of_many_pages_is_seen_whole(cloud: LocalCloud) -> None:
    many = [{"name": f"host-{number}", "type": "A", "values": ["203.0.113.1"]} for number in range(230)]
    run = inside(cloud, [MADE, records("make", many), records("again", many, before=[admin("seed", domains=3)])])
    assert len(run.good("make").writes) == 230
    assert run.good("again").writes == []


BAD: dict[str, tuple[list[dict[str, Any]], str]] = {
    "no address": ([{**APEX, "values": ["203.0.113"]}], 'The value "203.0.113" of type A must be an IPv4 address.'),
    "wrong family": ([{**APEX, "type": "AAAA"}], "of type AAAA must be an IPv6 address"),
    "no priority": ([{"name": "@", "type": "MX", "values": ["mail"]}], "of type MX must be priority data"),
    "odd priority": ([{"name": "@", "type": "MX", "values": ["high mail"]}], "must be a number from 0 to 65535"),
    "odd tag": (
        [{"name": "@", "type": "CAA", "values": ["0 isue x.example"]}],
        "must be one of issue, issuewild, iodef",
    ),
    "elsewhere": ([{**APEX, "name": "www.other.example."}], f"is not in the domain {DOMAIN}"),
    "no name": ([{**APEX, "name": "a b"}], "is no name of a record"),
    "twice": ([APEX, {**APEX, "name": DOMAIN}], "@ A is listed twice"),
    "short": ([{**APEX, "ttl": 5}], "the ttl of @ A is 5: give at least 30"),
    "two aliases": ([{"name": "x", "type": "CNAME", "values": ["a.example", "b.example"]}], "a name has one CNAME"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_is_refused_before_any_write(case: str, cloud: LocalCloud) -> None:
    sets, told = BAD[case]
    run = inside(cloud, [MADE, records("bad", [{"name": "ok", "type": "TXT", "values": ["x"]}, *sets])])
    run.assert_refused("bad", told)
