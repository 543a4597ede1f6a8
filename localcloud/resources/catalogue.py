# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regions and Droplet sizes on offer, as published in the autumn of 2026."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from localcloud import JSON

REGIONS = {
    "nyc1": "New York 1",
    "nyc2": "New York 2",
    "nyc3": "New York 3",
    "ams2": "Amsterdam 2",
    "ams3": "Amsterdam 3",
    "sfo1": "San Francisco 1",
    "sfo2": "San Francisco 2",
    "sfo3": "San Francisco 3",
    "sgp1": "Singapore 1",
    "lon1": "London 1",
    "fra1": "Frankfurt 1",
    "tor1": "Toronto 1",
    "blr1": "Bangalore 1",
    "syd1": "Sydney 1",
    "atl1": "Atlanta 1",
    "ric1": "Richmond 1",
    "mkc1": "Kansas City 1",
    "mem1": "Memphis 1",
}

# Regions that take nothing new: whoever is there stays.
CLOSED = frozenset({"nyc2", "ams2", "sfo1"})

FEATURES = ("backups", "ipv6", "metadata", "install_agent", "storage", "image_transfer")

# A month of billing has 672 hours.
HOURS = 672

# description → rows of (slug, vCPUs, MiB, GiB of disk, TB of transfer, US$ a month)
_SIZES: dict[str, list[tuple[str, int, int, int, float, float]]] = {
    "Basic": [
        ("s-1vcpu-512mb-10gb", 1, 512, 10, 0.5, 4),
        ("s-1vcpu-1gb", 1, 1024, 25, 1, 6),
        ("s-1vcpu-2gb", 1, 2048, 50, 2, 12),
        ("s-2vcpu-2gb", 2, 2048, 60, 3, 18),
        ("s-2vcpu-4gb", 2, 4096, 80, 4, 24),
        ("s-4vcpu-8gb", 4, 8192, 160, 5, 48),
        ("s-8vcpu-16gb", 8, 16384, 320, 6, 96),
    ],
    "Basic AMD": [
        ("s-1vcpu-1gb-amd", 1, 1024, 25, 1, 7),
        ("s-1vcpu-2gb-amd", 1, 2048, 50, 2, 14),
        ("s-2vcpu-2gb-amd", 2, 2048, 60, 3, 21),
        ("s-2vcpu-4gb-amd", 2, 4096, 80, 4, 28),
        ("s-2vcpu-8gb-amd", 2, 8192, 100, 5, 42),
        ("s-4vcpu-8gb-amd", 4, 8192, 160, 5, 56),
        ("s-4vcpu-16gb-amd", 4, 16384, 200, 8, 84),
        ("s-8vcpu-16gb-amd", 8, 16384, 320, 6, 112),
        ("s-8vcpu-32gb-amd", 8, 32768, 400, 10, 168),
    ],
    "Basic Intel": [
        ("s-1vcpu-1gb-intel", 1, 1024, 25, 1, 7),
        ("s-1vcpu-2gb-intel", 1, 2048, 50, 2, 14),
        ("s-2vcpu-2gb-intel", 2, 2048, 60, 3, 21),
        ("s-2vcpu-4gb-intel", 2, 4096, 80, 4, 28),
        ("s-2vcpu-8gb-160gb-intel", 2, 8192, 160, 5, 48),
        ("s-4vcpu-8gb-intel", 4, 8192, 160, 5, 56),
        ("s-4vcpu-16gb-320gb-intel", 4, 16384, 320, 8, 96),
        ("s-8vcpu-16gb-intel", 8, 16384, 320, 6, 112),
        ("s-8vcpu-32gb-640gb-intel", 8, 32768, 640, 10, 192),
    ],
    "General Purpose": [
        ("g-2vcpu-8gb", 2, 8192, 25, 4, 63),
        ("g-4vcpu-16gb", 4, 16384, 50, 5, 126),
        ("g-8vcpu-32gb", 8, 32768, 100, 6, 252),
        ("g-16vcpu-64gb", 16, 65536, 200, 7, 504),
        ("g-32vcpu-128gb", 32, 131072, 400, 8, 1008),
        ("g-40vcpu-160gb", 40, 163840, 500, 9, 1260),
    ],
    "General Purpose — 2x SSD": [
        ("gd-2vcpu-8gb", 2, 8192, 50, 4, 68),
        ("gd-4vcpu-16gb", 4, 16384, 100, 5, 136),
        ("gd-8vcpu-32gb", 8, 32768, 200, 6, 272),
        ("gd-16vcpu-64gb", 16, 65536, 400, 7, 544),
        ("gd-32vcpu-128gb", 32, 131072, 800, 8, 1088),
        ("gd-40vcpu-160gb", 40, 163840, 1000, 9, 1360),
    ],
    "Premium Intel": [
        ("g-2vcpu-8gb-intel", 2, 8192, 30, 4, 76),
        ("g-4vcpu-16gb-intel", 4, 16384, 60, 5, 151),
        ("g-8vcpu-32gb-intel", 8, 32768, 120, 6, 302),
        ("gd-2vcpu-8gb-intel", 2, 8192, 60, 4, 79),
        ("gd-4vcpu-16gb-intel", 4, 16384, 120, 5, 158),
        ("gd-8vcpu-32gb-intel", 8, 32768, 240, 6, 317),
        ("c-4-intel", 4, 8192, 50, 5, 109),
        ("c-8-intel", 8, 16384, 100, 6, 218),
    ],
    "CPU-Optimized": [
        ("c-2", 2, 4096, 25, 4, 42),
        ("c-4", 4, 8192, 50, 5, 84),
        ("c-8", 8, 16384, 100, 6, 168),
        ("c-16", 16, 32768, 200, 7, 336),
        ("c-32", 32, 65536, 400, 9, 672),
        ("c-48", 48, 98304, 600, 11, 1008),
    ],
    "CPU-Optimized 2x SSD": [
        ("c2-2vcpu-4gb", 2, 4096, 50, 4, 47),
        ("c2-4vcpu-8gb", 4, 8192, 100, 5, 94),
        ("c2-8vcpu-16gb", 8, 16384, 200, 6, 188),
        ("c2-16vcpu-32gb", 16, 32768, 400, 7, 376),
        ("c2-32vcpu-64gb", 32, 65536, 800, 9, 752),
    ],
    "Memory-Optimized": [
        ("m-2vcpu-16gb", 2, 16384, 50, 4, 84),
        ("m-4vcpu-32gb", 4, 32768, 100, 6, 168),
        ("m-8vcpu-64gb", 8, 65536, 200, 7, 336),
        ("m-16vcpu-128gb", 16, 131072, 400, 8, 672),
        ("m-24vcpu-192gb", 24, 196608, 600, 9, 1008),
        ("m-32vcpu-256gb", 32, 262144, 800, 10, 1344),
    ],
    "Storage-Optimized": [
        ("so-2vcpu-16gb", 2, 16384, 300, 4, 131),
        ("so-4vcpu-32gb", 4, 32768, 600, 6, 262),
        ("so-8vcpu-64gb", 8, 65536, 1200, 7, 524),
        ("so1_5-2vcpu-16gb", 2, 16384, 450, 4, 163),
        ("so1_5-4vcpu-32gb", 4, 32768, 900, 6, 326),
        ("so1_5-8vcpu-64gb", 8, 65536, 1800, 7, 652),
    ],
}


