# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the document's watch and scaling has no exact counterpart at DigitalOcean, and what is done instead."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data


def deviations(inputs: Data, instance_sizes: list[Data] | None = None) -> list[str]:
    """One sentence for each, from the inputs of the roles. `instance_sizes` are the API's."""
    return [*_watch(inputs), *_scaling(inputs, instance_sizes or [])]


def _watch(inputs: Data) -> Iterator[str]:
    if not (inputs.get("monitoring_emails") or inputs.get("monitoring_slack")):
        yield "nobody is told when something goes wrong: name people in app_alert_emails"
    if not inputs.get("monitoring_error_budget_path"):
        instead = "restarts and slow answers are told"
        if inputs.get("monitoring_load_balancer"):
            instead = "of the load balancer's 5xx it is told after 5 minutes"
        yield f"errors over 5 % are not told: App Platform counts none; {instead} (monitoring_error_budget_path)"


def _scaling(inputs: Data, sizes: list[Data]) -> Iterator[str]:
    size = str(inputs.get("app_instance_size"))
    scalable = {str(row["slug"]): bool(row.get("scalable")) for row in sizes}
    most = int(inputs.get("app_most_instances") or 0)
    if most:
        yield f"memory scales up to {most} instances only while a schedule runs playbooks/scale_on_memory.yml"
    elif not inputs.get("app_autoscaling") and scalable.get(size) is False:
        yield f"no scaling: shared {size} has none by CPU; by requests_per_second it has (app_autoscaling)"
