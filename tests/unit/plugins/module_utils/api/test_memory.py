# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was answered a moment ago, to several who ask."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import memory as module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.memory import SPAN, Memory


class Time:
    """Passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(module, "time", made)
    return made


def bring(memory: Memory[str], answer: Any, value: str, keep: bool = True) -> None:
    with memory.bringing("x", answer) as brought:
        brought(value, keep)


def test_an_answer_under_way_is_everybody_s() -> None:
    memory = Memory[str]()
    first, mine = memory.ask("x")
    second, other = memory.ask("x")
    assert (mine, other, first is second) == (True, False, True)
    bring(memory, first, "rows")
    assert second.result(0) == "rows"
    assert memory.ask("y")[1]


def test_it_is_remembered_for_a_moment(time: Time) -> None:
    memory = Memory[str]()
    bring(memory, memory.ask("x")[0], "rows")
    time.now += SPAN - 0.01
    answer, mine = memory.ask("x")
    assert (mine, answer.result(0)) == (False, "rows")
    time.now += 0.01
    assert memory.ask("x")[1]


def test_what_is_no_answer_to_remember_goes_to_who_waits_for_it_only() -> None:
    memory = Memory[str]()
    first, _mine = memory.ask("x")
    second, _mine = memory.ask("x")
    bring(memory, first, "429", keep=False)
    assert second.result(0) == "429"
    assert memory.ask("x")[1]


def test_a_write_forgets() -> None:
    memory = Memory[str]()
    bring(memory, memory.ask("x")[0], "past")
    memory.forget()
    assert memory.ask("x")[1]


def test_what_was_asked_before_a_write_is_not_for_who_asks_after_it() -> None:
    memory = Memory[str]()
    before, _mine = memory.ask("x")
    memory.forget()
    after, mine = memory.ask("x")
    assert mine
    bring(memory, before, "past")
    assert not after.done()
    bring(memory, after, "present")
    answer, mine = memory.ask("x")
    assert (mine, answer.result(0)) == (False, "present")


def test_what_was_asked_before_a_write_is_not_remembered_after_it() -> None:
    memory = Memory[str]()
    before, _mine = memory.ask("x")
    memory.forget()
    bring(memory, before, "past")
    assert memory.ask("x")[1]


def test_who_waited_for_one_that_failed_asks_anew() -> None:
    memory = Memory[str]()
    first, _mine = memory.ask("x")
    second, _mine = memory.ask("x")
    with pytest.raises(RuntimeError, match="away"), memory.bringing("x", first):
        raise RuntimeError("away")
    assert isinstance(second.exception(0), RuntimeError)
    assert memory.ask("x")[1]


def test_what_is_taken_is_for_nobody_else_and_no_older_than_it_may_be(time: Time) -> None:
    memory = Memory[str](30.0)
    bring(memory, memory.ask("x")[0], "rows")
    time.now += 29.99
    taken = memory.take("x")
    assert taken is not None
    assert (taken.result(0), memory.take("x")) == ("rows", None)
    bring(memory, memory.ask("x")[0], "rows")
    time.now += 30
    assert memory.take("x") is None
