#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a Droplet."""

from __future__ import annotations

DOCUMENTATION = r"""
module: droplet
short_description: Manage a Droplet
version_added: 0.1.0
description:
  - Creates, changes and deletes a Droplet, a virtual machine.
  - The API lets several bear one name. Which one is meant must be clear, so that several are refused without O(id).
  - What the API never tells of a Droplet, its user data and keys, counts when it is created and is not compared.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name, a host name. Together with O(id), a name that differs renames the Droplet, though not its host name.
    type: str
    required: true
  id:
    description:
      - The id, a number. Without it the Droplet is found by its name.
    type: str
  region:
    description:
      - The datacentre region, such as V(fra1). Needed to create it; cannot change.
    type: str
  size:
    description:
      - The size, such as V(s-1vcpu-1gb), see M(fisioflow.digitalocean.size_info). Needed to create it. A Droplet that
        runs must be switched off to change it, see O(power_off).
    type: str
  power_off:
    description:
      - Whether a Droplet that runs may be switched off, and on again, to change its O(size). Without it such a change
        is refused. If that is interrupted, O(status=active) brings it back.
    type: bool
    default: false
  resize_disk:
    description:
      - Whether another O(size) brings its disk along, too. A disk never gets smaller, so there is no way back.
    type: bool
    default: false
  image:
    description:
      - The slug or number of the image, such as V(ubuntu-24-04-x64). Needed to create it; cannot change, since a
        rebuild would take the disk's data along. One that is no longer on offer has no slug, and is not compared.
    type: str
  status:
    description:
      - Whether it runs (V(active)). It is shut down, or else switched off.
    type: str
    choices: [active, 'off']
  ssh_keys:
    description:
      - Numbers or fingerprints of the account's keys (M(fisioflow.digitalocean.ssh_key)) that get in as root. Only
        counts at creation.
    type: list
    elements: str
  user_data:
    description:
      - What cloud-init does at the first start. Only counts at creation, as the API cannot tell it.
      - Whoever runs something in the Droplet can read it, so no secret should be in it.
    type: str
  vpc_uuid:
    description:
      - The id of the VPC, which must be in O(region); the region's default one when it is left out. Cannot change.
    type: str
  tags:
    description:
      - The tags that it carries, exactly. Their capitals are those with which each was first made.
    type: list
    elements: str
  backups:
    description:
      - Whether it is backed up.
    type: bool
  backup_policy:
    description:
      - When it is backed up. Daily at midnight (UTC) when a backed up Droplet is created without.
    type: dict
    suboptions:
      plan:
        description:
          - V(daily), kept for 7 days, or V(weekly), kept for 4 weeks.
        type: str
        choices: [daily, weekly]
        required: true
      weekday:
        description:
          - The day of a weekly backup.
        type: str
        choices: [SUN, MON, TUE, WED, THU, FRI, SAT]
      hour:
        description:
          - When its window of four hours begins, in UTC.
        type: int
        choices: [0, 4, 8, 12, 16, 20]
  ipv6:
    description:
      - Whether it has an IPv6 address. It cannot be taken away.
    type: bool
  monitoring:
    description:
      - Whether the agent is installed that alerts on memory and disk, and scaling, need. Cannot change.
    type: bool
  public_networking:
    description:
      - Whether it has a public address. Cannot change.
    type: bool
  with_droplet_agent:
    description:
      - Whether the agent of the control panel's console is installed. Only counts at creation.
    type: bool
  project_id:
    description:
      - The id of the project to which it belongs; the default project when it is left out.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.droplet_info
  - module: fisioflow.digitalocean.size_info
  - module: fisioflow.digitalocean.ssh_key
"""

EXAMPLES = r"""
- name: A jump host in the clinic's network
  fisioflow.digitalocean.droplet:
    name: clinic-jump
    region: fra1
    size: s-1vcpu-1gb
    image: ubuntu-24-04-x64
    vpc_uuid: "{{ network.vpc.id }}"
    tags: [clinic, jump]
    monitoring: true
    user_data: |
      #cloud-config
      package_upgrade: true

- name: More memory, now, with a disk that stays small enough to go back
  fisioflow.digitalocean.droplet:
    name: clinic-jump
    size: s-1vcpu-2gb
    power_off: true

- name: Remove it
  fisioflow.digitalocean.droplet:
    name: clinic-jump
    state: absent
"""

