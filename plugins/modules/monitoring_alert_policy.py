#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: an alert policy."""

from __future__ import annotations

DOCUMENTATION = r"""
module: monitoring_alert_policy
short_description: Manage an alert policy
version_added: 0.1.0
description:
  - Creates, changes and deletes a policy by which DigitalOcean tells of Droplets, load balancers or databases that are
    beyond a limit. Apps have alerts of their own, in their spec.
author:
  - FisioFlow contributors (@fisioflow)
options:
  description:
    description:
      - What the policy is called. Together with O(uuid), one that differs renames it.
    type: str
    required: true
  uuid:
    description:
      - The id. Without it the policy is found by its description.
    type: str
  type:
    description:
      - What is watched, such as V(v1/insights/droplet/cpu), V(v1/insights/lbaas/avg_cpu_utilization_percent) or
        V(v1/dbaas/alerts/disk_utilization_alerts). Needed to create one.
    type: str
  compare:
    description:
      - Whether to tell of more or of less than O(value). Needed to create one.
    type: str
    choices: [GreaterThan, LessThan]
  value:
    description:
      - The limit, in per cent or whatever O(type) counts. Needed to create one.
    type: float
  window:
    description:
      - For how long it must be beyond. Needed to create one.
    type: str
    choices: [5m, 10m, 30m, 1h]
  entities:
    description:
      - The ids of the Droplets, load balancers or clusters that are watched, and no others.
    type: list
    elements: str
  tags:
    description:
      - Droplets with one of these tags are watched.
    type: list
    elements: str
  alerts:
    description:
      - Who is told. A list that is left out stays as it is. Needed to create one.
    type: dict
    suboptions:
      email:
        description: E-mail addresses that are verified on the account.
        type: list
        elements: str
      slack:
        description: Channels of Slack.
        type: list
        elements: dict
        suboptions:
          channel:
            description: The channel.
            type: str
            required: true
          url:
            description: The address of the webhook, a secret.
            type: str
            required: true
  enabled:
    description:
      - Whether it tells anybody. A new one does.
    type: bool
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.monitoring_alert_policy_info
"""

EXAMPLES = r"""
- name: Tell of busy proxies
  fisioflow.digitalocean.monitoring_alert_policy:
    description: CPU of the proxies
    type: v1/insights/droplet/cpu
    compare: GreaterThan
    value: 80
    window: 5m
    tags: [clinic-edge]
    alerts:
      email: [ops@fisioflow.example]

- name: A little later
  fisioflow.digitalocean.monitoring_alert_policy:
    description: CPU of the proxies
    value: 90

- name: Remove it
  fisioflow.digitalocean.monitoring_alert_policy:
    description: CPU of the proxies
    state: absent
"""

RETURN = r"""
monitoring_alert_policy:
  description:
    - The alert policy as the API gives it; an empty dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    uuid: 78b3da62-27e5-49ba-ac70-5db0b5935c64
    type: v1/insights/droplet/cpu
    description: CPU of the proxies
    compare: GreaterThan
    value: 80
    window: 5m
    entities: []
    tags: [clinic-edge]
    alerts:
      email: [ops@fisioflow.example]
      slack: []
    enabled: true
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import MONITORING_ALERT_POLICY
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare, recipients
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    replaces,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource


class MonitoringAlertPolicy(Resource):
    """A policy, found by its description: all of it changes in place."""

    kind = MONITORING_ALERT_POLICY
    options = {"uuid": {"type": "str"}}
    attributes = {
        "description": Attribute(required=True),
        "type": Attribute(needed=True),
        "compare": Attribute(needed=True, choices=["GreaterThan", "LessThan"]),
        "value": Attribute("float", needed=True),
        "window": Attribute(needed=True, choices=["5m", "10m", "30m", "1h"]),
        "entities": Attribute("list", elements="str", normal=compare.set_of()),
        "tags": Attribute("list", elements="str", normal=compare.set_of(compare.lower)),
        "alerts": recipients.attribute(),
        "enabled": Attribute("bool"),
    }
    computed = {"uuid": UNKNOWN}
    finders = (recipients.webhooks,)
    replace = replaces(*attributes)

    def wanted(self, current: Data | None) -> Data:
        """The API takes no policy without all of it."""
        wanted = super().wanted(current)
        if current is None:
            wanted = {"entities": [], "tags": [], "enabled": True, **wanted}
        return wanted

    def body(self, wanted: Data) -> Data:
        """With both lists of recipients."""
        return {**wanted, "alerts": recipients.complete(wanted["alerts"])}


def main() -> None:
    """Run as an ordinary module."""
    run_module(MonitoringAlertPolicy)


if __name__ == "__main__":
    main()
