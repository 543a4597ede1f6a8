#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: how an app answers for a while."""

from __future__ import annotations

DOCUMENTATION = r"""
module: http_gate_info
short_description: Measure how an app answers for a while
version_added: 0.1.0
description:
  - Asks some pages of an app once, and then a few of them in turn, at a steady rate for some time, and tells what was
    answered, how many requests failed and how long answers took. A slow answer holds no later request up.
  - A request has failed when nobody answered it, or with a status from 500 on. Redirects are answers; none is followed.
  - Ends early when so much fails that there is nothing to wait for, as visitors meet the same.
  - What that is worth judges P(fisioflow.digitalocean.gate_judged#filter).
author:
  - FisioFlow contributors (@fisioflow)
options:
  url:
    description:
      - Address of the app, without a path.
    type: str
    required: true
  once:
    description:
      - Paths that are asked once, at the beginning.
    type: list
    elements: str
    default: []
  paths:
    description:
      - Paths that are asked in turn. Those that the app limits for each visitor do not belong here.
    type: list
    elements: str
    default: [/]
  seconds:
    description:
      - For how long; V(0) for not at all.
    type: float
    default: 10
  rate:
    description:
      - Requests per second.
    type: float
    default: 4
  give_up_percent:
    description:
      - The measurement ends once more than this share of ten requests or more has failed.
    type: float
    default: 50
  headers:
    description:
      - What is sent along, such as what an app wants to see from whoever comes by its front door.
    type: dict
    default: {}
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.http_latency_info
"""

EXAMPLES = r"""
- name: Does the new version answer as it should?
  fisioflow.digitalocean.http_gate_info:
    url: https://clinic.example
    once: [/, /login, /.env]
    paths: [/login]
    seconds: 30
  register: measured
"""

RETURN = r"""
http_gate:
  description: What was measured.
  returned: success
  type: dict
  contains:
    pages:
      description:
        - Each page that was asked once, with its C(status), V(0) when nobody answered; the C(milliseconds) that took;
          the names of the C(headers) of the answer; and the C(error) why nobody answered, else empty.
      type: list
      elements: dict
    requests:
      description: How many requests were made in turn.
      type: int
    failed:
      description: How many of them failed.
      type: int
    failed_percent:
      description: The same as a share; V(0) of none.
      type: float
    statuses:
      description: How often each status was answered.
      type: dict
    median:
      description: Milliseconds of the answer in the middle, of those that did not fail; V(null) when there was none.
      type: float
    p95:
      description: Milliseconds within which 95 per cent of them came; V(null) when there was none.
      type: float
    slowest:
      description: Milliseconds of the slowest one; V(null) when there was none.
      type: float
    seconds:
      description: How long it was measured.
      type: float
    gave_up:
      description: Whether it ended early, because too much failed.
      type: bool
    error:
      description: Why the last one without an answer had none; empty when there was none.
      type: str
  sample:
    url: https://clinic.example
    pages:
      - {path: /login, status: 200, milliseconds: 104.9, headers: [content-type, x-frame-options], error: ""}
    requests: 120
    failed: 1
    failed_percent: 0.8
    statuses: {"200": 119, "502": 1}
    median: 98.3
    p95: 161.0
    slowest: 240.4
    seconds: 30.0
    gave_up: false
    error: ""
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.gate import Gate
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import HTTP_GATE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module


class HttpGateInfo(Module):
    """Pages of an app, for a while."""

    kind = HTTP_GATE
    options = {
        "url": {"type": "str", "required": True},
        "once": {"type": "list", "elements": "str", "default": []},
        "paths": {"type": "list", "elements": "str", "default": ["/"]},
        "seconds": {"type": "float", "default": 10},
        "rate": {"type": "float", "default": 4},
        "give_up_percent": {"type": "float", "default": 50},
        "headers": {"type": "dict", "default": {}, "no_log": True},
    }

    def run(self) -> Data:
        """Who does not answer is told, and no failure of the measurement."""
        asked = self.params
        if problem := _problem(asked):
            raise Failure(f"Could not {self.doing}: {problem}.")
        gate = Gate(
            asked["url"].rstrip("/"),
            ca_path=asked["ca_path"],
            timeout=min(10.0, asked["timeout"]),
            headers={name: str(value) for name, value in asked["headers"].items()},
        )
        pages = [answer.told() for answer in gate.ask_all(asked["once"])]
        pace = {name: asked[name] for name in ("seconds", "rate", "give_up_percent")}
        measured = gate.measure(asked["paths"], **pace, progress=self.progress)
        return {"changed": False, self.kind.name: {"url": asked["url"], "pages": pages, **measured}}


def _problem(asked: Data) -> str:
    if not asked["url"].startswith("https://"):
        return "url must begin with https://"
    if wrong := [path for path in [*asked["once"], *asked["paths"]] if not path.startswith("/")]:
        return f"a path begins with a slash, which {wrong[0]} does not"
    if not asked["paths"] or not 0 <= asked["seconds"] <= 3600 or not 0 < asked["rate"] <= 50:
        return "there must be paths, seconds between 0 and 3600, and a rate of more than 0 and at most 50"
    return ""


def main() -> None:
    """Run as an ordinary module."""
    run_module(HttpGateInfo)


if __name__ == "__main__":
    main()
