# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about certificates: those of one's own, one in the place of another, and those that nobody issues."""

from __future__ import annotations

import json
from typing import Any

import trustme

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin, assert_sentence, calm, fault
from tests.localcloud_fixtures import LocalCloud

ZONE = Step("zone", "domain", {"name": "clinic.example"})
BUCKET = Step("bucket", "spaces_bucket", {"name": "assets-of-ours", "region": "fra1"})
OLD = {"name": "old", "dns_names": ["clinic.example", "assets.clinic.example"]}
NEW = {"name": "new", "dns_names": ["clinic.example", "*.clinic.example"], "replaces": "old", "wait_timeout": 15}
ID = "{{ old.certificate.id }}"
TLS = {"entry_protocol": "https", "entry_port": 443, "target_protocol": "http", "target_port": 80}
EDGE = {
    "name": "edge",
    "region": "fra1",
    "tag": "web",
    "forwarding_rules": [
        {**TLS, "certificate_id": ID},
        {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 80},
    ],
    "health_check": {"path": "/health"},
    "firewall": {"deny": ["ip:203.0.113.9"]},
}
CDN = {
    "origin": "assets-of-ours.fra1.digitaloceanspaces.com",
    "ttl": 600,
    "custom_domain": "assets.clinic.example",
    "certificate_id": ID,
}
IN_USE: dict[str, Any] = {
    "kind": "status",
    "status": 403,
    "body": json.dumps({"id": "forbidden", "message": "Make sure the certificate is not in use before deleting it"}),
}
USED = [
    ZONE,
    BUCKET,
    Step("old", "certificate", OLD, register="old"),
    Step("edge", "load_balancer", EDGE),
    Step("cdn", "cdn_endpoint", CDN),
]


def own(*names: str) -> dict[str, str]:
    issued = trustme.CA().issue_cert(*names)
    return {
        "leaf_certificate": issued.cert_chain_pems[0].bytes().decode(),
        "private_key": issued.private_key_pem.bytes().decode(),
    }


def test_ones_own_is_told_by_its_fingerprint_and_never_shown(cloud: LocalCloud) -> None:
    mine, other = own("clinic.example"), own("clinic.example")
    leaf = {"leaf_certificate": mine["leaf_certificate"]}
    run = inside(
        cloud,
        [
            Step("no key", "certificate", {"name": "mine", **leaf}),
            Step("predicted", "certificate", {"name": "mine", **mine}, check=True),
            Step("made", "certificate", {"name": "mine", **mine}),
            Step("again", "certificate", {"name": "mine", **mine}),
            Step("without its key", "certificate", {"name": "mine", **leaf}),
            Step("other", "certificate", {"name": "mine", **other}),
            Step("of Let's Encrypt", "certificate", {"name": "mine", "dns_names": ["clinic.example"]}),
            Step("info", "certificate_info", {"name": "mine", "state": "verified"}),
            Step("none pending", "certificate_info", {"state": "pending"}),
        ],
    )
    run.assert_refused("no key", 'Certificate "mine" does not exist: to create it, set also private_key')
    made = run.good("made")
    assert run["predicted"].result["diff"] == made.result["diff"]
    for name in ("again", "without its key"):
        assert (run.good(name).changed, run[name].writes) == (False, [])
    run.assert_refused("other", "make one of another name, and set replaces to the name of this one")
    run.assert_refused("of Let's Encrypt", "type is 'custom' and cannot become 'lets_encrypt'")
    (found,) = run.good("info").result["certificates"]
    assert (found, found["days_left"] > 300) == (made.result["certificate"], True)
    assert run.good("none pending").result["certificates"] == []
    for text in (*mine.values(), *other.values()):
        assert text.splitlines()[1] not in run.printed


def test_takes_the_place_of_another_without_a_gap(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            *USED,
            Step("foreign", "certificate_info", {}, before=[admin("seed", certificates=25, load_balancers=25)]),
            Step("check", "certificate", NEW, check=True),
            # As it is for a while after the last user has gone.
            Step("swap", "certificate", NEW, before=fault("DELETE /v2/certificates/*", count=2, **IN_USE)),
            Step("again", "certificate", NEW),
            Step("edge now", "load_balancer_info", {"name": "edge"}),
            Step("cdn now", "cdn_endpoint_info", {}),
            Step("certificates", "certificate_info", {}),
        ],
    )
    swap = run.good("swap")
    assert run.good("check").write_list == []
    assert run["check"].result["diff"] == swap.result["diff"]
    used = 'old, used by load balancer "edge", CDN endpoint "assets-of-ours.fra1.digitaloceanspaces.com"'
    assert (swap.result["diff"]["before"]["replaces"], swap.result["diff"]["after"]["replaces"]) == (used, "")
    verbs = [(call["method"], call["path"].split("/")[2]) for call in swap.writes if call["status"] < 400]
    assert verbs == [("POST", "certificates"), ("PUT", "load_balancers"), ("PUT", "cdn"), ("DELETE", "certificates")]
    assert (run.good("again").changed, run["again"].writes) == (False, [])
    old, new = run["old"].result["certificate"]["id"], swap.result["certificate"]["id"]
    (edge,), (cdn,) = run["edge now"].result["load_balancers"], run["cdn now"].result["cdn_endpoints"]
    assert edge["forwarding_rules"][0]["certificate_id"] == cdn["certificate_id"] == new
    # Nothing else of them has changed.
    for told, was in ((edge, run["edge"].result["load_balancer"]), (cdn, run["cdn"].result["cdn_endpoint"])):
        assert json.loads(json.dumps(told).replace(new, old)) == {name: was[name] for name in told}
    assert old not in [row["id"] for row in run["certificates"].result["certificates"]]


