# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What App Platform offers: instance sizes and regions, and which datacentre an app's region reaches.

Sizes are the example of ``GET /v2/apps/tiers/instance_sizes`` in the API description; a flag that is not set is left
out, as there. The deprecated slugs keep working and are billed as the size that replaced them.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import not_found
from localcloud.ports.routing import Request, operation

GIB = 2**30

# slug suffix, memory in GiB, vCPUs, USD a month, USD a second, bandwidth in GiB
_SHARED = [
    ("s-1vcpu-0.5gb", "1VCPU 0.5GB", 0.5, 1, "5.00", "0.000002066799", 50),
    ("s-1vcpu-1gb-fixed", "1VCPU 1GB Fixed", 1, 1, "10.00", "0.000004133598", 100),
    ("s-1vcpu-1gb", "1VCPU 1GB", 1, 1, "12.00", "0.000004960317", 150),
    ("s-1vcpu-2gb", "1VCPU 2GB", 2, 1, "25.00", "0.000010333995", 200),
    ("s-2vcpu-4gb", "2VCPU 4GB", 4, 2, "50.00", "0.000020667989", 250),
]
_DEDICATED = [
    ("d-1vcpu-0.5gb", "1VCPU 0.5GB", 0.5, 1, "29.00", "0.000011987434", 100),
    ("d-1vcpu-1gb", "1VCPU 1GB", 1, 1, "34.00", "0.000014054233", 200),
    ("d-1vcpu-2gb", "1VCPU 2GB", 2, 1, "39.00", "0.000016121032", 300),
    ("d-1vcpu-4gb", "1VCPU 4GB", 4, 1, "49.00", "0.000020254630", 400),
    ("d-2vcpu-4gb", "2VCPU 4GB", 4, 2, "78.00", "0.000032242063", 500),
    ("d-2vcpu-8gb", "2VCPU 8GB", 8, 2, "98.00", "0.000040509259", 600),
    ("d-4vcpu-8gb", "4VCPU 8GB", 8, 4, "156.00", "0.000064484127", 700),
    ("d-4vcpu-16gb", "4VCPU 16GB", 16, 4, "196.00", "0.000081018519", 800),
    ("d-8vcpu-32gb", "8VCPU 32GB", 32, 8, "392.00", "0.000162037037", 900),
]
_SINGLE_INSTANCE_ONLY = {"apps-s-1vcpu-0.5gb", "apps-s-1vcpu-1gb-fixed"}

DEFAULT_SIZE = "apps-s-1vcpu-0.5gb"

DEPRECATED_SIZES = {
    "basic-xxs": "apps-s-1vcpu-0.5gb",
    "basic-xs": "apps-s-1vcpu-1gb-fixed",
    "basic-s": "apps-s-1vcpu-2gb",
    "basic-m": "apps-s-2vcpu-4gb",
    "professional-xs": "apps-s-1vcpu-1gb",
    "professional-s": "apps-s-1vcpu-2gb",
    "professional-m": "apps-s-2vcpu-4gb",
    "professional-1l": "apps-d-1vcpu-4gb",
    "professional-l": "apps-d-2vcpu-8gb",
    "professional-xl": "apps-d-4vcpu-16gb",
}


def _size(
    cpu_type: str, suffix: str, name: str, gib: float, cpus: int, month: str, second: str, bandwidth: int
) -> tuple[str, JSON]:
    slug = f"apps-{suffix}"
    single = slug in _SINGLE_INSTANCE_ONLY
    size: JSON = {
        "name": f"{cpu_type.capitalize()} {name}",
        "slug": slug,
        "cpu_type": cpu_type,
        # int64 is a string in JSON, by the rules of protocol buffers.
        "cpus": str(cpus),
        "memory_bytes": str(int(gib * GIB)),
        "usd_per_month": month,
        "usd_per_second": second,
        "tier_slug": "basic" if single else "professional",
        "bandwidth_allowance_gib": str(bandwidth),
    }
    if single:
        size["single_instance_only"] = True
    if cpu_type == "DEDICATED":
        size["scalable"] = True
    return slug, size


INSTANCE_SIZES: dict[str, JSON] = dict(
    [_size("SHARED", *row) for row in _SHARED] + [_size("DEDICATED", *row) for row in _DEDICATED]
)


def find_size(slug: str) -> JSON | None:
    """The instance size of a slug, current or deprecated; None when there is none."""
    return INSTANCE_SIZES.get(DEPRECATED_SIZES.get(slug, slug))


# slug, label, flag, continent, data centers. atl and syd are in the enum of ``app_spec.region``, not in the example.
_REGIONS = [
    ("ams", "Amsterdam", "netherlands", "Europe", ["ams3"]),
    ("nyc", "New York", "usa", "North America", ["nyc1", "nyc3"]),
    ("fra", "Frankfurt", "germany", "Europe", ["fra1"]),
    ("sfo", "San Francisco", "usa", "North America", ["sfo3"]),
    ("sgp", "Singapore", "singapore", "Asia", ["sgp1"]),
    ("blr", "Bangalore", "india", "Asia", ["blr1"]),
    ("tor", "Toronto", "canada", "North America", ["tor1"]),
    ("lon", "London", "uk", "Europe", ["lon1"]),
    ("syd", "Sydney", "australia", "Australia", ["syd1"]),
    ("atl", "Atlanta", "usa", "North America", ["atl1"]),
]

DEFAULT_REGION = "nyc"

REGIONS: dict[str, JSON] = {
    slug: {"slug": slug, "label": label, "flag": flag, "continent": continent, "data_centers": centers}
    | ({"default": True} if slug == DEFAULT_REGION else {})
    for slug, label, flag, continent, centers in _REGIONS
}

# The one datacentre whose VPCs an app of that region can be attached to (product documentation): nyc reaches nyc1 only,
# though nyc3 is listed as its datacentre too. For atl nothing is documented; it has a single datacentre.
VPC_REACH = {slug: str(region["data_centers"][0]) for slug, region in REGIONS.items()}


@operation("GET", "/v2/apps/tiers/instance_sizes", scope="app:read")
def list_instance_sizes(request: Request) -> JSON:
    return {"instance_sizes": list(INSTANCE_SIZES.values())}


@operation("GET", "/v2/apps/tiers/instance_sizes/{slug}", scope="app:read")
def get_instance_size(request: Request) -> JSON:
    size = INSTANCE_SIZES.get(request.params["slug"])
    if size is None:
        raise not_found()
    return {"instance_size": size}


@operation("GET", "/v2/apps/regions", scope="app:read")
def list_regions(request: Request) -> JSON:
    return {"regions": list(REGIONS.values())}
