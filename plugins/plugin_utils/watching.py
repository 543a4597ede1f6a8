# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the document has no exact counterpart at DigitalOcean or is left out, and what is done instead."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def deviations(inputs: Data, instance_sizes: list[Data] | None = None, language: str = "en") -> list[str]:
    """One sentence for each, from the inputs of the roles. `instance_sizes` are the API's."""
    say = Words(language)
    return [*_watch(inputs, say), *_scaling(inputs, instance_sizes or [], say), *_databases(inputs, say)]


def _databases(inputs: Data, say: Words) -> Iterator[str]:
    if inputs.get("postgresql_name") and not inputs.get("postgresql_control_addresses"):
        yield say("nobody has privileges in the database: name where runs reach it from (postgresql_control_addresses)")


def _watch(inputs: Data, say: Words) -> Iterator[str]:
    if inputs.get("monitoring_emails") or inputs.get("monitoring_slack"):
        yield say("slow answers are told after 3 minutes as asked from outside, as visitors had them (p95) after 5")
    else:
        yield say("nobody is told when something goes wrong: name people in app_alert_emails")
    if not inputs.get("monitoring_error_budget_path"):
        instead = say("restarts and slow answers are told")
        if inputs.get("monitoring_load_balancer"):
            instead = say("of the load balancer's 5xx it is told after 5 minutes")
        yield say(
            "errors over 5 % are not told: App Platform counts none; {instead} (monitoring_error_budget_path)",
            instead=instead,
        )


def _scaling(inputs: Data, sizes: list[Data], say: Words) -> Iterator[str]:
    size = str(inputs.get("app_instance_size"))
    scalable = {str(row["slug"]): bool(row.get("scalable")) for row in sizes}
    most = int(inputs.get("app_most_instances") or 0)
    if most:
        yield say(
            "memory scales up to {most} instances only while a schedule runs playbooks/scale_on_memory.yml", most=most
        )
    elif not inputs.get("app_autoscaling") and scalable.get(size) is False:
        yield say(
            "no scaling: shared {size} has none by CPU; by requests_per_second it has (app_autoscaling)", size=size
        )
