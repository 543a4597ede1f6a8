# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the modules of this collection inside the controller: meta/runtime.yml redirects the action of each one to here.

A cloud module only talks HTTP, yet Ansible packs it, starts a Python and imports pydo for every task. The linear
strategy loads action plugins in the parent process before it forks: what is imported here is paid once for a whole run.

It hands over to the ordinary module path whenever somebody asks for something that only a process of its own can give:
another host, user or Python, or `async` — or sets the variable `digitalocean_in_controller` to false.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.action import ActionBase
from ansible.template import Templar, trust_as_template
from ansible.utils.display import Display

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import carrier
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import told_once, withheld
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import client as spaces
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker import Broker
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.inside import (
    MODULES,
    Task,
    class_of,
    perform,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.short_lived import Guard


def _prepare() -> None:
    """Pay once, before the forks, for what every task would pay for."""
    names = [file.stem for file in (Path(__file__).parent.parent / "modules").glob("*.py")]
    # The first client of a process costs 40 ms (S3: 100 ms), each later one a fraction of that.
    steps: list[Callable[[], object]] = [
        *(partial(import_module, f"{MODULES}.{name}") for name in names),
        *([] if _broker.pid else [carrier.warm_up]),
        spaces.warm_up,
        _warm_templates,
    ]
    for step in steps:
        # What fails here fails again, and is told, when a task needs it.
        with contextlib.suppress(Exception):
            step()
    # Garbage collection in a fork would touch, and so copy, the memory of all this: leave it out.
    gc.freeze()
    # Nor is much to be found among what a task makes: looking for it takes 4 % of a run.
    gc.set_threshold(20_000, 50, 100)


def _warm_templates() -> None:
    """The first template of a process makes a lexer, the first filter and test load all there are, here and at home."""
    template = trust_as_template("{{ 'db-s-1vcpu-1gb' | fisioflow.digitalocean.pool_size if none is defined }}")
    Templar(loader=DataLoader()).template(template)


# First: while it starts, the rest is got ready, and it has no use for that.
_broker = Broker()
_prepare()
# Before the forks, too: plugin_utils/running/short_lived.py.
_guard = Guard()


class ActionModule(ActionBase):  # type: ignore[misc] # Ansible ships no types
    """The action of every module of the collection."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the task here, or hand it over."""
        super().run(tmp, task_vars)
        return self._result(task_vars or {})

    def _result(self, variables: dict[str, Any]) -> dict[str, Any]:
        action, arguments = self._task.action, self._task.args
        if not self._may_run_here(variables):
            return self._hand_over(action, arguments, variables)
        _broker.attend(self._common())
        with _surroundings(self._wanted_environment()):
            return perform(self._as_told(action, variables), arguments)

    def _common(self) -> str:
        """What is common to the workers of a task. Strategies but `linear` let a host run ahead of others."""
        return str(self._task._uuid) if self._task.play.strategy == "linear" else f"{self._task._uuid} {os.getpid()}"

    def _as_told(self, action: str, variables: dict[str, Any]) -> Task:
        """What the task says of how a module shall run here."""
        return Task(
            action=action,
            check_mode=bool(self._task.check_mode),
            diff=bool(self._task.diff),
            no_log=bool(self._task.no_log),
            shows_arguments=_shows_arguments(variables),
            progress=_show_progress,
            guard=_guard,
            broker=_broker.carry,
        )

    def _hand_over(self, action: str, arguments: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        """What the action plugin `normal` does."""
        _broker.leave_others_to_write()
        in_background = self._task.async_val and not self._connection.has_native_async
        result: dict[str, Any] = self._execute_module(
            module_name=action, module_args=dict(arguments), task_vars=variables, wrap_async=in_background
        )
        if not in_background:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        module_class = class_of(action)
        # The module itself takes `no_target_syslog` for the task's no_log: both reach it as one.
        if not self._task.no_log and (told := told_once(result, module_class)):
            for name in told:
                del result[module_class.kind.name][name]
            result.setdefault("warnings", []).append(withheld(told, module_class))
        return result

    def _may_run_here(self, variables: dict[str, Any]) -> bool:
        if self._task.delegate_to:
            variables = {**variables, **(variables.get("ansible_delegated_vars") or {}).get(self._task.delegate_to, {})}
        wanted_here = boolean(self._templar.template(variables.get("digitalocean_in_controller", True)), strict=False)
        return (
            wanted_here
            and self._connection.transport == "local"
            and not self._task.async_val
            and self._connection.become is None
            and self._is_this_python(variables)
        )

    def _is_this_python(self, variables: dict[str, Any]) -> bool:
        """Whether the task asks for no Python, for discovery, or for the one that is running."""
        wanted = str(self._templar.template(variables.get("ansible_python_interpreter") or "auto"))
        if wanted.startswith("auto"):
            return True
        # Links of a virtual environment lead out of it: equal paths, or the same file in the same environment.
        path, here = Path(wanted), Path(sys.executable)
        return path == here or (path.parent.resolve() == here.parent.resolve() and path.resolve() == here.resolve())

    def _wanted_environment(self) -> dict[str, str]:
        """The task's `environment:`, for the options that may come from there."""
        wanted: dict[str, Any] = {}
        self._compute_environment_string(wanted)
        return {str(name): str(value) for name, value in wanted.items()}


@contextlib.contextmanager
def _surroundings(variables: dict[str, str]) -> Iterator[None]:
    """These environment variables beside those that there are."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _shows_arguments(variables: dict[str, Any]) -> bool:
    """Whether a result carries the arguments as they were understood: always, until ansible-core made it a setting."""
    try:
        return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=variables))
    except AnsibleError:
        return True


def _show_progress(message: str) -> None:
    # On standard error: standard output may be a machine's (`ANSIBLE_STDOUT_CALLBACK=json`).
    Display().display(f"  … {message}", stderr=True)
