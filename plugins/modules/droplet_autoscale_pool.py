#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a Droplet autoscale pool."""

from __future__ import annotations

DOCUMENTATION = r"""
module: droplet_autoscale_pool
short_description: Manage a Droplet autoscale pool
version_added: 0.1.0
description:
  - Creates, changes and deletes a pool of equal Droplets, of a fixed number or of as many as their load asks for.
  - A load balancer or a firewall gets at its Droplets by a tag.
  - Another template is for Droplets that the pool makes from then on; those that are there are not replaced. To have
    it in all of them, delete them one by one (M(fisioflow.digitalocean.droplet)), and the pool makes others.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name. Cannot change.
    type: str
    required: true
  id:
    description:
      - The id. Without it the pool is found by its name.
    type: str
  config:
    description:
      - How many Droplets. Needed to create the pool.
      - Either O(config.target_number_instances), or O(config.min_instances) and O(config.max_instances) with at least
        one target.
    type: dict
    suboptions:
      target_number_instances:
        description:
          - A fixed number of Droplets.
        type: int
      min_instances:
        description:
          - The least number, V(1) to V(500).
        type: int
      max_instances:
        description:
          - The greatest number, up to V(1000).
        type: int
      target_cpu_utilization:
        description:
          - The share of their processors that shall be in use, V(0.05) to V(1).
        type: float
      target_memory_utilization:
        description:
          - The share of their memory that shall be in use, V(0.05) to V(1).
        type: float
      cooldown_minutes:
        description:
          - How long it waits after a change of the number, V(5) to V(20); the API takes V(10) when it is left out.
        type: int
  droplet_template:
    description:
      - What a Droplet of the pool is. What is left out of it is left alone. Needed to create the pool.
    type: dict
    suboptions:
      name:
        description:
          - How names of its Droplets begin; with that of the pool when it is left out.
        type: str
      region:
        description:
          - The datacentre region. Needed to create the pool.
        type: str
      size:
        description:
          - The size. Needed to create the pool.
        type: str
      image:
        description:
          - The slug or number of the image. Needed to create the pool.
        type: str
      ssh_keys:
        description:
          - Numbers or fingerprints of the account's keys that get in. Needed to create the pool, and may be empty.
        type: list
        elements: str
      tags:
        description:
          - The tags that its Droplets carry.
        type: list
        elements: str
      vpc_uuid:
        description:
          - The id of the VPC; the region's default one when it is left out.
        type: str
      with_droplet_agent:
        description:
          - Whether the agent is installed, without which nobody can tell the load.
        type: bool
      project_id:
        description:
          - The id of the project to which its Droplets belong.
        type: str
      ipv6:
        description:
          - Whether each has an IPv6 address.
        type: bool
      user_data:
        description:
          - What cloud-init does at the first start. It is compared as far as the API tells it; one that it does not
            show is taken for the same.
        type: str
      public_networking:
        description:
          - Whether each has a public address.
        type: bool
  delete_droplets:
    description:
      - Whether O(state=absent) takes the Droplets of the pool along. Without it they stay, and cost as before.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.droplet_autoscale_pool_info
  - module: fisioflow.digitalocean.firewall
"""

EXAMPLES = r"""
- name: At least two proxies, more of them when they are busy
  fisioflow.digitalocean.droplet_autoscale_pool:
    name: clinic-edge
    config:
      min_instances: 2
      max_instances: 4
      target_cpu_utilization: 0.8
      target_memory_utilization: 0.85
    droplet_template:
      region: fra1
      size: s-1vcpu-1gb
      image: ubuntu-24-04-x64
      ssh_keys: []
      tags: [clinic-edge]
      vpc_uuid: "{{ network.vpc.id }}"
      user_data: |
        #cloud-config
        packages: [caddy]

- name: Three, whatever happens
  fisioflow.digitalocean.droplet_autoscale_pool:
    name: clinic-edge
    config:
      target_number_instances: 3

- name: Remove it with its Droplets
  fisioflow.digitalocean.droplet_autoscale_pool:
    name: clinic-edge
    state: absent
    delete_droplets: true
"""

