# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run would do, as a plan. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.kept_plans import kept_plan_problem, plan_moves
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.plan_pages import (
    plan_headline,
    plan_page,
    plan_report,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.planning import environment_plan
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.scaling import scale_plan
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.scaling_pages import scale_document


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "environment_plan": environment_plan,
            "kept_plan_problem": kept_plan_problem,
            "plan_moves": plan_moves,
            "plan_headline": plan_headline,
            "plan_page": plan_page,
            "plan_report": plan_report,
            "scale_document": scale_document,
            "scale_plan": scale_plan,
        }
