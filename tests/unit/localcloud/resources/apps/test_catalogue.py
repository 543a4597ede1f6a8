# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance sizes and regions: exactly what the API description shows, and typed as it says."""

from __future__ import annotations

import pytest


@pytest.fixture
def example(cloud):
    if not cloud.shared.contract.on:
        pytest.skip("no API description at hand")
    return cloud.shared.contract.description["components"]["examples"]


def test_sizes_are_those_of_the_description(cloud, example):
    assert cloud.ok("GET", "/apps/tiers/instance_sizes") == example["instance_sizes"]["value"]


def test_a_size_is_found_by_its_slug(cloud):
    size = cloud.ok("GET", "/apps/tiers/instance_sizes/apps-d-1vcpu-2gb")["instance_size"]
    assert (size["memory_bytes"], size["usd_per_month"], size["scalable"]) == ("2147483648", "39.00", True)
    assert "single_instance_only" not in size


def test_an_unknown_size_is_not_found(cloud):
    cloud.refused("GET", "/apps/tiers/instance_sizes/apps-x-9vcpu", status=404)


def test_regions_hold_those_of_the_description(cloud, example):
    found = {region["slug"]: region for region in cloud.ok("GET", "/apps/regions")["regions"]}
    for region in example["regions"]["value"]["regions"]:
        assert found[region["slug"]] == region
    assert {"atl", "syd"} <= set(found)
