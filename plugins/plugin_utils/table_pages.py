# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a restored table differs from the living one, and what became of both, as a report for people."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document, part
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def restored_table_document(told: Data, about: Data, language: str = "en") -> Data:
    """See documents.py. `told` are the figures of the role table_restore.

    `about` is `{swaps: it is put in the place of the living one, cleans: what was left is dropped instead, only_told:
    nothing is done, as in check mode}`.
    """
    say = Words(language)
    return document(
        say("Table restored"),
        " · ".join([say("Table restored"), told["environment"], _outcome(told, about, say)]),
        say,
        not told["failure"],
        [
            part(say("Rows"), _rows(told, say)),
            part(
                say("Columns that differ"),
                head=[say("column"), say("living"), say("dump")],
                rows=[[row["column"], row["living"] or "", row["restored"] or ""] for row in told.get("columns", [])],
            ),
            part(
                say("Foreign keys"),
                head=[
                    say("foreign key"),
                    say("table"),
                    say("refers to"),
                    f"{say('rows that refer to nothing')}:",
                ],
                rows=[
                    [row["name"], row["table"], row["refers_to"], "?" if row["broken"] is None else str(row["broken"])]
                    for row in told.get("foreign_keys", [])
                ],
            ),
            part(say("In the way"), [] if told["failure"] else told.get("problems", [])),
            part(say("Kept"), _kept(told, say)),
            part(say("Dropped"), told["dropped"]),
        ],
    )


def _outcome(told: Data, about: Data, say: Words) -> str:
    table, only_told = told["table"], about["only_told"]
    if told["failure"]:
        return say("FAILED")
    if about["cleans"] and only_told:
        return say("what was left of {table} would be dropped", table=table)
    if about["cleans"]:
        return say("what was left of {table} is dropped", table=table)
    if about["swaps"] and _is_done(told):
        return say("in the place of {table} already", table=table)
    if about["swaps"] and only_told:
        return say("would be in the place of {table}", table=table)
    if about["swaps"]:
        return say("in the place of {table}", table=table)
    return say("would be beside {table}", table=table) if only_told else say("beside {table}", table=table)


def _is_done(told: Data) -> bool:
    """By an earlier run: this one has locked nothing."""
    return bool(told["replaced"]) and told["locked_ms"] is None


def _rows(told: Data, say: Words) -> list[str]:
    if "rows_living" not in told:
        return []
    first = say("{living} living, {restored} of the dump.", living=told["rows_living"], restored=told["rows_restored"])
    if told["differing"] is None:
        return [first, say("Nobody can tell which are the same: they have no primary key in common.")]
    return [
        first,
        say(
            "Of them {only_living} only living, {only_restored} only of the dump; {differing} differ.",
            only_living=told["only_living"],
            only_restored=told["only_restored"],
            differing=told["differing"],
        ),
    ]


def _kept(told: Data, say: Words) -> list[str]:
    name, kept = told["replaced"], []
    if _is_done(told):
        kept = [say("What was living, as {table}; the dump is in its place already, nothing was changed.", table=name)]
    elif name:
        kept = [
            say("What was living, as {table}; the app waited for {ms} ms at most.", table=name, ms=told["locked_ms"])
        ]
    others = [(row["table"], row["dump"] or "?") for row in told["kept"] if row["table"] != name]
    return kept + [
        say("{table}, which the dump {dump} has replaced.", table=table, dump=dump) for table, dump in others
    ]
