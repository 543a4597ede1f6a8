# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources are found by being there, and one that is broken does not take the others down."""

from __future__ import annotations

from pathlib import Path

import pytest

from localcloud import resources
from localcloud.instance.server import Server


def test_a_broken_resource_is_left_out_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.py").write_text("raise RuntimeError('half a file')\n")
    monkeypatch.setattr(resources, "__path__", [*resources.__path__, str(tmp_path)])
    server = Server(tmp_path / "home")
    assert server.shared.status()["broken"] == {"localcloud.resources.broken": "RuntimeError: half a file"}
    assert set(server.ports) == {"api", "spaces"}
