# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must not outlive a run is deleted when the run ends, however it ends.

Nothing of Ansible can do that: SIGINT and SIGTERM end a run without its `always`, and whoever cancels a job of
ansible-runner (AWX does) sends SIGKILL to the whole process group. So the task that makes such a thing first starts a
guard in a session of its own: this file, as a program. It waits at a pipe that the controller has made before its first
fork, so that every process of the run holds the other end: the last one that goes, for whatever reason, is the
end-of-file for the guard. A task that has deleted the thing writes its name into a file that all guards read, and the
guard leaves. (A word in the pipe only one of several guards would hear, which need not be the one that it is for.)

Whatever takes the guard along (the stop of a container or a machine, a SIGKILL of its own) leaves the thing there.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

# Seconds before each look for the thing: the call that makes it may still have been on its way.
LOOKS = (0.0, 1.0, 3.0)
# Seconds between two looks whether the thing is gone.
PAUSE = 1.0
# Seconds before the guard's own end: it has nobody to tell that an API is away.
LIMIT = 300


class Guard:
    """The run's side. Made once, by the controller before it forks."""

    def __init__(self) -> None:
        self._made_by = os.getpid()
        self._ends, self._lives = os.pipe()
        # Without a name, and gone with the last process of the run; all of them write behind what is there.
        self._words = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - for as long as this process lives

    def begin(self, module: str, class_name: str, params: dict[str, Any], name: str, **undo: Any) -> None:
        """From now on until `over(name)`, the end of the run is the end of the thing that the module makes of `params`.

        With `undo` in them (`state: absent` unless told otherwise) the module takes it away.
        To be called in a fork: the process that made the pipe would have only its own end to wait for.
        """
        if os.getpid() == self._made_by:
            return
        since = os.fstat(self._words.fileno()).st_size
        # Secrets are for its standard input alone; nobody must wait for it at the end of an output.
        guard = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, "-P", __file__, str(self._ends), str(self._words.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[self._ends, self._words.fileno()],
            start_new_session=True,
        )
        order = {
            "module": module,
            "class": class_name,
            "params": {**params, **(undo or {"state": "absent"})},
            "name": name,
            # What was said before is not for the guard that begins now.
            "since": since,
        }
        if guard.stdin:
            with guard.stdin as told:
                told.write(json.dumps(order).encode())

    def over(self, name: str) -> None:
        """The thing is gone."""
        self._words.write(f"{name}\n".encode())


def main() -> None:
    """The guard."""
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sent, signal.SIG_IGN)
    order = json.loads(sys.stdin.read())
    ends, words = map(int, sys.argv[1:])
    is_over = False
    while not is_over:
        # Nobody writes into it: what can be read is its end.
        is_over = bool(select.select([ends], [], [], PAUSE)[0])
        said = os.pread(words, os.fstat(words).st_size, order["since"])
        if order["name"] in said.decode().splitlines():
            return
    signal.alarm(LIMIT)
    # Ansible's loader finds collections wherever they are; the guard knows where this one is.
    collections = ModuleType("ansible_collections")
    collections.__path__ = [str(Path(__file__).parents[5])]
    sys.modules["ansible_collections"] = collections
    framework = import_module("ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module")
    module_class = getattr(import_module(order["module"]), order["class"])
    for pause in LOOKS:
        time.sleep(pause)
        if framework.execute(module_class, framework.Invocation(order["params"]))["changed"]:
            return


if __name__ == "__main__":
    main()
