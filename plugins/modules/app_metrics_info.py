#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: what an app uses."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app_metrics_info
short_description: Read what the instances of an app use
version_added: 0.1.0
description:
  - Reads CPU, memory and restarts of each instance of an app over the last minutes, and the app's traffic of the last
    whole day.
  - DigitalOcean measures every two minutes and has no metric of requests, latency or errors of an app.
author:
  - FisioFlow contributors (@fisioflow)
options:
  component:
    description:
      - Only the instances of this component.
    type: str
  minutes:
    description:
      - How far back to look. DigitalOcean keeps metrics for 14 days.
    type: int
    default: 15
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.app
  - fisioflow.digitalocean.attributes.info
notes:
  - An app that was just deployed has been measured once or not at all. Look at C(points) before concluding anything
    from C(mean), which is V(null) then.
seealso:
  - module: fisioflow.digitalocean.app_info
"""

EXAMPLES = r"""
- name: How much memory do the instances use?
  fisioflow.digitalocean.app_metrics_info:
    app: clinic
    component: web
    minutes: 10
  register: used

- name: The fullest of them
  ansible.builtin.debug:
    msg: "{{ used.app_metrics.memory_percentage | map(attribute='maximum') | select | max | default('nobody knows') }}"
"""

RETURN = r"""
app_metrics:
  description:
    - For each metric a list of series, one for each instance that was measured within the time; empty when none was.
    - C(cpu_percentage) and C(memory_percentage) are per cent of what the instance has, C(restart_count) counts.
  returned: success
  type: dict
  contains:
    start:
      description: Since when.
      type: str
    end:
      description: Until when.
      type: str
    cpu_percentage:
      description: >-
        Of each instance its C(component) and C(instance), the C(points) as pairs of Unix time and number, the oldest
        first, and of them the C(latest), the C(mean) and the C(maximum).
      type: list
      elements: dict
    memory_percentage:
      description: Likewise.
      type: list
      elements: dict
    restart_count:
      description: Likewise.
      type: list
      elements: dict
    bandwidth:
      description: The traffic of the whole app, as C(bytes), on the day C(date).
      type: dict
  sample:
    app_id: 4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf
    start: '2026-11-28T21:00:00Z'
    end: '2026-11-28T21:15:00Z'
    cpu_percentage:
      - component: web
        instance: web-0
        points: [[1795899600, 5.0], [1795899720, 12.0]]
        latest: 12.0
        mean: 8.5
        maximum: 12.0
    memory_percentage: []
    restart_count: []
    bandwidth:
      date: '2026-11-27T00:00:00Z'
      bytes: 513668
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP, APP_METRICS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.below import BelowApp
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.series import series_of
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module

METRICS = ("cpu_percentage", "memory_percentage", "restart_count")


class AppMetricsInfo(BelowApp):
    """All metrics at the same time."""

    kind = APP_METRICS
    options = {"component": {"type": "str"}, "minutes": {"type": "int", "default": 15}}

    def run(self) -> Data:
        """Read the app first: its answer has the API's clock, and tells whether there is one to measure."""
        if self.params["minutes"] < 1:
            raise Failure(f"Could not {self.doing}: minutes is {self.params['minutes']}, and must be 1 or more.")
        if not self.app:
            if self.check_mode:
                return {"changed": False, self.kind.name: {name: [] for name in METRICS}}
            raise Failure(f"Could not {self.doing}: there is no {self.parent_subject}.")
        end = self.api.now()
        start = end - timedelta(minutes=self.params["minutes"])
        query = {"app_id": self.parent_id, "start": str(int(start.timestamp())), "end": str(int(end.timestamp()))}
        if self.params["component"]:
            query["app_component"] = self.params["component"]
        bandwidth = f"{APP.location(self.parent_id)}/metrics/bandwidth_daily"
        questions: dict[str, Callable[[], Any]] = {
            name: partial(self.api.get, f"{self.kind.path}/{name}", self.kind.promise, query) for name in METRICS
        }
        questions["bandwidth"] = partial(self.api.get, bandwidth, Promise("app_bandwidth_usage", list))
        found = self.api.gather(questions)
        traffic = sum(int(row.get("bandwidth_bytes") or 0) for row in found["bandwidth"]["app_bandwidth_usage"])
        return {
            "changed": False,
            self.kind.name: {
                "app_id": self.parent_id,
                "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
                "end": f"{end:%Y-%m-%dT%H:%M:%SZ}",
                **{name: series_of(found[name]["data"], self.params["api_url"]) for name in METRICS},
                "bandwidth": {"date": found["bandwidth"].get("date"), "bytes": traffic},
            },
        }


def main() -> None:
    """Run as an ordinary module."""
    run_module(AppMetricsInfo)


if __name__ == "__main__":
    main()
