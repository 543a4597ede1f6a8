#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a project, the folder of resources in the control panel and on the bill."""

from __future__ import annotations

DOCUMENTATION = r"""
module: project
short_description: Manage a project and what belongs to it
version_added: 0.1.0
description:
  - Creates, changes and deletes a project, and assigns resources to it.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name, unique in the account.
      - Together with O(id), a name that differs renames the project.
    type: str
    required: true
  id:
    description:
      - The id. Without it the project is found by its name.
    type: str
  description:
    description:
      - What the project is for, in at most 255 characters.
    type: str
  purpose:
    description:
      - The purpose, such as V(Web Application), in at most 255 characters. Needed to create the project.
    type: str
  environment:
    description:
      - The environment of the project's resources.
    type: str
    choices: [Development, Staging, Production]
  is_default:
    description:
      - V(true) makes this the project of new resources that name none. It cannot be switched off here; make another
        project the default one instead.
    type: bool
  resources:
    description:
      - The URNs of resources that shall belong to the project, such as V(do:app:4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf),
        V(do:dbaas:<id>) or V(do:space:<name>). Those that belong to another project are moved.
      - What else belongs to the project stays; a resource leaves a project only by being assigned to another.
    type: list
    elements: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.project_info
"""

EXAMPLES = r"""
- name: A project for the clinic, with its app and database
  fisioflow.digitalocean.project:
    name: clinic
    purpose: Web Application
    environment: Production
    resources:
      - "do:app:{{ app.app.id }}"
      - "do:dbaas:{{ database.database_cluster.id }}"
  register: clinic

- name: Remove it, once it is empty
  fisioflow.digitalocean.project:
    name: clinic
    state: absent
"""

RETURN = r"""
project:
  description:
    - The project as the API gives it; an empty dictionary when it is not there.
    - With O(resources), also the URNs of everything that belongs to it.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 4e1bfbc3-dc3e-41f2-a18f-1b4d7ba71679
    owner_uuid: 99525febec065ca37b2ffe4f852fd2b2581895e7
    owner_id: 258992
    name: clinic
    description: ''
    purpose: Web Application
    environment: Production
    is_default: false
    created_at: '2026-11-24T03:00:00Z'
    updated_at: '2026-11-24T03:00:00Z'
    resources:
      - do:app:4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf
      - do:dbaas:9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import PROJECT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.assignment import assign
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
    patches,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource

# What the API puts before a purpose that is not one of its own.
OTHER = "Other: "


def purpose(value: str | None) -> str:
    """A purpose as the user gave it."""
    return (value or "").removeprefix(OTHER)


class Project(Resource):
    """A project; its resources are a list of their own, which only ever grows here."""

    kind = PROJECT
    options = {"id": {"type": "str"}}
    attributes = {
        "name": Attribute(required=True),
        "description": Attribute(normal=compare.text),
        "purpose": Attribute(normal=purpose, needed=True),
        "environment": Attribute(choices=["Development", "Staging", "Production"]),
        "is_default": Attribute("bool", at_creation=False),
        "resources": Attribute("list", elements="str", normal=compare.set_of(), at_creation=False, on_demand=True),
    }
    computed = dict.fromkeys(("id", "owner_uuid", "owner_id", "created_at", "updated_at"), UNKNOWN)
    # PUT would reset the rest.
    patch = patches("name", "description", "purpose", "environment", "is_default")

    def wanted(self, current: Data | None) -> Data:
        """Resources are added to those that are there."""
        wanted = super().wanted(current)
        if "resources" in wanted:
            there = (current or {}).get("resources") or []
            wanted["resources"] = list(dict.fromkeys([*there, *wanted["resources"]]))
        return wanted

    def enrich(self, resource: Data) -> Data:
        """Add the resources, if the user speaks about them; an environment that nobody has set is left out."""
        resource = {"environment": "", **resource}
        if self.params["resources"] is None:
            return resource
        rows = self.api.rows(f"{self.location(resource)}/resources", "resources", ("urn",), fresh=self.api.has_written)
        return {**resource, "resources": [row["urn"] for row in rows]}

    def check(self, current: Data | None, wanted: Data) -> None:
        """The API does not take the role of default away, it only gives it to another."""
        if current and current.get("is_default") and wanted.get("is_default") is False:
            raise self.refusal("set is_default to false for", "set is_default to true on another project instead")

    @changes("resources")
    def assign_resources(self, change: Change) -> Data | None:
        """Assign what is missing."""
        missing = [urn for urn in change.values["resources"] if urn not in (change.current.get("resources") or [])]
        if refused := assign(self, change.current["id"], missing):
            raise Failure(
                f"Could not assign resources to {self.subject}: {', '.join(refused)}. Check that they exist "
                "and run again."
            )
        return None

    def undeletable(self, current: Data) -> str:
        """The default project stays."""
        return "it is the default project; make another one the default first" if current.get("is_default") else ""


def main() -> None:
    """Run as an ordinary module."""
    run_module(Project)


if __name__ == "__main__":
    main()
