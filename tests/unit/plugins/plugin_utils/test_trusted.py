# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may connect."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.trusted import (
    closed_again,
    reachable,
    trusted_rules,
    unreconcilable,
)

RANGE = "10.20.0.0/20"


def test_the_app_its_addresses_and_the_list_each_once() -> None:
    app = {
        "id": "a",
        "vpc": {"egress_ips": [{"ip": "10.20.0.5"}]},
        "dedicated_ips": [{"ip": "203.0.113.7", "status": "ASSIGNED"}, {"ip": "203.0.113.8", "status": "ASSIGNING"}],
    }
    office = {"type": "ip_addr", "value": "198.51.100.4", "description": "office"}
    assert trusted_rules(app, [office, {"type": "app", "value": "a"}], RANGE) == [
        {"type": "app", "value": "a"},
        {"type": "ip_addr", "value": "10.20.0.5"},
        {"type": "ip_addr", "value": "203.0.113.7"},
        office,
    ]


def test_nobody_is_locked_out_while_the_app_has_no_address() -> None:
    assert trusted_rules({"id": "a", "vpc": {}}, [], RANGE)[-1] == {"type": "ip_addr", "value": RANGE}


def test_what_was_opened_for_a_while_and_closed_again_is_no_change() -> None:
    app = {"type": "app", "value": "a", "description": ""}
    office = {"type": "ip_addr", "value": "203.0.113.9"}
    opened = [office, {"type": "ip_addr", "value": RANGE}, app]
    assert closed_again([{"type": "app", "value": "a"}, office], opened, RANGE)
    assert not closed_again([app], opened, RANGE)
    assert not closed_again([app, {**office, "description": "of the clinic"}], opened, RANGE)
    # Nobody was let in, so whatever changed has changed.
    assert not closed_again([app], [], RANGE)


def test_who_may_reach_what_and_what_becomes_of_it() -> None:
    app = {"id": "a", "vpc": {"egress_ips": [{"ip": "10.20.0.5"}]}}
    there = [
        {"type": "ip_addr", "value": "10.20.0.5/32"},
        {"type": "ip_addr", "value": "10.20.0.4", "description": "before"},
        {"type": "app", "value": "b"},
    ]
    office = {"type": "ip_addr", "value": "198.51.100.4", "description": "office"}
    rows = reachable({"pg": there, "cache": []}, app, trusted_rules(app, [office], RANGE), RANGE)
    assert [(row["cluster"], row["value"], row["action"], row["who"]) for row in rows] == [
        ("pg", "10.20.0.5", "stays", "the app, from this address of its own"),
        ("pg", "10.20.0.4", "removed", "before"),
        ("pg", "b", "removed", "another app"),
        ("pg", "a", "added", "the app, from its public addresses"),
        ("pg", "198.51.100.4", "added", "office"),
        ("cache", "0.0.0.0/0", "removed", "whoever has a password, from everywhere"),
        ("cache", "a", "added", "the app, from its public addresses"),
        ("cache", "10.20.0.5", "added", "the app, from this address of its own"),
        ("cache", "198.51.100.4", "added", "office"),
    ]


def test_what_nobody_can_say() -> None:
    rules = [{"type": "app", "value": "a"}]
    assert "There is no app clinic" in unreconcilable({}, "clinic", rules)
    assert "is under way" in unreconcilable({"id": "a", "in_progress_deployment": {"id": "d"}}, "clinic", rules)
    assert "is under way" in unreconcilable({"id": "a", "pending_deployment": {"id": "d"}}, "clinic", rules)
    assert "lets everybody in" in unreconcilable({"id": "a"}, "clinic", [])
    assert unreconcilable({"id": "a"}, "clinic", rules) == ""
