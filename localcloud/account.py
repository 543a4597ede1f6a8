# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account, its regions."""

from __future__ import annotations

from localcloud.routing import JSON, Request, operation


@operation("GET", "/v2/account", scope="account:read")
def get_account(request: Request) -> JSON:
    return {
        "account": {
            "droplet_limit": 25,
            "floating_ip_limit": 5,
            "email": "ops@fisioflow.example",
            "name": "FisioFlow",
            "uuid": "b6fr89dbf6d9156cace5f3c78dc9851d957381ef",
            "email_verified": True,
            "status": "active",
            "status_message": "",
            "team": {"uuid": "5df3e3004a17e242b7c20ca6c9fc25b701a47ece", "name": "My Team"},
        }
    }
