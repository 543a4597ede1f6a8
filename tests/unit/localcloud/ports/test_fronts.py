# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers on each port is registered once, under a name that the command line knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud.instance.server import Server
from localcloud.ports.fronts import FRONTS, port
from localcloud.ports.words import PORTS


def _nothing(_shared: Any) -> Any:
    return None


def test_every_port_is_answered(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.shared.close()
    assert set(server.ports) == set(FRONTS) == set(PORTS)


@pytest.mark.parametrize("name", ["api", "nowhere"])
def test_no_port_is_taken_or_invented(name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} is no port, or another answers on it$"):
        port(name, _nothing)
