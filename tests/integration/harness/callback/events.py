# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Callback of the integration tests: one line for each event about a result, as ansible-runner and AWX get them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: events
type: aggregate
short_description: Captures the events of the integration tests
description:
  - Captures the events of the integration tests.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "events"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, event: str, result: Any) -> None:
        line = {"event": event, "task": result.task.get_name(), "result": result.result}
        with Path(os.environ["CAPTURE_EVENTS"]).open("a") as out:
            out.write(json.dumps(line, default=str) + "\n")

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._write("item ok", result)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._write("item failed", result)

    def v2_runner_item_on_skipped(self, result: Any) -> None:
        self._write("item skipped", result)

    def v2_on_file_diff(self, result: Any) -> None:
        self._write("diff", result)

    def v2_runner_retry(self, result: Any) -> None:
        self._write("retry", result)

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write("failed", result)
