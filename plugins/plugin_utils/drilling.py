# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a drill of the recovery has shown, held against the objectives. Numbers, names of tables, times; no data."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drilling_measured import measured, missed
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.prices import amount, prices

HOURS_OF_A_MONTH = 672
SAME, SINCE, FEWER, MISSING, NEW = "same", "changed since", "fewer than restored", "missing", "not yet there"
# In which the application's tool keeps them.
MIGRATIONS = ("_prisma_migrations", "_migrations")


def drill_result(restored: list[Data], living: list[Data], about: Data, earlier: list[str]) -> Data:
    """The figures of a drill, with `findings` where an objective was missed or the data is not sound.

    `restored` and `living` are rows of the look into each database: `{"kind": "table" | "orphans" | "newest", "name",
    "number", "text"}`. `about` holds what drilling_measured.py wants, and `source`, `cluster`, `made` (the
    throw-away clusters as the API gives them), `writable` (tables that the app may write) and `prices`; of a region
    `parts` and `problems`, as in drilling_scenarios.py. `earlier` are the texts of the JSON of earlier drills.
    """
    marks = list(about["marks"].items())
    tables = [_table(name, _kind(restored, "table"), _kind(living, "table")) for name in _names(restored, living)]
    orphans = [{"foreign_key": name, "rows": row["number"]} for name, row in _kind(restored, "orphans").items()]
    made = {
        **measured(about, earlier),
        **{name: about[name] for name in ("source", "cluster")},
        "tables": tables,
        "foreign_keys": orphans,
        "newest_row": _newest(restored),
        "newest_row_living": _newest(living),
        "cost_usd": _cost(about, marks),
    }
    if about["scenario"] == "region":
        made["parts"] = about["parts"]
    made["findings"] = [*_findings(made, int(about["writable"])), *about.get("problems", [])]
    return made


def _findings(made: Data, writable: int) -> Iterator[str]:
    yield from missed(made)
    restored = [row for row in made["tables"] if row["restored"] is not None]
    if not restored:
        yield "The restored database has no table."
    elif not writable:
        yield "The app may write no table of the restored database."
    if sum(row["living"] or 0 for row in made["tables"]) and not sum(row["restored"] for row in restored):
        yield "The restored database has no row, and the living one has."
    # A migration since, which is a row more of its table, may have made or filled a table.
    migrated = any(row["table"] in MIGRATIONS and row["restored"] and row["state"] != SAME for row in made["tables"])
    for row in [] if migrated or not restored else made["tables"]:
        if row["living"] and not row["restored"]:
            lacks = "is not" if row["restored"] is None else "is empty"
            has = f"the living one has {row['living']} rows of it"
            yield f"The table {row['table']} {lacks} in the restored database, and {has}."
    for row in made["foreign_keys"]:
        if row["rows"]:
            yield f"{row['rows']} rows refer to nothing by {row['foreign_key']}."


def _table(name: str, restored: dict[str, Data], living: dict[str, Data]) -> Data:
    one, other = restored.get(name), living.get(name)
    if one is None:
        state = NEW
    elif other is None:
        state = MISSING
    elif (one["number"], one["text"]) == (other["number"], other["text"]):
        state = SAME
    else:
        state = SINCE if other["number"] >= one["number"] else FEWER
    return {
        "table": name,
        "restored": one["number"] if one else None,
        "living": other["number"] if other else None,
        "state": state,
    }


def _kind(rows: list[Data], kind: str) -> dict[str, Data]:
    return {str(row["name"]): row for row in rows if row["kind"] == kind}


def _names(*looks: list[Data]) -> list[str]:
    return sorted({name for rows in looks for name in _kind(rows, "table")})


def _newest(rows: list[Data]) -> str:
    return max((str(row["text"]) for row in _kind(rows, "newest").values() if row["text"]), default="")


def _cost(about: Data, marks: list[tuple[str, float]]) -> float | None:
    """Clusters are billed by the hour; None: nobody knows the price of one."""
    each = [amount(prices(about["prices"]).get(row["engine"], {}).get(row["size"])) for row in about["made"]]
    hours = int((float(marks[-1][1]) - float(marks[0][1])) // 3600) + 1
    known = [price for price in each if price is not None]
    return round(sum(known) / HOURS_OF_A_MONTH * hours, 4) if each == known else None
