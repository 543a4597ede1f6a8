# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a service is spoken to: its TLS, its certificate, and what it says to who comes without."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import struct

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.tls import certificate, encrypted

HTTPS, POSTGRESQL, TLS = "https", "postgresql", "tls"
REFUSED, ACCEPTED, UNKNOWN = "refused", "accepted", "unknown"
# Of PostgreSQL's protocol: 3.0.
VERSION = 196608
MAX_AGE = re.compile(r"max-age=(\d+)")


class Service:
    """The one at `host`; `address` is where to connect instead of where DNS says."""

    def __init__(
        self, host: str, port: int, protocol: str, address: str, authority: ssl.SSLContext, timeout: float
    ) -> None:
        self._host, self._port, self._protocol = host, port, protocol
        self._address, self._authority, self._timeout = address or host, authority, timeout

    def told(self) -> Data:
        """See RETURN of modules/tls_info.py. Who cannot be reached, or has the wrong certificate, is no error."""
        told: Data = {"host": self._host, "port": self._port, "reachable": False, "verified": False, "why": ""}
        told |= {"version": "", "cipher": "", "names": [], "not_after": "", "days_left": None, "hsts_seconds": None}
        told["plain_text"] = UNKNOWN
        try:
            with encrypted(
                self._host,
                self._port,
                self._authority,
                self._timeout,
                address=self._address,
                postgresql=self._protocol == POSTGRESQL,
            ) as stream:
                told |= {"reachable": True, "verified": True, **certificate(stream)}
                if self._protocol == HTTPS:
                    told["hsts_seconds"] = self._hsts(stream)
        except ssl.SSLError as error:
            words = (getattr(error, name, None) for name in ("verify_message", "reason", "strerror"))
            told |= {"reachable": True, "why": str(next(filter(None, words), "it speaks no TLS"))}
        except OSError as error:
            return {**told, "why": str(error.strerror or error)}
        told["plain_text"] = self._plain_text()
        return told

    def _hsts(self, stream: ssl.SSLSocket) -> int | None:
        stream.sendall(f"GET / HTTP/1.1\r\nHost: {self._host}\r\nConnection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(stream)
        answer.begin()
        found = MAX_AGE.search(answer.headers.get("strict-transport-security") or "")
        return int(found[1]) if found else None

    def _plain_text(self) -> str:
        """What it does for who does not encrypt."""
        port = 80 if self._protocol == HTTPS else self._port
        words = {
            HTTPS: f"GET / HTTP/1.1\r\nHost: {self._host}\r\nConnection: close\r\n\r\n".encode(),
            POSTGRESQL: _startup(),
            TLS: b"PING\r\n",
        }[self._protocol]
        try:
            with socket.create_connection((self._address, port), self._timeout) as stream:
                stream.sendall(words)
                return self._judged(stream.recv(1024))
        except ConnectionError:
            # Nobody listens, or it hangs up, as TLS does with who does not begin a handshake.
            return REFUSED
        except OSError:
            # Silence may be a filter, a network that lost it, or somebody slow.
            return UNKNOWN

    def _judged(self, answer: bytes) -> str:
        if self._protocol == HTTPS:
            # Sent on to https it is told nothing else.
            moved = re.match(rb"HTTP/1\.\d 30[1278] ", answer) and re.search(rb"(?i)\r\nlocation: https://", answer)
            return REFUSED if moved or not answer or re.match(rb"HTTP/1\.\d 4", answer) else ACCEPTED
        spoken = (b"R",) if self._protocol == POSTGRESQL else (b"+", b"-NOAUTH")
        return ACCEPTED if answer.startswith(spoken) else REFUSED


def _startup() -> bytes:
    """Somebody who asks to log in without TLS, and has no name that anybody knows."""
    body = struct.pack("!i", VERSION) + b"user\0compliance\0database\0postgres\0\0"
    return struct.pack("!i", len(body) + 4) + body
