# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS on connections that are no calls of the API: whom they trust, how they begin, what is shown."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# By which a client of PostgreSQL asks for TLS, and the server's word that it may go on so.
SSL_REQUEST, AGREED = struct.pack("!ii", 8, 80877103), b"S"


def trust(ca_path: str | None = None, pem: str = "") -> ssl.SSLContext:
    """Verifies by `pem` alone; without it by what the system trusts, and the file `ca_path`."""
    context = ssl.create_default_context(cadata=pem or None)
    if ca_path and not pem:
        context.load_verify_locations(ca_path)
    return context


@contextmanager
def encrypted(
    host: str, port: int, authority: ssl.SSLContext, timeout: float, *, address: str = "", postgresql: bool = False
) -> Iterator[ssl.SSLSocket]:
    """A verified connection to `host`, at `address` where that is not what DNS says. Raises OSError, ssl.SSLError."""
    with socket.create_connection((address or host, port), timeout) as stream:
        if postgresql:
            stream.sendall(SSL_REQUEST)
            if stream.recv(1) != AGREED:
                raise ssl.SSLError(1, "it offers no TLS")
        with authority.wrap_socket(stream, server_hostname=host) as safe:
            yield safe


def certificate(safe: ssl.SSLSocket) -> Data:
    """`{version, cipher, names, not_after, days_left}` of a connection whose certificate was verified."""
    shown: Data = dict(safe.getpeercert() or {})
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    return {
        "version": safe.version() or "",
        "cipher": (safe.cipher() or ("",))[0],
        "names": [str(value) for _kind, value in shown.get("subjectAltName", ())],
        "not_after": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "days_left": (ends - datetime.now(UTC)).days,
    }
