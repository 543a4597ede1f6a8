# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a procedure has to tell can be read in its report."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.markdown import report_figures


@pytest.mark.parametrize(
    ("figures", "lines"),
    [
        ({"seconds": 12}, ["| what | figure |", "|---|---|", "| seconds | 12 |"]),
        ({"data_destroyed": False, "share": 0.5}, ["| data destroyed | no |", "| share | 0.5 |"]),
        ({"note": "a | b\nc"}, ["| note | a \\| b c |"]),
        ({"tables": ["a", "b|c", 3]}, ["## Tables", "", "- a", "- b|c", "- 3"]),
        ({"tables": []}, ["## Tables", "", "Nothing."]),
        ({"restored": {"old_name": "x", "rows": 4, "of": ["a", "b"]}},
         ["## Restored", "", "| what | figure |", "|---|---|", "| old name | x |", "| rows | 4 |", "| of | a, b |"]),
        ({"restored": {}}, ["## Restored", "", "Nothing."]),
        ({"backups": [{"at": "noon", "gib": 2}, {"at": "night", "note": None}]},
         ["| at | gib | note |", "|---|---|---|", "| noon | 2 |  |", "| night |  |  |"]),
        ({"odd": ["a", {"b": 1}]}, ["- a", '- {"b": 1}']),
        ({"deep": {"a": {"b": ["São José"]}}}, ['| a | {"b": ["São José"]} |']),
    ],
)  # fmt: skip
def test_every_kind_of_figure_is_told(figures: dict[str, Any], lines: list[str]) -> None:
    assert report_figures(figures).splitlines()[-len(lines) :] == lines


def test_what_stands_above_or_is_empty_is_not_told() -> None:
    assert report_figures({"environment": "e", "ok": True, "failure": "f", "empty": "", "none": None}) == ""


def test_single_values_come_before_sections_whatever_their_order() -> None:
    told = report_figures({"gone": ["app"], "seconds": 3, "changed": {"a": 1}}).split("\n\n")
    assert [part.splitlines()[0] for part in told] == [
        "| what | figure |",
        "## Gone",
        "- app",
        "## Changed",
        "| what | figure |",
    ]
