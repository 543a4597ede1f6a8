# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module C(together): several modules at the same time, in one task and one worker.

Ansible runs the items of a loop one after the other, all in the worker that has the task. The first one's turn starts
them all; the others' turns wait for what came of theirs. So every item is an item of Ansible's, wherever it is shown.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from dataclasses import replace
from threading import Thread
from typing import Any

from ansible.executor.module_common import _apply_action_arg_defaults

from ansible_collections.fisioflow.digitalocean.plugins.action import controller
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.inside import Task, look_ahead, perform
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.together import (
    COLLECTION,
    KEYS,
    Batch,
    Item,
    items_of,
)

# Keywords that say how modules run: they are worked out once, in the first item's turn, for all of them.
FOR_ALL = (
    "when",
    "environment",
    "check_mode",
    "diff",
    "no_log",
    "module_defaults",
    "delegate_to",
    "connection",
    "become",
)

# How a variable of a task ends that says what later tasks will look at: modules, with options that the look depends on.
AHEAD = "_read_ahead"

# The turns of a loop are all of one process. Where workers are no forks it is that of other tasks and hosts, too.
_batches: dict[tuple[str, str], Batch] = {}


class ActionModule(controller.ActionModule):
    """The turn of one item."""

    # What comes after something that goes on in the background would not know when.
    _supports_async = False

    def _result(self, variables: dict[str, Any]) -> dict[str, Any]:
        here = self._may_run_here(variables)
        told = self._as_told(self._task.action, variables)

        def run(item: Item) -> dict[str, Any]:
            if here:
                return perform(replace(told, action=item.action), item.arguments)
            return self._hand_over(item.action, item.arguments, variables)

        place = (str(self._task._uuid), str(variables.get("inventory_hostname")))
        item = variables.get(self._task.loop_control.loop_var)
        try:
            if place not in _batches:
                # Whatever is wrong is told once.
                _batches[place] = Batch([])
                self._refuse_what_cannot_be()
                _batches[place] = Batch(self._items(_items_of_the_loop() or self._templar.template(self._task.loop)))
                if here:
                    # For as long as the worker lives: items may be going on in other items' turns.
                    os.environ.update(self._wanted_environment())
                    controller._broker.attend(self._common())
                    _batches[place].start(run)
                    self._read_ahead(told)
            if not isinstance(item, dict) or item.get("name") not in _batches[place]:
                raise Failure("Nothing was begun: see what the first item says.")
            return _batches[place].outcome(item["name"], run)
        except Failure as failure:
            return {"failed": True, "msg": str(failure)}
        finally:
            _leave_options_out(item)

    def _refuse_what_cannot_be(self) -> None:
        task, control = self._task, self._task.loop_control
        if task.args:
            raise Failure("This action takes no options: what is to be done stands in its loop.")
        if task.loop is None or task.loop_with:
            raise Failure("This action needs a loop: a list of items, each with a name and one module.")
        if control.break_when:
            raise Failure("A break_when cannot end this loop: all of its items have begun by then.")
        names = "|".join(re.escape(name) for name in (control.loop_var, control.index_var, "ansible_loop") if name)
        for keyword in FOR_ALL:
            # Of what has been worked out only the source tells what it was made of.
            said = str(task.when if keyword == "when" else (task.get_ds() or {}).get(keyword, ""))
            if re.search(rf"\b({names})\b", said) and (keyword == "when" or "{{" in said):
                raise Failure(
                    f"The {keyword} of this task holds for all items and cannot name them: make it two tasks."
                )

    def _read_ahead(self, told: Task) -> None:
        """Nobody waits for it: what is not there when it is wanted is asked for then."""
        for name in [name for name in self._task.vars if name.endswith(AHEAD)]:
            # What is wrong with an input is said by who needs it.
            with suppress(Exception):
                for number, row in enumerate(self._templar.template(self._task.vars[name])):
                    [item] = self._items([{"name": f"{number}", **row}])
                    if item.wanted:
                        task = replace(told, action=item.action)
                        Thread(target=look_ahead, args=(task, item.arguments), daemon=True).start()

    def _items(self, rows: Any) -> list[Item]:
        """All items, with what `module_defaults` say of their modules."""
        if len(rows) == 1 and isinstance(rows[0], list):
            # By now Ansible has put a loop that is one template into a list.
            rows = rows[0]
        items = items_of(rows)
        # To Ansible, what defaults are about is where an action is redirected to.
        defaults = _apply_action_arg_defaults(f"{COLLECTION}.controller", self._task, {}, self._templar)
        return [replace(item, arguments={**defaults, **item.arguments}) for item in items]


def _items_of_the_loop() -> list[Any] | None:
    """What Ansible has made of the loop by now, which it gives to nobody; None where it is not to be found."""
    frame = sys._getframe()
    while frame := frame.f_back:  # type: ignore[assignment]
        if frame.f_code.co_name == "_run_loop":
            found = frame.f_locals.get("items")
            return found if isinstance(found, list) else None
    return None


def _leave_options_out(item: Any) -> None:
    """Ansible shows the items of a loop as they are, and only modules know which of their options are secrets."""
    if isinstance(item, dict):
        for key in [key for key in item if key not in KEYS]:
            del item[key]
