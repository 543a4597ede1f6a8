#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: an alert of an uptime check."""

from __future__ import annotations

DOCUMENTATION = r"""
module: uptime_alert
short_description: Manage an alert of an uptime check
version_added: 0.1.0
description:
  - Creates, changes and deletes an alert of an uptime check. With the check, its alerts go as well.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name. Together with O(id), a name that differs renames the alert.
    type: str
    required: true
  id:
    description:
      - The id. Without it the alert is found by its name.
    type: str
  check_id:
    description:
      - The id of the uptime check. Exactly one of O(check_id) and O(check) is needed.
    type: str
  check:
    description:
      - The name of the uptime check.
    type: str
  type:
    description:
      - Of what it tells. V(latency) counts milliseconds, V(ssl_expiry) days, and V(down) and V(down_global) nothing.
        Needed to create one.
    type: str
    choices: [latency, down, down_global, ssl_expiry]
  threshold:
    description:
      - The limit, for V(latency) and V(ssl_expiry).
    type: int
  comparison:
    description:
      - Whether to tell of more or of less than O(threshold).
    type: str
    choices: [greater_than, less_than]
  period:
    description:
      - For how long it must be so. Needed to create one.
    type: str
    choices: [2m, 3m, 5m, 10m, 15m, 30m, 1h]
  notifications:
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
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.uptime_alert_info
"""

EXAMPLES = r"""
- name: Tell of pages that take more than two seconds
  fisioflow.digitalocean.uptime_alert:
    check: clinic
    name: slow
    type: latency
    threshold: 2000
    comparison: greater_than
    period: 3m
    notifications:
      email: [ops@fisioflow.example]

- name: A little later
  fisioflow.digitalocean.uptime_alert:
    check: clinic
    name: slow
    period: 5m

- name: Remove it
  fisioflow.digitalocean.uptime_alert:
    check: clinic
    name: slow
    state: absent
"""

RETURN = r"""
uptime_alert:
  description:
    - The alert as the API gives it; an empty dictionary when it is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 17f0f0ae-b7e5-4ef6-86e3-aa569db58284
    name: slow
    type: latency
    threshold: 2000
    comparison: greater_than
    period: 3m
    notifications:
      email: [ops@fisioflow.example]
      slack: []
    check_id: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import UPTIME_ALERT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare, recipients
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    replaces,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.listed import Listed
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module


class UptimeAlert(Listed):
    """An alert: all of it changes in place."""

    kind = UPTIME_ALERT
    options = {"id": {"type": "str"}}
    attributes = {
        "name": Attribute(required=True),
        "type": Attribute(needed=True, choices=["latency", "down", "down_global", "ssl_expiry"]),
        "threshold": Attribute("int", normal=lambda value: value or 0),
        "comparison": Attribute(choices=["greater_than", "less_than"], normal=compare.text),
        "period": Attribute(needed=True, choices=["2m", "3m", "5m", "10m", "15m", "30m", "1h"]),
        "notifications": recipients.attribute(),
    }
    computed = {"id": UNKNOWN, "threshold": 0, "comparison": ""}
    finders = (recipients.webhooks,)
    replace = replaces(*attributes)

    def enrich(self, resource: Data) -> Data:
        """The API leaves out what a type does not count."""
        return {"threshold": 0, "comparison": "", **resource}

    def body(self, wanted: Data) -> Data:
        """With both lists of recipients."""
        return {**wanted, "notifications": recipients.complete(wanted["notifications"])}


def main() -> None:
    """Run as an ordinary module."""
    run_module(UptimeAlert)


if __name__ == "__main__":
    main()
