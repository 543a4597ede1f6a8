# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback of the soak tests: ends a run by ``kill -9`` as its task number ``KILLED_BEFORE`` is about to begin.

One that gets to its end leaves its tasks in ``KILLED_TASKS``: a list of ``{name, began: Unix time, changed}``.
"""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: killed
type: aggregate
short_description: Kills a run between two tasks
description:
  - Kills a run between two tasks.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "killed"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self.point = int(os.environ["KILLED_BEFORE"])
        self.tasks: list[dict[str, Any]] = []

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self.tasks.append({"name": task.get_name(), "began": time.time(), "changed": False})
        if len(self.tasks) == self.point:
            os.kill(os.getpid(), signal.SIGKILL)

    def v2_runner_on_ok(self, result: Any) -> None:
        self.tasks[-1]["changed"] |= result.is_changed()

    def v2_playbook_on_stats(self, stats: Any) -> None:
        Path(os.environ["KILLED_TASKS"]).write_text(json.dumps(self.tasks))
