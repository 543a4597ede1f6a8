# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback of the integration tests: acts before a task what its test asks for, and writes down what came of it.

One JSON document a line: the result as Ansible has it, and the requests that reached localcloud meanwhile.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

from localcloud.client import Admin, writes_in
from tests.integration.harness.meddling import Meddling

DOCUMENTATION = """
name: capture
type: aggregate
short_description: Captures results and requests of the integration tests
description:
  - Captures results and requests of the integration tests.
"""


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
        self.meddling = Meddling(self.admin)
        self.seq = 0
        self.play: Any = None
        # The line of a task whose result is hidden from callbacks, its host, and the variable that will hold it.
        self.hidden: tuple[dict[str, Any], Any, str] | None = None

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self.play = play

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._write_hidden()
        Path(os.environ["CAPTURE_SECRETS"]).write_text("".join(f"{one}\n" for one in sorted(self.meddling.secrets)))

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._write_hidden()
        self.meddling.act(self.before.get(task.get_name(), []))
        self.seq = self.admin.seq()

    def _write(self, status: str, result: Any) -> None:
        calls = self.admin.journal(self.seq)
        line = {
            "name": result.task.get_name(),
            "status": status,
            "result": result.result,
            "calls": calls,
            "writes": writes_in(calls),
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
