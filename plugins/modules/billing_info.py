#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: what the account owes, and its invoices."""

from __future__ import annotations

DOCUMENTATION = r"""
module: billing_info
short_description: Show balance, month to date and invoices of the account
version_added: 0.1.0
description:
  - Shows what the account has used this month and what it owes, its invoices, and the lines of one of them.
  - All amounts are texts in USD, as the API gives them. It has neither budgets nor alerts on the bill.
  - The token needs the scope C(billing:read).
author:
  - FisioFlow contributors (@fisioflow)
options:
  invoice_period:
    description:
      - List only the invoice of this month, C(YYYY-MM).
    type: str
  lines_of:
    description:
      - Also list the lines of this invoice, by its C(invoice_uuid); V(preview) is the one of the running month, which
        DigitalOcean makes once a day.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
"""

EXAMPLES = r"""
- name: What this month has cost so far, line by line
  fisioflow.digitalocean.billing_info:
    lines_of: preview
  register: bill

- name: Tell it
  ansible.builtin.debug:
    msg: "{{ bill.billing.month_to_date_usage }} USD since the first of the month"
"""

RETURN = r"""
billing:
  description: The balance as the API gives it, and the invoices.
  returned: success
  type: dict
  contains:
    month_to_date_usage:
      description: What was used this month, USD.
      type: str
    month_to_date_balance:
      description: What is owed for this month and before, less credit, USD.
      type: str
    account_balance:
      description: What is owed for invoices, USD; negative for a credit.
      type: str
    generated_at:
      description: When these figures were made.
      type: str
    invoices:
      description: The invoices, the newest first.
      type: list
      elements: dict
    invoice_preview:
      description: The one of the running month.
      type: dict
    invoice_lines:
      description: The lines of the invoice O(lines_of).
      returned: when O(lines_of) is given
      type: list
      elements: dict
  sample:
    month_to_date_usage: '61.30'
    month_to_date_balance: '61.30'
    account_balance: '0.00'
    generated_at: '2026-11-28T21:00:00Z'
    invoices:
      - invoice_uuid: 22737513-0ea7-4206-8ceb-98a575af7681
        invoice_id: '202610001'
        amount: '64.02'
        invoice_period: 2026-10
    invoice_preview:
      invoice_uuid: 1afe95e6-0958-4eb0-8d9a-9c5060d3ef03
      invoice_id: '202611001'
      amount: '61.30'
      invoice_period: 2026-11
      updated_at: '2026-11-28T06:31:50Z'
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import BILLING, INVOICE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module


class BillingInfo(Module):
    """All questions at the same time."""

    kind = BILLING
    options = {"invoice_period": {"type": "str"}, "lines_of": {"type": "str"}}

    def run(self) -> Data:
        """The balance with the invoices in it."""
        questions: dict[str, Callable[[], Any]] = {
            "balance": partial(self.api.get, BILLING.path, Promise("month_to_date_usage", str)),
            "invoices": partial(self.api.rows, INVOICE.path, INVOICE.many, INVOICE.tells),
            "preview": partial(self.api.get, INVOICE.path, Promise("invoice_preview"), {"per_page": 1}),
        }
        if self.params["lines_of"]:
            questions["lines"] = self._lines
        found = self.api.gather(questions)
        wanted = self.params["invoice_period"]
        lines = {"invoice_lines": found["lines"]} if "lines" in found else {}
        return {
            "changed": False,
            "billing": {
                **found["balance"],
                "invoices": [row for row in found["invoices"] if wanted in (None, row["invoice_period"])],
                "invoice_preview": found["preview"]["invoice_preview"],
                **lines,
            },
        }

    def _lines(self) -> list[Data]:
        invoice = self.params["lines_of"]
        try:
            return self.api.rows(INVOICE.location(invoice), "invoice_items", ("product", "amount"))
        except NotFound:
            raise Failure(f"There is no invoice {invoice}: give the invoice_uuid of one, or preview.") from None


def main() -> None:
    """Run as an ordinary module."""
    run_module(BillingInfo)


if __name__ == "__main__":
    main()
