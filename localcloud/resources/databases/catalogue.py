# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is on offer: engines, versions, regions, node sizes and how many nodes each size may have.

The lists are those of the API description's example [S], but for what is known to have changed since: PostgreSQL 18 is
on Standard too [D], and Valkey has one standby at most [D]. Versions past their end of availability are not in
``versions`` but stay in ``version_availability``. What new Standard clusters no longer get is still listed, since
older ones may keep and get it [?]; ``standard.py`` refuses it.
"""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.ports.routing import Request, operation

_AMERICA = ("nyc1", "nyc2", "nyc3", "sfo2", "sfo3", "tor1", "ric1", "atl1")
REGIONS = ("ams3", "blr1", "fra1", "lon1", "sgp1", "syd1", *_AMERICA)

_SHARED = ("db-s-1vcpu-1gb", "db-s-1vcpu-2gb", "db-s-2vcpu-4gb", "db-s-4vcpu-8gb", "db-s-6vcpu-16gb")
_GENERAL = tuple(f"gd-{cpu}vcpu-{4 * cpu}gb" for cpu in (2, 4, 8, 16, 32, 40))
_STORAGE = tuple(f"so1_5-{cpu}vcpu-{8 * cpu}gb" for cpu in (2, 4, 8, 16, 24, 32))
_PREMIUM = tuple(
    f"db-{maker}-{shape}"
    for shape in (
        "1vcpu-1gb",
        "1vcpu-2gb",
        "2vcpu-4gb",
        "2vcpu-8gb",
        "4vcpu-8gb",
        "4vcpu-16gb",
        "8vcpu-32gb",
        "16vcpu-64gb",
    )
    for maker in ("intel", "amd")
)
_PG = _SHARED + _GENERAL + _STORAGE + _PREMIUM
# Of the example; one more, c-96-intel, does not say how much memory it has.
_ADVANCED = tuple(
    shape + maker
    for shape in (
        *(f"gd-{cpu}vcpu-{4 * cpu}gb" for cpu in (2, 4, 8, 16, 32)),
        *(f"so1_5-{cpu}vcpu-{8 * cpu}gb" for cpu in (2, 4, 8, 16, 24, 32)),
    )
    for maker in ("", "-intel")
) + ("gd-40vcpu-160gb", "gd-48vcpu-192gb-intel", "so1_5-48vcpu-256gb", "so1_5-48vcpu-384gb-intel")
_CACHE = _SHARED + (
    "db-s-8vcpu-32gb",
    "db-s-16vcpu-64gb",
    *(f"m-{cpu}vcpu-{8 * cpu}gb" for cpu in (2, 4, 8, 16, 24, 32)),
)

# The engines that can be created here, and those of them that are PostgreSQL.
ENGINES = ("pg", "advanced_pg", "valkey")
POSTGRESQL = ("pg", "advanced_pg")
# Every slug that the API knows [S].
KNOWN_ENGINES = ("pg", "mysql", "redis", "valkey", "mongodb", "kafka", "opensearch", "advanced_pg", "advanced_mysql")


def _layouts(sizes: tuple[str, ...], most_nodes: int = 3) -> list[JSON]:
    """A node of 1 GiB stands alone; standbys start at 2 GiB [S]."""
    several = [size for size in sizes if memory_gib(size) > 1]
    counts = range(1, most_nodes + 1)
    return [{"num_nodes": nodes, "sizes": list(sizes) if nodes == 1 else several} for nodes in counts]


def memory_gib(size: str) -> int:
    """The memory of one node, from the slug: ``db-s-2vcpu-4gb`` → 4."""
    found = re.search(r"-(\d+)gb", size)
    return int(found.group(1)) if found else 0


def cache_bytes(size: str) -> int:
    """What Valkey may keep in a node of that size; that a fifth is left to all else is a guess."""
    return memory_gib(size) * 1024**3 * 4 // 5


# Base disk of one node, GiB, by its memory. 10, 30 and 60 are in the provider's tests [G]; the others are a guess.
_BASE_GIB = {1: 10, 2: 30, 4: 60, 8: 140, 16: 290, 32: 580, 64: 1140}


def storage_range_mib(size: str) -> tuple[int, int]:
    """Least and most disk for a node size, in MiB. ``db-s-1vcpu-1gb`` has 10 to 30 GiB [G][M]; 3 for all is a guess."""
    memory = memory_gib(size)
    base = memory * 25 if size.startswith("so1_5") else _BASE_GIB.get(memory, memory * 18)
    return base * 1024, 3 * base * 1024


SEMANTIC = {
    "pg": {"15": "15.14", "16": "16.10", "17": "17.6", "18": "18.1"},
    "advanced_pg": {"16": "16.10", "17": "17.6", "18": "18.1"},
    "valkey": {"8": "8.1.3"},
}


def _version(version: str, available_until: str | None, alive_until: str | None, *, default: bool = False) -> JSON:
    dates = {"end_of_life": alive_until, "end_of_availability": available_until}
    midnights = {key: date and f"{date}T00:00:00Z" for key, date in dates.items()}
    return {**midnights, "version": version, "default": default}


VERSIONS: dict[str, list[JSON]] = {
    "pg": [
        _version("14", "2026-05-12", "2026-11-12"),
        _version("15", "2027-05-12", "2027-11-11"),
        _version("16", "2028-05-09", "2028-11-09"),
        _version("17", "2029-05-08", "2029-11-08", default=True),
        # The dates are those of the Advanced edition's example [S].
        _version("18", "2030-05-13", "2030-11-13"),
    ],
    "advanced_pg": [
        _version("16", "2028-05-09", "2028-11-09"),
        _version("17", "2029-05-08", "2029-11-08"),
        _version("18", "2030-05-13", "2030-11-13", default=True),
    ],
    "valkey": [_version("8", None, None, default=True)],
    "redis": [_version("7", "2025-04-30", "2025-06-30", default=True)],
}

OPTIONS: dict[str, JSON] = {
    "pg": {
        "regions": list(REGIONS),
        "versions": ["15", "16", "17", "18"],
        "layouts": _layouts(_PG),
        "default_version": "17",
    },
    "advanced_pg": {
        "regions": list(REGIONS),
        "versions": ["16", "17", "18"],
        "layouts": _layouts(_ADVANCED),
        "default_version": "18",
    },
    "valkey": {
        "regions": [region for region in REGIONS if region != "nyc2"],
        "versions": ["8"],
        "layouts": _layouts(_CACHE, most_nodes=2),
        "default_version": "8",
    },
    # Still listed although nothing can be created from it [S].
    "redis": {"regions": list(REGIONS), "versions": ["7"], "layouts": _layouts(_CACHE)},
}


def sizes_for(engine: str, num_nodes: int) -> list[str]:
    """The sizes on offer with that many nodes; empty when no cluster can have so many."""
    for layout in OPTIONS[engine]["layouts"]:
        if layout["num_nodes"] == num_nodes:
            sizes: list[str] = layout["sizes"]
            return sizes
    return []


def end_of(engine: str, version: str) -> JSON:
    """``{version_end_of_life, version_end_of_availability}``; no date, no key, for the type is a plain string [S]."""
    for row in VERSIONS[engine]:
        if row["version"] == version:
            return {f"version_{key}": row[key] for key in ("end_of_life", "end_of_availability") if row[key]}
    return {}


@operation("GET", "/v2/databases/options", scope="database:read")
def options(_request: Request) -> JSON:
    return {"options": OPTIONS, "version_availability": VERSIONS}
