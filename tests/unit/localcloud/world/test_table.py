# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Eventual consistency of tables."""

from __future__ import annotations

import pytest

from localcloud.world.table import Table
from localcloud.world.world import World


@pytest.fixture
def world() -> World:
    return World(speed="real")


@pytest.fixture
def table(world: World) -> Table:
    return world.table("rows")


def _read(world: World) -> None:
    world.begin(reading=True)


def test_new_row_is_hidden_from_everyone_until_its_time(world: World, table: Table) -> None:
    before = table.snapshot()
    table.insert("1", {"id": "1"})
    table.hide(before, seconds=5, reads=None)
    _read(world)
    assert table.get("1") is None
    assert table.all() == []
    assert table.peek("1") == {"id": "1"}
    world.begin(reading=False)
    assert table.get("1") is None
    world.advance(5)
    assert table.get("1") == {"id": "1"}


def test_reads_are_counted_once_a_request(world: World, table: Table) -> None:
    before = table.snapshot()
    table.insert("1", {"id": "1"})
    table.hide(before, seconds=None, reads=2)
    seen = []
    for _ in range(4):
        _read(world)
        table.all()
        seen.append(table.get("1") is not None)
    assert seen == [False, False, True, True]


def test_changed_row_shows_its_past_to_readers_and_itself_to_writers(world: World, table: Table) -> None:
    row = table.insert("1", {"n": 1})
    before = table.snapshot()
    row["n"] = 2
    table.hide(before, seconds=5, reads=None)
    _read(world)
    assert table.get("1") == {"n": 1}
    world.begin(reading=False)
    assert table.get("1") is row
    world.advance(5)
    _read(world)
    assert table.get("1") == {"n": 2}


def test_deleted_row_lingers(world: World, table: Table) -> None:
    table.insert("1", {"n": 1})
    before = table.snapshot()
    table.delete("1")
    table.hide(before, seconds=5, reads=None)
    _read(world)
    assert table.all() == [{"n": 1}]
    world.advance(5)
    assert table.all() == []


def test_untouched_rows_are_not_affected(world: World, table: Table) -> None:
    table.insert("old", {"n": 1})
    before = table.snapshot()
    table.insert("new", {"n": 2})
    table.hide(before, seconds=5, reads=None)
    _read(world)
    assert table.all() == [{"n": 1}]
