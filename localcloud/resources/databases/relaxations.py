# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the description is narrower than what the official Go client sends [G]."""

from __future__ import annotations

from localcloud import JSON
from localcloud.contract.relaxations import relax, schema


@relax("the Go client sends rules back with cluster_uuid and created_at, which the description has as read-only")
def _rules_as_read(description: JSON) -> None:
    for name in ("cluster_uuid", "created_at"):
        schema(description, "firewall_rule")["properties"][name].pop("readOnly", None)


def _members(description: JSON, name: str) -> list[JSON]:
    """The property tables of a schema, those of its ``allOf`` included."""
    found = schema(description, name)
    return [part["properties"] for part in [found, *found.get("allOf", [])] if "properties" in part]


@relax('the Go client sends "project_id": "" for no project')
def _empty_means_absent(description: JSON) -> None:
    for properties in _members(description, "database_cluster"):
        properties.get("project_id", {}).pop("format", None)


@relax("Terraform updates a user without settings, which the API takes (terraform-provider-digitalocean issue 1610)")
def _user_without_settings(description: JSON) -> None:
    body = description["paths"]["/v2/databases/{database_cluster_uuid}/users/{username}"]["put"]["requestBody"]
    body["content"]["application/json"]["schema"]["required"].remove("settings")
