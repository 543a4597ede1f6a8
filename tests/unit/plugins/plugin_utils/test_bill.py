# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs, and how many connections there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import (
    monthly_bill,
    pool_size,
)
from tests.unit.plugins.plugin_utils.wanted import inputs, offers, profile

ROOT = Path(__file__).resolve().parents[4]
SIZES = offers()["instance_sizes"]


def test_the_essential_sizes_cost_what_the_document_says_but_for_the_load_balancer() -> None:
    bill = monthly_bill(inputs(), SIZES)
    assert [line["usd"] for line in bill["lines"]] == [12.0, 15.15, 15.0, 5.0]
    assert bill["total"] == bill["total_max"] == 47.15
    assert bill["unpriced"] == []


def test_autoscaling_has_a_least_and_a_most() -> None:
    scaling = {"min_instance_count": 2, "max_instance_count": 4, "metrics": {}}
    bill = monthly_bill(inputs(app_instance_size="apps-d-1vcpu-1gb", app_autoscaling=scaling), SIZES)
    assert bill["lines"][0]["detail"] == "2 to 4 × apps-d-1vcpu-1gb"
    assert (bill["lines"][0]["usd"], bill["lines"][0]["usd_max"]) == (68.0, 136.0)
    assert bill["total_max"] - bill["total"] == 68.0


def test_a_standby_costs_as_much_as_its_primary() -> None:
    bill = monthly_bill(inputs(postgresql_size="db-s-1vcpu-2gb", postgresql_num_nodes=2), SIZES)
    assert bill["lines"][1]["usd"] == 60.90


def test_disk_beyond_what_the_size_brings_costs_extra() -> None:
    bill = monthly_bill(inputs(postgresql_storage_size_mib=30 * 1024), SIZES)
    [line] = [line for line in bill["lines"] if line["item"] == "PostgreSQL storage"]
    assert (line["detail"], line["usd"]) == ("20 GiB more", 4.3)


def test_the_disk_of_the_advanced_edition_has_no_known_price() -> None:
    advanced = {**profile("high_availability"), "postgresql_storage_size_mib": 200 * 1024}
    assert monthly_bill(inputs(**advanced), SIZES)["unpriced"] == ["PostgreSQL storage (2 × 200 GiB more)"]
    priced = {**advanced, "preflight_prices": {"advanced_pg_storage_gib": 0.2}}
    [line] = [line for line in monthly_bill(inputs(**priced), SIZES)["lines"] if line["item"] == "PostgreSQL storage"]
    assert line["usd"] == 80.0


def test_the_second_uptime_check_costs_something() -> None:
    bill = monthly_bill(inputs(monitoring_error_budget_path="/api/health/slo"), SIZES)
    assert (bill["lines"][-1]["item"], bill["lines"][-1]["usd"]) == ("Uptime checks", 1)


@pytest.mark.parametrize(
    ("there", "path", "usd"),
    [
        (["clinic health", "clinic error budget"], "/slo", [1]),
        (["clinic health"], "", []),
        # The one that is free is another's.
        (["theirs", "clinic health"], "", [1]),
        (["theirs"], "/slo", [2]),
    ],
)
def test_one_uptime_check_of_an_account_is_free(there: list[str], path: str, usd: list[float]) -> None:
    asked = inputs(monitoring_error_budget_path=path, monitoring_name="clinic")
    bill = monthly_bill(asked, SIZES, [{"name": name} for name in there])
    assert [line["usd"] for line in bill["lines"] if line["item"] == "Uptime checks"] == usd


def test_an_unknown_price_is_named_and_is_not_nothing() -> None:
    bill = monthly_bill(inputs(valkey_size="db-s-8vcpu-16gb"), SIZES)
    assert bill["unpriced"] == ["Valkey (1 × db-s-8vcpu-16gb)"]
    assert (bill["total"], bill["total_max"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "usd", "usd_max"),
    [("essential", 47.15, 47.15), ("resilient", 119.45, 143.45), ("high_availability", 393, 461)],
)
def test_every_profile_has_its_price(name: str, usd: float, usd_max: float) -> None:
    """The one that the profile itself and the README tell."""
    bill = monthly_bill(inputs(**profile(name)), SIZES)
    assert (bill["unpriced"], bill["total"], bill["total_max"]) == ([], usd, usd_max)
    # What the API does not price is known as well.
    assert monthly_bill(inputs(**profile(name)), [])["total"] == usd
    for text in ("inventories/common/" + name + ".yml", "README.md"):
        assert f"${usd:.0f}" in (ROOT / text).read_text(encoding="utf-8"), text


def test_prices_are_laid_over_the_known_ones() -> None:
    more = {"pg": {"db-s-4vcpu-8gb": "121.8"}, "spaces": 6}
    bill = monthly_bill(inputs(postgresql_size="db-s-4vcpu-8gb", preflight_prices=more), SIZES)
    assert [line["usd"] for line in bill["lines"]] == [12.0, 121.8, 15.0, 6.0]


def test_a_pool_leaves_connections_to_others() -> None:
    assert pool_size("db-s-1vcpu-1gb", 7) == 15


def test_a_pool_has_at_least_one_connection() -> None:
    assert pool_size("db-s-1vcpu-1gb", 100) == 1
