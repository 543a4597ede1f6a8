# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the name server answers from the records of the account's zones."""

from __future__ import annotations

import dns.message
import dns.rcode
import pytest

from localcloud.dataplane.dns.answers import addresses, answer, hosts
from localcloud.resources.domains import domains, records
from localcloud.resources.spaces import cdn
from localcloud.world.world import World

ZONE = "fisioflow.example"
LONG = "v=DKIM1; p=" + "A" * 300 + '"\\'


@pytest.fixture
def world() -> World:
    world = World()
    domains.insert(world, ZONE)
    for kind, name, data, more in [
        ("A", "@", "127.80.0.1", {}),
        ("A", "@", "127.80.0.2", {}),
        ("AAAA", "@", "2001:db8::1", {}),
        ("MX", "@", "mail.other.example", {"priority": 10}),
        ("TXT", "@", LONG, {}),
        ("CAA", "@", "letsencrypt.org", {"flags": 0, "tag": "issue"}),
        ("SRV", "_sip._tcp", "sip.fisioflow.example", {"priority": 1, "weight": 2, "port": 5060}),
        ("CNAME", "www", "@", {}),
        ("CNAME", "app", "fisioflow-abc.ondigitalocean.app", {}),
        ("CNAME", "one", "two.fisioflow.example", {}),
        ("CNAME", "two", "one.fisioflow.example", {}),
        ("A", "deep.down", "127.80.0.3", {}),
        ("A", "*.many", "127.80.0.4", {}),
        ("TXT", "here.many", "x", {}),
    ]:
        records.insert(world, ZONE, {"type": kind, "name": name, "data": data, **more})
    return world


def asked(world: World, name: str, kind: str) -> tuple[str, list[str]]:
    """The code, and each record as ``name type data``."""
    found = answer(world, dns.message.make_query(f"{name}{'.' if name else ''}{ZONE}", kind))
    sets = [line for one in found.answer for line in one.to_text().splitlines()]
    words = [line.split(" ", 4) for line in sets]
    return dns.rcode.to_text(found.rcode()), sorted(f"{line[0].split('.')[0]} {line[3]} {line[4]}" for line in words)


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("", "A", ["fisioflow A 127.80.0.1", "fisioflow A 127.80.0.2"]),
        ("", "AAAA", ["fisioflow AAAA 2001:db8::1"]),
        ("", "MX", ["fisioflow MX 10 mail.other.example."]),
        ("", "CAA", ['fisioflow CAA 0 issue "letsencrypt.org"']),
        ("", "NS", [f"fisioflow NS ns{n}.digitalocean.com." for n in (1, 2, 3)]),
        ("_sip._tcp", "SRV", ["_sip SRV 1 2 5060 sip.fisioflow.example."]),
        ("www", "A", ["fisioflow A 127.80.0.1", "fisioflow A 127.80.0.2", f"www CNAME {ZONE}."]),
        ("www", "CNAME", [f"www CNAME {ZONE}."]),
        ("app", "A", ["app CNAME fisioflow-abc.ondigitalocean.app."]),
        ("any.many", "A", ["any A 127.80.0.4"]),
        ("WWW", "CNAME", [f"WWW CNAME {ZONE}."]),
    ],
)
def test_records(world: World, name: str, kind: str, found: list[str]) -> None:
    code, records = asked(world, name, kind)
    assert (code, [record.lower() for record in records]) == ("NOERROR", [record.lower() for record in found])


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("www", "CAA", "NOERROR"),
        ("deep.down", "AAAA", "NOERROR"),
        ("down", "A", "NOERROR"),  # nothing, but there is a name below it
        ("nowhere", "A", "NXDOMAIN"),
        ("here.many", "A", "NOERROR"),  # a wildcard does not fill up what is there
        ("below.here.many", "A", "NXDOMAIN"),
        ("one", "A", "SERVFAIL"),
    ],
)
def test_there_is_none(world: World, name: str, kind: str, code: str) -> None:
    found = answer(world, dns.message.make_query(f"{name}.{ZONE}", kind))
    assert dns.rcode.to_text(found.rcode()) == code
    if not found.answer:
        assert "SOA ns1.digitalocean.com." in found.authority[0].to_text()


def test_a_long_text_is_whole(world: World) -> None:
    [found] = answer(world, dns.message.make_query(ZONE, "TXT")).answer
    assert b"".join(next(iter(found)).strings).decode() == LONG


def test_other_zones_are_not_ours(world: World) -> None:
    found = answer(world, dns.message.make_query("example.org", "A"))
    assert dns.rcode.to_text(found.rcode()) == "REFUSED"
    assert addresses(world, "example.org") == []
    assert addresses(world, f"www.{ZONE}") == ["127.80.0.1", "127.80.0.2"]


def test_names_of_apps_that_run_lead_to_them(world: World) -> None:
    clinic = [{"spec": {"domain": f"clinic.{ZONE}", "zone": ZONE}}, {"spec": {"domain": "clinic.example.org"}}]
    app = {"spec": {"name": "clinic"}, "_suffix": "abc", "_at": {"https": ["127.90.0.1", 443]}, "_domains": clinic}
    world.table("apps").insert("1", app)
    world.table("apps").insert("2", {**app, "_suffix": "of-records", "_at": {}})
    name = "clinic-abc.ondigitalocean.app"
    assert addresses(world, name) == addresses(world, f"clinic.{ZONE}") == ["127.90.0.1"]
    assert answer(world, dns.message.make_query(name, "AAAA")).rcode() == dns.rcode.NOERROR
    assert answer(world, dns.message.make_query(f"clinic.{ZONE}", "MX")).rcode() == dns.rcode.NOERROR
    for other in ("clinic.example.org", "clinic-of-records.ondigitalocean.app"):
        assert answer(world, dns.message.make_query(other, "A")).rcode() == dns.rcode.REFUSED
    # A record leads to it by its name, as one would set it.
    records.insert(world, ZONE, {"type": "CNAME", "name": "portal", "data": name})
    assert addresses(world, f"portal.{ZONE}") == ["127.90.0.1"]
    assert hosts(world)[name] == hosts(world)[f"portal.{ZONE}"] == hosts(world)[f"clinic.{ZONE}"] == "127.90.0.1"
    assert hosts(world)[f"www.{ZONE}"] == "127.80.0.1"
    assert f"app.{ZONE}" not in hosts(world)
    assert not [one for one in hosts(world) if one.startswith("*")]
    # What somebody sets himself goes before.
    records.insert(world, ZONE, {"type": "A", "name": "clinic", "data": "127.80.0.5"})
    assert addresses(world, f"clinic.{ZONE}") == ["127.80.0.5"]


def test_a_cdn_endpoint_that_runs_leads_to_it() -> None:
    """As DigitalOcean's own name does; of records alone nobody answers."""
    world = World()
    name = "assets.nyc3.cdn.digitaloceanspaces.com"
    world.table(cdn.TABLE).insert("1", {"id": "1", "endpoint": name, "_at": {"https": ["127.80.0.9", 443]}})
    world.table(cdn.TABLE).insert("2", {"id": "2", "endpoint": f"other-{name}", "_at": {}})
    assert addresses(world, name) == ["127.80.0.9"]
    assert addresses(world, f"other-{name}") == []
    assert hosts(world) == {name: "127.80.0.9"}
