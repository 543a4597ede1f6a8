# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module C(procedure_lock): held by the process of the run, which this one was forked from."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ansible import constants
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
        if self._task.check_mode:
            return result
        environment = given["environment"]
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
