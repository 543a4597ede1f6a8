# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Items that run at the same time: when each begins, what came of it, and which lists are refused."""

from __future__ import annotations

from threading import Barrier, Event, active_count, current_thread, main_thread
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running import together
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.together import Batch, Item, items_of
from tests.integration.harness.steps import assert_sentence

# Seconds after which what should have met has not.
PATIENCE = 30


def item(name: str, *after: str) -> Item:
    return Item(name, "fisioflow.digitalocean.vpc", {}, after)


class Runs:
    """Stands for the modules: what each item came to, one after the other, and which have begun and ended."""

    def __init__(self, **outcomes: list[Any]) -> None:
        self.outcomes = outcomes
        self.begun: list[str] = []
        self.ended: list[str] = []

    def __call__(self, asked: Item) -> dict[str, Any]:
        self.begun.append(asked.name)
        outcome = self.outcomes.get(asked.name, []).pop(0) if self.outcomes.get(asked.name) else {"changed": True}
        self.ended.append(asked.name)
        if isinstance(outcome, Exception):
            raise outcome
        return dict(outcome)


def told(batch: Batch, run: Any, *names: str) -> dict[str, dict[str, Any]]:
    return {name: batch.outcome(name, run) for name in names}


def test_what_comes_after_nothing_begins_at_once() -> None:
    meet = Barrier(3)

    def run(asked: Item) -> dict[str, Any]:
        meet.wait(PATIENCE)
        return {"is": asked.name}

    batch = Batch([item("a"), item("b"), item("c")])
    batch.start(run)
    assert told(batch, run, "a", "b", "c") == {name: {"is": name} for name in "abc"}


def test_what_comes_after_others_begins_when_all_of_them_have_ended() -> None:
    may_end, ended = {"a": Event(), "b": Event()}, []

    def run(asked: Item) -> dict[str, Any]:
        if asked.name == "c":
            return {"after": list(ended)}
        may_end[asked.name].wait(PATIENCE)
        ended.append(asked.name)
        if asked.name == "b":
            may_end["a"].set()
        return {}

    batch = Batch([item("a"), item("b"), item("c", "a", "b")])
    batch.start(run)
    may_end["b"].set()
    assert batch.outcome("c", run) == {"after": ["b", "a"]}


def test_not_more_of_them_run_than_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST_AT_ONCE", 2)
    may_end, before = Event(), active_count()

    def run(asked: Item) -> dict[str, Any]:
        may_end.wait(PATIENCE)
        return {}

    names = [f"item {number}" for number in range(6)]
    batch = Batch([item(name) for name in names])
    batch.start(run)
    assert active_count() - before == 2
    may_end.set()
    assert list(told(batch, run, *names)) == names


def test_what_comes_after_a_failure_is_held_back_and_the_others_go_on() -> None:
    run = Runs(a=[{"failed": True}])
    batch = Batch([item("a"), item("b", "a"), item("c", "b"), item("d"), item("e", "d")])
    batch.start(run)
    found = told(batch, run, *"abcde")
    assert sorted(run.begun) == ["a", "d", "e"]
    assert [name for name, outcome in found.items() if outcome.get("failed")] == ["a", "b", "c"]
    assert found["b"]["msg"] == "b was not begun: it comes after a, which failed."
    assert [name for name, outcome in found.items() if outcome.get("held_back")] == ["b", "c"]
    assert (found["c"]["msg"], found["c"]["changed"]) == ("c was not begun: it comes after b, which failed.", False)


@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_not_wanted_is_skipped_and_what_comes_after_it_goes_on(at_once: bool) -> None:
    run = Runs(a=[{"failed": True}])
    rows = [
        {"name": "a", "vpc": {}},
        {"name": "b", "vpc": {}, "after": "a", "when": False},
        {"name": "c", "vpc": {}, "after": "b", "when": True},
    ]
    batch = Batch(items_of(rows))
    if at_once:
        batch.start(run)
    found = told(batch, run, *"abc")
    assert run.begun == ["a", "c"]
    assert found["b"] == {"changed": False, "skipped": True, "skip_reason": "Conditional result was False"}


@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_asked_for_again_is_done_again_and_so_is_what_it_held_back(at_once: bool) -> None:
    run = Runs(a=[{"failed": True}, {"changed": True, "second": True}])
    batch = Batch([item("a"), item("b", "a"), item("c", "b")])
    if at_once:
        batch.start(run)
    first = batch.outcome("a", run)
    # What Ansible makes of it is no word of the module.
    first["failed"] = False
    assert batch.outcome("a", run)["second"]
    assert told(batch, run, "b", "c") == {"b": {"changed": True}, "c": {"changed": True}}
    assert run.begun == ["a", "a", "b", "c"]