def test_who_calls_it_by_its_name_need_not_know_that_it_was_renewed(cloud: LocalCloud) -> None:
    edge = {**EDGE, "forwarding_rules": [{**TLS, "certificate_name": "old"}, *EDGE["forwarding_rules"][1:]]}
    cdn = {**{key: value for key, value in CDN.items() if key != "certificate_id"}, "certificate_name": "old"}
    both = {**EDGE, "forwarding_rules": [{**TLS, "certificate_id": ID, "certificate_name": "old"}]}
    nobodys = {**EDGE, "forwarding_rules": [{**TLS, "certificate_name": "nobodys"}]}
    run = inside(
        cloud,
        [
            ZONE,
            BUCKET,
            Step("old", "certificate", OLD, register="old"),
            Step("not there", "load_balancer", nobodys),
            Step("other case", "load_balancer", {**nobodys, "forwarding_rules": [{**TLS, "certificate_name": "Old"}]}),
            Step("both", "load_balancer", both),
            Step("predicted", "load_balancer", nobodys, check=True),
            Step("edge", "load_balancer", edge),
            Step("cdn", "cdn_endpoint", cdn),
            Step("cdn, not there", "cdn_endpoint", {**cdn, "certificate_name": "nobodys"}),
            Step("renewed", "certificate_info", {"name": "old"}, before=[admin("advance", 70 * 86400)]),
            Step("edge again", "load_balancer", edge),
            Step("cdn again", "cdn_endpoint", cdn),
        ],
    )
    run.assert_refused("not there", 'There is no certificate "nobodys": create it first, or correct its name.')
    run.assert_refused("other case", 'but there is "old"')
    run.assert_refused("both", "give one of them")
    run.assert_refused("cdn, not there", 'There is no certificate "nobodys"')
    assert run.good("predicted").changed
    (new,), old = run.good("renewed").result["certificates"], run["old"].result["certificate"]["id"]
    assert new["id"] != old
    assert run.good("edge").result["load_balancer"]["forwarding_rules"][0]["certificate_id"] == old
    assert run.good("cdn").result["cdn_endpoint"]["certificate_id"] == old
    for name in ("edge again", "cdn again"):
        assert (run.good(name).changed, run[name].writes) == (False, [])
    assert run["edge again"].result["load_balancer"]["forwarding_rules"][0]["certificate_id"] == new["id"]


def test_what_was_interrupted_is_finished(cloud: LocalCloud) -> None:
    broken: dict[str, Any] = {**NEW, "timeout": 2, "wait_timeout": 2}
    run = inside(
        cloud,
        [
            *USED,
            Step("stopped", "certificate", broken, before=fault("PUT /v2/cdn/endpoints/*", kind="status", status=422)),
            Step("finished", "certificate", NEW, before=calm()),
            Step("cdn now", "cdn_endpoint_info", {}),
        ],
    )
    stopped = run["stopped"]
    assert (stopped.status, stopped.changed) == ("failed", True)
    assert 'Could not move what uses old to certificate "new"' in stopped.message
    assert not [call for call in stopped.writes if call["method"] == "DELETE"]
    assert [call["method"] for call in run.good("finished").writes] == ["PUT", "DELETE"]
    assert run["cdn now"].result["cdn_endpoints"][0]["certificate_id"] == run["finished"].result["certificate"]["id"]


def test_bad_days(cloud: LocalCloud) -> None:
    nobodys = {"name": "nobodys", "dns_names": ["www.clinic.invalid"]}
    run = inside(
        cloud,
        [
            *USED,
            Step("nobody's zone", "domain", {"name": "clinic.invalid"}),
            Step("unproved", "certificate", nobodys),
            Step("still unproved", "certificate", nobodys),
            Step("in vain", "certificate", {**nobodys, "replaces": "old"}),
            Step("away", "certificate", {**nobodys, "state": "absent"}),
            Step("in use", "certificate", {"name": "old", "state": "absent", "wait_timeout": 1}),
            Step("one user less", "load_balancer", {"name": "edge", "state": "absent"}),
            Step("still in use", "certificate", {"name": "old", "state": "absent", "wait_timeout": 1}),
            Step("elsewhere", "certificate", {"name": "x", "dns_names": ["other.example"]}),
            Step("path", "certificate", {"name": "x", "leaf_certificate": "/etc/tls.pem", "private_key": "x"}),
            Step("itself", "certificate", {**OLD, "replaces": "old"}),
            Step("of what", "certificate", {"name": "x"}),
            Step("both", "certificate", {"name": "x", "dns_names": ["a.b"], "leaf_certificate": "x"}),
            Step("gone already", "certificate", {**OLD, "replaces": "never was"}),
        ],
    )
    for name in ("unproved", "still unproved", "in vain"):
        assert run[name].status == "failed"
        assert "Let's Encrypt could not prove that www.clinic.invalid is DigitalOcean's" in run[name].message
        assert_sentence(run[name].message)
    assert (run["still unproved"].writes, run["in vain"].writes) == ([], [])
    assert run.good("away").changed
    for name in ("in use", "still in use"):
        assert "in use (Make sure the certificate is not in use before deleting it)" in run[name].message
    assert "not managed by DigitalOcean" in run["elsewhere"].message
    run.assert_refused("path", "The leaf_certificate is no certificate, nothing was done: give the PEM text")
    run.assert_refused("itself", "replaces names the certificate itself")
    run.assert_refused("of what", "set also dns_names, or leaf_certificate and private_key")
    assert "mutually exclusive" in run["both"].message
    assert (run.good("gone already").changed, run["gone already"].writes) == (False, [])
