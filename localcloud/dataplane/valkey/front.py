# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands before a cluster: it turns strangers away before they can say a word, and ends TLS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from trustme import LeafCert

from localcloud.world import private

KEY, CHAIN = "key.pem", "chain.pem"


def write_certificate(folder: Path, certificate: LeafCert) -> None:
    private.write(folder / KEY, certificate.private_key_pem.bytes())
    private.write(folder / CHAIN, b"".join(pem.bytes() for pem in certificate.cert_chain_pems))


def blocks(at: tuple[str, int], socket: str, sources: Iterable[str], nodes: Mapping[int, str]) -> str:
    """nginx's configuration: from there to that socket, for these networks.

    ``nodes``: the ports by which nodes follow each other, who come from the cluster's own address, and their sockets.
    """
    tls = f"ssl_certificate {CHAIN}; ssl_certificate_key {KEY}; ssl_protocols TLSv1.2 TLSv1.3;"
    servers = [_server(at, " ssl", sources, socket, tls)]
    servers += [_server((at[0], port), "", [at[0]], inner, "") for port, inner in nodes.items()]
    return "stream {\n" + "".join(servers) + "}\n"


def _server(at: tuple[str, int], kind: str, sources: Iterable[str], socket: str, options: str) -> str:
    """How long a connection may be idle is Valkey's to say."""
    rules = "".join(f"    allow {source};\n" for source in sources)
    return f"""\
  server {{
    listen {at[0]}:{at[1]}{kind};
{rules}    deny all;
    {options}
    proxy_pass unix:{socket};
    proxy_timeout 365d;
  }}
"""
