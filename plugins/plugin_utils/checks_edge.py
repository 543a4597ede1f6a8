# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of what stands before the app, and of the names that lead there.

It comes last in a run: what is wrong with it would otherwise be told when the app has changed already.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_inputs import HOST

# What stands in a proxy's configuration, or in a header, must not end it.
PATH = re.compile(r"/[\w./~%@:+-]*")
POLICY = re.compile(r"[^\x00-\x1f\x7f{}`\\]*")
# input: least, most.
NUMBERS = {
    "edge_nodes": (1, 100),
    "edge_proxy_port": (1, 65535),
    "edge_body_limit_mb": (1, 10_000),
    # A load balancer closes a connection that is idle for longer.
    "edge_timeout_seconds": (1, 600),
    "edge_renew_seconds": (0, 3600),
    "edge_drain_seconds": (0, 86_400),
}


def check_edge(inputs: Data) -> Iterator[str]:
    """What the edge needs, and what of it contradicts itself."""
    domains, balanced = inputs["edge_domains"] or [], inputs["edge_mode"] == "load_balancer"
    if balanced and not domains:
        yield "edge_mode is load_balancer, which needs a domain: set app_domains, or edge_mode: app_platform."
    if domains:
        yield from _names(inputs, domains)
    if balanced and domains:
        yield from _balanced(inputs)


def check_certificate(inputs: Data, there: list[Data]) -> Iterator[str]:
    """`there` are the account's certificates of the name; one is replaced by another name only."""
    name, names = inputs["edge_certificate"], sorted(inputs["edge_domains"] or [])
    # Of what is no name, check_contacts tells.
    if inputs["edge_mode"] != "load_balancer" or not names or not all(HOST.fullmatch(host) for host in names):
        return
    if not inputs["edge_lets_encrypt"]:
        if not there:
            yield (
                f"edge_certificate is {name!r}, which the account does not have, and nobody issues one where "
                "edge_lets_encrypt is false: upload yours under that name, or set edge_mode: app_platform."
            )
    elif there and sorted(there[0]["dns_names"]) != names:
        held, suffix = ", ".join(sorted(there[0]["dns_names"])), names[0].replace(".", "-")
        yield (
            f"app_domains has changed, and the certificate {name!r} is for {held}: set edge_certificate to a new name, "
            f"such as {name}-{suffix}, and edge_certificate_replaces to {name}; the load balancer then changes over "
            "without an interval."
        )


def _names(inputs: Data, domains: list[str]) -> Iterator[str]:
    zone, ttl = inputs["dns_zone"], inputs["dns_ttl"]
    for name in domains:
        if name != zone and not name.endswith(f".{zone}"):
            yield (
                f"app_domains holds {name}, which is not in the zone {zone or chr(39) * 2}: set dns_zone to the one "
                "that all are in."
            )
    if len({*domains}) < len(domains):
        yield "app_domains holds a name twice: name each once."
    if ttl < 30:
        yield f"dns_ttl is {ttl}; DigitalOcean takes 30 seconds or more."
    for issuer in inputs["dns_issuers"] or []:
        if not HOST.fullmatch(issuer):
            yield f"dns_issuers holds {issuer!r}, which is not the host name of an issuer such as letsencrypt.org."
    if (resolver := inputs["dns_resolver"]) and not _is_resolver(resolver):
        yield f"dns_resolver is {resolver!r}; it is an IPv4 address, with :PORT behind it when that is not 53."


def _is_resolver(text: str) -> bool:
    host, colon, port = text.partition(":")
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return not colon or (port.isdigit() and 0 < int(port) < 65536)


def _balanced(inputs: Data) -> Iterator[str]:
    if inputs["preflight_provisioning"] and not inputs["edge_origin_secret"]:
        yield (
            "edge_origin_secret is not set, so that anybody could come to the app past the load balancer: provide it, "
            "with FISIOFLOW_ORIGIN_SECRET for one (openssl rand -hex 32 makes one)."
        )
    elif inputs["preflight_deploying"] and not inputs["edge_origin_secret"]:
        yield (
            "edge_origin_secret is not set, and the app refuses whoever comes past the load balancer without it, as "
            "those do who judge a version: provide the one that it has, with FISIOFLOW_ORIGIN_SECRET for one."
        )
    if not 1 <= inputs["edge_proxies_min"] <= inputs["edge_proxies_max"]:
        yield (
            f"edge_proxies_min is {inputs['edge_proxies_min']} and edge_proxies_max {inputs['edge_proxies_max']}; "
            "there must be at least one proxy, and no more at least than at most."
        )
    for key in ("edge_proxy_cpu", "edge_proxy_memory"):
        if not 0.05 <= inputs[key] <= 1:
            yield f"{key} is {inputs[key]}; it is a share, from 0.05 to 1."
    for key, (least, most) in NUMBERS.items():
        if not least <= inputs[key] <= most:
            yield f"{key} is {inputs[key]}; it goes from {least} to {most}."
    for key in ("edge_health_path", "edge_probe_path"):
        if not PATH.fullmatch(inputs[key]):
            yield f"{key} is {inputs[key]!r}, which is no path such as /api/ping."
    if not POLICY.fullmatch(inputs["edge_permissions_policy"]):
        yield "edge_permissions_policy may hold no line break, brace, backquote or backslash."
    if inputs["edge_lets_encrypt"] and not inputs["dns_at_digitalocean"]:
        yield (
            "dns_at_digitalocean is false, and Let's Encrypt issues a load balancer's certificate through "
            "DigitalOcean's DNS only: set edge_lets_encrypt: false and edge_certificate to the name of one of your "
            "own, or edge_mode: app_platform."
        )
