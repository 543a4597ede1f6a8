#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a container registry."""

from __future__ import annotations

DOCUMENTATION = r"""
module: container_registry
short_description: Manage a container registry
version_added: 0.1.0
description:
  - Creates and deletes a container registry, changes the tier of the account's subscription, and collects garbage.
  - Its images are at C(registry.digitalocean.com/<name>/<repository>:<tag>).
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name, unique among all customers of DigitalOcean - lower-case letters, digits and dashes.
    type: str
    required: true
  region:
    description:
      - Where the images are kept. DigitalOcean chooses when it is left out. Cannot change.
    type: str
    choices: [nyc3, sfo3, sfo2, ams3, sgp1, fra1, blr1, syd1]
  subscription_tier:
    description:
      - The tier of the subscription, which the account has once for all of its registries.
      - V(starter) is free and takes one repository, V(basic) five, V(professional) any number, in up to ten registries.
      - It stays when the registry is deleted.
    type: str
    choices: [starter, basic, professional]
  collect_garbage:
    description:
      - Free what no image needs any more, on every run that says so. Nobody can push meanwhile, which takes a quarter
        of an hour or more.
      - One that is under way is waited for, and no other is begun.
    type: bool
    default: false
  force:
    description:
      - Delete the registry also while there are images in it.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.container_registry_info
  - module: fisioflow.digitalocean.container_registry_credentials_info
"""

EXAMPLES = r"""
- name: A registry for the clinic's images
  fisioflow.digitalocean.container_registry:
    name: clinic-images
    region: fra1
    subscription_tier: basic

- name: Free what no image needs any more
  fisioflow.digitalocean.container_registry:
    name: clinic-images
    collect_garbage: true
    wait_timeout: 3600

- name: Delete it with all images
  fisioflow.digitalocean.container_registry:
    name: clinic-images
    state: absent
    force: true
"""

RETURN = r"""
container_registry:
  description:
    - The registry as the API gives it, and the tier of the subscription where O(subscription_tier) was given; an empty
      dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    name: clinic-images
    region: fra1
    created_at: '2026-11-28T03:00:00Z'
    storage_usage_bytes: 29393920
    storage_usage_bytes_updated_at: '2026-11-28T03:10:00Z'
    subscription_tier: basic
"""

from functools import partial

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import CONTAINER_REGISTRY
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import once
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Look
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Plan, Resource, Step

REGIONS = ("nyc3", "sfo3", "sfo2", "ams3", "sgp1", "fra1", "blr1", "syd1")
SUBSCRIPTION = f"{CONTAINER_REGISTRY.path}/subscription"
GARBAGE = Promise("garbage_collection")
FREED = "succeeded"
FRUITLESS = ("failed", "cancelled")
OVER = (FREED, *FRUITLESS)


class ContainerRegistry(Resource):
    """A registry; its tier is the account's."""

    kind = CONTAINER_REGISTRY
    options = {
        "collect_garbage": {"type": "bool", "default": False},
        "force": {"type": "bool", "default": False},
    }
    attributes = {
        "name": Attribute(required=True, fixed="create another registry, and push the images to it"),
        "region": Attribute(choices=REGIONS, fixed="create another registry there, and push the images to it"),
        "subscription_tier": Attribute(choices=("starter", "basic", "professional"), on_demand=True),
    }
    computed = dict.fromkeys(("created_at", "storage_usage_bytes", "storage_usage_bytes_updated_at"), UNKNOWN)

    def enrich(self, resource: Data) -> Data:
        """The tier has an address of its own."""
        if not self.params["subscription_tier"]:
            return resource
        answer = self.api.get(SUBSCRIPTION, Promise("subscription"))
        return {**resource, "subscription_tier": answer["subscription"]["tier"]["slug"]}

    def body(self, wanted: Data) -> Data:
        """As the API calls the tier."""
        names = {"subscription_tier": "subscription_tier_slug"}
        return {names.get(name, name): value for name, value in wanted.items()}

    @changes("subscription_tier")
    def subscribe(self, change: Change) -> Data | None:
        """For all registries of the account."""
        slug = change.values["subscription_tier"]
        self.api.post(SUBSCRIPTION, {"tier_slug": slug}, Promise("subscription"), repeatable=True)
        return {**change.current, "subscription_tier": slug}

    def plan_present(self, current: Data | None) -> Plan:
        """Collecting is a step of its own, of which the diff shows only that it happens."""
        plan = super().plan_present(current)
        if current and self.params["collect_garbage"]:
            plan.also({"garbage": "as it is"}, {"garbage": "collected"}, Step("collect the garbage of", self._collect))
        return plan

    def held(self, current: Data) -> str:
        """Its images."""
        rows = self.api.rows(f"{self.location(current)}/repositoriesV2", "repositories", ("name",), fresh=True)
        return f"images of {rows[0]['name']}" if rows else ""

    def _collect(self, current: Data) -> Data | None:
        path = f"{self.location(current)}/garbage-collection"
        before = self._collections(path)
        uuid = next((uuid for uuid, status in before.items() if status not in OVER), "") or once(
            self.clock,
            lambda: str(self.api.post(path, promise=GARBAGE)[GARBAGE.key]["uuid"]),
            lambda: next((uuid for uuid in self._collections(path) if uuid not in before), None),
        )
        if not self.params["wait"]:
            return None
        next_step = "Run again to keep waiting: no other one is begun."
        self.wait_until(partial(self._look, path, uuid), goal="free of garbage", next_step=next_step)
        return self.refresh(current)

    def _collections(self, path: str) -> dict[str, str]:
        """The state of each that there was, by its uuid."""
        rows = self.api.rows(f"{path}s", "garbage_collections", ("uuid", "status"), fresh=True)
        return {row["uuid"]: row["status"] for row in rows}

    def _look(self, path: str, uuid: str) -> Look[None]:
        status = self._collections(path).get(uuid, "")
        if status in FRUITLESS:
            raise Failure(
                f"The garbage collection of {self.subject} ended as {status}: run again to begin another one."
            )
        return Look(None, status, status == FREED)


def main() -> None:
    """Run as an ordinary module."""
    run_module(ContainerRegistry)


if __name__ == "__main__":
    main()
