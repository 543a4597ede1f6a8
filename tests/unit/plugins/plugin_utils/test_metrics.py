# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The five metrics against their thresholds; what was not measured counts as what crossed one; curves."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_markdown, document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.html_pages import document_html
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.metrics import MOST_POINTS, environment_metrics
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.metrics_pages import metrics_document

NOW = 1795899600
ABOUT = {"environment": "test", "made_at": "2026-11-28T21:00:00Z"}
LIMITS = {"cpu": 80, "memory": 85, "latency": 2000, "connections": 80, "cache": 80, "disk": "80"}


def instance(*values: float) -> dict[str, Any]:
    points = [[NOW - 120 * (len(values) - number), value] for number, value in enumerate(values)]
    return {"component": "web", "instance": "web-0", "points": points}


def database(**figures: float | None) -> dict[str, Any]:
    return {"database_metrics": {"cluster": "clinic", "nodes": [{"host": "a", **figures}]}}


def answers(**more: Any) -> dict[str, Any]:
    app = {"cpu_percentage": [instance(10, 20)], "memory_percentage": [instance(50, 60)]}
    latency = {"url": "https://clinic.example/", "statuses": [200], "median": 120.0, "error": ""}
    return {
        "app": {"app_metrics": app},
        "postgresql": database(connections_percent=50.0, disk_percent=30.0),
        "valkey": database(cache_percent=40.0, disk_percent=20.0),
        "latency": {"http_latency": latency},
        **more,
    }


def made(before: str = "", **more: Any) -> dict[str, Any]:
    return environment_metrics(answers(**more), ABOUT, LIMITS, before)


def found(**more: Any) -> list[tuple[str, Any, str]]:
    return [(row["metric"], row["value"], row["why"]) for row in made(**more)["findings"]]


def test_all_five_are_measured_in_the_order_of_the_document() -> None:
    told = made()
    assert [(row["metric"], row["value"], row["unit"]) for row in told["measures"]] == [
        ("cpu", 15.0, "%"),
        ("memory", 55.0, "%"),
        ("latency", 120.0, "ms"),
        ("connections", 50.0, "%"),
        ("cache", 40.0, "%"),
        ("disk", 30.0, "%"),
        ("disk", 20.0, "%"),
    ]
    assert told["findings"] == []
    assert metrics_document(told)["headline"] == "Metrics · test · all below their thresholds"


def test_only_the_last_five_minutes_count() -> None:
    app = {"cpu_percentage": [instance(100, 100, 100, 10, 10, 10)], "memory_percentage": [instance(0, 86, 86, 86)]}
    assert found(app={"app_metrics": app}) == [("memory", 86.0, "")]


def test_a_threshold_may_be_met_but_not_crossed() -> None:
    assert found(valkey=database(cache_percent=80.0, disk_percent=80.1)) == [("disk", 80.1, "")]


def test_what_was_not_measured_is_a_finding_with_its_reason() -> None:
    failed = {"msg": "cannot be reached", "failed": False}
    slow = {"http_latency": {"url": "u", "statuses": [502, 502], "median": None, "error": ""}}
    empty = {"app_metrics": {"cpu_percentage": [], "memory_percentage": [instance(5)]}}
    told = found(postgresql=failed, latency=slow, app=empty, valkey=database(disk_percent=1.0, cache_percent=None))
    assert told == [
        ("cpu", None, "no instance was measured in that time"),
        ("latency", None, "it answered 502"),
        ("connections", None, "cannot be reached"),
        ("cache", None, "its endpoint does not tell it"),
        ("disk", None, "cannot be reached"),
    ]


def test_what_was_not_asked_is_no_finding() -> None:
    assert found(latency={"skipped": True}) == []
    assert "latency" not in [row["metric"] for row in made(latency={"skipped": True})["measures"]]


def test_curves_go_on_from_the_last_report() -> None:
    first = environment_metrics(answers(), {**ABOUT, "made_at": "2026-11-28T20:00:00Z"}, LIMITS)
    second = made(json.dumps(first), valkey=database(cache_percent=44.0, disk_percent=20.0))
    cache = next(row for row in second["measures"] if row["metric"] == "cache")
    assert cache["points"] == [[NOW - 3600, 40.0], [NOW, 44.0]]
    assert next(row for row in second["measures"] if row["metric"] == "cpu")["points"] == instance(10, 20)["points"]
    for row in first["measures"]:
        row["points"] = [[number, 1.0] for number in range(1000)]
    third = next(row for row in made(json.dumps(first))["measures"] if row["metric"] == "cache")
    assert (len(third["points"]), third["points"][-1]) == (MOST_POINTS, [NOW, 40.0])


def test_a_last_report_that_is_none_is_none() -> None:
    for before in ("", "[]", "{", '{"measures": [{}]}', '{"failure": "x"}'):
        assert len(made(before)["measures"][-1]["points"]) == 1


def test_all_forms_tell_what_crossed_a_threshold_and_html_draws_it() -> None:
    told = made(valkey=database(cache_percent=91.25, disk_percent=20.0))
    english, portuguese = metrics_document(told), metrics_document(told, "pt_BR")
    assert "Cache memory in use of clinic is 91.2 %, over 80.0 %." in document_page(english)
    assert "Memória do cache em uso de clinic está em 91,2 %, acima de 80,0 %." in document_markdown(portuguese)
    page = document_html(portuguese, "test", ABOUT["made_at"])
    assert page.count("<svg ") == 6
    assert page.count('stroke-dasharray="6 4"') == 6
    assert "Métricas · test · 1 acima do limite" in page
    assert "<script" not in page
    assert "## CPU" not in document_markdown(english)
