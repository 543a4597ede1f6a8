# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`report_compliance.yml`: what it shows was seen on the wire, and what is opened is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.procedures.environment import Environment

pytestmark = pytest.mark.xdist_group("procedures")


def lines(running: Environment) -> dict[str, dict[str, Any]]:
    """By part and what."""
    return {f"{row['part']}: {row['what']}": row for row in running.report("local-compliance")["lines"]}


def test_what_is_seen_on_the_wire_is_shown_and_what_is_open_is_told(running: Environment) -> None:
    sources = running.sources()
    calm = running.green("report_compliance")
    told = lines(running)
    wire = [row for name, row in told.items() if name.startswith("Encryption in transit")]
    assert len(wire) == 5, calm.printed[-3000:]
    assert {row["verdict"] for row in wire} == {"good"}, wire
    assert all("TLSv1." in row["evidence"] or "365 days" in row["evidence"] for row in wire)
    users = {row["what"]: row["evidence"] for name, row in told.items() if "fisioflow_" in name}
    assert users["fisioflow_readonly"] == "On tables: SELECT. Superuser: False."
    assert "DELETE" in users["fisioflow_app"]
    assert told["Who can reach what: fisioflow-local-uploads"]["verdict"] == "good"
    assert running.sources() == sources, "it is out again"

    cluster = running.cluster("fisioflow-local-valkey")["id"]
    rules = running.api.ok("GET", f"/databases/{cluster}/firewall")["rules"]
    key = running.api.ok(
        "POST", "/spaces/keys", {"name": "somebody", "grants": [{"bucket": "", "permission": "fullaccess"}]}
    )["key"]
    running.api.ok("PUT", f"/databases/{cluster}/firewall", {"rules": [{"type": "ip_addr", "value": "0.0.0.0/0"}]})
    try:
        red = running.red("report_compliance", fisioflow_language="pt_BR")
    finally:
        running.api.ok("PUT", f"/databases/{cluster}/firewall", {"rules": rules})
        running.api.ok("DELETE", f"/spaces/keys/{key['access_key']}")
    assert "Conformidade (LGPD) · local" in red.printed
    found = running.report("local-compliance")
    bad = {row["what"] for row in found["lines"] if row["verdict"] == "bad"}
    assert {"Valkey", "somebody"} <= bad
    assert not found["ok"]
    assert key["secret_key"] not in red.printed
    assert (running.reports / "local-compliance.html").read_text().count("<table") >= 6
