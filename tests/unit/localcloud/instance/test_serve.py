# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saving the state when that does not work."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from localcloud.instance import serve
from localcloud.instance.home import Home
from localcloud.instance.server import Server
from localcloud.ports.shared import Options
from localcloud.world import state_file


def test_what_could_not_be_saved_is_tried_again_and_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    home = Home(tmp_path / "home")
    home.acquire()
    server = Server(home.path, Options(keep_state=True))
    write, tried = state_file.write, []

    def flaky(folder: Path, state: dict[str, Any]) -> None:
        """Only the second time goes well; then the server is stopped, and the last time fails."""
        tried.append(server.shared.dirty)
        if len(tried) != 2:
            raise OSError("No space left on device")
        write(folder, state)
        os.kill(os.getpid(), signal.SIGTERM)

    def ready() -> None:
        server.shared.changed()
        # So that a server that gives up saving ends too.
        asyncio.get_running_loop().call_later(10, os.kill, os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(state_file, "write", flaky)
    monkeypatch.setattr(serve, "SAVE_EVERY", 0.01)
    serve.run(server, home, {name: serve.listen(0) for name in server.ports}, ready)
    # What changes while it is written makes it dirty again.
    assert tried == [False, False, False]
    assert server.shared.dirty
    assert [path.name for path in home.path.iterdir() if path.name != "spaces"] == ["state.json"]
    assert caplog.text.count("the state could not be saved") == 2
