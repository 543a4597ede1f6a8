# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Balance, billing history and invoices follow from what there is, its age and its price."""

from __future__ import annotations

from typing import Any

import pytest
import requests

DAY = 86_400.0


@pytest.fixture
def bill(api: Any) -> Any:
    """A cluster that is older than two months by the virtual clock."""
    body = {"name": "main", "engine": "pg", "size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "fra1"}
    api.ok("POST", "/databases", body)
    api.admin.advance(70 * DAY)
    return api


def test_an_empty_account_owes_nothing(api: Any) -> None:
    balance = api.ok("GET", "/customers/my/balance")
    assert {key: balance[key] for key in balance if key != "generated_at"} == {
        "month_to_date_balance": "0.00",
        "account_balance": "0.00",
        "month_to_date_usage": "0.00",
    }
    assert api.ok("GET", "/customers/my/billing_history")["billing_history"] == []
    found = api.ok("GET", "/customers/my/invoices")
    assert (found["invoices"], found["invoice_preview"]["amount"]) == ([], "0.00")


def test_months_that_are_over_are_invoices_that_were_paid(bill: Any) -> None:
    found = bill.ok("GET", "/customers/my/invoices")
    periods = [row["invoice_period"] for row in found["invoices"]]
    assert len(periods) in (2, 3)
    assert periods == sorted(periods, reverse=True)
    # The last whole month of a node of $15.15; never more, although it has more hours than are billed.
    assert found["invoices"][0]["amount"] == "15.15"
    assert found["invoice_preview"]["invoice_period"] not in periods
    history = bill.ok("GET", "/customers/my/billing_history?per_page=200")["billing_history"]
    invoiced = [row for row in history if row["type"] == "Invoice"]
    assert [row["invoice_uuid"] for row in invoiced] == [row["invoice_uuid"] for row in found["invoices"]]
    assert "-15.15" in [row["amount"] for row in history if row["type"] == "Payment"]
    usage = bill.ok("GET", "/customers/my/balance")["month_to_date_usage"]
    assert usage == found["invoice_preview"]["amount"]


def test_an_invoice_tells_what_it_is_for(bill: Any) -> None:
    invoice = bill.ok("GET", "/customers/my/invoices")["invoices"][0]
    where = f"/customers/my/invoices/{invoice['invoice_uuid']}"
    (item,) = bill.ok("GET", where)["invoice_items"]
    (running,) = bill.ok("GET", "/customers/my/invoices/preview")["invoice_items"]
    assert running["start_time"] > item["start_time"]
    assert (item["product"], item["amount"], item["project_name"]) == ("Database Clusters", "15.15", "first-project")
    summary = bill.ok("GET", f"{where}/summary")
    assert summary["amount"] == summary["product_charges"]["amount"] == "15.15"
    assert summary["product_charges"]["items"] == [{"name": "Database Clusters", "amount": "15.15", "count": "1"}]
    assert bill.refused("GET", "/customers/my/invoices/nix", status=404)


@pytest.mark.parametrize(("form", "begin"), [("csv", b"product,"), ("pdf", b"%PDF-1.4")])
def test_an_invoice_is_a_file(bill: Any, form: str, begin: bytes) -> None:
    invoice = bill.ok("GET", "/customers/my/invoices")["invoices"][0]
    url = f"{bill.cloud.url}/v2/customers/my/invoices/{invoice['invoice_uuid']}/{form}"
    headers = {"Authorization": f"Bearer {bill.cloud.token}"}
    answer = requests.get(url, headers=headers, verify=bill.cloud.ca, timeout=60)
    assert answer.headers["content-type"].endswith(f"/{form}")
    assert answer.content.startswith(begin)
    assert b"15.15" in answer.content


def test_a_cheaper_token_may_not_see_it(api: Any) -> None:
    assert api.call("GET", "/customers/my/balance", token=api.admin.token(["account:read"])).status == 403
