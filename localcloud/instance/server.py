# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One instance: what its ports share, and what answers on each."""

from __future__ import annotations

from pathlib import Path

from localcloud import resources
from localcloud.ports.admin import Admin
from localcloud.ports.api import Api
from localcloud.ports.exchange import Application
from localcloud.ports.fronts import FRONTS, port
from localcloud.ports.guard import Guard
from localcloud.ports.shared import Options, Shared

port("api", Api)


class Server:
    def __init__(self, home: Path, options: Options | None = None) -> None:
        broken = resources.load()
        self.shared = Shared(home, options or Options(), broken)
        # Port → the ASGI application that answers on it.
        self.ports: dict[str, Application] = {
            name: Guard(self.shared, name, build(self.shared)) for name, build in FRONTS.items()
        }
        self.ports["api"] = Admin(self.shared, self.ports["api"])
