# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""There is one instance more, and the databases are closed again."""

from __future__ import annotations

from typing import Any


def test_there_is_one_instance_more(account: Any) -> None:
    assert account.app()["active_deployment"]["spec"]["services"][0]["instance_count"] == 2


def test_the_databases_are_closed(account: Any) -> None:
    rules = account.get(f"/v2/databases/{account.cluster('postgresql')['id']}/firewall")["rules"]
    assert "10.20.0.0/20" not in [rule["value"] for rule in rules]
