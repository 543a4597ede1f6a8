# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What costs money and serves nothing, wherever in an account it is; and what of an environment nobody declared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.account import (
    is_declared,
    is_known,
    things,
    undeclared,
)


def orphans(found: Data, about: Data, declared: Data, known: list[str], lines: list[Data]) -> list[Data]:
    """Each as `{kind, noun, called, id, why: [word], usd}`; `usd` a month is None where no price is known.

    The words are `off`, `untargeted`, `unassigned`, `old` (of more than `snapshot_days` of `about`), and those of
    `belongs` for what nobody declared. `lines` are those of `bill_there`: what has none costs nothing and is no orphan.
    """
    costs: dict[tuple[str, str], list[Data]] = {}
    for line in lines:
        costs.setdefault((line["kind"], line["id"]), []).append(line)
    idle = [
        {**thing, "why": [word]}
        for thing in things(found)
        if not is_declared(thing, declared, found)
        and not is_known(thing, known)
        and (word := _IDLE.get(thing["kind"], _serves)(thing["row"], found, about))
    ]
    rows: dict[tuple[str, str], Data] = {}
    for row in [*undeclared(found, about, declared, known), *idle]:
        key = (row["kind"], row["id"])
        if key in costs:
            why = [*rows[key]["why"], *row["why"]] if key in rows else row["why"]
            usd = [line["usd"] for line in costs[key]]
            total = None if None in usd else round(sum(usd), 2)
            rows[key] = {name: row[name] for name in ("kind", "noun", "called", "id")} | {"why": why, "usd": total}
    return list(rows.values())


def _serves(_row: Data, _found: Data, _about: Data) -> str:
    return ""


def _off(row: Data, _found: Data, _about: Data) -> str:
    """What is switched off is billed all the same."""
    return "off" if row.get("status") == "off" else ""


def _untargeted(row: Data, found: Data, _about: Data) -> str:
    settings = row.get("glb_settings") or {}
    by_id = [*(row.get("droplet_ids") or []), *(row.get("target_load_balancer_ids") or [])]
    tagged = any(row.get("tag") in (droplet.get("tags") or []) for droplet in found.get(kinds.DROPLET.plural) or [])
    content = (settings.get("cdn") or {}).get("is_enabled")
    return "" if by_id or tagged or content else "untargeted"


def _unassigned(row: Data, _found: Data, _about: Data) -> str:
    return "" if row.get("droplet") else "unassigned"


def _old(row: Data, _found: Data, about: Data) -> str:
    """Backups go by themselves."""
    made, now = (_moment(text) for text in (row["created_at"], about["made_at"]))
    return "old" if row.get("type") == "snapshot" and now - made > timedelta(days=about["snapshot_days"]) else ""


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


_IDLE: dict[str, Callable[[Data, Data, Data], str]] = {
    kinds.DROPLET.name: _off,
    kinds.LOAD_BALANCER.name: _untargeted,
    kinds.RESERVED_IP.name: _unassigned,
    kinds.IMAGE.name: _old,
}
