# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account, regions, Droplet sizes, tags."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.resources.catalogue import CLOSED, REGIONS, SIZES


def test_account(api: Any) -> None:
    account = api.ok("GET", "/account")["account"]
    assert (account["status"], account["email_verified"], account["droplet_limit"]) == ("active", True, 25)
    limits = {name: value for name, value in account.items() if name.endswith("_limit")}
    assert sorted(limits) == ["droplet_limit", "floating_ip_limit", "reserved_ip_limit", "volume_limit"]
    assert all(limits.values())


def test_regions_and_sizes_agree(api: Any) -> None:
    regions = {row["slug"]: row for row in api.ok("GET", "/regions?per_page=100")["regions"]}
    sizes = api.ok("GET", "/sizes?per_page=200")["sizes"]
    assert set(regions) == set(REGIONS)
    assert {slug for slug, row in regions.items() if not row["available"]} == CLOSED
    for size in sizes:
        assert {slug for slug, row in regions.items() if size["slug"] in row["sizes"]} == set(size["regions"])
    assert all(isinstance(size["price_monthly"], float) and isinstance(size["memory"], int) for size in sizes)


def test_sizes_come_in_pages(api: Any) -> None:
    first = api.ok("GET", "/sizes")
    assert len(first["sizes"]) == 20
    assert first["meta"]["total"] == len(SIZES) > 50
    assert first["links"]["pages"]["next"].startswith(api.cloud.url)


@pytest.mark.parametrize(("slug", "monthly", "hourly"), [("s-1vcpu-1gb", 6.0, 0.00893), ("g-2vcpu-8gb", 63.0, 0.09375)])
def test_prices(slug: str, monthly: float, hourly: float) -> None:
    size = SIZES[slug].render()
    assert (size["price_monthly"], size["price_hourly"]) == (monthly, hourly)


def test_tag_keeps_its_first_capitalisation(api: Any) -> None:
    assert api.ok("POST", "/tags", {"name": "Prod"})["tag"]["name"] == "Prod"
    assert api.ok("POST", "/tags", {"name": "prod"})["tag"]["name"] == "Prod"
    assert [tag["name"] for tag in api.ok("GET", "/tags")["tags"]] == ["Prod"]
    api.refused("GET", "/tags/prod", status=404)


def test_tagging_a_database_and_back(api: Any) -> None:
    body = {
        "name": "main",
        "engine": "pg",
        "size": "db-s-1vcpu-1gb",
        "num_nodes": 1,
        "region": "fra1",
        "tags": ["clinic"],
    }
    id = api.ok("POST", "/databases", body)["database"]["id"]
    assert api.ok("GET", "/tags/clinic")["tag"]["resources"]["databases"]["count"] == 1
    target = {"resources": [{"resource_id": id, "resource_type": "database"}]}
    api.ok("POST", "/tags", {"name": "more"})
    assert api.call("POST", "/tags/more/resources", target).status == 204
    assert api.ok("GET", f"/databases/{id}")["database"]["tags"] == ["clinic", "more"]
    assert api.call("DELETE", "/tags/clinic/resources", target).status == 204
    assert api.ok("GET", "/tags/clinic")["tag"]["resources"]["count"] == 0
    assert api.call("DELETE", "/tags/more").status == 204
    assert not api.ok("GET", f"/databases/{id}")["database"]["tags"]
