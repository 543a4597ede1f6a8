# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``localcloud`` command, as it is typed."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from localcloud.client import Admin
from localcloud.instance.home import HomeError
from localcloud.instance.serve import listen
from tests.localcloud_fixtures import ROOT


class Command:
    """``run("up")`` in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {**os.environ, "LOCALCLOUD_HOME": str(home), "PYTHONPATH": str(ROOT)}

    def run(self, *arguments: str, status: int = 0) -> str:
        """What it prints, to either side; the exit status must be as expected."""
        done = subprocess.run(
            [sys.executable, "-m", "localcloud", *arguments], env=self.env, capture_output=True, text=True, timeout=90
        )
        assert done.returncode == status, done
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def up(self, *options: str) -> str:
        return self.run("up", "--port", "0", "--spaces-port", "0", *options)

    def variables(self) -> dict[str, str]:
        return json.loads(self.run("env", "--json"))

    def admin(self) -> Admin:
        variables = self.variables()
        return Admin(variables["DIGITALOCEAN_API_URL"], variables["DIGITALOCEAN_CA_PATH"])

    def pid(self) -> int:
        return int((self.home / "pid").read_text())


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    found = Command(tmp_path / "home")
    yield found
    found.run("down")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_life(command: Command) -> None:
    assert "API https://127.0.0.1:" in command.up()
    pid = command.pid()
    assert "already up" in command.up()
    assert command.pid() == pid
    assert _mode(command.home) == 0o700
    assert {name: _mode(command.home / name) for name in ("env.json", "pid", "server.log")} == {
        "env.json": 0o600,
        "pid": 0o600,
        "server.log": 0o600,
    }
    assert "contract" in command.run("status")
    assert json.loads(command.run("status", "--json"))["pid"] == pid
    assert command.run("reset") == "The account is empty.\n"
    variables = command.variables()
    token = variables["DIGITALOCEAN_TOKEN"]
    requests.get(
        f"{variables['DIGITALOCEAN_API_URL']}/v2/account",
        headers={"Authorization": f"Bearer {token}"},
        verify=variables["DIGITALOCEAN_CA_PATH"],
        timeout=60,
    )
    log = command.home / "server.log"
    # The line is written after the answer.
    _until(lambda: "GET /v2/account 200" in log.read_text())
    assert token not in log.read_text()
    assert command.run("down") == "localcloud is down.\n"
    _until(lambda: _gone(pid))
    assert not command.home.exists()
    assert command.run("down") == "localcloud is not up.\n"


def test_up_again_applies_what_can_be_changed(command: Command) -> None:
    command.up("--speed", "real")
    command.up("--no-rate-limit", "--latency-ms", "5")
    status = command.admin().status()
    assert (status["speed"], status["rate_limit"], status["latency_ms"]) == ("real", False, 5.0)
    message = command.run("up", "--port", "1", status=1)
    assert f"it is already up, at {status['api_url']}; `localcloud down` first" in message


def test_env_is_shell_and_names_what_clients_read(command: Command) -> None:
    command.up()
    script = f'eval "$({sys.executable} -m localcloud env)" && env'
    done = subprocess.run(["sh", "-c", script], env=command.env, capture_output=True, text=True, check=True)
    found = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    variables = command.variables()
    assert {key: found[key] for key in variables} == variables
    assert variables["DO_API_TOKEN"] == variables["DIGITALOCEAN_TOKEN"] == variables["DIGITALOCEAN_ACCESS_TOKEN"]
    assert variables["DIGITALOCEAN_TOKEN"].startswith("dop_v1_")
    assert {"SPACES_ENDPOINT_URL", "SPACES_ACCESS_KEY_ID", "SPACES_SECRET_ACCESS_KEY", "AWS_CA_BUNDLE"} <= set(
        variables
    )
    bundles = {variables[key] for key in ("AWS_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")}
    (bundle,) = map(Path, bundles)
    assert Path(variables["DIGITALOCEAN_CA_PATH"]).read_text().strip() in bundle.read_text()


def test_up_does_not_pass_over_another_description(command: Command, tmp_path: Path) -> None:
    command.up()
    message = command.run("up", "--spec", str(tmp_path / "other.json"), status=1)
    assert "already up, with the API description" in message
    source = json.loads(command.run("status", "--json"))["contract"]["source"]
    if source is not None:
        assert "already up (pid" in command.run("up", "--spec", source)


@pytest.mark.parametrize("arguments", [("env",), ("status",), ("reset",)])
def test_without_a_server(command: Command, arguments: tuple[str, ...]) -> None:
    assert "nothing runs in" in command.run(*arguments, status=1)
    assert not command.home.exists()


def test_port_in_use(command: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        message = command.run("up", "--port", str(port), "--spaces-port", "0", status=1)
    assert f"port {port} cannot be used (Address already in use)" in message
    assert not command.home.exists()


def test_a_port_that_was_not_asked_for_is_any_free_one_when_its_own_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second instance beside the first needs no ports of its own, or only --port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with listen(None, port) as free:
            assert free.getsockname()[1] != port
        with pytest.raises(HomeError, match=f"port {port} cannot be used"):
            listen(port)
    with listen(None, port) as sock:
        assert sock.getsockname()[1] == port


def test_only_the_port_of_the_api_is_given(command: Command) -> None:
    command.run("up", "--port", "0")
    urls = [command.variables()[name] for name in ("DIGITALOCEAN_API_URL", "SPACES_ENDPOINT_URL")]
    assert len({*urls, "https://127.0.0.1:8443"}) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("up", "--speed", "fast"), "neither instant nor real nor a factor"),
        (("up", "--port", "99999"), "99999 is no port"),
        (("up", "--latency-ms", "-5"), "-5 is no latency"),
        (("up", "--latency-ms", "nan"), "nan is no latency"),
        (("serve", "--latency-ms", "inf"), "inf is no latency"),
        (
            ("up", "--spec", "/nowhere.json", "--port", "0", "--spaces-port", "0"),
            "there is no API description /nowhere.json",
        ),
    ],
)
def test_mistakes(command: Command, arguments: tuple[str, ...], message: str) -> None:
    status = 1 if "--spec" in arguments else 2
    assert message in command.run(*arguments, status=status)


def test_killed_server_is_no_obstacle(command: Command) -> None:
    command.up()
    pid = command.pid()
    os.kill(pid, signal.SIGKILL)
    _until(lambda: _gone(pid))
    assert "nothing runs in" in command.run("status", status=1)
    assert "already" not in command.up()
    assert command.pid() != pid


def test_several_ups_at_once_start_one(command: Command) -> None:
    """The others find the folder taken, before the one that has it answers."""
    arguments = [sys.executable, "-m", "localcloud", "up", "--port", "0", "--spaces-port", "0"]
    started = [
        subprocess.Popen(arguments, env=command.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _number in range(4)
    ]
    said = [process.communicate(timeout=90)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 4, said
    assert all(f"pid {command.pid()}" in text for text in said)


def test_pid_file_of_another_process_is_no_obstacle(command: Command) -> None:
    command.home.mkdir(mode=0o700)
    (command.home / "pid").write_text(f"{os.getpid()}\n")
    assert "not up" in command.run("down")
    command.home.mkdir(mode=0o700)
    (command.home / "pid").write_text(f"{os.getpid()}\n")
    command.up()
    assert command.pid() != os.getpid()


def test_state_is_kept_when_asked(command: Command) -> None:
    command.up()
    admin = command.admin()
    admin.seed(vpcs=3)
    token = admin.token(["vpc:read"])
    admin.advance(3600)
    clock, rows = admin.status()["clock"], admin.status()["rows"]
    command.run("down", "--keep-state")
    assert [path.name for path in command.home.iterdir() if path.name != "spaces"] == ["state.json"]
    assert _mode(command.home / "state.json") == 0o600
    assert token not in (command.home / "state.json").read_text()
    command.up()
    status = command.admin().status()
    assert status["rows"] == rows
    assert status["clock"] >= clock
    command.run("down")
    assert not command.home.exists()


def test_state_is_saved_while_running(command: Command) -> None:
    command.up("--keep-state")
    command.admin().seed(vpcs=2)
    _until((command.home / "state.json").exists)
    _until(lambda: len(json.loads((command.home / "state.json").read_text())["world"]["tables"]["vpcs"]) == 2)
    pid = command.pid()
    os.kill(pid, signal.SIGKILL)
    _until(lambda: _gone(pid))
    command.up()
    assert command.admin().status()["rows"]["vpcs"] == 2


@pytest.mark.parametrize("kept", ["from the start", "at the end"])
def test_one_whose_state_cannot_be_saved_stays_up(command: Command, kept: str) -> None:
    command.up(*(["--keep-state"] if kept == "from the start" else []))
    command.admin().seed(vpcs=2)
    (command.home / "state.json").unlink(missing_ok=True)
    obstacle = command.home / "state.new"
    _until(lambda: _made(obstacle))
    message = command.run("down", *(["--keep-state"] if kept == "at the end" else []), status=1)
    assert "the state cannot be saved" in message
    assert "Is a directory" in message
    obstacle.rmdir()
    command.run("down", "--keep-state")
    command.up()
    assert command.admin().status()["rows"]["vpcs"] == 2


def test_kept_state_survives_another_down(command: Command) -> None:
    command.up()
    command.admin().seed(vpcs=3)
    command.run("down", "--keep-state")
    assert "not up" in command.run("down")
    command.up()
    assert command.admin().status()["rows"]["vpcs"] == 3


def test_state_that_cannot_be_read(command: Command) -> None:
    command.home.mkdir(mode=0o700)
    (command.home / "state.json").write_text("{not json")
    message = command.run("up", "--port", "0", "--spaces-port", "0", status=1)
    assert "state.json cannot be read" in message


def test_foreign_files_are_never_removed(command: Command) -> None:
    command.home.mkdir(mode=0o700)
    (command.home / "mine.txt").write_text("mine")
    command.up()
    command.run("down")
    assert [path.name for path in command.home.iterdir()] == ["mine.txt"]


def test_side_by_side(command: Command, tmp_path: Path) -> None:
    other = Command(tmp_path / "other")
    command.up()
    other.up()
    try:
        command.admin().seed(vpcs=1)
        assert "vpcs" not in other.admin().status()["rows"]
        assert command.variables()["DIGITALOCEAN_API_URL"] != other.variables()["DIGITALOCEAN_API_URL"]
    finally:
        other.run("down")


def test_down_lets_hanging_requests_go(command: Command) -> None:
    command.up()
    admin = command.admin()
    admin.fault("hang", path="/v2/account")
    variables = command.variables()
    url, ca = variables["DIGITALOCEAN_API_URL"], variables["DIGITALOCEAN_CA_PATH"]
    curl = subprocess.Popen(
        ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "--cacert", ca, f"{url}/v2/account"],
        stdout=subprocess.PIPE,
        text=True,
    )
    _until(lambda: admin.status()["under_way"] == ["GET /v2/account"])
    command.run("down")
    # Let go, it gets its answer; it would get none from a server that is ended over it.
    assert curl.communicate(timeout=60)[0] == "401"


def test_foreground_server_ends_with_its_input(tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = {**os.environ, "LOCALCLOUD_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "localcloud", "serve", "--port", "0", "--spaces-port", "0", "--until-stdin-ends"]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("export DIGITALOCEAN_API_URL=https://127.0.0.1:")
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(60) == 0
    assert not home.exists()


def _until(condition: Any, timeout: float = 60) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def _made(folder: Path) -> bool:
    """Whether it could be made; not while a file of that name is being written."""
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        return False
    return True