RETURN = r"""
droplet:
  description:
    - The Droplet, with size, region and image by their slugs and its addresses at hand; an empty dictionary when it is
      not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 500000001
    name: clinic-jump
    status: active
    created_at: '2026-11-24T04:00:00Z'
    region: fra1
    size: s-1vcpu-1gb
    memory: 1024
    vcpus: 1
    disk: 25
    price_monthly: 6.0
    image: ubuntu-24-04-x64
    image_id: 195932982
    vpc_uuid: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
    tags: [clinic, jump]
    backups: false
    ipv6: false
    monitoring: true
    public_networking: true
    features: [droplet_agent, monitoring, private_networking]
    ipv4_address: 198.18.1.0
    ipv4_address_private: 10.20.0.3
    ipv6_address: null
    networks:
      v4:
        - ip_address: 198.18.1.0
          netmask: 255.255.240.0
          gateway: 198.18.0.1
          type: public
      v6: []
    volume_ids: []
    backup_ids: []
    snapshot_ids: []
    next_backup_window: null
"""

from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import offers
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.droplets import flat
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import (
    ACTION,
    DROPLET,
    PROJECT,
    REGION,
    SIZE,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import once
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Look
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import assignment, compare, tags
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource

ANOTHER = "create another Droplet and delete this one"
NEVER_TOLD = ("ssh_keys", "user_data", "with_droplet_agent")
POLICY = {
    "plan": {"type": "str", "choices": ["daily", "weekly"], "required": True},
    "weekday": {"type": "str", "choices": ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]},
    "hour": {"type": "int", "choices": [0, 4, 8, 12, 16, 20]},
}


