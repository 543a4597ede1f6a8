# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The app is asked from outside, and people are told."""

from __future__ import annotations

from typing import Any


def test_the_app_is_asked_at_both_paths(account: Any) -> None:
    checks = {row["name"]: row["target"] for row in account.rows("/v2/uptime/checks", "checks")}
    url = "https://fisioflow.example"
    assert checks == {
        "fisioflow-local health": f"{url}/api/health",
        "fisioflow-local error budget": f"{url}/api/health/slo",
    }


def test_each_alert_tells_somebody(account: Any) -> None:
    policies = account.rows("/v2/monitoring/alerts", "policies")
    assert len(policies) == 9
    assert all(row["alerts"]["email"] == ["ops@fisioflow.example"] for row in policies)
