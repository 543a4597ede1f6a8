# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One task of a module in this process, from its arguments to its result: all of it that is not Ansible's executor's.

The action plugin `controller` is one caller, the tests of the modules are the other.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Broker, no_broker
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Clock
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.arguments import misfits
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import (
    Invocation,
    Module,
    execute,
    ignore,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.planned import Planned
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.short_lived import Guard

MODULES = "ansible_collections.fisioflow.digitalocean.plugins.modules"


@dataclass(frozen=True)
class Task:
    """What a task says beside its arguments, and who hears of it while it runs."""

    # The module's name, with or without the collection's in front.
    action: str
    check_mode: bool = False
    diff: bool = False
    no_log: bool = False
    # Whether the result carries the arguments as they were understood.
    shows_arguments: bool = True
    progress: Callable[[str], None] = ignore
    # None: nobody ends what must not outlive the run but the run itself.
    guard: Guard | None = None
    broker: Broker = no_broker
    clock: Clock = field(default_factory=Clock)


class _NoTime(Clock):
    """Whoever would wait gives up."""

    def sleep(self, seconds: float) -> None:
        raise Failure(f"There are no {seconds} s")


def look_ahead(task: Task, arguments: Mapping[str, Any]) -> None:
    """Ask now what the first look of such a task will ask, for the broker to keep. What goes wrong is told then."""
    with suppress(Exception):
        module_class = class_of(task.action)
        given = ArgumentSpecValidator(**module_class.argument_spec()).validate(plain(arguments)).validated_parameters
        invocation = Invocation(given, check_mode=True, broker=task.broker, clock=_NoTime())
        invocation.ahead.keeps()
        module = module_class(invocation)
        if isinstance(module, Planned):
            module.read()


def perform(task: Task, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The result of the task, which is final: no secret is in it unless `no_log` keeps it from being shown."""
    module_class = class_of(task.action)
    specification, given = module_class.argument_spec(), plain(arguments)
    if wrong := misfits(specification["argument_spec"], given):
        return {"failed": True, "msg": " ".join(wrong)}
    validated = ArgumentSpecValidator(**specification).validate(given)
    params, secrets = validated.validated_parameters, Secrets(validated._no_log_values)
    warnings: list[str] = []
    if validated.error_messages:
        secrets.hide(*module_class.secrets_among(params))
        result = {"failed": True, "msg": secrets.mask(_complaint(validated, task.action))}
    else:
        invocation = Invocation(
            params=params,
            check_mode=task.check_mode,
            diff=task.diff,
            hidden=task.no_log,
            warn=warnings.append,
            progress=task.progress,
            secrets=secrets,
            clock=task.clock,
            broker=task.broker,
        )
        if task.guard is not None:
            invocation.make_short_lived = partial(
                task.guard.begin, module_class.__module__, module_class.__name__, params
            )
            invocation.is_gone = task.guard.over
        result = execute(module_class, invocation)
    if warnings:
        # Who looks twice warns twice.
        result["warnings"] = list(dict.fromkeys(warnings))
    if task.shows_arguments:
        result["invocation"] = {"module_args": secrets.mask(params)}
    return result


def plain(value: Any) -> Any:
    """Arguments without Ansible's wrappings (tags, vaulted strings): what a module gets as JSON."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)) and not hasattr(value, "encode"):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def class_of(action: str) -> type[Module]:
    """The class of `fisioflow.digitalocean.database_user` is DatabaseUser in the file of that name."""
    name = action.rpartition(".")[2]
    found: type[Module] = getattr(import_module(f"{MODULES}.{name}"), "".join(part.title() for part in name.split("_")))
    return found


def _complaint(validated: Any, action: str) -> str:
    """AnsibleModule's words about arguments that are wrong."""
    message = str(validated.errors.msg)
    if isinstance(validated.errors[0], UnsupportedError):
        return f"Unsupported parameters for ({action}) module: {message}"
    return message
