# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where names lead, asked of a name server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.resolver import addresses
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.resolving import resolved_records
from tests.name_server import BROKEN, name_server

ZONE = {"clinic.example": ["203.0.113.10"], "www.clinic.example": ["203.0.113.10", "198.51.100.7"]}
RECORDS = [
    {"name": name, "type": kind, "values": values}
    for name in (*ZONE, "new.clinic.example")
    for kind, values in (("A", ["203.0.113.10", "203.0.113.11"]), ("AAAA", []))
]


@pytest.fixture
def resolver() -> Iterator[str]:
    with name_server(ZONE) as address:
        yield address


def test_a_name_leads_where_its_records_say(resolver: str) -> None:
    assert addresses("www.clinic.example.", resolver) == set(ZONE["www.clinic.example"])
    assert addresses("nobody.clinic.example", resolver) == set()


def test_what_still_leads_elsewhere_or_nowhere_is_pending(resolver: str) -> None:
    assert [(row["domain"], row["phase"]) for row in resolved_records(RECORDS, resolver)] == [
        ("clinic.example", "ACTIVE"),
        ("www.clinic.example", "PENDING"),
        ("new.clinic.example", "PENDING"),
    ]
    assert resolved_records(RECORDS, resolver)[0]["target"] == "203.0.113.10, 203.0.113.11"


def test_the_machines_own_resolver_knows_this_machine() -> None:
    assert addresses("localhost") == {"127.0.0.1"}


@pytest.mark.parametrize("resolver", ["127.0.0.1:9", "127.0.0.1:none", "dns.example"])
def test_a_resolver_that_is_none_is_told(resolver: str) -> None:
    with pytest.raises(Failure, match=f"resolver {resolver} does not answer: correct dns_resolver"):
        addresses("clinic.example", resolver)


def test_what_a_resolver_cannot_tell_is_not_taken_for_nothing(resolver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Failure, match="does not answer"):
        addresses(f"{BROKEN}.example", resolver)

    def fails(*_: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(Failure, match=r"resolver of this machine does not answer \(Temporary failure"):
        addresses("clinic.example")