RETURN = r"""
droplet_autoscale_pool:
  description:
    - The pool as the API gives it, its user data hidden; an empty dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 0d3db13e-a604-4944-9827-7ec2642d32ac
    name: clinic-edge
    status: active
    active_resources_count: 2
    current_utilization:
      cpu: 0.05
      memory: 0.05
    config:
      min_instances: 2
      max_instances: 4
      target_cpu_utilization: 0.8
      target_memory_utilization: 0.85
      cooldown_minutes: 10
    droplet_template:
      region: fra1
      size: s-1vcpu-1gb
      image: ubuntu-24-04-x64
      ssh_keys: []
      tags: [clinic-edge]
      vpc_uuid: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
      project_id: 746c6152-2fa2-11ed-92d3-27aaa54e4988
      with_droplet_agent: true
      ipv6: false
      public_networking: true
    created_at: '2026-11-24T04:00:00Z'
    updated_at: '2026-11-24T04:00:00Z'
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import offers
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import (
    DROPLET_AUTOSCALE_POOL,
    IMAGE,
    REGION,
    SIZE,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.pools import user_data_in
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource

FIXED = "target_number_instances"
TARGETS = ("target_cpu_utilization", "target_memory_utilization")
CONFIG = {
    **{name: {"type": "int"} for name in (FIXED, "min_instances", "max_instances", "cooldown_minutes")},
    **{name: {"type": "float"} for name in TARGETS},
}
NEEDED = ("region", "size", "image", "ssh_keys")
TEMPLATE = {
    **{name: {"type": "str"} for name in ("name", "region", "size", "image", "vpc_uuid", "project_id")},
    **{name: {"type": "list", "elements": "str", "no_log": False} for name in ("ssh_keys", "tags")},
    **{name: {"type": "bool"} for name in ("with_droplet_agent", "ipv6", "public_networking")},
    "user_data": {"type": "str", "no_log": True},
}
SETS = {"ssh_keys": compare.set_of(), "tags": compare.set_of(compare.lower)}


def _template(value: Any) -> Any:
    return {name: SETS.get(name, compare.plain)(item) for name, item in (value or {}).items()}


@dataclass(frozen=True)
class _Config(Attribute):
    """A fixed number, or bounds: who asks for the one has no use for the other."""

    def after(self, current: Any, wanted: Any) -> Any:
        merged = super().after(current, wanted)
        return {name: value for name, value in merged.items() if (name == FIXED) == (FIXED in wanted)}


class DropletAutoscalePool(Resource):
    """A pool: PUT changes all of it but its name."""

    kind = DROPLET_AUTOSCALE_POOL
    options = {"id": {"type": "str"}, "delete_droplets": {"type": "bool", "default": False}}
    attributes = {
        "name": Attribute(required=True, fixed="create another pool and delete this one"),
        "config": _Config("dict", options=CONFIG, needed=True),
        "droplet_template": Attribute("dict", options=TEMPLATE, needed=True, normal=_template),
    }
    computed = dict.fromkeys(
        ("id", "status", "created_at", "updated_at", "active_resources_count", "current_utilization"), UNKNOWN
    )
    ready = frozenset({"active"})
    failed = frozenset({"error"})
    finders = (user_data_in,)

    def unwrap(self, answer: Data, key: str = "") -> Data:
        """One of a fixed number has no utilization."""
        return {"current_utilization": {}, **super().unwrap(answer, key)}

    def find(self) -> list[Data]:
        """In the same shape."""
        return [{"current_utilization": {}, **row} for row in super().find()]

    def state(self, resource: Data) -> str:
        """Usable when its least number of Droplets is."""
        config, count = resource.get("config") or {}, int(resource.get("active_resources_count") or 0)
        least = int(config.get(FIXED) or config.get("min_instances") or 0)
        state = super().state(resource)
        return f"at {count} of {least} Droplets" if state == "active" and count < least else state

    def wanted(self, current: Data | None) -> Data:
        """What the API does not tell of a template is taken for the same, as is an image by its number."""
        wanted = super().wanted(current)
        there, asked = (current or {}).get("droplet_template") or {}, wanted.get("droplet_template")
        if current and asked:
            asked = wanted["droplet_template"] = dict(asked)
            if "user_data" in asked and not there.get("user_data"):
                del asked["user_data"]
            if "image" in asked and self._is_same_image(str(asked["image"]), str(there.get("image"))):
                asked["image"] = there["image"]
        return wanted

    def _is_same_image(self, one: str, other: str) -> bool:
        """A slug and a number: the API takes both, and may answer with the other."""
        slug, number = (one, other) if other.isdigit() else (other, one)
        if slug.isdigit() or not number.isdigit():
            return False
        try:
            answer = self.api.get(IMAGE.location(slug), IMAGE.promise)
        except NotFound:
            return False
        return str(answer[IMAGE.one].get("id")) == number

    def check(self, current: Data | None, wanted: Data) -> None:
        """What belongs together, and what the API wants of each template."""
        doing, config = "change" if current else "create", wanted.get("config")
        if config:
            whole = self.attributes["config"].after((current or {}).get("config") or {}, config)
            if FIXED in config and len(config) > 1:
                raise self.refusal(doing, f"config has {FIXED}, and with it nothing else: leave the rest out, or it")
            if FIXED not in config and not ({"min_instances", "max_instances"} <= whole.keys()):
                raise self.refusal(doing, f"config needs min_instances and max_instances, or {FIXED}")
            if FIXED not in config and not any(whole.get(name) for name in TARGETS):
                raise self.refusal(doing, f"config has bounds and no target: give {' or '.join(TARGETS)}")
            if FIXED not in config and whole["min_instances"] > whole["max_instances"]:
                raise self.refusal(doing, "min_instances of config is greater than its max_instances")
        if missing := [name for name in NEEDED if not current and name not in wanted["droplet_template"]]:
            raise self.refusal(doing, f"droplet_template needs {', '.join(missing)}")

    def unoffered(self, current: Data | None, asked: Data) -> Iterator[str]:
        """Region and size of its Droplets."""
        template = asked.get("droplet_template") or {}
        if {"region", "size"} & template.keys():
            there = ((current or {}).get("droplet_template") or {}).get("region") or ""
            regions, sizes = (self.api.rows(kind.path, kind.many, kind.tells) for kind in (REGION, SIZE))
            yield from offers.droplet_refusals(template, regions, sizes, there)

    @changes("config", "droplet_template")
    def put(self, change: Change) -> Data | None:
        """Both, and the name, which must be as it is."""
        body = {"name": change.current["name"], **compare.prune(change.values)}
        template = body.get("droplet_template") or {}
        if not template.get("user_data") and (given := (self.params["droplet_template"] or {}).get("user_data")):
            # What the API does not tell it replaces all the same.
            body["droplet_template"] = {**template, "user_data": given}
        return self.unwrap(self.api.put(self.location(change.current), body, self.kind.promise))

    def delete(self, current: Data) -> None:
        """With its Droplets, or with a word about them."""
        with_them = self.params["delete_droplets"]
        self.api.delete(f"{self.location(current)}{'/dangerous' if with_them else ''}")
        if not with_them and current.get("active_resources_count"):
            self.warn(f"The {current['active_resources_count']} Droplets of {self.subject} stay, and cost as before.")


def main() -> None:
    """Run as an ordinary module."""
    run_module(DropletAutoscalePool)


if __name__ == "__main__":
    main()
