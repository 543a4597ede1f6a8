# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where names lead, by the resolver of this machine or by one that is named."""

from __future__ import annotations

import socket

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

PORT, SECONDS = 53, 6.0
# What a resolver says of a name that is not there, or has no address; everything else says nothing of the name.
NO_SUCH = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))


def addresses(name: str, resolver: str = "") -> set[str]:
    """IPv4 addresses of a name; none when there is no such name. `resolver` is `host` or `host:port`."""
    if resolver:
        return _asked(name, resolver)
    try:
        return {str(row[4][0]) for row in socket.getaddrinfo(name, None, socket.AF_INET)}
    except socket.gaierror as error:
        if error.errno in NO_SUCH:
            return set()
        raise Failure(f"The resolver of this machine does not answer ({error.strerror}): set dns_resolver.") from None


def _asked(name: str, resolver: str) -> set[str]:
    # Nobody else needs it: 0.1 s.
    try:
        import dns.exception
        import dns.resolver
    except ImportError:
        raise Failure(missing_required_lib("dnspython")) from None

    host, _colon, port = resolver.partition(":")
    asker = dns.resolver.Resolver(configure=False)
    asker.lifetime = SECONDS
    try:
        asker.nameservers, asker.port = [host], int(port or PORT)
        return {str(row) for row in asker.resolve(f"{name.rstrip('.')}.", "A")}
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return set()
    except (dns.exception.DNSException, ValueError):
        raise Failure(f"The resolver {resolver} does not answer: correct dns_resolver, or leave it out.") from None
