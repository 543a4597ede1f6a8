# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps run in this process, through `perform`: what a task on the controller path is, less Ansible's own executor.

Against a real localcloud, and in its time: pauses of a module move its clock forward instead of being waited for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Clock
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker import Broker
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.inside import Task, perform
from localcloud.client import Admin, writes_in
from tests.integration.harness.ansible import environment
from tests.integration.harness.meddling import Meddling
from tests.integration.harness.steps import Outcome, Run, Step, assert_names_differ
from tests.localcloud_fixtures import LocalCloud

# Other keywords of a task are Ansible's business: `play` them.
KEYWORDS = {"no_log", "environment"}
# Seconds of a module's pauses in one run of steps; they cost next to nothing, but a wait without an end shall have one.
LONGEST = 7200


@cache
def _broker() -> Broker:
    """As a run has one; the tests of a session share it, each with a time of its own."""
    return Broker(keeps_pace=False)


class CloudsTime(Clock):
    """Passes only in pauses, and then in localcloud too. In each pause somebody else may do something."""

    def __init__(self, admin: Admin, meanwhile: Callable[[], object]) -> None:
        self._admin, self._meanwhile, self._time = admin, meanwhile, 0.0

    def now(self) -> float:
        return self._time

    def sleep(self, seconds: float) -> None:
        self._time += seconds
        assert self._time < LONGEST, "nobody waits that long"
        self._admin.advance(seconds)
        self._meanwhile()


def inside(
    cloud: LocalCloud,
    steps: list[Step],
    *,
    env: dict[str, str] | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Run:
    """Run the steps against `cloud`; one that fails does not stop the next.

    `printed` is what a run shows at its most talkative: each result that its task does not hide, and progress.
    """
    assert_names_differ(steps)
    meddling, clock = Meddling(cloud.admin), CloudsTime(cloud.admin, meanwhile)
    outcomes: dict[str, Outcome] = {}
    variables: dict[str, Any] = {}
    printed: list[str] = []
    since = cloud.admin.seq()
    with surroundings(environment(cloud) | (env or {})):
        for step in steps:
            assert set(step.keywords) - {"register"} <= KEYWORDS, f"{step.name}: {sorted(step.keywords)}"
            hidden = bool(step.keywords.get("no_log"))
            task = Task(
                action=step.action,
                check_mode=step.check,
                diff=True,
                no_log=hidden,
                progress=printed.append,
                broker=_broker().carry,
                clock=clock,
            )
            meddling.act(step.before)
            # Each task of a run is a process of its own.
            _broker().attend(f"{since} {step.name}")
            with surroundings({**os.environ, **step.keywords.get("environment", {})}):
                # As text, which is what goes from process to process.
                result = json.loads(json.dumps(perform(task, _resolved(step.args, variables))))
            calls = cloud.admin.journal(since)
            since = calls[-1]["seq"] if calls else since
            status = "failed" if result.get("failed") else "ok"
            outcomes[step.name] = Outcome(step.name, status, result, calls, writes_in(calls))
            printed.append("hidden" if hidden else json.dumps(result, ensure_ascii=False))
            for name in filter(None, (step.register, step.keywords.get("register"))):
                variables[name] = result
    return Run(outcomes, "\n".join(printed), frozenset(meddling.secrets))


def one(cloud: LocalCloud, module: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
    """The result of one task, with the writes that it sent, and always with its warnings."""
    outcome = inside(cloud, [Step("it", module, options, check=check)])["it"]
    return {"warnings": [], **outcome.result, "writes": outcome.writes}


@contextmanager
def surroundings(variables: dict[str, str]) -> Iterator[None]:
    """These environment variables and no others."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _resolved(value: Any, variables: dict[str, Any]) -> Any:
    """Arguments with what earlier steps have registered."""
    if isinstance(value, dict):
        return {key: _resolved(item, variables) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, variables) for item in value]
    if isinstance(value, str) and "{{" in value:
        return Templar(loader=DataLoader(), variables=variables).template(trust_as_template(value))
    return value
