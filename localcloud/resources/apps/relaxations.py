# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the API description of apps is behind the product or its own clients (digest §15, §16)."""

from __future__ import annotations

from localcloud import JSON
from localcloud.contract.relaxations import relax, schema
from localcloud.resources.apps.validation.alerts import ALL_RULES


def _part_of(description: JSON, name: str, key: str) -> JSON:
    """The member of an ``allOf`` that has the property."""
    parts: list[JSON] = schema(description, name)["allOf"]
    return next(part for part in parts if key in part.get("properties", {}))


@relax("§15.9: preserve_path_prefix of ingress rules is typed string; in the prose and in the Go client it is a flag")
def _flag(description: JSON) -> None:
    rule = schema(description, "app_ingress_spec_rule_routing_component")
    rule["properties"]["preserve_path_prefix"] = {"oneOf": [{"type": "boolean"}, {"type": "string"}]}


@relax("§16: three alert rules and the job kind SCHEDULED exist in the official Go client, not in the description")
def _newer_words(description: JSON) -> None:
    rules = schema(description, "app_alert_spec_rule")["enum"]
    rules += [rule for rule in ALL_RULES if rule not in rules]
    _part_of(description, "app_job_spec", "kind")["properties"]["kind"]["enum"].append("SCHEDULED")


@relax("logtail has a token and no endpoint, but the description requires an endpoint")
def _logtail(description: JSON) -> None:
    schema(description, "app_log_destination_logtail_spec")["required"] = ["token"]
