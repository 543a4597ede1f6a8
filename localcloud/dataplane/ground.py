# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all software of the data plane stands on: folders, certificates, addresses, and the world that it serves."""

from __future__ import annotations

import os
import random
import shutil
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from localcloud.world.world import World

if TYPE_CHECKING:
    import trustme

TRIES = 200
# What is looked at of a log.
TAIL_BYTES = 2**18


def can_bind(address: str, port: int) -> bool:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((address, port))
        except OSError:
            return False
        return True


@cache
def _low_ports() -> bool:
    """Whether this user may bind ports below 1024."""
    with socket.socket() as sock:
        try:
            sock.bind(("127.0.0.1", 1))
        except PermissionError:
            return False
        except OSError:
            pass
        return True


def usable(port: int) -> int:
    """The port that is bound in the place of this one: itself, or where low ones are root's, the one 8000 above."""
    return port if port >= 1024 or _low_ports() else port + 8000


def free_address(ports: Iterable[int]) -> str:
    """A loopback address of which all these ports are free; RuntimeError when there is none.

    Drawn at random, since other instances draw too and know nothing of each other. ``127.0.0.*`` is left to the user.
    """
    wanted = list(ports)
    draw = random.SystemRandom()
    for _try in range(TRIES):
        address = f"127.{draw.randint(64, 250)}.{draw.randint(0, 255)}.{draw.randint(1, 254)}"
        if all(can_bind(address, port) for port in wanted):
            return address
    raise RuntimeError("no loopback address of which the ports are free")


@dataclass(frozen=True)
class Ground:
    """``issue(*names)`` makes a certificate for addresses and names; ``changed()`` says that the world has.

    ``spaces_url`` is where Spaces answers on this machine.
    """

    world: World
    folder: Path
    issue: Callable[..., trustme.LeafCert]
    changed: Callable[[], None]
    spaces_url: str = ""

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def prepare(self) -> None:
        """Make the folders; RuntimeError when somebody else's is in their place."""
        for folder, mode in ((self.folder, 0o711), (self.logs, 0o700)):
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
            found = folder.lstat()
            if folder.is_symlink() or found.st_uid != os.geteuid():
                raise RuntimeError(f"{folder} belongs to somebody else; remove it")
            folder.chmod(mode)

    def room(self, key: str) -> Path:
        """The folder of one thing, ``<kind>/<id>``, made when it is not there."""
        folder = self.folder / key
        folder.parent.mkdir(mode=0o711, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def forget(self, key: str) -> None:
        """Remove the folder of one thing; its log stays."""
        shutil.rmtree(self.folder / key, ignore_errors=True)

    def log(self, key: str) -> Path:
        return self.logs / f"{key.replace('/', '-')}.log"

    def all_logs(self) -> dict[str, Path]:
        """Whose → its file. There may be more than one of a thing: ``app/<id>-web-0``."""
        return {path.stem.replace("-", "/", 1): path for path in self.logs.glob("*.log")}

    def log_tail(self, key: str, lines: int) -> list[str]:
        """Its last lines; of a key, the beginning will do. ValueError when that is none's, or several have it."""
        there = self.all_logs()
        found = [key] if key in there else sorted(name for name in there if name.startswith(key))
        if len(found) != 1:
            what = f"several logs begin with {key}: {', '.join(found)}" if found else f"there is no log of {key}"
            raise ValueError(what)
        with there[found[0]].open("rb") as file:
            file.seek(max(0, there[found[0]].stat().st_size - TAIL_BYTES))
            text = file.read().decode(errors="replace")
        return text.splitlines()[-lines:]
