# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of a domain, as they are kept, judged and shown.

Rows of the table ``domain_records`` by number, as text: the API's record, and ``_domain``. Names are relative ("@" is
the domain itself); what a record points to is kept without the dot at its end.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.world.world import World

TABLE = "domain_records"
TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT")
# What each type has beside name, data and ttl, and must have.
FIELDS = {"CAA": ("flags", "tag"), "MX": ("priority",), "SRV": ("priority", "weight", "port")}
# Those whose data is a host name.
POINTING = ("CAA", "CNAME", "MX", "NS", "SRV")
LABEL = r"(\*|[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?)"
NAME = re.compile(rf"@|{LABEL}(\.{LABEL})*")
TTL, SHORTEST = 1800, 30


def of(world: World, domain: str) -> list[JSON]:
    return [row for row in world.table(TABLE).everything() if row["_domain"] == domain]


def insert(world: World, domain: str, values: JSON) -> JSON:
    table = world.table(TABLE)
    id = max((row["id"] for row in table.everything()), default=world.random.randrange(10**7, 10**8)) + 1
    empty = dict.fromkeys(("priority", "port", "weight", "flags", "tag"))
    return table.insert(str(id), {"id": id, **empty, "ttl": TTL, **values, "_domain": domain})


def checked(world: World, domain: str, body: JSON, own: JSON | None = None) -> JSON:
    """The whole of a record; 422 when it cannot be. Of one that exists, what is left out stays."""
    given: JSON = {**(own or {}), **{key: value for key, value in body.items() if value is not None}}
    kind = given.get("type")
    # In the API's words: rmoriz/knife-digital_ocean issue 78.
    if kind not in TYPES or (kind == "SOA" and own is None):
        raise ApiError(422, "Record type is not included in the list")
    values: JSON = {"type": kind, "name": _name(given.get("name"), domain), "ttl": _ttl(given.get("ttl"))}
    values["data"] = _data(kind, given.get("data"), own is not None and "data" not in body)
    for field in FIELDS.get(kind, ()):
        if given.get(field) is None:
            raise ApiError(422, f"{field.capitalize()} can't be blank")
        values[field] = given[field]
    others = [row for row in of(world, domain) if own is None or row["id"] != own["id"]]
    beside = {row["type"] for row in others if row["name"] == values["name"]}
    # In the API's words: kubernetes-sigs/external-dns issue 4802.
    if (kind == "CNAME" and beside) or "CNAME" in beside:
        raise ApiError(422, "CNAME records cannot share a name with other records")
    return values


def _name(name: Any, domain: str) -> str:
    if not isinstance(name, str) or not name:
        raise ApiError(422, "Name can't be blank")
    if name.endswith("."):
        # A guess: what is absolute is taken as it is meant.
        name = str(name)[:-1].lower().removesuffix(domain).rstrip(".") or "@"
    if not NAME.fullmatch(name):
        raise ApiError(422, "Name Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)")
    return str(name).lower()


def _ttl(ttl: Any) -> int:
    ttl = TTL if ttl is None else ttl
    if not isinstance(ttl, int) or ttl < SHORTEST:
        raise ApiError(422, f"Ttl must be greater than or equal to {SHORTEST}")
    return ttl


def _data(kind: str, data: Any, kept: bool) -> str:
    if not isinstance(data, str) or not data:
        raise ApiError(422, "Data can't be blank")
    if kind in ("A", "AAAA"):
        try:
            return str((ipaddress.IPv4Address if kind == "A" else ipaddress.IPv6Address)(data))
        except ValueError:
            raise ApiError(422, f"Data is not a valid IPv{4 if kind == 'A' else 6} address") from None
    if kind in POINTING and data != "@" and not kept:
        # In the API's words: kubernetes-sigs/external-dns pull request 624.
        if not data.endswith("."):
            raise ApiError(422, "Data needs to end with a dot (.)")
        return data[:-1].lower()
    return data


def zone_file(world: World, domain: JSON) -> str:
    name = domain["name"]
    lines = [f"$ORIGIN {name}.", f"$TTL {domain['ttl']}"]
    for row in of(world, name):
        owner = f"{name}." if row["name"] == "@" else f"{row['name']}.{name}."
        before = [str(row[field]) for field in FIELDS.get(row["type"], ()) if row[field] is not None]
        data = row["data"]
        if row["type"] == "SOA":
            data = f"ns1.digitalocean.com. hostmaster.{name}. 1700000000 10800 3600 604800 {row['data']}"
        elif row["type"] in POINTING:
            data = f"{name}." if data == "@" else f"{data}."
        lines.append(" ".join([owner, str(row["ttl"]), "IN", row["type"], *before, data]))
    return "\n".join([*lines, ""])
