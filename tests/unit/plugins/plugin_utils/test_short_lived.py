# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guards of what must not outlive a run: each takes away its own thing, unless it was told that it is gone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.short_lived import Guard

PATIENCE = 60.0
# What leaves a mark where something would be taken away.
MODULE = """
from pathlib import Path
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import TAG
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module

class Taken(Module):
    kind = TAG

    def run(self):
        Path(self.params["mark"]).write_text(self.params["state"])
        return {"changed": True}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "taking.py").write_text(MODULE)
    # By which the guards of this test are known as well.
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def a_run(folder: Path, things: Iterable[str], gone: Iterable[str]) -> None:
    """One whose worker, a fork, makes things and takes some of them away again; at its end all guards have ended."""
    guard = Guard()
    worker = os.fork()
    if not worker:
        for name in things:
            guard.over(name)
            guard.begin("taking", "Taken", {"mark": str(folder / name)}, name)
        for name in gone:
            guard.over(name)
        os._exit(0)
    os.waitpid(worker, 0)
    os.close(guard._lives)
    deadline = time.monotonic() + PATIENCE
    while guards(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert guards(folder) == []


def guards(folder: Path) -> list[str]:
    mine = f"PYTHONPATH={folder}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes()
            if b"short_lived.py" in command and mine in (entry / "environ").read_bytes().split(b"\0"):
                found.append(entry.name)
        except OSError:
            continue
    return found


def test_each_guard_hears_what_is_said_for_it(folder: Path) -> None:
    """Though another one may listen first: a run that followed at once would lose what it has made by the same name."""
    a_run(folder, ["key", "rule", "other", "more"], ["rule", "key", "more"])
    assert [path.name for path in folder.iterdir() if path.name != "taking.py" and path.is_file()] == ["other"]
    assert (folder / "other").read_text() == "absent"
