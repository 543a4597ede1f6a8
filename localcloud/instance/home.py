# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of an instance: what clients need to reach it, and who runs it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shlex
import shutil
from contextlib import suppress
from pathlib import Path

from localcloud.ports.words import HOME, TOKEN
from localcloud.resources.monitoring import sink
from localcloud.resources.spaces.s3.blobs import BODIES
from localcloud.world import private, state_file

DEFAULT = ".localcloud"

# The ports unless others are wanted, or these are taken.
API_PORT, SPACES_PORT = 8443, 8444

# What ``localcloud env`` exports.
VARIABLES = (
    *("DIGITALOCEAN_API_URL", "DIGITALOCEAN_CA_PATH"),
    *("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN", "DO_API_TOKEN"),
    *("SPACES_ENDPOINT_URL", "SPACES_ACCESS_KEY_ID", "SPACES_SECRET_ACCESS_KEY", "DATABASE_METRICS_URL"),
    "DATABASE_CLIENT_ADDRESSES",
    *("AWS_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    # Of an instance with software behind its records alone.
    "LOCALCLOUD_RESOLVER",
    HOME,
)
BEFORE = "LOCALCLOUD_BEFORE_"

# Who drops root must be able to get there, which no home below a closed folder lets him; and the path of a socket has
# at most 107 characters.
ROOMS = Path("/var/tmp")  # noqa: S108  (whoever finds somebody else's folder there refuses it)

# Everything that localcloud may put there; nothing else is ever removed.
LOG = "server.log"
STATE = state_file.NAME
FILES = ("ca.pem", "ca-bundle.pem", "env.json", TOKEN, "pid", LOG, f"{LOG}.1", sink.FILE, STATE, "state.new")


class HomeError(RuntimeError):
    """The folder cannot be used; the message is for people."""


def default() -> Path:
    return Path(os.environ.get(HOME) or DEFAULT).expanduser().absolute()


def exports(variables: dict[str, str]) -> str:
    """Lines for a shell to evaluate. What a variable was before is kept under another name, for ``unsets``."""
    lines = []
    for name, value in variables.items():
        if os.environ.get(name, value) != value and BEFORE + name not in os.environ:
            lines.append(f'export {BEFORE}{name}="${name}"')
        lines.append(f"export {name}={shlex.quote(value)}")
    return "\n".join(lines)


def unsets() -> str:
    """Lines for a shell that take ``exports`` back. No instance need be there for it."""
    lines = []
    for name in VARIABLES:
        if BEFORE + name in os.environ:
            lines.append(f'export {name}="${BEFORE}{name}"; unset {BEFORE}{name}')
        else:
            lines.append(f"unset {name}")
    return "\n".join(lines)


def _remove(folder: Path) -> None:
    """A link is removed, not followed; HomeError when it is somebody else's."""
    try:
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise HomeError(f"{folder} cannot be removed: {error.strerror}") from None


class Home:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    @property
    def data(self) -> Path:
        """Where the software behind the records has its data."""
        return ROOMS / f"localcloud-{hashlib.sha256(str(self.path).encode()).hexdigest()[:16]}"

    def create(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(f"{self.path} cannot be made: {error.strerror}") from None

    def acquire(self) -> None:
        """Become the one server of this folder, until the process ends."""
        self.create()
        handle = private.opened(self.path / "pid", os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise HomeError(f"another localcloud already runs in {self.path} (pid {self.pid()})") from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._lock = handle
        # One that was killed leaves it behind; as its successor's it would lead nowhere.
        (self.path / "env.json").unlink(missing_ok=True)
        if not (self.path / STATE).exists():
            _remove(self.data)

    def release(self) -> None:
        """Give up after ``acquire``. The log stays, for the one who wants to know why."""
        (self.path / "pid").unlink(missing_ok=True)
        with suppress(OSError):
            self.path.rmdir()

    def pid(self) -> int | None:
        """What the pid file says, whether or not that process is alive."""
        try:
            return int(private.read(self.path / "pid"))
        except (OSError, ValueError):
            return None

    def running(self) -> int | None:
        """The server's pid. A file that nobody holds locked is stale: its number may be anybody's by now."""
        try:
            handle = private.opened(self.path / "pid", os.O_RDONLY)
        except OSError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return self.pid()
        finally:
            os.close(handle)
        return None

    def write_env(self, variables: dict[str, str]) -> None:
        private.write(self.path / "env.json", json.dumps(variables, indent=2).encode())

    def env(self) -> dict[str, str] | None:
        """The variables for clients; None until the server is ready."""
        try:
            found: dict[str, str] = json.loads(private.read(self.path / "env.json"))
        except (OSError, ValueError):
            return None
        return found

    def log_tail(self, lines: int = 5) -> str:
        try:
            return "\n".join(private.read(self.path / LOG).splitlines()[-lines:])
        except OSError:
            return ""

    def clean(self, keep_state: bool = False) -> None:
        """Remove what localcloud put there, and the folder when nothing else is in it."""
        kept = keep_state and (self.path / STATE).exists()
        for name in FILES:
            if not (kept and name == STATE):
                (self.path / name).unlink(missing_ok=True)
        if not kept:
            _remove(self.path / BODIES)
            _remove(self.data)
        with suppress(OSError):
            self.path.rmdir()
