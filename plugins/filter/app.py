# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spec and environment of the app. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.addresses import address_records
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.answering import health_problems
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_environment import app_environment
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import secrets_in_spec
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_spec import app_spec
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.deployed import (
    deployment_problems,
    overtaken_by,
    way_back,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.edges import edge_owned
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.gating import gate_judged
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.memory_scaling import memory_scaling
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.releases import component_problem, rollback_plan
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import app_source, too_early
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.resolving import resolved_records


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "address_records": address_records,
            "app_environment": app_environment,
            "app_spec": app_spec,
            "app_source": app_source,
            "component_problem": component_problem,
            "edge_owned": edge_owned,
            "gate_judged": gate_judged,
            "health_problems": health_problems,
            "memory_scaling": memory_scaling,
            "rollback_plan": rollback_plan,
            "secrets_in_spec": secrets_in_spec,
            "too_early": too_early,
            "deployment_problems": deployment_problems,
            "resolved_records": resolved_records,
            "overtaken_by": overtaken_by,
            "way_back": way_back,
        }
