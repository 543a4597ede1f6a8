# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The name server of an instance, asked as resolvers ask."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.query
import dns.rcode
import pytest

from tests.localcloud_api import Api

pytestmark = pytest.mark.xdist_group("plane")

ZONE = "clinic.example"


def test_names_are_answered_as_the_records_are_now(api: Api) -> None:
    host, _colon, port = api.cloud.env["LOCALCLOUD_RESOLVER"].partition(":")
    at = {"where": host, "port": int(port or 53), "timeout": 10}
    question = dns.message.make_query(f"www.{ZONE}", "A")
    assert dns.query.udp(question, **at).rcode() == dns.rcode.REFUSED
    api.ok("POST", "/domains", {"name": ZONE})
    assert dns.query.udp(question, **at).rcode() == dns.rcode.NXDOMAIN
    record = {"type": "A", "name": "www", "data": "127.80.0.9", "ttl": 60}
    id = api.ok("POST", f"/domains/{ZONE}/records", record)["domain_record"]["id"]
    for ask in (dns.query.udp, dns.query.tcp):
        [found] = ask(question, **at).answer
        assert found.to_text() == f"www.{ZONE}. 60 IN A 127.80.0.9"
    api.ok("DELETE", f"/domains/{ZONE}/records/{id}")
    assert dns.query.udp(question, **at).rcode() == dns.rcode.NXDOMAIN
    [line] = [line for run in api.admin.status()["runs"] if run["key"] == "dns/server" for line in run["lines"]]
    assert line.startswith(f"dig @{host}")


def test_what_is_too_long_for_udp_comes_by_tcp(api: Api) -> None:
    host, _colon, port = api.cloud.env["LOCALCLOUD_RESOLVER"].partition(":")
    api.ok("POST", "/domains", {"name": ZONE})
    api.ok("POST", f"/domains/{ZONE}/records", {"type": "TXT", "name": "@", "data": "x" * 600})
    question = dns.message.make_query(ZONE, "TXT")
    short = dns.query.udp(question, host, 10, int(port or 53))
    assert short.flags & dns.flags.TC
    assert not short.answer
    whole, by_tcp = dns.query.udp_with_fallback(question, host, 10, int(port or 53))
    assert by_tcp
    assert b"".join(next(iter(whole.answer[0])).strings) == b"x" * 600
