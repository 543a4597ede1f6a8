# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether engine, version, nodes, size, region and disk go together, in the real API's words where known [G][M]."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.resources.databases.catalogue import (
    ENGINES,
    KNOWN_ENGINES,
    OPTIONS,
    POSTGRESQL,
    memory_gib,
    sizes_for,
    storage_range_mib,
)

# [S] In September 2026 the real API was seen to say "region 'nyc3' is not valid" instead [M], which helps nobody.
REDIS_IS_OVER = "Caching cluster creates are no longer supported as of 2025-04-30"


def check_engine(engine: str) -> None:
    if engine in ENGINES:
        return
    if engine == "redis":
        raise ApiError(422, REDIS_IS_OVER)
    if engine in KNOWN_ENGINES:
        raise ApiError(422, f"engine '{engine}' is not available in localcloud, which has {', '.join(ENGINES)}")
    raise ApiError(422, "invalid engine")


def check_version(engine: str, version: str) -> None:
    if version not in OPTIONS[engine]["versions"]:
        raise ApiError(422, "invalid cluster engine version")


def check_region(engine: str, region: str) -> None:
    if region not in OPTIONS[engine]["regions"]:
        raise ApiError(422, f"region '{region}' is not valid")


def check_layout(engine: str, num_nodes: int, size: str) -> None:
    """1–3 nodes, of Valkey 1–2 [D]; a node of 1 GiB only alone [S]."""
    sizes = sizes_for(engine, num_nodes)
    if not sizes:
        raise ApiError(422, "invalid node count")
    if size not in sizes:
        raise ApiError(422, "invalid size")


def check_storage(engine: str, size: str, wanted: int | None, current: int = 0) -> int:
    """The disk in MiB: what is wanted, else the base of the size or what is there already, whichever is more.

    It never shrinks [D]. Only PostgreSQL (and MySQL) let it be chosen [G]. The words are a guess.
    """
    least, most = storage_range_mib(size)
    if not wanted:
        wanted = max(least, current)
    elif engine not in POSTGRESQL:
        raise ApiError(422, UNSIZED)
    if wanted < current:
        raise ApiError(422, f"storage size cannot be decreased from {current} MiB to {wanted} MiB")
    if not least <= wanted <= most:
        raise ApiError(422, f"invalid storage size: {size} takes {least} to {most} MiB, not {wanted}")
    return wanted


UNSIZED = "storage size cannot be set for this cluster type"


def check_not_smaller(size: str, primary: str) -> None:
    """A replica has at least the primary's memory [S]."""
    if memory_gib(size) < memory_gib(primary):
        raise ApiError(422, f"invalid size: a replica of {primary} cannot be smaller than it")


def check_growth(size: str, current: str) -> None:
    """422 for smaller nodes, which the vendor's page of limits rules out [D]. The words are a guess."""
    if memory_gib(size) < memory_gib(current):
        raise ApiError(422, f"invalid size: nodes of {current} cannot be resized to the smaller {size}")


def check_autoscale(storage: JSON, size: str) -> JSON:
    """``{enabled, threshold_percent?, increment_gib?}`` within limits [S]; no step beyond the size's most [M]."""
    enabled = storage.get("enabled")
    if not isinstance(enabled, bool):
        raise ApiError(422, "storage autoscale enabled must be true or false")
    found: JSON = {"enabled": enabled}
    for key, least, most in (("threshold_percent", 15, 95), ("increment_gib", 10, 500)):
        value = storage.get(key)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ApiError(422, f"storage autoscale {key} must be between {least} and {most}")
        found[key] = value
    most_gib = storage_range_mib(size)[1] // 1024
    step = found.get("increment_gib", 0)
    if step > most_gib:
        raise ApiError(422, f"storage autoscale increment {step} must not be greater than maximum plan size {most_gib}")
    if enabled:
        found.setdefault("threshold_percent", 80)  # [?]
    return found
