# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name server on this machine that knows addresses, and nothing else."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

# Addresses by name; may change while it serves.
Zone = dict[str, list[str]]


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
    """A CNAME first, as a resolver may tell one, and then the addresses; names by pointers."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    found = zone.get(".".join(labels), [])
    rows = [struct.pack(">HHHIH", 0xC00C, 5, 1, 60, 2) + b"\xc0\x0c"] if found else []
    rows += [struct.pack(">HHHIH", 0xC00C, 1, 1, 60, 4) + socket.inet_aton(address) for address in found]
    flags = 0x8180 if found else 0x8183
    return query[:2] + struct.pack(">HHHHH", flags, 1, len(rows), 0, 0) + query[12 : at + 5] + b"".join(rows)
