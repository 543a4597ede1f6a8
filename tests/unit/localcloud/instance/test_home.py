# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of an instance: never through a symbolic link that somebody has put in their place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from localcloud.instance.home import Home
from localcloud.instance.server import Server
from localcloud.ports.shared import Options
from localcloud.world import private, state_file


def test_no_file_of_a_home_is_written_through_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    home = Home(tmp_path / "home")
    home.create()
    for name in ("pid", "env.json", "server.log"):
        (home.path / name).symlink_to(victim)
    log = home.path / "server.log"
    for write in (home.acquire, lambda: home.write_env({}), lambda: private.opened(log, os.O_WRONLY)):
        with pytest.raises(OSError, match="is a symbolic link, which localcloud does not follow"):
            write()
    assert home.running() is None
    assert home.env() is None
    home.clean()
    assert victim.read_text() == "precious"


def test_nor_is_a_state_read_or_saved_through_one(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    server = Server(tmp_path, Options())
    victim.write_text("{}")
    (tmp_path / "state.new").symlink_to(victim)
    with pytest.raises(OSError, match="is a symbolic link"):
        state_file.write(tmp_path, state_file.snapshot(server.shared.world))
    (tmp_path / "state.json").symlink_to(victim)
    with pytest.raises(OSError, match="is a symbolic link"):
        state_file.read(server.shared.world, tmp_path)
    assert victim.read_text() == "{}"
    server.shared.close()
