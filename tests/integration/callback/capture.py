# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback of the integration tests: acts before a task what its test asks for, and writes down what came of it.

One JSON document a line: the result as Ansible has it, and the requests that reached localcloud meanwhile.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

from localcloud.client import Admin

DOCUMENTATION = """
name: capture
type: aggregate
short_description: Captures results and requests of the integration tests
description:
  - Captures results and requests of the integration tests.
"""


TWIN = "00000000-0000-4000-8000-000000000002"
# What localcloud's records call a secret that it can show again.
SECRET_NAMES = ("password", "_password", "_secret", "secret_key", "basic_auth_password")


def secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key in SECRET_NAMES and isinstance(item, str) and item:
                yield item
            else:
                yield from secrets_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from secrets_in(item)


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "capture"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        script = json.loads(Path(os.environ["CAPTURE_SCRIPT"]).read_text())
        self.before: dict[str, list[dict[str, Any]]] = script["before"]
        self.admin = Admin(script["url"], script["ca"])
        self.seq = 0
        self.started = 0.0
        self.play: Any = None
        # The line of a task whose result is hidden from callbacks, its host, and the variable that will hold it.
        self.hidden: tuple[dict[str, Any], Any, str] | None = None

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self.play = play

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._write_hidden()

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._write_hidden()
        for action in self.before.get(task.get_name(), []):
            call = getattr(self, f"do_{action['call']}", None) or getattr(self.admin, action["call"])
            call(*action["args"], **action["options"])
        self.seq = self.admin.seq()
        self.started = time.monotonic()

    def do_twin(self, table: str, identity: dict[str, Any]) -> None:
        """Put a second resource of the same identity into the account, which the API itself would refuse."""
        state = self.admin.state()
        rows = state["world"]["tables"][table]
        # An app carries its name inside its spec.
        original = next(
            row
            for row in rows.values()
            if all(row.get(key, row.get("spec", {}).get(key)) == value for key, value in identity.items())
        )
        # The table has them by what stands in their address.
        key = next(name for name in ("id", "access_key") if name in original)
        rows[TWIN] = {**original, key: TWIN}
        self.admin.load(state)

    def do_collect_secrets(self) -> None:
        """Write down every secret that the account holds now."""
        found = sorted(set(secrets_in(self.admin.state()["world"]["tables"])))
        with Path(os.environ["CAPTURE_SECRETS"]).open("a") as out:
            out.writelines(f"{secret}\n" for secret in found)

    def _write(self, status: str, result: Any) -> None:
        seconds = round(time.monotonic() - self.started, 3)
        calls = self.admin.journal(self.seq)
        line = {
            "name": result.task.get_name(),
            "status": status,
            "result": result.result,
            "calls": calls,
            "seconds": seconds,
            "writes": self.admin.writes(self.seq),
        }
        if result.task.no_log and result.task.register:
            register = result.task.register
            # From ansible-core 2.21 on: variable → expression.
            self.hidden = (line, result.host, register if isinstance(register, str) else next(iter(register)))
        else:
            self._append(line)

    def _write_hidden(self) -> None:
        """The result of a task with no_log is in its variable, a moment after the callbacks have been told."""
        if self.hidden is not None:
            line, host, name = self.hidden
            variables = self.play.get_variable_manager().get_vars(play=self.play, host=host)
            # Callbacks get the exception as text, variables as an object that is never twice the same.
            result = {key: value for key, value in variables[name].items() if key != "exception"}
            self._append({**line, "result": result})
            self.hidden = None

    def _append(self, line: dict[str, Any]) -> None:
        with Path(os.environ["CAPTURE_RESULTS"]).open("a") as out:
            out.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write("failed", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._write("skipped", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._write("unreachable", result)
