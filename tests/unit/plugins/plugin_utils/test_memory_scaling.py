# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When memory moves the number of instances, and when it does not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.memory_scaling import kept_bound, memory_scaling

MARKS = {"least": 1, "most": 4, "raise_over": 85, "lower_under": 60, "minutes": 5}
# 12:00:00 on some day.
NOON = 1795953600


def app(count: int = 2, scaling: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    bound = {"autoscaling": scaling} if scaling else {"instance_count": count}
    services = [{"name": "web", "image": {"tag": "1"}, **bound}, {"name": "admin"}]
    return {"spec": {"services": services}, "active_deployment": {"updated_at": "2026-11-29T11:00:00Z"}, **more}


def metrics(*instances: list[float]) -> dict[str, Any]:
    """Samples of every two minutes, the last one a minute before noon."""
    series = []
    for number, values in enumerate(instances):
        first = NOON - 60 - 120 * (len(values) - 1)
        points = [[first + 120 * at, value] for at, value in enumerate(values)]
        series.append({"component": "web", "instance": f"web-{number}", "points": points})
    return {"end": "2026-11-29T12:00:00Z", "memory_percentage": series}


def decided(there: dict[str, Any], used: dict[str, Any], **marks: Any) -> tuple[int, int, str]:
    found = memory_scaling(there, used, "web", {**MARKS, **marks})
    return found["from"], found["to"], found["why"]


@pytest.mark.parametrize(
    ("count", "used", "to", "why"),
    [
        (2, ([90, 88], [90, 92]), 3, "memory was at 90 % over 5 minutes on 2 instances, over 85 %"),
        # One moment below the mark is enough to wait, and so is an instance that makes up for another.
        (2, ([90, 84], [90, 84]), 2, "memory was at 87 %"),
        (2, ([99, 99], [60, 60]), 2, "memory was at 79.5 %"),
        (4, ([90, 90],), 4, "4 is the most that app_most_instances allows"),
        (3, ([50, 50], [40, 40]), 2, "memory was at 45 % over 5 minutes on 3 instances, under 60 %"),
        (3, ([50, 61],), 3, "memory was at 55.5 %"),
        # Half of the instances would have to take what all have.
        (2, ([50, 50],), 2, "one less would bring it over 85 %"),
        (2, ([40, 40],), 1, "under 60 %"),
        (1, ([10, 10],), 1, "memory was at 10 % over 5 minutes on 1 instance"),
        # What was before the time does not count.
        (2, ([10, 10, 90, 90, 90],), 3, "over 85 %"),
        (3, ([90, 90, 45, 45, 45],), 2, "under 60 %"),
    ],
)
def test_one_instance_more_or_less(count: int, used: tuple[list[float], ...], to: int, why: str) -> None:
    before, after, told = decided(app(count), metrics(*used))
    assert (before, after) == (count, to)
    assert why in told


def test_what_changes_is_the_lower_bound_alone_whichever_it_is() -> None:
    fixed = memory_scaling(app(2), metrics([90, 90]), "web", MARKS)["spec"]
    assert fixed == {"services": [{"name": "web", "instance_count": 3}, {"name": "admin"}]}
    scaling = {"min_instance_count": 2, "max_instance_count": 6, "metrics": {"cpu": {"percent": 70}}}
    moved = memory_scaling(app(scaling=scaling), metrics([90, 90]), "web", MARKS)["spec"]
    assert moved["services"][0] == {"name": "web", "autoscaling": {"min_instance_count": 3}}


@pytest.mark.parametrize(
    ("there", "marks", "why"),
    [
        (app(), {"most": 1}, "app_most_instances leaves no room"),
        (app(in_progress_deployment={"id": "x"}), {}, "under way"),
        (app(pending_deployment={"id": "x"}), {}, "under way"),
        (app(active_deployment={"updated_at": "2026-11-29T11:56:00Z"}), {}, "less than 5 minutes ago"),
        (app(active_deployment=None), {}, "less than 5 minutes ago"),
    ],
)
def test_it_waits_while_there_is_nothing_to_go_by(there: dict[str, Any], marks: dict[str, int], why: str) -> None:
    before, after, told = decided(there, metrics([99, 99]), **marks)
    assert (after, why in told) == (before, True)


@pytest.mark.parametrize("used", [(), ([],), ([99.0],)])
def test_silence_moves_nothing_and_is_an_error(used: tuple[list[float], ...]) -> None:
    found = memory_scaling(app(), metrics(*used), "web", MARKS)
    assert f"there are {len(used[0]) if used else 0} measurements" in found["problem"]
    assert (found["from"], found["to"], found["spec"]) == (2, 2, {})


def test_an_app_without_that_service_is_an_error() -> None:
    found = memory_scaling(app(), metrics([99, 99]), "jobs", MARKS)
    assert (found["problem"], found["to"]) == ("The app has no service jobs: there is nothing to scale.", None)


def test_marks_may_be_text_as_the_command_line_gives_them() -> None:
    assert decided(app(), metrics([90, 90]), most="3", raise_over="85", minutes="5")[1] == 3


@pytest.mark.parametrize(
    ("running", "most", "kept"),
    [
        ({"instance_count": 3}, 4, 3),
        ({"instance_count": 9}, 4, 4),
        ({"instance_count": 1}, 4, 2),
        ({"autoscaling": {"min_instance_count": 3}}, 4, 3),
        # Where memory moves nothing, the inventory counts.
        ({"instance_count": 3}, 0, 2),
        ({"instance_count": 3}, 2, 2),
        ({}, 4, 2),
    ],
)
def test_site_keeps_what_is_inside_of_the_limits(running: dict[str, Any], most: int, kept: int) -> None:
    assert kept_bound(2, most, running) == kept
