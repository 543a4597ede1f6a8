# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of one task, each a module with its options: what they are, when each begins, and what came of it.

The modules run in threads of the worker that has the task; Ansible asks for what came of each in its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.nearest import nearest
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import HEEDS_SIGNALS_EVERY
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.inside import class_of, plain

COLLECTION = "fisioflow.digitalocean"
# What an item has beside its module (and what reporting.py knows the results of items by).
KEYS = ("name", "after", "when")
# Nearly all of their time is waiting. DigitalOcean takes 250 requests a minute.
MOST_AT_ONCE = 16
# What Ansible says of a task.
SKIPPED: Data = {"changed": False, "skipped": True, "skip_reason": "Conditional result was False"}


@dataclass(frozen=True)
class Item:
    """One of the things to do; `action` is the module's full name."""

    name: str
    action: str
    arguments: Data
    after: tuple[str, ...] = ()
    wanted: bool = True


Run = Callable[[Item], Data]


class Batch:
    """The items of one task. One begins when those that it comes after are done, and never when one of them failed.
    One that is not wanted counts as done.

    Done and failed are the modules' words: what `failed_when` and the like make of them is not known yet.
    """

    def __init__(self, items: list[Item]) -> None:
        self._items = {item.name: item for item in items}
        self._is_started = False
        self._begun: set[str] = set()
        # An exception is a defect, raised to whoever asks.
        self._outcomes: dict[str, Data | Exception] = {}
        self._held_back: set[str] = set()
        self._told: set[str] = set()
        self._running = 0
        self._ended = Condition()

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def start(self, run: Run) -> None:
        """Begin what can begin; the rest follows by itself."""
        with self._ended:
            self._is_started = True
            self._begin(run)

    def outcome(self, name: str, run: Run) -> Data:
        """What came of an item, waiting for it. Where nothing was started, it is done now.

        So is what is asked for again, and in its turn what was held back by that.
        """
        with self._ended:
            while self._is_started and name not in self._outcomes:
                # In short waits: a signal that another thread has received is only handled when this one wakes.
                self._ended.wait(HEEDS_SIGNALS_EVERY)
            is_known = self._is_started and name not in self._told | self._held_back
            self._told.add(name)
        if not is_known:
            self._do(self._items[name], run)
        outcome = self._outcomes[name]
        if isinstance(outcome, Exception):
            raise outcome
        # A copy: Ansible writes into it, such as what `failed_when` says.
        return dict(outcome)

    def _begin(self, run: Run) -> None:
        """With the lock held: begin, in the order of the list, all whose turn has come."""
        for item in self._items.values():
            if item.name in self._begun or not self._outcomes.keys() >= set(item.after):
                continue
            if self._running == MOST_AT_ONCE:
                return
            self._begun.add(item.name)
            self._running += 1
            # Nothing waits for them at the end of the worker: what ends a worker ends its modules.
            Thread(target=self._do, args=(item, run, True), daemon=True).start()

    def _do(self, item: Item, run: Run, beside: bool = False) -> None:
        outcome: Data | Exception
        failed: list[str] = []
        try:
            failed = [name for name in item.after if item.wanted and _failed(self._outcomes[name])]
            outcome = _held_back(item, failed) if failed else run(item) if item.wanted else dict(SKIPPED)
        except Exception as error:
            outcome = error
        with self._ended:
            self._outcomes[item.name] = outcome
            (self._held_back.add if failed else self._held_back.discard)(item.name)
            if beside:
                self._running -= 1
                self._begin(run)
            self._ended.notify_all()


def _failed(outcome: Data | Exception) -> bool:
    return isinstance(outcome, Exception) or bool(outcome.get("failed"))


def _held_back(item: Item, failed: list[str]) -> Data:
    names = " and ".join(failed)
    return {
        "failed": True,
        "changed": False,
        # Who lists what failed need not list this.
        "held_back": True,
        "msg": f"{item.name} was not begun: it comes after {names}, which failed.",
    }


@cache
def modules() -> frozenset[str]:
    """The names of what an item can be."""
    found = set()
    for file in (Path(__file__).parents[2] / "modules").glob("[a-z]*.py"):
        try:
            class_of(file.stem)
        except AttributeError:
            # The documentation of an action.
            continue
        found.add(file.stem)
    return frozenset(found)


def items_of(loop: Any) -> list[Item]:
    """The items of a loop, in its order. Raises Failure with a sentence for each thing that is wrong with them."""
    rows = plain(loop)
    problems = [*_problems(rows)] if isinstance(rows, list) and rows else ["The loop must be a list of items."]
    if problems:
        raise Failure(" ".join(problems))
    return [_item(row) for row in rows]


def _item(row: Data) -> Item:
    [key] = row.keys() - set(KEYS)
    action = f"{COLLECTION}.{key.rpartition('.')[2]}"
    return Item(row["name"], action, row[key] or {}, tuple(_after(row)), row.get("when", True))


def _after(row: Data) -> list[Any]:
    names = row.get("after") or []
    return names if isinstance(names, list) else [names]


def _problems(rows: list[Any]) -> Iterator[str]:
    before: list[Any] = []
    all_names = [row.get("name") for row in rows if isinstance(row, dict)]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not row["name"].strip():
            yield f"Item {number} must be a dictionary with a name, one module and perhaps after."
            continue
        name = row["name"]
        if name in before:
            yield f"There are several items of the name {name}: results are known by it, so give each its own."
        yield from (f"Item {name}: {problem}." for problem in _problems_of_module(row))
        for other in _after(row):
            if other not in all_names:
                yield f"Item {name} comes after {other}, which is no item: correct the name."
            elif other not in before:
                yield f"Item {name} comes after {other}, which must then stand before it in the list."
        before.append(name)


def _problems_of_module(row: Data) -> Iterator[str]:
    if not isinstance(row.get("when", True), bool):
        yield 'its when must be true or false, as a template in braces gives it: "{{ … }}"'
    keys = [key for key in row if key not in KEYS]
    ours = [key for key in keys if key.rpartition(".")[2] in modules()]
    for key in keys:
        if key not in ours:
            near = nearest(key.rpartition(".")[2], modules())
            yield f"{key} is no module of {COLLECTION}{f', {near} is' if near else ''}"
    if not keys:
        yield "it has no module"
    if len(ours) > 1:
        yield f"it has several modules ({', '.join(ours)}): make it an item for each"
    for key in ours:
        if not isinstance(row[key] if row[key] is not None else {}, dict):
            yield f"the options of {key} must be a dictionary"
