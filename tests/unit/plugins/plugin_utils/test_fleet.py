# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a run over several environments."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.fleet import fleet_page


def outcome(headline: str, failure: str = "", report: str = "") -> dict[str, Any]:
    return {"procedure": "site", "headline": headline, "failure": failure, "report": report}


def test_failures_come_last_with_their_first_line_and_their_report() -> None:
    told = {"a": outcome("a failed", "no token\nmore of it", "a.md"), "b": outcome("b is done"), "c": {}}
    assert fleet_page(told, ["a", "b"]).splitlines() == [
        "b is done",
        "",
        "FAILED · a · no token (a.md)",
        "FAILED · c · it says why above",
        "",
        "3 environments · 1 done · 2 failed: a, c",
    ]


def test_who_has_not_failed_and_tells_nothing_goes_on() -> None:
    told = {"a": outcome("", "no token"), "b": {}}
    assert fleet_page(told, ["a", "b"]).splitlines()[-1] == "2 environments · 1 go on · 1 failed: a"


def test_in_portuguese() -> None:
    told = {"a": outcome("", "sem token"), "b": {}, "c": outcome("c")}
    page = fleet_page(told, ["b", "c"], "pt_BR")
    assert page.endswith("3 ambientes · 1 concluído(s) · 1 em andamento · 1 falhou/falharam: a")
    assert "FALHOU · a · sem token" in page
