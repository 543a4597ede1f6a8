# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name server on this machine that knows addresses, and nothing else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import dns.message
import dns.name
import dns.rcode
import dns.rrset

# Addresses by name; may change while it serves.
Zone = dict[str, list[str]]
# Of a name that begins with it nobody gets an answer.
BROKEN = "broken"


@contextmanager
def name_server(zone: Zone) -> Iterator[str]:
    """Serves it meanwhile; yields its address with the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                query, client = link.recvfrom(512)
                if not query:
                    return
                link.sendto(_answer(query, zone), client)

        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{link.getsockname()[1]}"
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
                end.sendto(b"", link.getsockname())
            thread.join()


def _answer(query: bytes, zone: Zone) -> bytes:
    """As a resolver tells one: a CNAME first, and then the addresses of what it leads to."""
    asked = dns.message.from_wire(query)
    answer = dns.message.make_response(asked, recursion_available=True)
    name = asked.question[0].name
    found = zone.get(name.to_text(omit_final_dot=True), [])
    if name.labels[0] == BROKEN.encode():
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif found:
        real = dns.name.from_text("real", name)
        answer.answer = [dns.rrset.from_text(name, 60, "IN", "CNAME", real.to_text())]
        answer.answer += [dns.rrset.from_text(real, 60, "IN", "A", *found)]
    else:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    return answer.to_wire()
