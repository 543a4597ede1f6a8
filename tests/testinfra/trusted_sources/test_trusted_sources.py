# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Only the app reaches the databases."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("cluster", ["postgresql", "valkey"])
def test_only_the_app_reaches_the_databases(account: Any, cluster: str) -> None:
    app = account.app()
    addresses = {("ip_addr", row["ip"]) for row in app["vpc"]["egress_ips"]}
    rules = account.get(f"/v2/databases/{account.cluster(cluster)['id']}/firewall")["rules"]
    assert addresses
    assert {(rule["type"], rule["value"]) for rule in rules} == {("app", app["id"]), *addresses}
