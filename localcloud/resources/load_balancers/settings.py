# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request asks for, checked, with the defaults in the place of what it leaves out.

The words of these refusals are a guess unless a source stands beside them.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.resources.droplets.rows import droplets
from localcloud.resources.load_balancers import rows
from localcloud.world.world import World

# [S]
PLAIN = {
    "algorithm": "round_robin",
    "redirect_http_to_https": False,
    "enable_proxy_protocol": False,
    "enable_backend_keepalive": False,
    "disable_lets_encrypt_dns_records": False,
    "http_idle_timeout_seconds": 60,
    "tls_cipher_policy": "DEFAULT",
}
# [S], though the description's examples show healthy 5 and unhealthy 3.
HEALTH_CHECK = {
    "protocol": "http",
    "port": 80,
    "path": "/",
    "check_interval_seconds": 10,
    "response_timeout_seconds": 5,
    "unhealthy_threshold": 5,
    "healthy_threshold": 3,
}
# What the Terraform provider takes [G].
HEALTH_LIMITS = {
    "port": (1, 65535),
    "check_interval_seconds": (3, 300),
    "response_timeout_seconds": (3, 300),
    "unhealthy_threshold": (2, 10),
    "healthy_threshold": (2, 10),
}
# Nodes of the sizes of old [S].
SIZES = {"lb-small": 1, "lb-medium": 3, "lb-large": 6}
MOST_NODES = 100
MOST_DROPLETS = 10
ENCRYPTED = ("https", "http2", "http3")
ONLY_GLOBAL = ("domains", "glb_settings", "target_load_balancer_ids")


def refuse(problem: str) -> ApiError:
    return ApiError(422, problem)


def settings(world: World, body: JSON, kind: str) -> JSON:
    """All that can be changed, for one of type ``kind``. What is left out has its default [S]."""
    found: JSON = {name: body.get(name, default) for name, default in PLAIN.items()}
    if not 30 <= found["http_idle_timeout_seconds"] <= 600:
        raise refuse("http_idle_timeout_seconds must be between 30 and 600")
    found["size_unit"] = nodes(body)
    for name, count in SIZES.items():
        if count == found["size_unit"]:
            found["size"] = name
    found["health_check"] = health_check(body.get("health_check") or {})
    found["sticky_sessions"] = sticky_sessions(body.get("sticky_sessions") or {})
    found["firewall"] = firewall(body.get("firewall") or {})
    if kind == "GLOBAL":
        found.update(of_global(world, body))
    else:
        for name in ONLY_GLOBAL:
            if body.get(name):
                raise refuse(f"{name} is only supported by global load balancers")
        found["forwarding_rules"] = forwarding_rules(world, body.get("forwarding_rules") or [], kind)
    return found


def nodes(body: JSON) -> int:
    count: int = body.get("size_unit") or SIZES[body.get("size") or "lb-small"]
    if not 1 <= count <= MOST_NODES:
        raise refuse(f"size_unit must be between 1 and {MOST_NODES}")
    return count


def targets(world: World, body: JSON, region: str | None) -> JSON:
    """``tag`` and ``droplet_ids``, of which one excludes the other [S]."""
    tag, ids = body.get("tag") or "", list(dict.fromkeys(body.get("droplet_ids") or []))
    if tag and ids:
        raise refuse("tag and droplet_ids are mutually exclusive")
    check_droplets(world, ids, region)
    return {"tag": tag, "droplet_ids": ids}


def check_droplets(world: World, ids: list[int], region: str | None) -> None:
    """They exist in its region, and are at most ten: more take a tag [D]."""
    if len(ids) > MOST_DROPLETS:
        raise refuse(f"a load balancer may have at most {MOST_DROPLETS} Droplets by id; use a tag for more")
    for id in ids:
        droplet = droplets(world).peek(str(id))
        if droplet is None:
            raise refuse(f"droplet {id} does not exist")
        if region and droplet["_region"] != region:
            raise refuse(f"droplet {id} is not in region {region}")


def forwarding_rules(world: World, given: list[JSON], kind: str) -> list[JSON]:
    """Complete rules. There is at least one [S]."""
    if not given:
        raise refuse("forwarding_rules: at least one is required")
    found: dict[tuple[str, int], JSON] = {}
    for rule in given:
        check_rule(rule, kind)
        check_certificate(world, rule.get("certificate_id"))
        port = (transport(rule["entry_protocol"]), rule["entry_port"])
        if port in found:
            raise refuse(f"forwarding_rules: entry port {port[1]} is used twice")
        found[port] = {"certificate_id": "", "tls_passthrough": False, **rule}
    return list(found.values())


def transport(protocol: str) -> str:
    return "udp" if protocol in ("udp", "http3") else "tcp"


