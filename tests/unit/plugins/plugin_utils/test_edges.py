# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is called as ours, and is not, is nobody's to take away."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.edges import edge_owned

EDGE, DOMAINS = "clinic-edge", ["clinic.example"]
OURS: dict[str, Any] = {
    "edge load balancer there": {"load_balancers": [{"id": "lb", "tag": EDGE}]},
    "edge proxies there": {"droplet_autoscale_pools": [{"id": "p", "droplet_template": {"tags": [EDGE]}}]},
    "edge firewall there": {"firewalls": [{"id": "f", "tags": [EDGE]}]},
    "edge certificate there": {"certificates": [{"id": "c", "type": "lets_encrypt", "dns_names": DOMAINS}]},
    "edge tag there": {"tags": [{"name": EDGE, "resources": {"count": 2}}]},
}
IDS = {
    "edge load balancer": "lb",
    "edge proxies": "p",
    "edge firewall": "f",
    "edge certificate": "c",
    "edge tag": EDGE,
}


def test_what_bears_our_tag_is_ours() -> None:
    assert edge_owned(OURS, EDGE, DOMAINS) == IDS
    assert edge_owned({}, EDGE, DOMAINS) == {}


@pytest.mark.parametrize(
    ("item", "theirs"),
    [
        ("edge load balancer", {"load_balancers": [{"id": "x", "tag": "", "droplet_ids": [1]}]}),
        ("edge proxies", {"droplet_autoscale_pools": [{"id": "x", "droplet_template": {"tags": None}}]}),
        ("edge firewall", {"firewalls": [{"id": "x", "tags": ["web"]}]}),
        ("edge certificate", {"certificates": [{"id": "x", "type": "custom", "dns_names": DOMAINS}]}),
        ("edge certificate", {"certificates": [{"id": "x", "type": "lets_encrypt", "dns_names": ["x.example"]}]}),
    ],
)
def test_what_is_only_called_as_ours_is_theirs(item: str, theirs: dict[str, Any]) -> None:
    there = f"{item} there"
    expected = {name: id for name, id in IDS.items() if name != item}
    assert edge_owned({**OURS, there: theirs}, EDGE, DOMAINS) == expected


@pytest.mark.parametrize(("count", "ours"), [(0, True), (1, False)])
def test_a_tag_alone_is_ours_while_nothing_has_it(count: int, ours: bool) -> None:
    answers = {"edge tag there": {"tags": [{"name": EDGE, "resources": {"count": count}}]}}
    assert ("edge tag" in edge_owned(answers, EDGE, DOMAINS)) == ours
