# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run prints: each change a line, each failure in full, and nothing of what has nothing to tell."""

from __future__ import annotations

DOCUMENTATION = r"""
name: brief
type: stdout
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: The default output without what has nothing to tell
description:
  - Shows what P(ansible.builtin.default#callback) shows, less the tasks that changed nothing, were skipped or only
    included others. A change is one line, a message of C(debug) or C(fail) is that message.
  - A C(fail) that is rescued is left to its rescue.
  - Where a play has several hosts, each line names its host.
  - What a page tells later, as that of a plan does, is left to it.
  - Differences (C(--diff)), warnings, and failures of modules are as they are there.
  - With C(-v) everything is as it is there, and skipped tasks are shown.
extends_documentation_fragment:
  - ansible.builtin.default_callback
  - ansible.builtin.result_format_callback
requirements:
  - Set as C(stdout_callback) in the configuration.
"""

import os
import signal
from collections.abc import Callable
from typing import Any

from ansible import constants
from ansible.plugins.callback.default import CallbackModule as Default

# Results that tell of something although nothing changed.
TELLING = ("warnings", "deprecations")
# A role's variable with this ending, of a task or what it is in, says what an interruption there leaves open.
LEFT_OPEN = "_left_open"
# One with this ending says that a page tells later what the tasks in it found: their changes, differences and failures.
TOLD_LATER = "_told_later"


def _is(task: Any, *actions: str) -> bool:
    return str(task.action).rpartition(".")[2] in actions


class CallbackModule(Default):  # type: ignore[misc] # Ansible ships no types
    """C(stdout_callback = fisioflow.digitalocean.brief)."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "fisioflow.digitalocean.brief"
    # The task that has begun last, and the process that prints.
    _current: Any = None
    _process = 0
    # Whether a line must say which host it is about.
    _several = False

    def set_options(self, task_keys: Any = None, var_options: Any = None, direct: Any = None) -> None:
        """Skipped tasks with -v only; without them the default names a task once there is something to tell of it."""
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)
        self.set_option("display_skipped_hosts", self._verbose)

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """By now ansible-core has set its own handlers, which end the run."""
        super().v2_playbook_on_start(playbook)
        self._process = os.getpid()
        end = signal.getsignal(signal.SIGINT)
        if callable(end):
            signal.signal(signal.SIGINT, lambda number, frame: self._interrupted(end, number, frame))

    def v2_playbook_on_play_start(self, play: Any) -> None:
        hosts = play.get_variable_manager().get_vars(play=play, include_hostvars=False)["ansible_play_hosts_all"]
        self._several = len(hosts) > 1
        super().v2_playbook_on_play_start(play)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._current = task
        super().v2_playbook_on_task_start(task, is_conditional)

    def _interrupted(self, end: Callable[[int, Any], Any], number: int, frame: Any) -> None:
        """Ctrl-C: what is left open, and how to go on. A worker that has just been forked has nothing to say."""
        if self._current is not None and os.getpid() == self._process:
            told = self._current.get_vars() if not self._current.check_mode else {}
            left = "; ".join(str(value) for name, value in told.items() if name.endswith(LEFT_OPEN))
            where = f"\nInterrupted in {_name(self._current)!r}.{f' Left open: {left}.' if left else ''}"
            go_on = "Run the same command again: it looks first, and goes on from what it finds."
            self._display.display(
                f"{where}\nWhat is under way at DigitalOcean goes on there. {go_on}", color=constants.COLOR_WARN
            )
        end(number, frame)

    @property
    def _verbose(self) -> bool:
        return bool(self._display.verbosity)

    def v2_playbook_on_include(self, included_file: Any) -> None:
        if self._verbose:
            super().v2_playbook_on_include(included_file)

    def v2_runner_on_ok(self, result: Any) -> None:
        task, told = result.task, result.result
        if self._verbose or any(told.get(name) for name in TELLING):
            super().v2_runner_on_ok(result)
        elif _is(task, "debug") and isinstance(told.get("msg"), str):
            if not _told_later(task):
                self._display.display(f"\n{told['msg']}")
        elif self._run_is_verbose(result):
            super().v2_runner_on_ok(result)
        elif told.get("changed") and "results" not in told:
            self._say_change(result)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        if self._verbose or any(result.result.get(name) for name in TELLING):
            super().v2_runner_item_on_ok(result)
        elif result.result.get("changed"):
            self._say_change(result, f" ({self._get_item_label(result.result)})")

    def v2_runner_on_skipped(self, result: Any) -> None:
        """Its condition may have warned."""
        self.set_option("display_skipped_hosts", self._verbose or any(result.result.get(name) for name in TELLING))
        super().v2_runner_on_skipped(result)
        self.set_option("display_skipped_hosts", self._verbose)

    def v2_on_file_diff(self, result: Any) -> None:
        if self._verbose or not _told_later(result.task):
            super().v2_on_file_diff(result)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        """What was not begun because of another item of C(together) is told by that one."""
        if self._verbose or not (result.result.get("held_back") or _told_later(result.task)):
            super().v2_runner_item_on_failed(result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        if not self._verbose and _told_later(result.task) and _rescued(result.task):
            return
        message = str(result.result.get("msg"))
        # A task that could not even be worked out says where, as every other failure does.
        if self._verbose or ignore_errors or not _is(result.task, "fail") or message.startswith("Task failed"):
            super().v2_runner_on_failed(result, ignore_errors)
        elif not _rescued(result.task):
            self._display.display(
                f"\nFAILED: {self._whose(result)}{message}",
                color=constants.COLOR_ERROR,
                stderr=self.get_option("display_failed_stderr"),
            )

    def v2_runner_retry(self, result: Any) -> None:
        """Asked again is not failed."""
        if self._verbose:
            super().v2_runner_retry(result)
        else:
            left = result.result["retries"] - result.result["attempts"]
            self._display.display(
                f"  … {self._whose(result)}{_name(result.task)}: not yet, {left} tries left", stderr=True
            )

    def _say_change(self, result: Any, item: str = "") -> None:
        if _told_later(result.task):
            return
        what = "would change" if result.task.check_mode else "changed"
        self._display.display(f"{what}: {self._whose(result)}{_name(result.task)}{item}", color=constants.COLOR_CHANGED)

    def _whose(self, result: Any) -> str:
        return f"{result.host.get_name()} · " if self._several else ""


def _rescued(task: Any) -> bool:
    """Whether a block that has a rescue takes over when the task fails; in the rescue itself nobody does."""
    inside, above = {task._uuid}, task._parent
    while above is not None:
        if getattr(above, "rescue", None) and any(part._uuid in inside for part in above.block):
            return True
        inside.add(above._uuid)
        above = above._parent
    return False


def _told_later(task: Any) -> bool:
    return any(name.endswith(TOLD_LATER) for name in task.get_vars())


def _name(task: Any) -> str:
    """`network : Provide the private network`."""
    return str(task.get_name()).strip().removeprefix("fisioflow.digitalocean.")
