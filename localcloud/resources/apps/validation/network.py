# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Region, VPC, egress, domains."""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.resources.apps.catalogue import DEFAULT_REGION, REGIONS, VPC_REACH
from localcloud.resources.apps.validation.errors import invalid, object_of, objects, one_of, text
from localcloud.world.world import World

DOMAIN = re.compile(r"((xn--)?[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*\.)+[a-zA-Z]{2,}\.?")
DOMAIN_TYPES = ("UNSPECIFIED", "DEFAULT", "PRIMARY", "ALIAS")


def check_region(spec: JSON) -> None:
    one_of(spec, "region", "region", tuple(REGIONS))


def check_vpc(world: World, spec: JSON, region: str | None) -> None:
    """``region`` is that of the app as it is, for a spec that names none."""
    id = text(object_of(spec, "vpc", "vpc"), "id", "vpc.id")
    if not id:
        return
    vpc = world.table("vpcs").peek(id)
    if vpc is None:
        raise invalid("vpc.id", f'there is no VPC "{id}"')
    slug = spec.get("region") or region or DEFAULT_REGION
    if vpc["region"] != VPC_REACH[slug]:
        raise invalid(
            "vpc.id",
            f'an app in {slug} reaches VPCs in {VPC_REACH[slug]} only; the VPC "{vpc["name"]}" is in {vpc["region"]}',
        )


def check_egress(spec: JSON) -> None:
    one_of(object_of(spec, "egress", "egress"), "type", "egress.type", ("AUTOASSIGN", "DEDICATED_IP"))


def check_domains(world: World, spec: JSON, app_id: str | None) -> None:
    domains = objects(spec, "domains", "domains")
    taken = {
        domain["domain"].rstrip(".").lower(): app["spec"]["name"]
        for app in world.table("apps").everything()
        if app["id"] != app_id
        for domain in app["spec"].get("domains") or []
    }
    seen: set[str] = set()
    for domain in domains:
        name = text(domain, "domain", "domains.domain").rstrip(".").lower()
        if not DOMAIN.fullmatch(name) or not 4 <= len(name) <= 253:
            raise invalid("domains.domain", f'"{name}" is not a domain name')
        if name in seen:
            raise invalid("domains.domain", f'the domain "{name}" is there more than once')
        if name in taken:
            raise invalid("domains.domain", f'the domain "{name}" is already used by the app "{taken[name]}"')
        seen.add(name)
        one_of(domain, "type", "domains.type", DOMAIN_TYPES)
        one_of(domain, "minimum_tls_version", "domains.minimum_tls_version", ("1.2", "1.3"))
        zone = text(domain, "zone", "domains.zone").rstrip(".").lower()
        if zone and name != zone and not name.endswith(f".{zone}"):
            raise invalid("domains.zone", f'the domain "{name}" does not lie in the zone "{zone}"')
    if sum(domain.get("type") == "PRIMARY" for domain in domains) > 1:
        raise invalid("domains.type", "only one domain may be PRIMARY")
