# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process uses is told with those that it has started."""

from __future__ import annotations

import subprocess
import sys

import pytest

from localcloud.dataplane.usage import usage

MIB = 1 << 20
GROW = "import sys; held = b'x' * (40 << 20); sum(range(3_000_000)); print('grown', flush=True); sys.stdin.read()"
START = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {GROW!r}], stdin=sys.stdin)"


def test_memory_and_time_are_told_of_a_child_too() -> None:
    command = [sys.executable, "-c", START]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"grown\n"
        told = usage(parent.pid)
        parent.stdin.close()
    assert 40 * MIB < told.bytes < 100 * MIB
    assert told.seconds > 0.04


def test_what_is_not_there_uses_nothing_that_could_be_told() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    with pytest.raises(OSError, match=str(gone.pid)):
        usage(gone.pid)
