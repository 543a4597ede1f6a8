# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state file: everything that the account holds, in one JSON document that only its owner can read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localcloud import hooks, private

if TYPE_CHECKING:
    from localcloud.server import Server

VERSION = 1
NAME = "state.json"


def dump(server: Server) -> dict[str, Any]:
    """``{"version", "world": {…}, "more": {name: …}}``"""
    more = {name: save(server.world) for name, (save, _load) in hooks.DUMPERS.items()}
    return {"version": VERSION, "world": server.world.dump(), "more": more}


def load(server: Server, state: dict[str, Any]) -> None:
    """Replace what the account holds; ValueError when this is no state of this version."""
    if state.get("version") != VERSION or "world" not in state:
        raise ValueError(f"this is no localcloud state of version {VERSION}")
    for function in hooks.RESETTERS:
        function(server.world)
    server.world.load(state["world"])
    # They are moments of the clock that was.
    server.limits.clear()
    for name, (_save, restore) in hooks.DUMPERS.items():
        if name in state.get("more", {}):
            restore(server.world, state["more"][name])


def write(server: Server) -> None:
    """Save, so that a crash in the middle leaves the previous state."""
    path = server.home / NAME
    draft = path.with_suffix(".new")
    private.write(draft, json.dumps(dump(server), separators=(",", ":")).encode())
    draft.replace(path)
    server.dirty = False


def read(server: Server) -> bool:
    """Load the state that was kept, if there is one."""
    path: Path = server.home / NAME
    if not path.exists():
        return False
    try:
        load(server, json.loads(private.read(path)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} cannot be read ({error}); remove it to start with an empty account") from None
    return True