def check_rule(rule: JSON, kind: str) -> None:
    entry, target = rule["entry_protocol"], rule["target_protocol"]
    for name in ("entry_port", "target_port"):
        if not 1 <= rule[name] <= 65535:
            raise refuse(f"forwarding_rules: {name} must be between 1 and 65535")
    if "udp" in (entry, target) and entry != target:
        # [S]
        raise refuse("forwarding_rules: entry_protocol and target_protocol must both be udp")
    if kind == "REGIONAL_NETWORK" and {entry, target} - {"tcp", "udp"}:
        # [S] It routes at the layer of transport.
        raise refuse("forwarding_rules: a regional network load balancer supports tcp and udp only")
    certificate, passes = rule.get("certificate_id"), rule.get("tls_passthrough")
    if certificate and passes:
        raise refuse("forwarding_rules: tls_passthrough and certificate_id are mutually exclusive")
    if entry in ENCRYPTED and not (certificate or passes):
        raise refuse(f"forwarding_rules: entry_protocol {entry} requires certificate_id or tls_passthrough")


def check_certificate(world: World, id: Any) -> None:
    if id and world.table("certificates").peek(id) is None:
        raise refuse(f"certificate {id} does not exist")


def health_check(given: JSON) -> JSON:
    found = {**HEALTH_CHECK, **{name: value for name, value in given.items() if value not in (None, "")}}
    for name, (least, most) in HEALTH_LIMITS.items():
        if not least <= found[name] <= most:
            raise refuse(f"health_check: {name} must be between {least} and {most}")
    if found["protocol"] == "tcp":
        # [G] The path of another protocol is not shown.
        found["path"] = ""
    elif not str(found["path"]).startswith("/"):
        raise refuse("health_check: path must start with /")
    return found


def sticky_sessions(given: JSON) -> JSON:
    """``{"type": "none"}``, or with the name and the lifetime of a cookie [S][G]."""
    if (given.get("type") or "none") == "none":
        return {"type": "none"}
    name, seconds = given.get("cookie_name") or "", given.get("cookie_ttl_seconds") or 0
    if not 2 <= len(name) <= 40 or seconds < 1:
        raise refuse("sticky_sessions: cookies require a cookie_name of 2 to 40 characters and cookie_ttl_seconds")
    return {"type": "cookies", "cookie_name": name, "cookie_ttl_seconds": seconds}


def firewall(given: JSON) -> JSON:
    """Lists of ``ip:1.2.3.4`` and ``cidr:1.2.0.0/16`` [S]."""
    found = {name: list(given.get(name) or []) for name in ("deny", "allow")}
    for rule in [*found["deny"], *found["allow"]]:
        kind, _, value = str(rule).partition(":")
        try:
            network = ipaddress.ip_network(value)
        except ValueError:
            network = None
        if network is None or kind != ("cidr" if "/" in value else "ip"):
            raise refuse(f"firewall: {rule} must have the form ip:1.2.3.4 or cidr:1.2.0.0/16")
    return found


def of_global(world: World, body: JSON) -> JSON:
    """It has domains, settings and regional load balancers in the place of forwarding rules [G]."""
    if body.get("forwarding_rules"):
        raise refuse("forwarding_rules are not supported by global load balancers; use glb_settings")
    asked = body.get("glb_settings") or {}
    protocol = str(asked.get("target_protocol") or "").lower()
    if protocol not in ("http", "https", "http2") or asked.get("target_port") not in (80, 443):
        raise refuse("glb_settings: target_protocol must be http, https or http2, and target_port 80 or 443")
    found: JSON = {"target_protocol": protocol, "target_port": asked["target_port"], "cdn": {"is_enabled": False}}
    found["cdn"].update(asked.get("cdn") or {})
    if asked.get("region_priorities"):
        if not 1 <= (asked.get("failover_threshold") or 0) <= 99:
            raise refuse("glb_settings: region_priorities require a failover_threshold between 1 and 99")
        found["region_priorities"] = dict(asked["region_priorities"])
        found["failover_threshold"] = asked["failover_threshold"]
    ids = list(dict.fromkeys(body.get("target_load_balancer_ids") or []))
    for id in ids:
        row = rows.table(world).peek(id)
        if row is None or row["type"] == "GLOBAL":
            raise refuse(f"target_load_balancer_ids: {id} is no regional load balancer of this account")
    return {
        "glb_settings": found,
        "domains": domains(world, body.get("domains") or []),
        "target_load_balancer_ids": ids,
    }


def domains(world: World, given: list[JSON]) -> list[JSON]:
    found = []
    for domain in given:
        if not domain.get("name"):
            raise refuse("domains: name is required")
        check_certificate(world, domain.get("certificate_id"))
        found.append({"is_managed": False, "certificate_id": "", **domain})
    if len({domain["name"] for domain in found}) < len(found):
        raise refuse("domains: each name may be given once")
    return found
