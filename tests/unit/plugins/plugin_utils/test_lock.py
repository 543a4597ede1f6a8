# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock of procedures, held by real processes."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.lock import Holder, holder, take


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "not yet there" / "clinic.lock"


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs until it is told to end."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def named(pid: int) -> Holder:
    return holder(pid, "deploy", "2026-11-29 02:10 UTC")


def test_one_process_holds_it_and_takes_it_as_often_as_it_likes(lock: Path, other: subprocess.Popen[bytes]) -> None:
    assert take(lock, named(other.pid)) is None
    assert take(lock, named(other.pid)) is None
    assert take(lock, named(os.getpid())) == named(other.pid)
    assert lock.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("theirs", "ours", "apart"),
    [("one", "one", False), ("one", "another", True), ("", "one", False), ("one", "", False)],
)
def test_accounts_are_not_in_each_others_way(
    lock: Path, other: subprocess.Popen[bytes], theirs: str, ours: str, apart: bool
) -> None:
    """One that is not known is in the way of all; and whoever comes keeps those of others in the file."""
    first = replace(named(other.pid), account=theirs)
    assert take(lock, first) is None
    assert take(lock, replace(named(os.getpid()), account=ours)) == (None if apart else first)
    assert take(lock, replace(named(1), account="third")) == (first if theirs == "" else None)
    third = replace(named(1), account=theirs)
    assert take(lock, third) == first


def test_a_killed_process_holds_nothing(lock: Path, other: subprocess.Popen[bytes]) -> None:
    assert take(lock, named(other.pid)) is None
    other.send_signal(signal.SIGKILL)
    # Dead, but not buried: nobody has waited for it yet.
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    assert take(lock, named(os.getpid())) is None
    other.wait()
    gone = replace(named(os.getpid()), pid=other.pid)
    assert take(lock, gone) == named(os.getpid())


def test_a_later_process_of_the_same_number_is_another(lock: Path, other: subprocess.Popen[bytes]) -> None:
    take(lock, replace(named(other.pid), began="1"))
    assert take(lock, named(os.getpid())) is None


def test_what_runs_in_another_container_cannot_be_known(lock: Path, other: subprocess.Popen[bytes]) -> None:
    take(lock, replace(named(other.pid), host="another"))
    assert take(lock, named(os.getpid())) is None


@pytest.mark.parametrize("text", ["", "{", '{"pid": 1}', '[{"pid": 1}]', "[]"])
def test_what_was_half_written_holds_nothing(lock: Path, text: str) -> None:
    lock.parent.mkdir()
    lock.write_text(text)
    assert take(lock, named(os.getpid())) is None


def _take(path: Path, told: Connection) -> None:
    told.send(None)
    told.send(take(path, named(os.getpid())))


def test_looking_and_taking_are_one_step(lock: Path) -> None:
    """Whoever comes while another one is looking sees what that one has written."""
    lock.parent.mkdir()
    with lock.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        told, telling = Pipe()
        process = get_context("fork").Process(target=_take, args=(lock, telling))
        process.start()
        told.recv()
        # It waits, so nothing comes however long this is.
        assert not told.poll(0.3)
        file.write(json.dumps([asdict(named(os.getpid()))]))
        file.flush()
        fcntl.flock(file, fcntl.LOCK_UN)
    assert told.recv() == named(os.getpid())
    process.join()
