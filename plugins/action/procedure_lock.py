# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module C(procedure_lock): held by the process of the run, which this one was forked from."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.lock import holder, take

SPEC: dict[str, Any] = {
    "environment": {"type": "str", "required": True},
    "place": {"type": "str", "default": ""},
    "account": {"type": "str", "default": ""},
    "procedure": {"type": "str", "required": True},
}


class ActionModule(ActionBase):  # type: ignore[misc] # Ansible ships no types
    """Takes the lock of `environment`, or fails with who holds it."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result, failed while another run holds the lock."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(SPEC)
        environment = given["environment"]
        if others := self._others(task_vars or {}, environment, given["place"]):
            told = f"hosts of this run are the environment {environment}: {', '.join(others)}"
            return result | {"failed": True, "msg": f"Nothing was changed: several {told}. Give each one of its own."}
        if self._task.check_mode:
            return result
        # One folder for all checkouts of a user. Environments of one name are the same where their API is the same.
        named = f"{re.sub(r'[^A-Za-z0-9._-]', '-', environment)}-{sha256(given['place'].encode()).hexdigest()[:8]}"
        path = Path(constants.config.get_config_value("ANSIBLE_HOME")) / "fisioflow" / f"{named}.lock"
        result["lock"] = str(path)
        try:
            since = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
            other = take(path, holder(os.getppid(), given["procedure"], since, given["account"]))
        except OSError as error:
            why = f"{path} cannot be written ({error.strerror}), so other runs could not be kept away"
            go_on = "set ANSIBLE_HOME to a folder that can"
        else:
            if other is None:
                return result
            why = f"{other.procedure} has been working on {environment} since {other.since} (process {other.pid})"
            go_on = "wait until that run is over, and run again"
        return result | {"failed": True, "msg": f"Nothing was changed: {why}; {go_on}."}

    def _others(self, variables: dict[str, Any], environment: str, place: str) -> list[str]:
        """All hosts of the run that are this environment, when there are several: a run does not lock itself out."""
        hosts = variables.get("ansible_play_hosts_all", [])
        found = []
        for host in hosts if len(hosts) > 1 else ():
            theirs = variables["hostvars"][host]
            # What cannot be worked out its own turn tells.
            with suppress(AnsibleError, KeyError):
                if (theirs["procedure_environment"], theirs["procedure_account"]) == (environment, place):
                    found.append(host)
        return found if len(found) > 1 else []
