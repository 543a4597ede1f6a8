#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: how fast an address answers."""

from __future__ import annotations

DOCUMENTATION = r"""
module: http_latency_info
short_description: Measure how fast an address answers
version_added: 0.1.0
description:
  - Asks an address several times, one after the other, each time over a connection of its own, and tells what it
    answered and how long that took.
  - DigitalOcean has no metric of how fast an app answers; this measures what a user who is where this runs would wait.
author:
  - FisioFlow contributors (@fisioflow)
options:
  url:
    description:
      - The address.
    type: str
    required: true
  requests:
    description:
      - How often it is asked.
    type: int
    default: 5
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.uptime_check
"""

EXAMPLES = r"""
- name: How fast does the clinic answer?
  fisioflow.digitalocean.http_latency_info:
    url: https://clinic.example/api/health
  register: measured
"""

RETURN = r"""
http_latency:
  description: What was measured.
  returned: success
  type: dict
  contains:
    statuses:
      description: What it answered each time; 0 when nobody answered.
      type: list
      elements: int
    milliseconds:
      description: How long each answer took that was one of success.
      type: list
      elements: float
    median:
      description: The one in the middle; V(null) when there was none.
      type: float
    error:
      description: Why the last one without an answer had none; empty when there was none.
      type: str
  sample:
    url: https://clinic.example/api/health
    statuses: [200, 200, 200]
    milliseconds: [118.2, 104.9, 107.3]
    median: 107.3
    error: ""
"""

import statistics

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import HTTP_LATENCY
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.pages import get_page
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.tls import trust
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module


class HttpLatencyInfo(Module):
    """A page, several times."""

    kind = HTTP_LATENCY
    options = {"url": {"type": "str", "required": True}, "requests": {"type": "int", "default": 5}}

    def run(self) -> Data:
        """Who does not answer is told, and no failure of the measurement."""
        url, count = self.params["url"], self.params["requests"]
        if not url.startswith("https://") or not 1 <= count <= 100:
            raise Failure(f"Could not {self.doing}: url must begin with https://, and requests be between 1 and 100.")
        authority = trust(self.params["ca_path"])
        pages = [get_page(url, timeout=min(30.0, self.params["timeout"]), authority=authority) for _n in range(count)]
        times = [round(page.seconds * 1000, 1) for page in pages if 200 <= page.status < 400]
        measured = {
            "url": url,
            "statuses": [page.status for page in pages],
            "milliseconds": times,
            "median": round(statistics.median(times), 1) if times else None,
            "error": next((page.text for page in reversed(pages) if not page.status), ""),
        }
        return {"changed": False, self.kind.name: measured}


def main() -> None:
    """Run as an ordinary module."""
    run_module(HttpLatencyInfo)


if __name__ == "__main__":
    main()
