# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a restored table and of the living one is told in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.table_pages import restored_table_document

KEY = {"name": "visits_room_fkey", "table": "public.visits", "refers_to": "public.rooms", "broken": None}
COMPARED = {
    "rows_living": 50, "rows_restored": 51, "only_living": 1, "only_restored": 2, "differing": 3, "foreign_keys": [KEY],
    "columns": [{"column": "note", "living": "text", "restored": None}], "problems": ["A view hangs on it."],
}  # fmt: skip
NOTHING = {"environment": "local", "failure": "", "dropped": [], "replaced": "", "locked_ms": None, "kept": []}


def told(figures: dict[str, Any], language: str = "en", **about: bool) -> dict[str, Any]:
    given = {"swaps": False, "cleans": False, "only_told": False, **about}
    return restored_table_document({**NOTHING, "table": "public.visits", **figures}, given, language)


DONE = {"replaced": "replaced_1.visits"}


@pytest.mark.parametrize(
    ("figures", "about", "outcome"),
    [
        ({}, {}, "beside public.visits"),
        ({}, {"only_told": True}, "would be beside public.visits"),
        ({"replaced": "replaced_1.visits", "locked_ms": 7}, {"swaps": True}, "in the place of public.visits"),
        ({}, {"swaps": True, "only_told": True}, "would be in the place of public.visits"),
        (DONE, {"swaps": True}, "in the place of public.visits already"),
        (
            {"replaced": "replaced_1.visits"},
            {"swaps": True, "only_told": True},
            "in the place of public.visits already",
        ),
        ({}, {"cleans": True}, "what was left of public.visits is dropped"),
        ({}, {"cleans": True, "only_told": True}, "what was left of public.visits would be dropped"),
        ({"failure": "no"}, {"swaps": True}, "FAILED"),
    ],
)
def test_the_headline_says_where_it_is(figures: dict[str, Any], about: dict[str, bool], outcome: str) -> None:
    assert told(figures, **about)["headline"] == f"Table restored · local · {outcome}"


def test_how_they_differ_and_what_is_kept_is_told_in_both_languages() -> None:
    kept = [{"table": "replaced_1.visits", "dump": "new"}, {"table": "replaced_0.visits", "dump": ""}]
    figures = {**COMPARED, "replaced": "replaced_1.visits", "locked_ms": 7, "kept": kept}
    page = document_page(told(figures, swaps=True))
    for line in (
        "  50 living, 51 of the dump.",
        "  Of them 1 only living, 2 only of the dump; 3 differ.",
        "  A view hangs on it.",
        "  What was living, as replaced_1.visits; the app waited for 7 ms at most.",
        "  replaced_0.visits, which the dump ? has replaced.",
    ):
        assert line in page.splitlines()
    assert page.count("replaced_1.visits") == 1
    portuguese = document_page(told(figures, "pt_BR", swaps=True))
    assert "  50 na tabela em uso, 51 do dump." in portuguese.splitlines()
    assert "chave estrangeira" in portuguese
    assert "they have no primary key" in document_page(told({**COMPARED, "differing": None}))
    assert "nothing was changed" in document_page(told({"replaced": "replaced_1.visits"}, swaps=True))
