# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lists held a moment ago, with several threads that ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.memory import Memory, Read

# Seconds after which what should have happened has not.
PATIENCE = 30


class Reader:
    """An API that answers when it may."""

    def __init__(self, *outcomes: Any) -> None:
        self.asked, self.may_answer = Event(), Event()
        self.outcomes, self.times = list(outcomes), 0

    def __call__(self) -> Read:
        self.times += 1
        outcome = self.outcomes.pop(0)
        self.asked.set()
        self.may_answer.wait(PATIENCE)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome, "today"


@pytest.fixture
def pool() -> Any:
    with ThreadPoolExecutor(4) as made:
        yield made


def test_a_list_that_is_being_read_is_waited_for(pool: ThreadPoolExecutor) -> None:
    memory, reader = Memory(), Reader([{"id": 1}], [{"id": 2}])
    first = pool.submit(memory.read, "x", reader)
    assert reader.asked.wait(PATIENCE)
    others = [pool.submit(memory.read, "x", reader) for _ in range(2)]
    reader.may_answer.set()
    assert [future.result(PATIENCE) for future in (first, *others)] == [([{"id": 1}], "today")] * 3
    assert reader.times == 1


def test_what_was_read_while_something_was_written_is_not_remembered(pool: ThreadPoolExecutor) -> None:
    memory, slow, quick = Memory(), Reader(["past"]), Reader(["present"], ["present again"])
    quick.may_answer.set()
    first = pool.submit(memory.read, "x", slow)
    assert slow.asked.wait(PATIENCE)
    memory.clear()
    # Nor is it waited for, by who asks after the write.
    assert pool.submit(memory.read, "x", quick).result(PATIENCE)[0] == ["present"]
    memory.clear()
    slow.may_answer.set()
    assert first.result(PATIENCE)[0] == ["past"]
    assert memory.read("x", quick)[0] == ["present again"]


def test_who_waited_for_a_reader_that_failed_asks_itself(pool: ThreadPoolExecutor) -> None:
    memory, broken, good = Memory(), Reader(RuntimeError("away")), Reader(["rows"])
    good.may_answer.set()
    first = pool.submit(memory.read, "x", broken)
    assert broken.asked.wait(PATIENCE)
    second = pool.submit(memory.read, "x", good)
    broken.may_answer.set()
    assert second.result(PATIENCE)[0] == ["rows"]
    with pytest.raises(RuntimeError, match="away"):
        first.result(PATIENCE)


def test_who_wants_it_fresh_does_not_wait_for_others(pool: ThreadPoolExecutor) -> None:
    memory, slow, quick = Memory(), Reader(["old"]), Reader(["new"], ["newer"])
    quick.may_answer.set()
    first = pool.submit(memory.read, "x", slow)
    assert slow.asked.wait(PATIENCE)
    assert pool.submit(memory.read, "x", quick, fresh=True).result(PATIENCE)[0] == ["new"]
    slow.may_answer.set()
    first.result(PATIENCE)
    assert memory.read("x", quick, fresh=True)[0] == ["newer"]
