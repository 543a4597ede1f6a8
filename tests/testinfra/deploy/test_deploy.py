# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The asked-for image runs, and the databases are closed again."""

from __future__ import annotations

from typing import Any


def test_the_new_image_runs(account: Any) -> None:
    spec = account.app()["active_deployment"]["spec"]
    assert spec["services"][0]["image"]["digest"] == f"sha256:{'7' * 64}"
    assert spec["jobs"][0]["image"]["digest"] == f"sha256:{'7' * 64}"


def test_the_databases_are_closed(account: Any) -> None:
    rules = account.get(f"/v2/databases/{account.cluster('postgresql')['id']}/firewall")["rules"]
    assert "10.20.0.0/20" not in [rule["value"] for rule in rules]
