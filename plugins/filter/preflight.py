# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be known before a run starts. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import permanent_secrets
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import monthly_bill, pool_size
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.offers import preflight_offers
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.preflight import (
    missing_scopes,
    preflight_problems,
)


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "permanent_secrets": permanent_secrets,
            "missing_scopes": missing_scopes,
            "monthly_bill": monthly_bill,
            "pool_size": pool_size,
            "preflight_offers": preflight_offers,
            "preflight_problems": preflight_problems,
        }