class Droplet(Resource):
    """A Droplet: most of it changes by an action, one at a time."""

    kind = DROPLET
    options = {
        "id": {"type": "str"},
        "power_off": {"type": "bool", "default": False},
        "resize_disk": {"type": "bool", "default": False},
    }
    attributes = {
        "name": Attribute(required=True),
        "region": Attribute(needed=True, fixed=ANOTHER),
        "size": Attribute(needed=True),
        "image": Attribute(needed=True, fixed=f"{ANOTHER}, or rebuild it in the control panel"),
        "status": Attribute(choices=["active", "off"], at_creation=False),
        "ssh_keys": Attribute("list", elements="str", only_at_creation=True, on_demand=True, no_log=False),
        "user_data": Attribute(no_log=True, only_at_creation=True, on_demand=True),
        "vpc_uuid": Attribute(fixed=ANOTHER),
        "tags": Attribute("list", elements="str", normal=compare.set_of(compare.lower)),
        "backups": Attribute("bool"),
        "backup_policy": Attribute("dict", options=POLICY, on_demand=True),
        "ipv6": Attribute("bool"),
        "monitoring": Attribute("bool", fixed=f"install the agent in it, or {ANOTHER}"),
        "public_networking": Attribute("bool", fixed=ANOTHER),
        "with_droplet_agent": Attribute("bool", only_at_creation=True, on_demand=True),
        "project_id": Attribute(at_creation=False, on_demand=True),
    }
    computed = dict.fromkeys(flat({}), UNKNOWN)
    ready = frozenset({"active", "off"})

    def wanted(self, current: Data | None) -> Data:
        """Whether one that has no address yet will have a public one, nobody can tell."""
        wanted = super().wanted(current)
        if current and current["public_networking"] is None:
            wanted.pop("public_networking", None)
        return wanted

    def unwrap(self, answer: Data, key: str = "") -> Data:
        """In the words in which one asks for it."""
        return self._shown(super().unwrap(answer, key))

    def find(self) -> list[Data]:
        """In the same words."""
        return [self._shown(row) for row in super().find()]

    def _shown(self, droplet: Data) -> Data:
        image, asked = droplet.get("image") or {}, self.params["image"]
        # By its number as well as by its slug, which one that is no longer on offer has lost.
        untold = not image.get("slug") and image.get("public") is not False
        same = asked and (untold or str(image.get("id")) == asked)
        return {**flat(droplet), **({"image": asked} if same else {})}

    def enrich(self, resource: Data) -> Data:
        """Add policy and project, if the user speaks about them."""
        resource, project = dict(resource), self.params["project_id"]
        if self.params["backup_policy"] is not None:
            answer = self.api.get(f"{self.location(resource)}/backups/policy", Promise("policy"))
            policy = answer["policy"].get("backup_policy") or {}
            resource["backup_policy"] = {name: policy[name] for name in POLICY if name in policy}
        if project and project != UNKNOWN:
            path = f"{PROJECT.location(project)}/resources"
            rows = self.api.rows(path, "resources", ("urn",), fresh=self.api.has_written)
            there = any(row["urn"] == f"do:droplet:{resource['id']}" for row in rows)
            resource["project_id"] = project if there else "another"
        return resource

    def check(self, current: Data | None, wanted: Data) -> None:
        """What would interrupt it without leave, what there is no way back from, and what contradicts itself."""
        backed_up = wanted.get("backups", (current or {}).get("backups"))
        if wanted.get("backup_policy") and not backed_up:
            raise self.refusal("set backup_policy of", "it has no backups: set backups to true, too")
        if current and current["ipv6"] and wanted.get("ipv6") is False:
            raise self.refusal("change", f"ipv6 is true and cannot become false: {ANOTHER}, or leave it out")
        if not current or "size" not in self.differing(current, wanted):
            return
        if current["status"] == "active" and not self.params["power_off"]:
            raise self.refusal(
                "change",
                f"its size is {current['size']}, and to become {wanted['size']} it must be switched off: set power_off "
                "to true, so that this may be done now",
            )

    def unoffered(self, current: Data | None, asked: Data) -> Iterator[str]:
        """Region and size."""
        if {"region", "size"} & asked.keys():
            regions, sizes = (self.api.rows(kind.path, kind.many, kind.tells) for kind in (REGION, SIZE))
            yield from offers.droplet_refusals(asked, regions, sizes, (current or {}).get("region") or "")

    def body(self, wanted: Data) -> Data:
        """Numbers as numbers."""
        return dict(compare.plain(super().body(wanted)), name=wanted["name"])

    def shown(self, outcome: Data) -> Data:
        """Without what the API never tells."""
        return {name: value for name, value in outcome.items() if name not in NEVER_TOLD}

    @changes("name")
    def rename(self, change: Change) -> Data | None:
        """Only what the API calls it."""
        self._act(change.current, "rename", name=change.values["name"])
        return None

    @changes("size")
    def resize(self, change: Change) -> Data | None:
        """Off, and afterwards as it was."""
        droplet = self.refresh(change.current) or change.current
        running = droplet["status"] == "active"
        if running:
            self._switch_off(droplet)
        try:
            self._act(droplet, "resize", size=change.values["size"], disk=self.params["resize_disk"])
        finally:
            if running:
                self._act(droplet, "power_on")
        return None

    retag = tags.retags("droplet")

    @changes("backups", "backup_policy")
    def back_up(self, change: Change) -> Data | None:
        """Three actions for two attributes."""
        given = dict(change.values.get("backup_policy") or {})
        if given.get("plan") == "daily":
            given.pop("weekday", None)
        policy = {"backup_policy": given} if given else {}
        if change.values.get("backups") is False:
            self._act(change.current, "disable_backups")
        elif "backups" in change.differing:
            self._act(change.current, "enable_backups", **policy)
        else:
            self._act(change.current, "change_backup_policy", **policy)
        return None

    @changes("ipv6")
    def enable_ipv6(self, change: Change) -> Data | None:
        """There is no way back."""
        self._act(change.current, "enable_ipv6")
        return None

    @changes("project_id")
    def move(self, change: Change) -> Data | None:
        """It leaves its project by being assigned to another."""
        assignment.move(self, change.values["project_id"], f"do:droplet:{change.current['id']}")
        return None

    @changes("status")
    def switch(self, change: Change) -> Data | None:
        """On or off."""
        if change.values["status"] == "off":
            self._switch_off(change.current)
        else:
            self._act(change.current, "power_on")
        return None

    def _switch_off(self, droplet: Data) -> None:
        """Shut it down; one that does not heed that is switched off."""
        self._act(droplet, "shutdown")
        if (self.refresh(droplet) or {}).get("status") == "active":
            self._act(droplet, "power_off")

    def _act(self, droplet: Data, kind: str, **more: Any) -> None:
        """Do one thing to it, once, and wait until it is done."""
        path = f"{DROPLET.location(str(droplet['id']))}/actions"

        def newest() -> Data:
            rows = self.api.get(path, Promise("actions", list), {"per_page": 1})["actions"]
            return dict(rows[0]) if rows else {"id": None, "type": None}

        def begun() -> Data | None:
            found = newest()
            return found if found["id"] != last and found["type"] == kind else None

        def ask() -> Data:
            answer = self.when_free(lambda: self.api.post(path, {"type": kind, **more}, ACTION.promise))
            return ACTION.unwrap(answer or {})

        last = newest()["id"]
        id = str(once(self.clock, ask, begun)["id"])

        def look() -> Look[None]:
            action = ACTION.unwrap(self.api.get(f"{path}/{id}", ACTION.promise), id)
            if action["status"] == "errored":
                raise Failure(
                    f"Could not {self.doing}: the API began the action {kind} and could not do it. Run again."
                )
            return Look(None, f"in the action {kind}", action["status"] == "completed")

        self.wait_until(look, goal="done with it", next_step="Run again to keep waiting, or raise wait_timeout.")


def main() -> None:
    """Run as an ordinary module."""
    run_module(Droplet)


if __name__ == "__main__":
    main()