def test_a_failure_that_is_overruled_still_holds_back() -> None:
    run = Runs(a=[{"failed": True}])
    batch = Batch([item("a"), item("b", "a")])
    batch.outcome("a", run)["failed"] = False
    assert batch.outcome("b", run)["failed"]


def test_a_defect_is_raised_to_who_asks_and_holds_back() -> None:
    run = Runs(a=[RuntimeError("a defect")])
    batch = Batch([item("a"), item("b", "a")])
    batch.start(run)
    with pytest.raises(RuntimeError, match="a defect"):
        batch.outcome("a", run)
    assert batch.outcome("b", run)["failed"]


def test_what_has_not_been_started_runs_in_its_turn_and_nowhere_else() -> None:
    where = []

    def run(asked: Item) -> dict[str, Any]:
        where.append(current_thread())
        return {"failed": asked.name == "b"}

    batch = Batch([item("a"), item("b", "a"), item("c", "b")])
    assert [batch.outcome(name, run)["failed"] for name in "abc"] == [False, True, True]
    assert where == [main_thread()] * 2


def test_an_item_is_a_name_a_module_and_what_it_comes_after() -> None:
    loop = [
        {"name": "one", "vpc": {"name": "x"}},
        {"name": "two", "fisioflow.digitalocean.account_info": None, "after": "one"},
        {"name": "three", "app": {}, "after": ["one", "two"]},
    ]
    assert items_of(loop) == [
        Item("one", "fisioflow.digitalocean.vpc", {"name": "x"}),
        Item("two", "fisioflow.digitalocean.account_info", {}, ("one",)),
        Item("three", "fisioflow.digitalocean.app", {}, ("one", "two")),
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("text", "Item 2 must be a dictionary with a name, one module and perhaps after."),
        ({"vpc": {}}, "Item 2 must be a dictionary with a name"),
        ({"name": " ", "vpc": {}}, "Item 2 must be a dictionary with a name"),
        ({"name": 2, "vpc": {}}, "Item 2 must be a dictionary with a name"),
        ({"name": "first", "vpc": {}}, "There are several items of the name first"),
        ({"name": "x"}, "Item x: it has no module."),
        ({"name": "x", "vcp": {}}, "Item x: vcp is no module of fisioflow.digitalocean, vpc is."),
        ({"name": "x", "ansible.builtin.debug": {}}, "ansible.builtin.debug is no module of fisioflow.digitalocean"),
        ({"name": "x", "report": {"path": "x"}}, "report is no module of"),
        ({"name": "x", "together": {}}, "together is no module of"),
        ({"name": "x", "vpc": {}, "app": {}}, "Item x: it has several modules (vpc, app): make it an item for each."),
        ({"name": "x", "vpc": {}, "when": "true"}, "Item x: its when must be true or false, as a template in braces"),
        ({"name": "x", "vpc": ["name"]}, "Item x: the options of vpc must be a dictionary."),
        ({"name": "x", "vpc": {}, "after": "nobody"}, "Item x comes after nobody, which is no item"),
        ({"name": "x", "vpc": {}, "after": ["last"]}, "Item x comes after last, which must then stand before it"),
        ({"name": "x", "vpc": {}, "after": "x"}, "Item x comes after x, which must then stand before it"),
        ({"name": "x", "vpc": {}, "after": {"a": 1}}, "which is no item"),
    ],
)
def test_what_is_wrong_with_a_list_is_told_in_a_sentence(wrong: Any, words: str) -> None:
    with pytest.raises(Failure) as refused:
        items_of([{"name": "first", "vpc": {}}, wrong, {"name": "last", "vpc": {}}])
    assert words in str(refused.value)
    assert_sentence(str(refused.value))


@pytest.mark.parametrize("loop", [[], "text", {"name": "x"}])
def test_what_is_no_list_of_items_is_refused(loop: Any) -> None:
    with pytest.raises(Failure, match="The loop must be a list of items"):
        items_of(loop)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(Failure) as refused:
        items_of([{"name": "a", "vcp": {}}, {"name": "b"}])
    assert "vcp is no module" in str(refused.value)
    assert "b: it has no module" in str(refused.value)
