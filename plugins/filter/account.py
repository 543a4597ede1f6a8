# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in an account, what it costs, what drifted, how busy it is. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.account import account_found
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.compliance import environment_compliance
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.compliance_lines import compliance_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.costs import environment_costs
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.costs_pages import costs_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drift import drift_document, environment_drift
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.load import load_measured
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.load_pages import load_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.metrics import environment_metrics
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.metrics_pages import metrics_document


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "account_found": account_found,
            "environment_compliance": environment_compliance,
            "compliance_document": compliance_document,
            "environment_costs": environment_costs,
            "costs_document": costs_document,
            "environment_drift": environment_drift,
            "drift_document": drift_document,
            "load_measured": load_measured,
            "load_document": load_document,
            "environment_metrics": environment_metrics,
            "metrics_document": metrics_document,
        }
