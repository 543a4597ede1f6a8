# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the description is narrower than what the official Go client sends: empty values in the place of none [G]."""

from __future__ import annotations

from localcloud import JSON
from localcloud.contract.relaxations import relax, schema


@relax("an uptime check requires a method, which is no property of one and which no client sends")
def _no_method(description: JSON) -> None:
    body = description["paths"]["/v2/uptime/checks"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body["required"].remove("method")


@relax("the Go client sends null for empty lists of recipients, entities and tags, and Terraform makes such")
def _empty_lists(description: JSON) -> None:
    for name, lists in {
        "alerts": ("email", "slack"),
        "notification": ("email", "slack"),
        "alert_policy_request": ("entities", "tags"),
    }.items():
        for key in lists:
            schema(description, name)["properties"][key]["nullable"] = True


@relax('the Go client sends "" for the period and the comparison of an uptime alert that has none')
def _empty_words(description: JSON) -> None:
    for key in ("period", "comparison"):
        schema(description, "alert_updatable")["properties"][key]["enum"].append("")
