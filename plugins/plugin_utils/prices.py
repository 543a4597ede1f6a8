# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices that the API does not tell, in US dollars a month: those that are known, with the user's laid over them.

Compiled by third parties from the vendor's pages of October 2026: confirm them on a real bill. A price that is not here
is unknown, which is not 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.nearest import nearest

# When they were looked up; reports tell it.
AS_OF = "2026-10"
# By engine or product; those with sizes are for one node or instance. The API's own prices of instances go first.
KNOWN: Data = {
    "pg": {"db-s-1vcpu-1gb": 15.15, "db-s-1vcpu-2gb": 30.45, "db-s-2vcpu-4gb": 60.90},
    # "From $130 a node", and this is the smallest one.
    "advanced_pg": {"gd-2vcpu-8gb": 130},
    "valkey": {"db-s-1vcpu-1gb": 15, "db-s-1vcpu-2gb": 30, "db-s-2vcpu-4gb": 60},
    "app": {
        "apps-s-1vcpu-0.5gb": 5,
        "apps-s-1vcpu-1gb-fixed": 10,
        "apps-s-1vcpu-1gb": 12,
        "apps-s-1vcpu-2gb": 25,
        "apps-s-2vcpu-4gb": 50,
        "apps-d-1vcpu-0.5gb": 29,
        "apps-d-1vcpu-1gb": 34,
        "apps-d-1vcpu-2gb": 39,
        "apps-d-1vcpu-4gb": 49,
        "apps-d-2vcpu-4gb": 78,
    },
    "spaces": 5,
    # The first check of an account is free.
    "uptime_check": 1,
    "droplet": {"s-1vcpu-512mb-10gb": 4, "s-1vcpu-1gb": 6, "s-1vcpu-2gb": 12, "s-2vcpu-2gb": 18, "s-2vcpu-4gb": 24},
    "pg_storage_gib": 0.215,
    # A node; those of networks and global ones cost more, nobody here knows how much.
    "load_balancer": {"REGIONAL": 12},
    # While no Droplet has it; else it is free.
    "reserved_ip": 5,
    "snapshot_gib": 0.06,
}
# What may be asked for beside it, and is not known.
ASKED = (*KNOWN, "advanced_pg_storage_gib")


def amount(value: Any) -> float | None:
    """A price, also as text; None for what is none."""
    try:
        usd = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return usd if 0 <= usd < float("inf") and not isinstance(value, bool) else None


def prices(given: Any) -> Data:
    """The known ones with `given` (the input `preflight_prices`) laid over them; what is no price is left out."""
    merged: Data = {group: dict(table) if isinstance(table, dict) else table for group, table in KNOWN.items()}
    for group, table in given.items() if isinstance(given, dict) else ():
        if isinstance(KNOWN.get(group), dict):
            if isinstance(table, dict):
                merged[group].update({size: amount(usd) for size, usd in table.items() if amount(usd) is not None})
        elif amount(table) is not None:
            merged[group] = amount(table)
    return merged


def check_prices(given: Any, sizes: dict[str, set[str]]) -> Iterator[str]:
    """What `given` holds that prices nothing. `sizes` are those on offer by group; of others nothing is known."""
    for group, table in (given or {}).items():
        where = f"preflight_prices.{group}"
        if group not in ASKED:
            yield f"{where} prices nothing; {_perhaps(group, ASKED)}."
        elif not isinstance(KNOWN.get(group), dict):
            yield from _no_amount(where, table)
        elif not isinstance(table, dict):
            yield f"{where} is {table!r}; it must hold sizes with their price, as {_snippet({group: _first(group)})}."
        else:
            for size, usd in table.items():
                yield from _no_amount(f"{where}.{size}", usd)
                if sizes.get(group) and size not in sizes[group]:
                    yield f"{where}.{size} prices nothing: that size is not on offer; {_perhaps(size, sizes[group])}."


def missing_prices(needed: list[tuple[str, ...]]) -> str:
    """What to paste into an inventory for these: `(group, size)` or `(group,)`."""
    tables: Data = {}
    for group, *size in needed:
        if size:
            tables.setdefault(group, {})[size[0]] = "USD"
        else:
            tables[group] = "USD"
    return _snippet(tables)


def _no_amount(where: str, usd: Any) -> Iterator[str]:
    if amount(usd) is None:
        yield f"{where} is {usd!r}; it must be a number of US dollars."


def _perhaps(name: str, known: Any) -> str:
    close = nearest(str(name), set(known))
    return f"perhaps {close} is meant" if close else f"there are {', '.join(sorted(known)[:12])}"


def _first(group: str) -> Data:
    return dict([next(iter(KNOWN[group].items()))])


def _snippet(tables: Data) -> str:
    # One line of YAML: JSON without the quotation marks that it does not need there.
    return f"preflight_prices: {json.dumps(tables)}".replace('"', "")
