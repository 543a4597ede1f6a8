# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trusted sources are told as loopback addresses, and let in nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.dataplane.sources import EVERYBODY, allowed
from localcloud.world.world import World

APP, ITS = "5a1e0000-0000-4000-8000-000000000001", "127.70.0.1"
MOVING, MOVING_ITS = "5a1e0000-0000-4000-8000-000000000002", "127.70.0.2"
DROPLET, DROPLETS = "271", "127.70.0.3"


@pytest.fixture
def world() -> World:
    made = World()
    apps, droplets = made.table("apps"), made.table("droplets")
    inside = {"id": "v", "egress_ips": [{"ip": "10.20.0.3"}]}
    dedicated = [{"ip": "198.18.7.7"}]
    apps.insert(APP, {"id": APP, "_egress_at": ITS, "_vpc": inside, "_dedicated_ips": dedicated})
    following = {"id": "v", "egress_ips": [{"ip": "10.20.0.4"}]}
    apps.insert(
        MOVING, {"id": MOVING, "_egress_at": MOVING_ITS, "_vpc": None, "_next_vpc": following, "_dedicated_ips": []}
    )
    networks = {"v4": [{"ip_address": "198.18.0.9"}, {"ip_address": "10.30.0.3"}]}
    droplets.insert(DROPLET, {"id": 271, "_egress_at": DROPLETS, "_networks": networks, "tags": ["edge"]})
    # One that does not run comes from nowhere.
    droplets.insert("272", {"id": 272, "_networks": {"v4": [{"ip_address": "10.20.0.9"}]}, "tags": ["edge"]})
    return made


def told(world: World, *rules: tuple[str, str]) -> list[str]:
    cluster: dict[str, Any] = {"rules": [{"type": kind, "value": value} for kind, value in rules]}
    return allowed(world, cluster)


def test_without_a_rule_everybody_may_come(world: World) -> None:
    assert told(world) == EVERYBODY


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (("ip_addr", "127.0.0.1"), ["127.0.0.1/32"]),
        (("ip_addr", "127.5.0.0/16"), ["127.5.0.0/16"]),
        (("ip_addr", "0.0.0.0/0"), EVERYBODY),
        (("ip_addr", "203.0.113.9"), []),
        (("ip_addr", "10.20.0.3"), [f"{ITS}/32"]),
        (("ip_addr", "10.20.0.0/20"), [f"{ITS}/32", f"{MOVING_ITS}/32"]),
        (("ip_addr", "198.18.7.7/32"), [f"{ITS}/32"]),
        (("ip_addr", "10.30.0.0/24"), [f"{DROPLETS}/32"]),
        (("app", APP), [f"{ITS}/32"]),
        (("app", "5a1e0000-0000-4000-8000-00000000000f"), []),
        (("droplet", DROPLET), [f"{DROPLETS}/32"]),
        (("droplet", "272"), []),
        (("tag", "edge"), [f"{DROPLETS}/32"]),
        (("k8s", APP), []),
    ],
)
def test_a_rule_lets_in_whom_it_means(world: World, rule: tuple[str, str], expected: list[str]) -> None:
    assert told(world, rule) == expected


def test_rules_add_up_and_are_told_in_order(world: World) -> None:
    assert told(world, ("app", APP), ("ip_addr", "127.0.0.1"), ("ip_addr", "10.20.0.3")) == [
        "127.0.0.1/32",
        f"{ITS}/32",
    ]
