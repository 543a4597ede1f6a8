# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of a zone as people write them and as the API has them: one normal form for both.

People write a value as a zone file does (RFC 1035, 2782, 8659): `10 mail.clinic.example.`, `0 issue letsencrypt.org`.
The API keeps its parts apart, names relative to the domain, and host names without the dot at their end.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT")
APEX = "@"
# The attributes in front of `data`, in the order of a zone file. The API gives numbers, and one word.
_BEFORE = {"CAA": ("flags", "tag"), "MX": ("priority",), "SRV": ("priority", "weight", "port")}
_POINTING = ("CAA", "CNAME", "MX", "NS", "SRV")
_TAGS = ("issue", "issuewild", "iodef")
_LABEL = r"(\*|_?[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?)"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_HIGHEST = {"flags": 255}


@dataclass(frozen=True, order=True)
class Value:
    """What a record says: `before` the attributes in front of `data`, by their order."""

    data: str
    before: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([*self.before, self.data])


def name_of(given: str, domain: str) -> str:
    """A record's name relative to the domain, in small letters. Raises Failure with a sentence."""
    name = given.strip().lower()
    whole = name.removesuffix(".")
    if name == APEX or whole == domain:
        return APEX
    if whole.endswith(f".{domain}"):
        name = whole.removesuffix(f".{domain}")
    elif name.endswith("."):
        raise Failure(f'The name "{given}" is not in the domain {domain}: correct it, or leave the domain out.')
    if not _HOST.fullmatch(name):
        raise Failure(f'The name "{given}" is no name of a record: give one such as www, or @ for the domain itself.')
    return name


def value_of(kind: str, given: str, domain: str) -> Value:
    """What somebody wrote. Raises Failure with a sentence."""
    fields = _BEFORE.get(kind, ())
    parts = given.strip().split(maxsplit=len(fields)) if fields else [given.strip()]
    if len(parts) != len(fields) + 1 or not parts[-1]:
        raise Failure(f'The value "{given}" of type {kind} must be {" ".join((*fields, "data"))}, with blanks between.')
    before = tuple(_part(field, text, given) for field, text in zip(fields, parts, strict=False))
    return Value(_data(kind, parts[-1], given, domain), before)


def value_in(row: dict[str, Any], domain: str) -> Value:
    """What the API says of a record."""
    kind = str(row["type"])
    before = tuple(str(row.get(field) or 0) if field != "tag" else str(row["tag"]) for field in _BEFORE.get(kind, ()))
    data = str(row["data"])
    return Value(_host(data, domain) if kind in _POINTING else data, before)


def body_of(kind: str, name: str, value: Value, ttl: int) -> dict[str, Any]:
    """What the API takes."""
    parts = zip(_BEFORE.get(kind, ()), value.before, strict=True)
    fields = {field: text if field == "tag" else int(text) for field, text in parts}
    dot = "." if kind in _POINTING else ""
    return {"type": kind, "name": name, "data": f"{value.data}{dot}", "ttl": ttl, **fields}


def _part(field: str, text: str, given: str) -> str:
    if field == "tag":
        if text.lower() not in _TAGS:
            raise Failure(f'The tag in "{given}" must be one of {", ".join(_TAGS)}.')
        return text.lower()
    highest = _HIGHEST.get(field, 65535)
    if not text.isdecimal() or int(text) > highest:
        raise Failure(f'The {field} in "{given}" must be a number from 0 to {highest}.')
    return str(int(text))


def _data(kind: str, data: str, given: str, domain: str) -> str:
    if kind in ("A", "AAAA"):
        version = 4 if kind == "A" else 6
        try:
            address = ipaddress.ip_address(data)
        except ValueError:
            address = None
        if address is None or address.version != version:
            raise Failure(f'The value "{given}" of type {kind} must be an IPv{version} address.')
        return str(address)
    if kind not in _POINTING:
        return data
    host = _host(data.strip('"') if kind == "CAA" else data, domain)
    # Whom to tell of a violation is an address of its own kind (iodef).
    if not _HOST.fullmatch(host) and "iodef" not in given:
        raise Failure(f'The value "{given}" of type {kind} must end in the name of a host, such as mail.{domain}.')
    return host


def _host(data: str, domain: str) -> str:
    """A whole name in small letters, without the dot at its end; one word alone is in the domain."""
    name = data.lower().removesuffix(".")
    if name == APEX:
        return domain
    return name if "." in name or data.endswith(".") or ":" in name else f"{name}.{domain}"
