# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drilling_pages import drill_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drilling_scenarios import (
    app_parts,
    app_problems,
    configuration_parts,
    configuration_problems,
    drill_rehearsed,
    files_part,
    files_problems,
    known_hashes,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.html_pages import document_html

ABOUT = {
    "scenario": "configuration",
    "environment": "local",
    "made_at": "2026-11-29T20:00:00Z",
    "backup_of": "2026-11-29T18:00:00Z",
    "marks": {"begun": 0.0, "bundle read": 6.0, "compared": 9.0, "planned": 30.0},
    "rto_minutes": 15,
    "rpo_hours": 24,
}
PLAN = {"failure": "", "resources": [], "not_compared": []}


def app(**envs: str) -> dict[str, Any]:
    rows = [{"key": key, "value": value} for key, value in envs.items()]
    image = {"registry": "fisioflow", "repository": "web", "digest": "sha256:5f2c1a7e9b8d4c3f"}
    return {"id": "one", "spec": {"name": "clinic", "services": [{"name": "web", "image": image, "envs": rows}]}}


def state(**envs: str) -> dict[str, Any]:
    record = {"type": "A", "name": "@", "data": "10.0.0.1", "id": 7}
    return {"app": {"apps": [app(**envs)]}, "zone": {"domains": [{"name": "clinic.example", "records": [record]}]}}


def test_what_differs_is_told_by_its_name_and_no_value() -> None:
    there = state(LOG_LEVEL="sentinel-value", NEW="sentinel-new")
    there["zone"]["domains"][0]["records"] += [{"type": "MX", "name": "@", "data": "mail.example."}]
    there["zone"]["domains"][0]["records"][0]["id"] = 8
    parts = configuration_parts(state(LOG_LEVEL="info"), there)
    assert {row["part"]: row["differs"] for row in parts} == {
        "app": [
            "[clinic].spec.services[web].envs[LOG_LEVEL].value",
            "[clinic].spec.services[web].envs[NEW]",
        ],
        "zone": ["domains[clinic.example].records[MX @]"],
    }
    assert "sentinel" not in json.dumps(parts)
    assert [row["differs"] for row in configuration_parts(there, there)] == [[], []]


@pytest.mark.parametrize(
    ("kept", "plan", "says"),
    [
        ({}, PLAN, "The bundle has nothing of app, zone: run backup_configuration.yml again."),
        (state(), {}, "could not be planned with: plan.yml left no plan"),
        (state(), {"failure": "It was refused."}, "could not be planned with: It was refused."),
        (state(), {**PLAN, "resources": [{"name": "dns", "action": "change"}]}, "would change dns (change)."),
        (state(), {**PLAN, "not_compared": ["No key."]}, "Not everything could be planned: No key."),
    ],
)
def test_what_could_not_be_made_again_is_a_finding(kept: Any, plan: Any, says: str) -> None:
    [found] = configuration_problems(kept, state(), plan)
    assert found.endswith(says)


def test_a_bundle_from_which_all_comes_again_has_none() -> None:
    assert configuration_problems(state(), state(), PLAN) == []


def test_a_rebuilt_app_lacks_nothing_of_the_living_one() -> None:
    living, rebuilt = app(A="1", SENTRY_DSN=""), app(A="2")
    assert app_problems(living, living, [], "web", []) == []
    assert [row["differs"] for row in app_parts(living, living, "web")] == [[], []]
    assert [row["differs"] for row in app_parts(living, rebuilt, "web")] == [[], ["SENTRY_DSN"]]
    rebuilt["spec"]["services"][0]["image"]["digest"] = "sha256:ffffffffffffff"
    texts = app_problems(living, rebuilt, ["web.ENCRYPTION_KEY"], "web", [])
    assert [text.split(" ")[0:3] for text in texts] == [
        ["It", "was", "rebuilt"],
        ["The", "rebuilt", "app"],
        ["The", "living", "app"],
    ]
    assert "SENTRY_DSN" in texts[1]
    assert len(app_problems(living, rebuilt, [], "web", ["SENTRY_DSN"])) == 1
    assert "web.ENCRYPTION_KEY" in texts[2]


def test_objectives_are_judged_and_drills_are_kept_apart_by_their_scenario() -> None:
    earlier = [
        json.dumps({"environment": "local", "made_at": "2026-10-01T00:00:00Z", "rto_minutes": 5}),
        json.dumps({"environment": "local", "made_at": "2026-10-02T00:00:00Z", "rto_minutes": 1, "scenario": "app"}),
        json.dumps({"environment": "else", "made_at": "2026-10-02T00:00:00Z", "rto_minutes": 1, "scenario": "app"}),
        "no report",
        "[]",
    ]
    made = drill_rehearsed([], ["It lacks something."], {**ABOUT, "rto_minutes": 0.1, "rpo_hours": 1}, earlier)
    assert [text[:4] for text in made["findings"]] == ["RTO:", "RPO:", "It l"]
    assert {name: len(points) for name, points in made["drills"].items()} == {
        "app": 1,
        "configuration": 1,
        "database": 1,
    }
    assert drill_rehearsed([], [], {**ABOUT, "scenario": "app", "backup_of": ""}, [])["rpo_hours"] is None


@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_the_page_tells_parts_by_name_and_the_chart_all_scenarios(language: str) -> None:
    parts = [{"part": "zone", "told": "12", "differs": ["records[MX @]"]}]
    earlier = [json.dumps({"environment": "local", "made_at": "2026-10-01T00:00:00Z", "rto_minutes": 5})]
    told = drill_document(drill_rehearsed(parts, [], ABOUT, earlier), language)
    page, html = document_page(told), document_html(told, "local", ABOUT["made_at"])
    assert "zone: records[MX @]." in page
    scenarios = ["corrupt", "configuration is lost"] if language == "en" else ["corrompido", "configuração se perdeu"]
    assert all(name in html for name in scenarios)
    assert html.count("<polyline") == 2


def test_hashes_come_from_reports_of_bundles() -> None:
    assert known_hashes(['{"object": "configuration/a.tar.age", "sha256": "9f"}', "none", "[]", '{"sha256": "1"}']) == {
        "configuration/a.tar.age": "9f"
    }


def test_files_are_told_by_number_and_judged_by_how_long_they_have_waited() -> None:
    files = {"objects": 6, "pending": 1, "lag_seconds": 7200.0}
    assert files_part(files) == {"part": "files", "told": "5 / 6", "differs": []}
    assert files_problems(files, 24) == []
    [found] = files_problems(files, 1)
    assert found.startswith("1 files are not in the replica")
    assert "2.0 hours" in found
