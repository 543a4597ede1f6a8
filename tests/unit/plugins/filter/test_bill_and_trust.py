# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs, how many connections there are, who may connect."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import (
    connection_limit,
    monthly_bill,
    pool_size,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.trusted import closed_again, trusted_rules
from tests.unit.plugins.filter.wanted import inputs, offers, profile

ROOT = Path(__file__).resolve().parents[4]
SIZES = offers()["instance_sizes"]
RANGE = "10.20.0.0/20"


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


def test_an_unknown_price_is_named_and_is_not_nothing() -> None:
    bill = monthly_bill(inputs(valkey_size="db-s-8vcpu-16gb"), SIZES)
    assert bill["unpriced"] == ["Valkey (1 × db-s-8vcpu-16gb)"]
    assert (bill["total"], bill["total_max"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "usd", "usd_max"),
    [("essential", 47.15, 47.15), ("resilient", 119.45, 119.45), ("high_availability", 393, 461)],
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


@pytest.mark.parametrize(("size", "limit"), [("db-s-1vcpu-1gb", 22), ("db-s-1vcpu-2gb", 47), ("gd-2vcpu-8gb", 197)])
def test_the_connection_limit_follows_the_memory(size: str, limit: int) -> None:
    assert connection_limit(size) == limit
    assert pool_size(size, 7) == limit - 7


def test_a_pool_has_at_least_one_connection() -> None:
    assert pool_size("db-s-1vcpu-1gb", 100) == 1


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
