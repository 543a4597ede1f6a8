# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of DigitalOcean: what names, times, sizes and places can be. Modules and preflight take them from here.

Sources: the API description, against which a test holds what stands there too, and the product documentation of October
2026 for the rest. What is on offer comes and goes: the API is asked each time (offers.py). Elsewhere: what new Standard
clusters lack (editions.py), ranges of VPCs (ranges.py), what an app spec looks like (app/shape.py, app/schema.py).
"""

from __future__ import annotations

import re
from typing import Any

# ── Names ────────────────────────────────────────────────────────────────────────────────────────────────────────────

APP_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")
CLUSTER_NAME = re.compile(r"[a-z][a-z0-9-]{1,61}[a-z0-9]")
VPC_NAME = re.compile(r"[a-zA-Z0-9.-]{1,255}")
# Of a PostgreSQL database or user.
SQL_NAME = re.compile(r"[a-z_][a-z0-9_-]{0,62}")
ENV_NAME = re.compile(r"[_A-Za-z][_A-Za-z0-9]*")
# (least, most) characters.
PROJECT_NAME = (1, 175)
POOL_NAME = (3, 60)
# The most characters of a description, or of a project's purpose.
DESCRIPTION = 255

# The database that each cluster is born with.
DEFAULT_DATABASE = "defaultdb"
# Names that PostgreSQL or DigitalOcean keep for themselves.
RESERVED_DATABASES = {DEFAULT_DATABASE, "_dodb", "postgres", "template0", "template1"}
RESERVED_USERS = {"doadmin", "_doadmin", "postgres", "_dodb", "public", "none"}


def bad_bucket_name(name: str) -> str:
    """Why no bucket can be called so, "" if one can."""
    if not 3 <= len(name) <= 63:
        return "it must have 3 to 63 characters"
    if not re.fullmatch(r"[a-z0-9.-]+", name):
        return "it may only have lower-case letters, digits, dashes and periods"
    if not (name[0].isalnum() and name[-1].isalnum()) or ".." in name:
        return "it must begin and end with a letter or digit, and periods must stand alone"
    return "it looks like an IP address" if re.fullmatch(r"\d+(\.\d+){3}", name) else ""


# ── Times ────────────────────────────────────────────────────────────────────────────────────────────────────────────

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Of a maintenance window, in UTC: 4:00, 04:00 and 04:00:00 are the same.
TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:[0-5]\d)?")


def is_weekday(day: Any) -> bool:
    """Whether it is a day of the week, in capitals or not."""
    return str(day).lower() in WEEKDAYS


def is_time_of_day(hour: Any) -> bool:
    """Whether it is a time of day, with seconds or without."""
    return TIME_OF_DAY.fullmatch(str(hour)) is not None


# ── Places ───────────────────────────────────────────────────────────────────────────────────────────────────────────

# Where Spaces is known to be (product documentation, the vendor's Terraform provider). Nothing tells what is on offer,
# so no region is refused for not being here: it is where to look for a bucket, and what may be meant.
SPACES_REGIONS = ("ams3", "atl1", "blr1", "fra1", "lon1", "nyc3", "ric1", "sfo2", "sfo3", "sgp1", "syd1", "tor1")
_SPACES_REGION = re.compile(r"[a-z]{3}\d+")
# The one datacentre whose VPCs an app can reach where the API names several for its region.
APP_DATACENTRE = {"nyc": "nyc1"}


def is_spaces_region(text: str) -> bool:
    """Whether it looks like a region of Spaces."""
    return bool(_SPACES_REGION.fullmatch(text))


# ── Databases ────────────────────────────────────────────────────────────────────────────────────────────────────────

# Engines that keep nothing: they have an eviction policy, and no backups.
CACHES = frozenset({"valkey", "redis"})
MOST_VALKEY_NODES = 2
# The types of trusted sources, and how many of them a cluster takes.
TRUSTED_SOURCES = ("app", "droplet", "ip_addr", "k8s", "tag")
MOST_TRUSTED_SOURCES = 100
# (least, most) of how full a disk is when it grows by itself, and of how much it grows by.
STORAGE_AUTOSCALE = {"threshold_percent": (15, 95), "increment_gib": (10, 500)}
# GiB of disk that a Standard node brings along, by GiB of RAM; what is ordered beyond it costs extra.
INCLUDED_DISK = {1: 10, 2: 30, 4: 60, 8: 115, 16: 270}
_MEMORY = re.compile(r"-(\d+)gb(?:$|-)")


def memory_gib(size: str) -> int:
    """GiB of RAM of a database size: `db-s-1vcpu-2gb` → 2; 0 when the slug does not say."""
    found = _MEMORY.search(str(size))
    return int(found.group(1)) if found else 0


def connection_limit(size: str) -> int:
    """Backend connections of a PostgreSQL node: 25 per GiB, three of them reserved for maintenance; 0 when unknown."""
    memory = memory_gib(size)
    return 25 * memory - 3 if memory else 0


# ── Apps and the CDN ─────────────────────────────────────────────────────────────────────────────────────────────────

COMPONENT_KINDS = ("services", "workers", "jobs", "static_sites", "functions")
# The keys of a component that say where its code comes from, when it is no image.
GIT_SOURCES = ("git", "github", "gitlab", "bitbucket")
IMAGE_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
MOST_INSTANCES = 250
# Size slugs of the plans before 2024, which the API takes and lists no more → what they are called now.
OLD_APP_SIZES = {
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
# Seconds that the CDN may keep a file.
CDN_TTLS = (60, 600, 3600, 86400, 604800)
