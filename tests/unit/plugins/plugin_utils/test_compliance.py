# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as evidence, what does not, and that silence is neither."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.compliance import environment_compliance
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.compliance_lines import compliance_document

NOW = "2026-11-24T12:00:00Z"
WIRE = {
    "reachable": True,
    "verified": True,
    "why": "",
    "version": "TLSv1.3",
    "cipher": "TLS_AES_256_GCM_SHA384",
    "not_after": "2027-02-22T03:00:00Z",
    "days_left": 89,
    "hsts_seconds": 31536000,
    "plain_text": "refused",
}
GOOD: dict[str, Any] = {
    "edge": {"tls": WIRE},
    "postgresql_wire": {"tls": WIRE},
    "valkey_wire": {"tls": WIRE},
    "spaces_wire": {"tls": WIRE},
    "postgresql_sources": {"database_firewalls": [{"rules": [{"type": "ip_addr", "value": "10.20.0.0/20"}]}]},
    "valkey_sources": {"database_firewalls": [{"rules": [{"type": "app", "value": "5a49"}]}]},
    "edge_firewall": {
        "firewalls": [{"inbound_rules": [{"protocol": "tcp", "ports": "80", "sources": {"addresses": ["10.0.0.0/8"]}}]}]
    },
    "privileges": {"query_result": [{"name": "reader", "superuser": False, "may": ["SELECT"]}]},
    "keys": {
        "spaces_keys": [
            {"name": "f-uploads", "created_at": NOW, "grants": [{"bucket": "f-uploads", "permission": "readwrite"}]}
        ]
    },
    "uploads": {"spaces_buckets": [{"name": "f-uploads", "acl": "private", "versioning": True}]},
    "backups": {"newest_age_hours": 3.0, "span_days": 6.5},
}
REPORT = {"name": "f-drill.json", "mtime": 1795521600.0, "text": '{"ok": true}'}
ABOUT: dict[str, Any] = {
    "environment": "f",
    "made_at": NOW,
    "prefix": "f",
    "app_user": "app",
    "readonly_user": "reader",
    "backup_user": "backup",
    "regions": {"app": "nyc"},
    "version_days": 30,
    "key_days": 90,
    "own_key": "DO00OURS",
    "report_days": {"verified": 31, "drilled": 31, "replicated": 1},
    "reports": dict.fromkeys(("verified", "drilled", "replicated"), REPORT),
}


def made(**changed: Any) -> dict[str, Any]:
    return environment_compliance({**copy.deepcopy(GOOD), **changed}, ABOUT)


def test_all_is_shown_and_told_in_both_languages() -> None:
    told = made()
    assert (told["ok"], told["bad"], told["unknown"]) == (True, 0, 0)
    assert all(row["source"] and row["evidence"] for row in told["lines"])
    for language in ("en", "pt_BR"):
        page = compliance_document(environment_compliance(GOOD, ABOUT, language))
        assert page["good"]
        assert sum(len(section["rows"]) for section in page["sections"]) == len(told["lines"])


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("edge", {"tls": {**WIRE, "hsts_seconds": None}}),
        ("edge", {"tls": {**WIRE, "plain_text": "accepted"}}),
        ("postgresql_wire", {"tls": {**WIRE, "version": "TLSv1.1"}}),
        ("postgresql_wire", {"tls": {**WIRE, "plain_text": "accepted"}}),
        ("valkey_wire", {"tls": {**WIRE, "verified": False, "why": "self-signed certificate"}}),
        ("spaces_wire", {"tls": {**WIRE, "days_left": 3}}),
        ("postgresql_sources", {"database_firewalls": [{"rules": []}]}),
        ("valkey_sources", {"database_firewalls": [{"rules": [{"type": "ip_addr", "value": "0.0.0.0/0"}]}]}),
        ("privileges", {"query_result": [{"name": "reader", "superuser": False, "may": ["SELECT", "DELETE"]}]}),
        ("privileges", {"query_result": [{"name": "other", "superuser": True, "may": None}]}),
        ("uploads", {"spaces_buckets": [{"name": "f-uploads", "acl": "public-read", "versioning": True}]}),
        ("uploads", {"spaces_buckets": [{"name": "f-uploads", "acl": "private", "versioning": False}]}),
        ("backups", {"newest_age_hours": 25.0, "span_days": 6.5}),
        ("backups", {"newest_age_hours": None, "span_days": None}),
    ],
)
def test_what_is_not_met_is_told(name: str, answer: dict[str, Any]) -> None:
    told = made(**{name: answer})
    assert (told["ok"], told["bad"]) == (False, 1)


@pytest.mark.parametrize("name", sorted(set(GOOD) - {"edge_firewall"}))
def test_silence_is_no_evidence(name: str) -> None:
    told = made(**{name: {"msg": "403: the token lacks a scope"}})
    assert (told["ok"], told["unknown"]) == (True, 1)
    assert "the token lacks a scope" in next(row["evidence"] for row in told["lines"] if row["verdict"] == "unknown")


def test_plain_text_that_nothing_was_heard_of_is_neither_refused_nor_accepted() -> None:
    told = made(valkey_wire={"tls": {**WIRE, "plain_text": "unknown"}})
    assert (told["bad"], told["unknown"]) == (0, 1)
    assert "plain text is not seen" in next(row["evidence"] for row in told["lines"] if row["verdict"] == "unknown")
    old = made(valkey_wire={"tls": {**WIRE, "plain_text": "unknown", "version": "TLSv1.1"}})
    assert (old["bad"], old["unknown"]) == (1, 0)


def test_who_has_seen_nothing_on_the_wire_has_shown_nothing() -> None:
    wires = ("edge", "postgresql_wire", "valkey_wire", "spaces_wire")
    unseen: dict[str, Any] = {name: {"msg": "no route to host"} for name in wires}
    told = made(**unseen)
    assert (told["ok"], told["bad"], told["unknown"]) == (False, 0, 4)
    assert made(**{**unseen, "edge": GOOD["edge"]})["ok"] is True


def test_who_may_nothing_was_asked_about_nothing() -> None:
    told = made(privileges={"query_result": [{"name": "app", "superuser": False, "may": None}]})
    assert (told["bad"], told["unknown"]) == (0, 1)
    assert made(privileges={"query_result": []})["unknown"] == 1


def test_keys_and_reports_grow_old() -> None:
    old = {"created_at": "2026-08-01T00:00:00Z", "grants": [{"bucket": "f-uploads", "permission": "read"}]}
    full = {"created_at": NOW, "grants": [{"bucket": "", "permission": "fullaccess"}]}
    assert made(keys={"spaces_keys": [{"name": "old", **old}]})["bad"] == 1
    assert made(keys={"spaces_keys": [{"name": "all", "access_key": "DO00", **full}]})["bad"] == 1
    assert made(keys={"spaces_keys": [{"name": "ours", "access_key": "DO00OURS", **full}]})["bad"] == 0
    for text, mtime in (('{"ok": false}', REPORT["mtime"]), ('{"ok": true}', 1790000000.0)):
        about = {**ABOUT, "reports": {**ABOUT["reports"], "drilled": {**REPORT, "text": text, "mtime": mtime}}}
        assert environment_compliance(GOOD, about)["bad"] == 1
    nothing = environment_compliance(GOOD, {**ABOUT, "reports": {}})
    assert (nothing["bad"], nothing["unknown"]) == (0, 3)
