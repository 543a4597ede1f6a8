# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run says of itself to people."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.pages import (
    in_force,
    summary_headline,
    summary_page,
    summary_report,
)

LINE = {"item": "PostgreSQL", "detail": "1 × db-s-1vcpu-1gb", "usd": 15.15, "usd_max": 15.15}
FIGURES: dict[str, Any] = {
    "environment": "staging",
    "profile": "",
    "failure": "",
    "changes": [],
    "seconds": 8,
    "endpoints": {"app": "https://x.example"},
    "dns": [],
    "runs": "",
    "gate": {},
    "dump": "",
    "deviations": [],
    "not_compared": "",
    "bill": {"lines": [LINE], "total": 15.15, "total_max": 15.15},
}


def test_a_page_without_changes_tells_where_and_how_much() -> None:
    told = {**FIGURES, "runs": "fisioflow@sha256:5f2c", "dump": "pg/fisioflow/20261129T030000Z"}
    assert summary_page(told, 59).splitlines() == [
        "  app         https://x.example",
        "  runs        fisioflow@sha256:5f2c",
        "  dump        pg/fisioflow/20261129T030000Z",
        "",
        "  PostgreSQL           1 × db-s-1vcpu-1gb             15.15",
        "  a month, in USD                                     15.15   (the document says 59, load balancer included)",
    ]


def test_what_has_no_price_and_what_may_scale_is_told() -> None:
    bill = {"lines": [{**LINE, "usd": None}], "total": None, "total_max": None}
    lines = summary_page({**FIGURES, "bill": bill}, 59).splitlines()
    assert lines[-2].endswith("db-s-1vcpu-1gb                 ?")
    assert "      ?   (the document" in lines[-1]
    scaled = {**FIGURES["bill"], "total_max": 461.2}
    assert "(up to 461.20 when scaled out; the document says 59" in summary_page({**FIGURES, "bill": scaled}, 59)


@pytest.mark.parametrize(
    ("phase", "told"),
    [("ACTIVE", ""), ("PENDING", "   (pending: set this record)")],
)
def test_a_record_is_told_until_it_works(phase: str, told: str) -> None:
    record = {"domain": "clinic.example", "target": "x.example", "phase": phase}
    assert f"  dns         clinic.example A x.example{told}\n" in summary_page({**FIGURES, "dns": [record]}, 59)


@pytest.mark.parametrize(("predicted", "words"), [(True, "would change: "), (False, "changed: ")])
def test_changes_are_wrapped_between_their_names(predicted: bool, words: str) -> None:
    changes = [f"thing-{number:02}" for number in range(20)]
    _, _, told = summary_page({**FIGURES, "changes": changes}, 59, predicted).rpartition(f"\n\n{words}")
    lines = told.split("\n         ")
    assert len(lines) == 2
    assert " ".join(lines) == ", ".join(changes)


def test_what_is_otherwise_than_in_the_document_is_a_line_each() -> None:
    told = {**FIGURES, "deviations": ["no scaling", "nobody is told"]}
    assert summary_page(told, 59).endswith("\n\n  note        no scaling\n  note        nobody is told")
    assert "## Other than the document says\n\n- no scaling\n- nobody is told" in summary_report(told)


def test_what_was_not_compared_comes_last() -> None:
    assert summary_page({**FIGURES, "not_compared": "The buckets."}, 59).endswith("\n\nnot compared: The buckets.")


@pytest.mark.parametrize(
    ("figures", "given", "line"),
    [
        ({}, {}, "FisioFlow · staging · nothing to change · 8 s · https://x.example"),
        ({"profile": "essential", "endpoints": {}}, {}, "FisioFlow · staging (essential) · nothing to change · 8 s"),
        ({"changes": ["a", "b"], "seconds": 119}, {}, "FisioFlow · staging · 2 changed · 119 s · https://x.example"),
        (
            {"changes": ["a"], "seconds": 200},
            {"predicted": True, "where": "on localhost"},
            "FisioFlow · staging · on localhost · 1 would change · 3 min 20 s · https://x.example",
        ),
        ({"changes": ["a"], "failure": "why"}, {}, "FisioFlow · staging · FAILED · 8 s · https://x.example"),
    ],
)
def test_the_headline(figures: dict[str, Any], given: dict[str, Any], line: str) -> None:
    assert summary_headline({**FIGURES, **figures}, "FisioFlow", **given) == line


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ({}, False),
        ({"size": "a", "nodes": 1}, True),
        ({"nodes": "1"}, True),
        ({"nodes": 2}, False),
        ({"other": 1}, False),
    ],
)
def test_a_profile_is_in_force_while_all_of_it_is(wanted: dict[str, Any], holds: bool) -> None:
    assert in_force(wanted, {"size": "a", "nodes": 1}) is holds


def test_the_report_has_sections_of_its_own() -> None:
    record = {"domain": "clinic.example", "target": "x.example", "phase": "PENDING"}
    bill = {**FIGURES["bill"], "total": None, "lines": [LINE, {**LINE, "usd": None}]}
    told = {**FIGURES, "changes": ["app"], "dns": [record], "runs": "a|b", "not_compared": "The buckets.", "bill": bill}
    assert summary_report(told).splitlines() == [
        "## Changed",
        "",
        "- app",
        "",
        "Not compared: The buckets.",
        "",
        "## Endpoints",
        "",
        "| what | where |",
        "|---|---|",
        "| app | https://x.example |",
        "| DNS: clinic.example | A x.example: pending, set this record |",
        "| runs | a\\|b |",
        "",
        "## Monthly bill",
        "",
        "| item | what | USD |",
        "|---|---|---:|",
        "| PostgreSQL | 1 × db-s-1vcpu-1gb | 15.15 |",
        "| PostgreSQL | 1 × db-s-1vcpu-1gb | unknown |",
        "| **total** |  | **?** |",
    ]
    assert summary_report(FIGURES).startswith("## Changed\n\nNothing.\n\n## Endpoints")


def test_all_of_it_can_be_said_in_portuguese() -> None:
    record = {"domain": "clinica.example", "target": "x.example", "phase": "PENDING"}
    bill = {"lines": [LINE], "total": 1234.5, "total_max": 1300}
    told = {**FIGURES, "changes": ["app"], "dns": [record], "bill": bill, "not_compared": "sem chave", "runs": "v1"}
    page = summary_page(told, 59, language="pt_BR")
    for words in ("(pending: crie este registro", "executa     v1", "1.234,50   (até 1.300,00", "mudou: app"):
        assert words in page, words
    report = summary_report(told, "pt_BR")
    assert "## Fatura mensal" in report
    assert "Não comparado: sem chave" in report
    assert "1 mudou/mudaram" in summary_headline(told, "FisioFlow", language="pt_BR")
