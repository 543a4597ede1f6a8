# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One question by HTTP as a visitor's browser asks it, and what TLS shows on the way."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.resolver import addresses
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.tls import certificate


def ask(url: str, *, trust: ssl.SSLContext, timeout: float, resolver: str = "") -> Data:
    """`{url, status, headers, tls, error}` of one GET. No redirect is followed, and no body read.

    `status` is 0 when nobody answered, and `error` says why; names of headers are in small letters. `tls` is what
    `certificate` gives, or None over plain HTTP. `resolver` is asked for the name in the place of this machine's.
    """
    told: Data = {"url": url, "status": 0, "headers": {}, "tls": None, "error": ""}
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Failure(f"{url} cannot be asked: give an address that begins with https:// or http://.")
    secure = parts.scheme == "https"
    host, port = parts.hostname, parts.port or (443 if secure else 80)
    try:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        connection.sock = socket.create_connection((_address(host, resolver), port), timeout)
        if secure:
            connection.sock = safe = trust.wrap_socket(connection.sock, server_hostname=host)
            told["tls"] = certificate(safe)
        connection.request("GET", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
        answer = connection.getresponse()
        told["status"] = answer.status
        told["headers"] = {name.lower(): value for name, value in answer.getheaders()}
        connection.close()
    except ssl.SSLCertVerificationError as error:
        told["error"] = f"its certificate is refused: {error.verify_message}"
    except (OSError, http.client.HTTPException, Failure) as error:
        told["error"] = " ".join(str(error).split()) or type(error).__name__
    return told


def _address(host: str, resolver: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        found = sorted(addresses(host, resolver))
    if not found:
        raise Failure(f"{host} leads nowhere")
    return found[0]
