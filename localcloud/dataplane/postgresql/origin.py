# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a new server begins with: nothing, what its primary has, or what another cluster had."""

from __future__ import annotations

from pathlib import Path

from localcloud import JSON
from localcloud.dataplane import supervisor
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import FailedError
from localcloud.dataplane.postgresql.backups import base_backup, restore
from localcloud.dataplane.postgresql.programs import Programs
from localcloud.dataplane.postgresql.sql import Door


def room(ground: Ground, id: str) -> Path:
    return ground.folder / "postgresql" / id


def door(ground: Ground, id: str, port: int) -> Door:
    return Door(room(ground, id) / "s", port)


async def populate(ground: Ground, programs: Programs, spec: JSON, folder: Path) -> None:
    """Fill an empty folder of the server's user."""
    await programs.ready()
    primary, source = spec["primary"], spec["source"]
    if primary:
        await base_backup(programs, door(ground, primary["id"], primary["port"]), folder)
        await supervisor.run(["touch", str(folder / "standby.signal")], drop_root=True)
    elif source and not source["port"]:
        raise FailedError("The cluster that it is restored from is gone.")
    elif source and source["moment"]:
        await restore(room(ground, source["id"]) / "backups", source["moment"], folder)
    elif source:
        await base_backup(programs, door(ground, source["id"], source["port"]), folder)
    else:
        await programs.begin(folder)
