#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: what the environment variables of an app hold, as far as the API tells."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app_variables_info
short_description: Get the values of an app's environment variables
version_added: 0.1.0
description:
  - Gets what stands in clear in the environment of an app, passwords in addresses included, so that it can be moved
    to where secrets are kept.
  - What the app keeps as a secret (type C(SECRET)) the API never tells.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.common.app
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.app_info
"""

EXAMPLES = r"""
- name: What stands in clear in the app
  fisioflow.digitalocean.app_variables_info:
    app: clinic
  register: variables
  no_log: true
"""

RETURN = r"""
app_variables:
  description:
    - The variables. C(values) is only there when the task has C(no_log=true); its keys are C(KEY) of the app and
      C(web.KEY) of a component.
    - Empty in check mode while there is no such app.
  returned: success
  type: dict
  sample:
    app_id: 4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf
    values:
      LOG_LEVEL: VALUE_SPECIFIED_IN_NO_LOG_PARAMETER
      web.DATABASE_URL: VALUE_SPECIFIED_IN_NO_LOG_PARAMETER
"""

from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP_VARIABLES
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.below import BelowApp
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import components
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import encrypted
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class AppVariablesInfo(BelowApp):
    """Those of the app, and of each component."""

    kind = APP_VARIABLES
    reveals = {"values": "run the task once more"}

    def run(self) -> Data:
        """Without what is encrypted, which nobody can read."""
        if not self.app:
            if self.check_mode:
                return {"changed": False, self.kind.name: {}}
            raise Failure(f"There is no {self.parent_subject}: create it first, or correct its name.")
        return {"changed": False, self.kind.name: {"app_id": self.parent_id, "values": dict(self._values())}}

    def _values(self) -> Iterator[tuple[str, str]]:
        spec = self.app["spec"]
        for part in [spec, *components(spec)]:
            prefix = "" if part is spec else f"{part.get('name')}."
            for env in part.get("envs") or []:
                value = str(env.get("value") or "")
                if value and not encrypted(value):
                    yield f"{prefix}{env.get('key')}", value


def main() -> None:
    """Run as an ordinary module."""
    run_module(AppVariablesInfo)


if __name__ == "__main__":
    main()
