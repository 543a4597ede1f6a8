# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates of an instance, and what its ports agree on in a TLS handshake."""

from __future__ import annotations

import logging
import os
import ssl
from pathlib import Path

import trustme

from localcloud.instance.home import Home
from localcloud.resources.catalogue import REGIONS
from localcloud.resources.spaces.s3.address import DOMAIN
from localcloud.world import private

log = logging.getLogger("localcloud")

LOOPBACK = "127.0.0.1"


def _trusted(home: Home) -> bytes:
    """The authorities that this machine trusts: as its environment names them, else the system's."""
    candidates = [os.environ.get(name) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")]
    for name in [*candidates, ssl.get_default_verify_paths().cafile]:
        if name and Path(name).is_file() and Path(name).parent != home.path:
            return Path(name).read_bytes().rstrip() + b"\n"
    return b""


class _Handshake(ssl.SSLObject):
    """Says why a connection was cut before there was a request: asyncio does not, and the client sees only an end."""

    def do_handshake(self) -> None:
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError as error:
            log.warning("a connection was cut in its TLS handshake: %s", error)
            raise


def authority_for(home: Home) -> trustme.CA:
    """A new authority for an instance. Its own key is never written anywhere."""
    authority = trustme.CA(organization_name="localcloud")
    private.write(home.path / "ca.pem", authority.cert_pem.bytes())
    private.write(home.path / "ca-bundle.pem", _trusted(home) + authority.cert_pem.bytes())
    return authority


def certificate_of(authority: trustme.CA) -> trustme.LeafCert:
    """The certificate of an instance's ports."""
    # Buckets by name of host: <bucket>.localhost, <bucket>.<region>.localhost, and as the world knows them.
    regions = [f"*.{DOMAIN}"]
    for region in REGIONS:
        regions += [f"{region}.localhost", f"*.{region}.localhost"]
        regions += [f"*.{region}.{DOMAIN}", f"*.{region}.cdn.{DOMAIN}"]
    return authority.issue_cert(LOOPBACK, "::1", "localhost", "*.localhost", *regions)


def context_of(certificate: trustme.LeafCert, *, http2: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslobject_class = _Handshake
    context.set_alpn_protocols([*(["h2"] if http2 else []), "http/1.1"])
    certificate.configure_cert(context)
    return context
