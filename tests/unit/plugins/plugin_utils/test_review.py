# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several procedures have come to, on one page."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_markdown, document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.html_pages import document_html
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.review import review_document

CHART = {"series": [{"name": "web", "points": [[0, 1.0], [60, 2.0]]}], "limit": 80, "unit": "%"}


def outcome(procedure: str, **more: Any) -> dict[str, Any]:
    row = {"procedure": procedure, "headline": f"{procedure} · done", "failure": "", "report": f"test-{procedure}.html"}
    return {**row, "charts": [], **more}


def test_what_failed_comes_first_and_all_reports_can_be_opened() -> None:
    rows = [outcome("costs"), outcome("drift", failure="3 thing(s) differ", headline="Drift · 3 <differ>")]
    told = review_document(rows, "test")
    assert (told["headline"], told["good"]) == ("Monthly review · test · 1 to look after", False)
    page = document_page(told)
    assert page.index("drift: 3 thing(s) differ") < page.index("costs · done")
    markdown = document_markdown(told)
    assert "- [costs](test-costs.html)" in markdown
    html = document_html(told, "test", "2026-11-29T00:00:00Z")
    assert '<li><a href="test-drift.html">drift</a></li>' in html
    assert "Drift · 3 &lt;differ&gt;" in html


def test_pictures_of_the_parts_are_on_the_page() -> None:
    rows = [outcome("metrics", charts=[{"title": "CPU", "chart": CHART}]), outcome("costs", report="")]
    told = review_document(rows, "test", "pt_BR")
    assert (told["headline"], told["good"]) == ("Revisão mensal · test · nenhuma pendência", True)
    html = document_html(told, "test", "2026-11-29T00:00:00Z")
    assert html.count("<svg") == 1
    assert "<h2>metrics: CPU</h2>" in html
    assert "test-costs" not in html
