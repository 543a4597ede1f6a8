# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clock, timers, ids, dump and load."""

from __future__ import annotations

import json
from typing import Any

import pytest

from localcloud.world import world as module
from localcloud.world.clock import factor, parse
from localcloud.world.plane import UP, Look, Plane
from localcloud.world.world import World, duration, timer

RAN: list[tuple[str, str]] = []


@pytest.fixture(autouse=True)
def _timers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIMERS", {})
    monkeypatch.setattr(module, "DURATIONS", {})
    RAN.clear()
    duration("brew", 100.0)

    @timer("note")
    def note(world: World, text: str, then: Any = None) -> None:
        RAN.append((text, world.timestamp()))
        if then:
            world.after(then[0], "note", text=then[1])


@pytest.mark.parametrize(
    ("text", "value"), [("instant", 0.0), ("real", 1.0), ("0.02", 0.02), ("50x", 0.02), ("2", 2.0), ("0", 0.0)]
)
def test_speed(text: str, value: float) -> None:
    assert factor(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["fast", "-1", "0x", "nan", "inf", ""])
def test_no_speed(text: str) -> None:
    with pytest.raises(ValueError):
        factor(text)


def test_instant_runs_with_the_next_request() -> None:
    world = World()
    world.after("brew", "note", text="done")
    assert RAN == []
    assert world.begin(reading=True) == 1
    assert [text for text, _at in RAN] == ["done"]


def test_real_waits_for_the_clock() -> None:
    world = World(speed="real")
    world.after("brew", "note", text="done")
    world.advance(99)
    assert RAN == []
    world.advance(1)
    assert [text for text, _at in RAN] == ["done"]


def test_a_number_is_not_shortened_by_speed() -> None:
    world = World(speed="instant")
    world.after(3600, "note", text="tomorrow")
    world.run_timers()
    assert RAN == []
    world.advance(3600)
    assert len(RAN) == 1


def test_chain_sees_the_time_at_which_each_link_was_due() -> None:
    world = World(speed="real")
    start = world.now().timestamp()
    world.after(150, "note", text="between")
    world.after("brew", "note", text="first", then=("brew", "second"))
    world.advance(10_000)
    assert [text for text, _at in RAN] == ["first", "between", "second"]
    assert [round(parse(at).timestamp() - start) for _text, at in RAN] == pytest.approx([100, 150, 200], abs=1)
    assert world.now().timestamp() - start == pytest.approx(10_000, abs=2)


def test_timer_that_never_waits_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TIMERS", 50)

    @timer("forever")
    def forever(world: World) -> None:
        world.after(0, "forever")

    world = World()
    world.after(0, "forever")
    with pytest.raises(RuntimeError, match="forever"):
        world.run_timers()


def test_cancel_by_arguments() -> None:
    world = World()
    world.after("brew", "note", text="a")
    world.after("brew", "note", text="b")
    assert world.cancel("note", text="a") == 1
    world.run_timers()
    assert [text for text, _at in RAN] == ["b"]


def test_unknown_timer_is_refused_when_it_is_set() -> None:
    with pytest.raises(KeyError, match="nothing"):
        World().after(1, "nothing")


def test_state_survives_json() -> None:
    world = World(speed="real")
    world.table("cups").insert("1", {"id": "1", "_secret": "x"})
    world.after("brew", "note", text="done")
    world.advance(50)
    copy = World(seed="another", speed="real")
    copy.load(json.loads(json.dumps(world.dump())))
    assert copy.table("cups").everything() == [{"id": "1", "_secret": "x"}]
    assert copy.uuid() == world.uuid()
    copy.advance(51)
    assert [text for text, _at in RAN] == ["done"]


def test_clear_starts_over_with_the_same_ids() -> None:
    world = World()
    first = world.uuid()
    world.table("cups").insert("1", {})
    world.after(5, "note", text="x")
    world.advance(1000)
    world.clear()
    assert (world.uuid(), len(world.table("cups")), world.timers) == (first, 0, [])


def test_fingerprint_sees_changes_in_depth_only() -> None:
    world = World()
    row = world.table("cups").insert("1", {"tags": ["a"], "on": {"k": 1}})
    before = world.fingerprint()
    row["tags"] = list("a")
    row["on"] = {"k": int("1")}
    assert world.fingerprint() == before
    row["on"]["k"] = 2
    assert world.fingerprint() != before


def test_ids_have_the_shapes_that_clients_expect() -> None:
    world = World()
    assert world.uuid()[14] == "4"
    assert len(world.token_hex(32)) == 64
    assert all(len(world.token_hex(4)) == 8 for _ in range(100))


class Building(Plane):
    """Where everything is being started until it is ``up``."""

    up = False

    def look(self, key: str) -> Look:
        return UP if self.up else Look("starting")


def test_what_had_to_wait_happens_when_it_is_there_and_all_else_when_it_was_due() -> None:
    world = World()
    world.plane = plane = Building()
    began = world.now()
    world.after(60.0, "note", text="alone")
    world.after(60.0, "note", text="waits", needs="oven/1")
    world.advance(3600)
    plane.up = True
    world.after(60.0, "note", text="finds it there", needs="oven/1")
    world.advance(3600)
    told = {text: (parse(at) - began).total_seconds() for text, at in RAN}
    assert told == {
        "alone": pytest.approx(60, abs=5),
        "waits": pytest.approx(7200, abs=5),
        "finds it there": pytest.approx(3660, abs=5),
    }
