# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs follows what the account holds, and never outlives the instance."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest
import trustme

from localcloud.dataplane import supervisor
from localcloud.dataplane.ground import Ground, free_address
from localcloud.dataplane.kinds import FailedError, Kind, Thing
from localcloud.dataplane.plane import DataPlane
from localcloud.world.plane import UP
from localcloud.world.world import TIMERS, World, timer

JSON = dict[str, Any]
TABLE = "sleepers"


class Sleeper(Thing):
    """A program that sleeps, and a note of what it was brought to."""

    process: supervisor.Process | None = None
    brought: list[JSON]
    gate: asyncio.Event | None = None

    async def bring(self, spec: JSON) -> None:
        if spec.get("bad"):
            raise FailedError("it has no bed", code="NoBed")
        if spec.get("late"):
            await asyncio.sleep(60)
        self.brought = [*getattr(self, "brought", []), spec]
        if self.process is None or not self.process.running:
            command = [sys.executable, "-c", "import time; time.sleep(600)"]
            self.process = await supervisor.start(
                self.key, command, logfile=self.ground.log(self.key), on_exit=self.again
            )
        (self.ground.room(self.key) / "bed").write_text("made")

    async def end(self, *, forget: bool) -> None:
        if self.process:
            await self.process.stop()
        if forget:
            (self.ground.room(self.key) / "bed").unlink(missing_ok=True)


class Sleepers(Kind):
    name = "sleeper"

    def wanted(self, world: World) -> dict[str, JSON]:
        return {id: {**row} for id, row in world.table(TABLE).items()}

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return Sleeper(ground, key, again)


class Slow(Sleeper):
    """Its end takes a moment."""

    told: ClassVar[list[tuple[str, str]]] = []

    async def bring(self, spec: JSON) -> None:
        self.told.append((self.key, "begun"))
        await super().bring(spec)

    async def end(self, *, forget: bool) -> None:
        await asyncio.sleep(0.2)
        await super().end(forget=forget)
        self.told.append((self.key, "ended"))


class Confused(Sleepers):
    name = "confused"
    told = True

    def wanted(self, world: World) -> dict[str, JSON]:
        if not self.told:
            raise KeyError("a row that is not as it should be")
        return super().wanted(world)


class Absent(Sleepers):
    name = "absent"

    def missing(self) -> str:
        return "no wheel for it"


@timer("test.risen")
def risen(world: World, id: str) -> None:
    world.table(TABLE)[id]["risen"] = world.plane.look(f"sleeper/{id}").state


def played(folder: Path, play: Callable[[World, DataPlane], Any]) -> None:
    """A play in a world whose plane runs, and ends afterwards."""
    authority = trustme.CA()

    async def whole() -> None:
        world = World()
        ground = Ground(world, folder / "data", authority.issue_cert, lambda: plane.change())
        plane = DataPlane(ground, [Sleepers(), Confused(), Absent()])
        world.plane = plane
        await plane.start()
        try:
            await play(world, plane)
        finally:
            await plane.stop(keep=False)

    asyncio.run(whole())


def thing(plane: DataPlane, id: str) -> Sleeper:
    found = plane.keepers[f"sleeper/{id}"].thing
    assert isinstance(found, Sleeper)
    return found


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def test_it_is_started_changed_and_removed_with_its_record(tmp_path: Path) -> None:
    async def play(world: World, plane: DataPlane) -> None:
        assert plane.look("sleeper/a").state == "starting"
        world.table(TABLE).insert("a", {"pillow": 1})
        plane.change()
        await until(lambda: plane.look("sleeper/a") == UP)
        one = thing(plane, "a")
        assert one.process is not None
        pid = one.process.pid
        world.table(TABLE)["a"]["pillow"] = 2
        plane.change()
        await plane.settle()
        assert [spec["pillow"] for spec in one.brought] == [1, 2]
        assert one.process.pid == pid
        world.table(TABLE).delete("a")
        plane.change()
        await plane.settle()
        assert not one.process.running
        assert not (tmp_path / "data/sleeper/a/bed").exists()

    played(tmp_path, play)


def test_what_dies_comes_back(tmp_path: Path) -> None:
    async def play(world: World, plane: DataPlane) -> None:
        world.table(TABLE).insert("a", {})
        plane.change()
        await until(lambda: plane.look("sleeper/a") == UP)
        first = thing(plane, "a").process
        assert first is not None
        os.kill(first.pid, signal.SIGKILL)
        await until(lambda: not first.running and plane.look("sleeper/a") == UP)
        second = thing(plane, "a").process
        assert second is not None
        assert second.pid != first.pid

    played(tmp_path, play)


def test_what_it_says_can_be_read_by_the_beginning_of_its_name(tmp_path: Path) -> None:
    async def play(world: World, plane: DataPlane) -> None:
        for id in ("ab", "xyz"):
            plane._ground.log(f"sleeper/{id}").write_text("".join(f"{id} {number}\n" for number in range(9)))
        assert plane.logs() == ["sleeper/ab", "sleeper/xyz"]
        assert plane.log_tail("sleeper/ab", 2) == ["ab 7", "ab 8"]
        assert plane.log_tail("sleeper/x", 1) == ["xyz 8"]
        with pytest.raises(ValueError, match="several logs begin with sleeper: sleeper/ab, sleeper/xyz"):
            plane.log_tail("sleeper", 1)
        with pytest.raises(ValueError, match="there is no log of snorer"):
            plane.log_tail("snorer", 1)

    played(tmp_path, play)


