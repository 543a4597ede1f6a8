# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a deployment, and the way back from one that failed."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.deployed import (
    deployment_problems,
    overtaken_by,
    way_back,
)

APP = {"active_deployment": {"id": "d-2", "services": [{}, {"source_commit_hash": "54d4a727f457"}]}}
HEALTHY = {"status": 200, "json": {"checks": {"database": {"status": "healthy"}}}}
URL = "https://clinic.example/api/health"


@pytest.mark.parametrize(
    ("app", "given", "problems"),
    [
        ({}, {"expected": "d-2", "commit": "54d4"}, ["there is no app web"]),
        ({"id": "a", "active_deployment": None}, {"expected": "d-2"}, ["no deployment of it has ever succeeded"]),
        (APP, {"expected": "d-1"}, ["deployment d-1 is not the active one"]),
        (APP, {"expected": "d-2", "commit": "54d4"}, []),
        (
            APP,
            {"commit": "77"},
            [
                "commit 54d4a727f457, the head of the branch, was built instead of 77: "
                "release that one, or a branch that ends with this one"
            ],
        ),
        ({"active_deployment": {"id": "d-2", "services": None}}, {"commit": "77"}, []),
        (APP, {"url": URL, "probe": HEALTHY, "checks": ["database"]}, []),
        (APP, {"url": URL, "probe": {"status": 404}, "checks": []}, [f"its health check {URL} answers 404"]),
        (APP, {"url": URL, "probe": {"skipped": True}, "checks": ["database"]}, []),
        (APP, {"url": URL, "probe": {}, "checks": ["database"]}, []),
    ],
)
def test_what_is_wrong(app: dict[str, Any], given: dict[str, Any], problems: list[str]) -> None:
    assert deployment_problems(app, "web", **given) == problems


@pytest.mark.parametrize(
    ("active", "expected", "other"),
    [("d-3", "d-2", "d-3"), ("d-2", "d-2", ""), ("d-1", "d-2", ""), ("", "d-2", ""), ("d-3", "", "")],
)
def test_who_was_faster(active: str, expected: str, other: str) -> None:
    app = {"active_deployment": {"id": active} if active else None}
    assert overtaken_by(app, expected, {"id": "d-1"}) == other


@pytest.mark.parametrize(
    ("before", "given", "words"),
    [
        ({}, {"overtaken": "d-3"}, "There is no earlier deployment to return to: correct the cause and run again."),
        ({"id": "d-1"}, {"failure": "no."}, "Going back to deployment d-1 failed too: no."),
        ({"id": "d-1"}, {"overtaken": "d-3"}, "Deployment d-3 of another run is active and was left alone"),
        ({"id": "d-1"}, {"rolled_back": True}, "Rolled back to deployment d-1: what it ran is active again."),
        ({"id": "d-1"}, {}, "Deployment d-1 has run all the time, and the app has its spec again."),
    ],
)
def test_the_way_back(before: dict[str, Any], given: dict[str, Any], words: str) -> None:
    assert way_back(before, **given).startswith(words)
