# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trusted sources that live as long as a run, and the last one."""

from __future__ import annotations

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.localcloud_fixtures import LocalCloud

OFFICE = {"type": "ip_addr", "value": "203.0.113.7", "description": "office"}
APP = {"type": "ip_addr", "value": "10.20.0.5"}
WE = {"type": "ip_addr", "value": "198.51.100.9", "description": "for a moment"}
# Who is at the office already, by another description.
WE_AT_THE_OFFICE = {**OFFICE, "description": "for a moment"}
PG = {"name": "clinic-pg", "engine": "pg", "size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "fra1"}


def rules(name: str, mode: str, *given: dict[str, str], **more: bool) -> Step:
    return Step(name, "database_firewall", {"cluster": "clinic-pg", "mode": mode, "rules": list(given), **more})


def values(run_result: dict[str, object]) -> list[tuple[str, str]]:
    firewall = run_result["database_firewall"]
    assert isinstance(firewall, dict)
    return [(rule["value"], rule.get("description", "")) for rule in firewall["rules"]]


def test_who_was_in_before_stays_in_and_as_described(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("a cluster", "database_cluster", PG),
            rules("office", "exact", OFFICE, APP),
            rules("in", "append", WE, WE_AT_THE_OFFICE, short_lived=True),
            rules("out", "remove", WE, WE_AT_THE_OFFICE),
            rules("out again", "remove", WE, WE_AT_THE_OFFICE),
        ],
    )
    before = [("203.0.113.7", "office"), ("10.20.0.5", "")]
    assert values(run.good("in").result) == [*before, ("198.51.100.9", "for a moment")]
    assert values(run.good("out").result) == before
    assert not run.good("out again").changed


def test_a_list_that_lets_everybody_in_is_not_closed_for_a_moment(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("a cluster", "database_cluster", PG),
            rules("in", "append", WE, short_lived=True),
            rules("out", "remove", WE),
        ],
    )
    assert (run.good("in").changed, run.good("in").writes) == (False, [])
    assert (run.good("out").changed, run.good("out").writes) == (False, [])


def test_only_what_is_added_can_be_short_lived(cloud: LocalCloud) -> None:
    """With the whole list it would take away whoever is in."""
    run = inside(
        cloud,
        [
            Step("a cluster", "database_cluster", PG),
            rules("office", "exact", OFFICE, APP),
            rules("exact", "exact", WE, short_lived=True),
        ],
    )
    run.assert_refused("exact", "mode: append")


def test_the_last_one_is_not_taken_by_the_way(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("a cluster", "database_cluster", PG),
            rules("office", "exact", OFFICE),
            rules("last", "remove", OFFICE),
            rules("none", "exact"),
        ],
    )
    run.assert_refused("last", "without the last rule everybody would be let in", "mode: exact")
    assert run.good("none").changed