@dataclass(frozen=True)
class Size:
    """``memory`` in MiB, ``disk`` in GiB, ``transfer`` in TB, ``monthly`` in US dollars."""

    slug: str
    vcpus: int
    memory: int
    disk: int
    transfer: float
    monthly: float
    description: str

    @property
    def regions(self) -> list[str]:
        """Dedicated machines and storage-heavy ones are not everywhere."""
        premium = self.slug.endswith("-intel") and not self.slug.startswith("s-")
        rare = premium or self.description.startswith("Storage")
        missing = CLOSED | ({"ric1", "sfo2", "nyc1"} if rare else frozenset())
        return sorted(slug for slug in REGIONS if slug not in missing)

    def render(self) -> JSON:
        return {
            "slug": self.slug,
            "memory": self.memory,
            "vcpus": self.vcpus,
            "disk": self.disk,
            "transfer": float(self.transfer),
            "price_monthly": float(self.monthly),
            "price_hourly": round(self.monthly / HOURS, 5),
            "regions": self.regions,
            "available": True,
            "description": self.description,
            "disk_info": [{"type": "local", "size": {"amount": self.disk, "unit": "gib"}}],
        }


def _sizes() -> Iterator[Size]:
    for description, rows in _SIZES.items():
        for row in rows:
            yield Size(*row, description)


SIZES = {size.slug: size for size in sorted(_sizes(), key=lambda size: (size.monthly, size.slug))}


def render_region(slug: str, with_sizes: bool = True) -> JSON:
    """A region; who may not read sizes sees none."""
    return {
        "name": REGIONS[slug],
        "slug": slug,
        "features": list(FEATURES),
        "available": slug not in CLOSED,
        "sizes": [size.slug for size in SIZES.values() if slug in size.regions] if with_sizes else [],
    }
