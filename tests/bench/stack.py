# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the whole stack takes: seconds until it is up, and memory by kind of process."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.integration.plane import stack
from tests.localcloud_api import Api
from tests.localcloud_fixtures import start_localcloud

# What is said of a command → what it is called here; else localcloud itself.
KINDS = {
    "localcloud.examples.fisioflow": "app",
    "caddy": "caddy",
    "nginx": "nginx",
    "postgres": "postgresql",
    "valkey": "valkey",
}


def figures(folder: Path) -> Iterator[tuple[str, float, str]]:
    """``(name, value, unit)``: with nothing in it, then with one of each kind of software, an app of two instances."""
    started = time.monotonic()
    with start_localcloud(folder / "stack", records_only=False) as cloud:
        yield "stack_start_seconds", time.monotonic() - started, "s until the empty instance answers"
        yield "stack_empty_mb", sum(memory(cloud.process.pid).values()) / 1000, "MB"
        api, begun, used = Api(cloud), time.monotonic(), seconds(cloud.process.pid)
        stack.build(api)
        yield "stack_up_seconds", time.monotonic() - begun, "s from the first call until all of it is up"
        yield "stack_up_cpu_seconds", seconds(cloud.process.pid) - used, "s"
        by_kind = memory(cloud.process.pid)
        for kind, kilobytes in sorted(by_kind.items()):
            yield f"stack_{kind}_mb", kilobytes / 1000, f"MB, {len(list(processes(cloud.process.pid, kind)))} processes"
        yield "stack_mb", sum(by_kind.values()) / 1000, "MB, the app's two instances among them"
        api.session.close()


def kind_of(pid: int) -> str:
    told = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    program = told if "python" in told.partition(" ")[0] else told.partition(" ")[0]
    return next((kind for mark, kind in KINDS.items() if mark in program), "localcloud")


def processes(pid: int, kind: str = "") -> Iterator[int]:
    for one in stack.below(pid):
        with suppress(OSError):  # it has ended meanwhile
            if kind in ("", kind_of(one)):
                yield one


def memory(pid: int) -> Counter[str]:
    """Kind → kilobytes, each process with its part of what it shares (PSS)."""
    found: Counter[str] = Counter()
    for one in processes(pid):
        with suppress(OSError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            found[kind_of(one)] += next(
                int(line.split()[1]) * 1024 // 1000 for line in lines if line.startswith("Pss:")
            )
    return found


def seconds(pid: int) -> float:
    """Of a processor, of all that runs."""
    found = 0.0
    for one in processes(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            found += sum(map(int, fields[11:15])) / 100
    return found
