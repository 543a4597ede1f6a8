# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state file: everything that the account holds, in one JSON document that only its owner can read."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from localcloud.world import hooks, private
from localcloud.world.world import World

# 2: bodies of objects are files beside it.
VERSION = 2
NAME = "state.json"
# How far a document is taken apart: to the rows of tables and to the objects of buckets.
_DEPTH = 6


def snapshot(world: World) -> dict[str, Any]:
    """``{"version", "world": {…}, "more": {name: …}}`` as it is now, to be written while requests go on."""
    more = {name: state.snapshot(world) for name, state in hooks.STATES.items()}
    return {"version": VERSION, "world": world.dump(), "more": more}


def dump(world: World) -> dict[str, Any]:
    """The same as plain JSON, complete without the files beside it."""
    more = {name: state.export(world) for name, state in hooks.STATES.items()}
    return {"version": VERSION, "world": world.dump(), "more": more}


def load(world: World, state: dict[str, Any]) -> None:
    """Replace what the account holds; ValueError when this is no state of this version."""
    if state.get("version") != VERSION or "world" not in state:
        raise ValueError(f"this is no localcloud state of version {VERSION}")
    for function in hooks.RESETTERS:
        function(world)
    world.load(state["world"])
    for name, part in hooks.STATES.items():
        if name in state.get("more", {}):
            part.restore(world, state["more"][name])


def write(home: Path, state: dict[str, Any]) -> None:
    """Write a snapshot, so that a crash in the middle leaves the previous state. Meant for a thread of its own."""
    path = home / NAME
    draft = path.with_suffix(".new")
    with os.fdopen(private.opened(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "w") as file:
        for piece in _pieces(state):
            file.write(piece)
    draft.replace(path)


def _pieces(value: Any, depth: int = 0) -> Iterator[str]:
    """JSON in small pieces: the encoder lets no other thread run while it is at one."""
    if depth < _DEPTH and isinstance(value, dict):
        yield "{"
        for number, (name, item) in enumerate(value.items()):
            yield f"{',' if number else ''}{json.dumps(name)}:"
            yield from _pieces(item, depth + 1)
        yield "}"
    elif depth < _DEPTH and isinstance(value, list):
        yield "["
        for number, item in enumerate(value):
            yield "," if number else ""
            yield from _pieces(item, depth + 1)
        yield "]"
    else:
        yield json.dumps(value, separators=(",", ":"), default=vars)


def saved(world: World, state: dict[str, Any]) -> None:
    """This snapshot is in the file now."""
    for name, part in hooks.STATES.items():
        part.saved(world, state["more"][name])


def read(world: World, home: Path) -> bool:
    """Load the state that was kept, if there is one."""
    path = home / NAME
    if not path.exists():
        return False
    try:
        load(world, json.loads(private.read(path)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} cannot be read ({error}); remove it to start with an empty account") from None
    saved(world, snapshot(world))
    return True
