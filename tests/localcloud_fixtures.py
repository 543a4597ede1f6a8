# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""localcloud for tests: a real server on free ports, one for each pytest session and xdist worker.

``localcloud``  the session's server; what a test leaves there, the next one finds
``cloud``       the same, emptied before each test; the test fails when the contract was violated on its way
``localcloud_factory``  more servers of the same kind, with options
``plane_cloud``  one with real software behind its records, emptied before each test; those who use it say
                 ``xdist_group("plane")``, so that there is but one
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from localcloud.client import Admin, AdminError
from localcloud.instance.home import Home

ROOT = Path(__file__).resolve().parent.parent

# Seconds; a start takes less than one on an idle machine.
START_TIMEOUT = 60.0
POLL = 0.02


@dataclass(frozen=True)
class LocalCloud:
    """A running instance and how to reach it. ``env`` is what ``localcloud env`` prints."""

    home: Path
    env: dict[str, str]
    admin: Admin
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return self.env["DIGITALOCEAN_API_URL"]

    @property
    def token(self) -> str:
        return self.env["DIGITALOCEAN_TOKEN"]

    @property
    def ca(self) -> str:
        return self.env["DIGITALOCEAN_CA_PATH"]

    @property
    def spaces_url(self) -> str:
        return self.env["SPACES_ENDPOINT_URL"]

    def renew(self) -> None:
        """An empty account with the settings that tests begin with, whatever the one before has set."""
        self.admin.reset()
        self.admin.settings(speed="instant", latency_ms=0, rate_limit=False, strict=True)
        self.admin.forget_violations()


@contextmanager
def start_localcloud(home: Path, *options: str, records_only: bool = True) -> Iterator[LocalCloud]:
    """A server with its own home, which ends with the block, or with this process however it ends."""
    home.mkdir(parents=True, exist_ok=True)
    log_path = home.parent / f"{home.name}.log"
    command = [sys.executable, "-m", "localcloud", "serve", "--quiet", "--until-stdin-ends"]
    command += ["--port", "0", "--spaces-port", "0", "--no-rate-limit", *options]
    command += ["--records-only"] if records_only else []
    env = {**os.environ, "LOCALCLOUD_HOME": str(home), "PYTHONPATH": str(ROOT)}
    with (
        log_path.open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=home.parent, env=env) as process,
    ):
        try:
            variables = _wait(Home(home), process, log_path)
            admin = Admin(variables["DIGITALOCEAN_API_URL"], variables["DIGITALOCEAN_CA_PATH"])
            yield LocalCloud(home, variables, admin, process)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(home: Home, process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        env = home.env()
        if env is not None:
            try:
                Admin(env["DIGITALOCEAN_API_URL"], env["DIGITALOCEAN_CA_PATH"]).status()
            except AdminError:
                pass
            else:
                return env
        time.sleep(POLL)
    raise RuntimeError(f"localcloud did not start:\n{log.read_text(errors='replace')}")


@pytest.fixture(scope="session")
def localcloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with start_localcloud(tmp_path_factory.mktemp("localcloud") / "home") as instance:
        yield instance


@pytest.fixture(scope="session")
def localcloud_with_software(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    home = tmp_path_factory.mktemp("localcloud-plane") / "home"
    with start_localcloud(home, records_only=False) as instance:
        yield instance


@contextmanager
def emptied(localcloud: LocalCloud) -> Iterator[LocalCloud]:
    admin = localcloud.admin
    localcloud.renew()
    yield localcloud
    violations = admin.violations()
    admin.clear_faults()
    admin.settings(latency_ms=0)
    admin.forget_violations()
    assert not violations, f"the API's contract was violated: {violations}"


@pytest.fixture
def cloud(localcloud: LocalCloud) -> Iterator[LocalCloud]:
    with emptied(localcloud) as instance:
        yield instance


@pytest.fixture
def plane_cloud(localcloud_with_software: LocalCloud) -> Iterator[LocalCloud]:
    with emptied(localcloud_with_software) as instance:
        yield instance


@pytest.fixture
def localcloud_factory(tmp_path: Path) -> Iterator[Callable[..., LocalCloud]]:
    with ExitStack() as stack:

        def start(*options: str, home: str = "home") -> LocalCloud:
            return stack.enter_context(start_localcloud(tmp_path / home, *options))

        yield start
