# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where names lead, by the resolver of this machine or by one that is named (RFC 1035)."""

from __future__ import annotations

import secrets
import socket
import struct

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

PORT, SECONDS, TRIES = 53, 2.0, 3
# An A record of the Internet; recursion desired.
A, INTERNET, RECURSE = 1, 1, 0x0100
HEADER = struct.Struct(">HHHHHH")
# Where a name goes on somewhere else in the message.
POINTER = 0xC0


def leading(records: list[Data], resolver: str = "") -> list[Data]:
    """For each A record of `domain_records`: `{domain, target, phase}`, as the summary tells it.

    `phase` is ACTIVE when the name leads there and nowhere else, and PENDING before. Raises Failure for a resolver that
    does not answer.
    """
    rows = [record for record in records if record["type"] == "A"]
    found = {row["name"]: addresses(row["name"], resolver) for row in rows}
    return [
        {
            "domain": row["name"],
            "target": ", ".join(row["values"]),
            "phase": "ACTIVE" if found[row["name"]] and found[row["name"]] <= set(row["values"]) else "PENDING",
        }
        for row in rows
    ]


def addresses(name: str, resolver: str = "") -> set[str]:
    """IPv4 addresses of a name; none when there is no such name. `resolver` is `host` or `host:port`."""
    if resolver:
        return _asked(name, resolver)
    try:
        return {str(row[4][0]) for row in socket.getaddrinfo(name, None, socket.AF_INET)}
    except OSError:
        return set()


def _asked(name: str, resolver: str) -> set[str]:
    host, _colon, port = resolver.partition(":")
    number = secrets.randbelow(65536)
    labels = b"".join(bytes([len(label)]) + label for label in name.rstrip(".").encode("idna").split(b"."))
    query = HEADER.pack(number, RECURSE, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", A, INTERNET)
    for _try in range(TRIES):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.settimeout(SECONDS)
            try:
                link.connect((host, int(port or PORT)))
                link.send(query)
                answer = link.recv(4096)
                if struct.unpack_from(">H", answer)[0] == number:
                    return _addresses_in(answer)
            except (OSError, ValueError, struct.error, IndexError):
                continue
    raise Failure(f"The resolver {resolver} does not answer: correct dns_resolver, or leave it out.")


def _addresses_in(answer: bytes) -> set[str]:
    _number, _flags, questions, answers, _authorities, _more = HEADER.unpack_from(answer)
    at, found = HEADER.size, set()
    for _question in range(questions):
        at = _after_name(answer, at) + 4
    for _answer in range(answers):
        at = _after_name(answer, at)
        kind, _class, _ttl, length = struct.unpack_from(">HHIH", answer, at)
        at += 10 + length
        if kind == A and length == 4:
            found.add(socket.inet_ntoa(answer[at - 4 : at]))
    return found


def _after_name(answer: bytes, at: int) -> int:
    while answer[at]:
        if answer[at] & POINTER == POINTER:
            return at + 2
        at += 1 + answer[at]
    return at + 1
