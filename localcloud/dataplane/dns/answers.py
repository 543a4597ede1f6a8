# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the account's zones answer: a record, that there is none of this type, that there is no such name, or that the
zone is none of ours (REFUSED).

Names of apps and CDN endpoints that run lead to them: DigitalOcean's own, and those of an app's domains in a zone that
App Platform manages, where it sets the records itself.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

from localcloud import JSON
from localcloud.resources.apps import address
from localcloud.resources.apps.rows import APPS
from localcloud.resources.domains import domains, records
from localcloud.resources.spaces import cdn
from localcloud.world.world import World

# A CNAME may lead to another, but not for ever.
MOST_ALIASES = 8
# Bytes of one string of a TXT record.
STRING = 255


@dataclass(frozen=True)
class Found:
    """``rows`` of a name, and whether there is such a name at all; ``zone`` is empty for DigitalOcean's own names."""

    zone: str
    rows: list[JSON]
    known: bool


def answer(world: World, asked: dns.message.Message) -> dns.message.Message:
    """The answer to one question."""
    response = dns.message.make_response(asked)
    if asked.opcode() != 0 or len(asked.question) != 1 or asked.question[0].rdclass != dns.rdataclass.IN:
        response.set_rcode(dns.rcode.NOTIMP)
        return response
    question = asked.question[0]
    name, kind = _text(question.name), dns.rdatatype.to_text(question.rdtype)
    found = _look(world, name)
    if found is None:
        response.set_rcode(dns.rcode.REFUSED)
        return response
    response.flags |= dns.flags.AA
    for _alias in range(MOST_ALIASES):
        alias = next((row for row in found.rows if row["type"] == "CNAME"), None)
        if alias is None or kind in ("CNAME", "ANY"):
            _tell(world, response, name, kind, found)
            return response
        response.answer.append(_set(name, found.zone, [alias]))
        name = _target(alias, found.zone)
        found = _look(world, name)
        if found is None:
            return response  # what lies outside is for the resolver to find
    response.set_rcode(dns.rcode.SERVFAIL)
    return response


def _tell(world: World, response: dns.message.Message, name: str, kind: str, found: Found) -> None:
    """What there is of that type, or that there is nothing."""
    fitting = [row for row in found.rows if kind in (row["type"], "ANY")]
    for one in sorted({row["type"] for row in fitting}):
        response.answer.append(_set(name, found.zone, [row for row in fitting if row["type"] == one]))
    if not fitting:
        response.set_rcode(dns.rcode.NOERROR if found.known else dns.rcode.NXDOMAIN)
        if found.zone:
            response.authority.append(_set(found.zone, found.zone, _of_type(world, found.zone, "SOA")))


def _look(world: World, name: str) -> Found | None:
    """None for what nobody here answers for."""
    zone = zone_of(world, name)
    rows, known = _rows(world, zone, name) if zone else ([], False)
    at = None if rows else _services(world).get(name)
    if at:
        return Found(zone or "", [{"type": "A", "data": at, "ttl": domains.TTL}], True)
    return Found(zone, rows, known) if zone else None


def _services(world: World) -> dict[str, str]:
    """Name → the address of the app or the CDN endpoint that answers to it."""
    endpoints = [row for row in world.table(cdn.TABLE).everything() if "https" in (row.get("_at") or {})]
    found = {str(row["endpoint"]): str(row["_at"]["https"][0]) for row in endpoints}
    for app in world.table(APPS).everything():
        if "https" in app.get("_at", {}):
            at = str(app["_at"]["https"][0])
            found[address.name(app)] = at
            found |= {one["spec"]["domain"].lower(): at for one in app["_domains"] if one["spec"].get("zone")}
    return found


def addresses(world: World, host: str) -> list[str]:
    """The IPv4 addresses of a name in the account's zones; nothing when it is in none, or has none."""
    asked = dns.message.make_query(host, dns.rdatatype.A)
    return [str(one) for found in answer(world, asked).answer if found.rdtype == dns.rdatatype.A for one in found]


def hosts(world: World) -> dict[str, str]:
    """Names that lead to this machine: of records, but for wildcards, of apps and of CDN endpoints."""
    rows = world.table(records.TABLE).everything()
    owners = [row["_domain"] if row["name"] == "@" else f"{row['name']}.{row['_domain']}" for row in rows]
    names = {owner for owner in owners if not owner.startswith("*")} | _services(world).keys()
    found = {name: addresses(world, name) for name in sorted(names)}
    return {name: at[0] for name, at in found.items() if at and ipaddress.ip_address(at[0]).is_loopback}


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def zone_of(world: World, name: str) -> str | None:
    """The account's domain that a name is in, the nearest one."""
    labels = name.split(".")
    above = (".".join(labels[first:]) for first in range(len(labels)))
    return next((zone for zone in above if world.table(domains.TABLE).peek(zone)), None)


def _rows(world: World, zone: str, name: str) -> tuple[list[JSON], bool]:
    """The records of a name, by a wildcard too, and whether there is such a name: also by one below it."""
    relative = "@" if name == zone else name.removesuffix(f".{zone}")
    every = records.of(world, zone)
    names = {row["name"] for row in every}
    if relative in names:
        return [row for row in every if row["name"] == relative], True
    if any(other.endswith(f".{relative}") for other in names):
        return [], True
    labels = relative.split(".")
    for first in range(1, len(labels) + 1):
        above = ".".join(labels[first:])
        wildcard = f"*.{above}" if above else "*"
        if wildcard in names:
            return [row for row in every if row["name"] == wildcard], True
        if above in names or any(other.endswith(f".{above}") for other in names):
            break  # a wildcard does not reach over a name that is there
    return [], False


def _of_type(world: World, zone: str, kind: str) -> list[JSON]:
    return [row for row in records.of(world, zone) if row["type"] == kind and row["name"] == "@"]


def _target(row: JSON, zone: str) -> str:
    return zone if row["data"] == "@" else str(row["data"])


def _set(name: str, zone: str, rows: list[JSON]) -> dns.rrset.RRset:
    kind = rows[0]["type"]
    owner = dns.name.from_text(name)
    return dns.rrset.from_text_list(
        owner, min(row["ttl"] for row in rows), "IN", kind, [_data(row, zone) for row in rows]
    )


def _data(row: JSON, zone: str) -> str:
    """As a zone file has it."""
    kind, target = row["type"], f"{_target(row, zone)}."
    if kind == "SOA":
        return f"ns1.digitalocean.com. hostmaster.{zone}. 1700000000 10800 3600 604800 {row['data']}"
    if kind == "TXT":
        text = str(row["data"]).strip('"').encode()
        pieces = [text[at : at + STRING] for at in range(0, len(text), STRING)]
        return " ".join('"' + "".join(map(_escaped, piece)) + '"' for piece in pieces)
    if kind == "CAA":
        return f'{row["flags"]} {row["tag"]} "{row["data"]}"'
    before = "".join(f"{row[field]} " for field in records.FIELDS.get(kind, ()))
    return before + (target if kind in records.POINTING else str(row["data"]))


def _escaped(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\{byte:03}"