def test_a_timer_waits_for_what_it_needs(tmp_path: Path) -> None:
    async def play(world: World, plane: DataPlane) -> None:
        world.table(TABLE).insert("a", {"late": True})
        world.table(TABLE).insert("b", {"bad": True})
        for id in "ab":
            world.after(0.0, "test.risen", id=id, needs=f"sleeper/{id}")
        plane.change()
        await until(lambda: "risen" in world.table(TABLE)["b"])
        assert world.table(TABLE)["b"]["risen"] == "failed"
        assert plane.look("sleeper/b").reason == {"message": "it has no bed", "code": "NoBed"}
        world.advance(86_400)
        assert "risen" not in world.table(TABLE)["a"]
        assert len(world.timers) == 1

    played(tmp_path, play)
    assert TIMERS["test.risen"] is risen


def test_a_kind_that_cannot_tell_what_should_run_stops_nothing_and_nobody(tmp_path: Path) -> None:
    async def play(world: World, plane: DataPlane) -> None:
        world.table(TABLE).insert("a", {})
        plane.change()
        await until(lambda: plane.look("confused/a") == UP)
        Confused.told = False
        world.table(TABLE).insert("b", {})
        plane.change()
        await until(lambda: plane.look("sleeper/b") == UP)
        assert plane.look("confused/a") == UP
        assert "confused/b" not in plane.keepers
        Confused.told = True
        plane.change()
        await until(lambda: plane.look("confused/b") == UP)

    played(tmp_path, play)


def test_one_that_comes_again_begins_after_the_end_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a reset the same ids come again."""
    monkeypatch.setattr(Sleepers, "make", lambda _kind, ground, key, again: Slow(ground, key, again))
    Slow.told.clear()

    async def play(world: World, plane: DataPlane) -> None:
        for _time in range(2):
            world.table(TABLE).insert("a", {})
            plane.change()
            await until(lambda: plane.look("sleeper/a") == UP)
            world.table(TABLE).delete("a")
            plane.change()
        world.table(TABLE).insert("a", {})
        plane.change()
        await until(lambda: plane.look("sleeper/a") == UP)

    played(tmp_path, play)
    assert [what for key, what in Slow.told if key == "sleeper/a"] == ["begun", "ended"] * 3


@timer("test.fails")
def fails(_world: World) -> None:
    raise KeyError("a row that is not as it should be")


class Deaf(Sleeper):
    """It loses the first word that tells it to stop what it does."""

    async def bring(self, spec: JSON) -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await super().bring(spec)


def test_one_that_does_not_hear_of_its_end_is_told_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sleepers, "make", lambda _kind, ground, key, again: Deaf(ground, key, again))
    monkeypatch.setattr("localcloud.dataplane.work.TOLD_AGAIN", 0.1)

    async def play(world: World, plane: DataPlane) -> None:
        world.table(TABLE).insert("a", {})
        plane.change()
        await asyncio.sleep(0.1)
        one = thing(plane, "a")
        world.table(TABLE).delete("a")
        plane.change()
        async with asyncio.timeout(5):
            await plane.settle()
        assert plane._leaving == set()
        assert one.process is None or not one.process.running

    played(tmp_path, play)


def test_time_goes_on_after_a_timer_that_fails(tmp_path: Path) -> None:
    async def play(world: World, plane: DataPlane) -> None:
        world.table(TABLE).insert("a", {})
        plane.change()
        await until(lambda: plane.look("sleeper/a") == UP)
        world.after(0.0, "test.fails")
        world.after(0.0, "test.risen", id="a")
        await until(lambda: "risen" in world.table(TABLE)["a"])

    played(tmp_path, play)


def test_what_has_no_software_is_a_record(tmp_path: Path) -> None:
    async def play(_world: World, plane: DataPlane) -> None:
        assert plane.missing == {"absent": "no wheel for it"}
        assert plane.look("absent/a") == UP
        assert plane.place("absent", {"server": 5432}) == {}
        at = plane.place("sleeper", {"server": 5432, "pool": 5433})
        assert at["server"][0] == at["pool"][0]
        assert [at["server"][1], at["pool"][1]] == [5432, 5433]

    played(tmp_path, play)


def test_an_address_with_a_port_that_is_taken_is_not_given() -> None:
    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        with pytest.raises(RuntimeError, match="no loopback address"):
            free_address([everywhere.getsockname()[1]])


def test_a_child_ends_with_an_instance_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from localcloud.dataplane import supervisor\n"
        "async def main():\n"
        "    child = await supervisor.start('x', [sys.executable, '-c', 'import time; time.sleep(600)'],"
        f" logfile=Path({str(tmp_path / 'log')!r}))\n"
        "    print(child.pid, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
    asyncio.run(until(lambda: _ended(pid)))


def _ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
