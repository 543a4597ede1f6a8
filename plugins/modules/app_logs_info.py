#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: what an app has logged."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app_logs_info
short_description: Read logs of an app
version_added: 0.1.0
description:
  - Tells the last lines of a log of an app, and those that come to it for a while.
  - Logins in addresses, what looks like a token or a password, e-mail addresses and CPF numbers are masked, and so are
    the values of O(secrets). What else an app writes of people stays, so that logs are to be treated as confidential.
  - Logs of database clusters are not told by the API; M(fisioflow.digitalocean.database_logsink) sends them elsewhere.
author:
  - FisioFlow contributors (@fisioflow)
options:
  deployment_id:
    description:
      - The deployment; without it, the one that is active.
    type: str
  component:
    description:
      - The component; without it, all of them.
    type: str
  type:
    description:
      - Which log; V(run_restarted) is that of instances that were ended because they were not healthy.
    type: str
    choices: [build, deploy, run, run_restarted]
    default: run
  lines:
    description:
      - How many of the last lines.
    type: int
    default: 100
  seconds:
    description:
      - For how long the log is followed.
    type: float
    default: 0
  secrets:
    description:
      - Values that no line may tell, by name.
    type: dict
    default: {}
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.app
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.app_deployment_info
"""

EXAMPLES = r"""
- name: What does the web service say?
  fisioflow.digitalocean.app_logs_info:
    app: clinic
    component: web
    lines: 20
  register: logged
"""

RETURN = r"""
app_logs:
  description: What was logged.
  returned: success
  type: dict
  contains:
    lines:
      description: The lines, the oldest first; empty when there is no such log yet.
      type: list
      elements: str
  sample:
    deployment_id: 3aa4d20e-5527-4c00-b496-601fbd22520a
    component: web
    type: run
    lines: ['web 2026-11-24T03:04:00Z INFO version 1 listens on 0.0.0.0:3000']
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP_DEPLOYMENT, APP_LOGS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import ACKNOWLEDGED
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import tailing
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.below import BelowApp
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class AppLogsInfo(BelowApp):
    """A log of an app."""

    kind = APP_LOGS
    options = {
        "deployment_id": {"type": "str"},
        "component": {"type": "str"},
        "type": {"type": "str", "choices": ["build", "deploy", "run", "run_restarted"], "default": "run"},
        "lines": {"type": "int", "default": 100},
        "seconds": {"type": "float", "default": 0},
        "secrets": {"type": "dict", "default": {}, "no_log": True},
    }

    def run(self) -> Data:
        """A log that is not there yet has no lines; an app or a component that is not there is an error."""
        asked = self.params
        if not 1 <= asked["lines"] <= 10_000 or not 0 <= asked["seconds"] <= 3600:
            raise Failure(f"Could not {self.doing}: lines must be 1 to 10000, and seconds 0 to 3600.")
        active = self.app.get("active_deployment") or {}
        deployment = asked["deployment_id"] or active.get("id")
        if not deployment:
            raise Failure(f"Could not {self.doing}: there is no such app, or nothing of it runs. Name a deployment.")
        path = APP_DEPLOYMENT.location(str(deployment), self.parent_id)
        path += f"/components/{asked['component']}/logs" if asked["component"] else "/logs"
        query = {"type": asked["type"].upper(), "tail_lines": str(asked["lines"])}
        url = tailing.address(self.api.get(path, ACKNOWLEDGED, query))
        pace = {"seconds": asked["seconds"], "last": asked["lines"], "progress": self.progress}
        lines = tailing.follow(url, asked["ca_path"], **pace) if url else []
        told = {"deployment_id": deployment, "component": asked["component"] or "", "type": asked["type"]}
        return {"changed": False, self.kind.name: {**told, "lines": [tailing.masked(line) for line in lines]}}


def main() -> None:
    """Run as an ordinary module."""
    run_module(AppLogsInfo)


if __name__ == "__main__":
    main()
