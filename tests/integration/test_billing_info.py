# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bill: what was used, invoices by their month, and the lines of one."""

from __future__ import annotations

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud

CLUSTER = {"name": "billed", "engine": "pg", "size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "fra1"}
# More than two months, and not so near to the beginning of one that nothing was used in it.
LATER = [admin("advance", 75 * 86_400)]
NOWHERE = "5a4981aa-9653-4bd1-bef5-d6bff52042e4"


def test_tells_the_bill_and_the_lines_of_an_invoice(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("nothing yet", "billing_info", {}),
            Step("cluster", "database_cluster", CLUSTER),
            Step("bill", "billing_info", {"lines_of": "preview"}, before=LATER, check=True),
            Step("no such invoice", "billing_info", {"lines_of": NOWHERE}),
            Step("nothing of that month", "billing_info", {"invoice_period": "1999-01"}),
        ],
    )
    nothing = run.good("nothing yet").result["billing"]
    assert (nothing["month_to_date_usage"], nothing["invoices"]) == ("0.00", [])
    assert "invoice_lines" not in nothing
    bill = run.good("bill").result["billing"]
    assert bill["month_to_date_usage"] == bill["invoice_preview"]["amount"] == bill["invoice_lines"][0]["amount"]
    assert bill["invoice_lines"][0]["description"].startswith("billed (pg, 1 ×")
    assert len(bill["invoices"]) >= 2
    assert bill["invoice_preview"]["invoice_period"] not in [row["invoice_period"] for row in bill["invoices"]]
    run.assert_refused("no such invoice", f"There is no invoice {NOWHERE}: give the invoice_uuid of one, or preview.")
    assert run.good("nothing of that month").result["billing"]["invoices"] == []
