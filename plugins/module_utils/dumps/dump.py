# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A dump of one database: made by pg_dump and encrypted on its way into a bucket, and read back the same way.

Its plain text is in pipes and in memory, never in a file or on the network. The counts and checksums of the manifest
are of the very snapshot that is dumped: a transaction exports it, and stays open until pg_dump has ended.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import (
    age,
    contents,
    login,
    manifest,
    programs,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps.programs import Program
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.objects import Bucket, Upload

# The fastest level of zstd makes a dump as small as gzip's default does, in a fraction of its time.
_DUMP = ("--format=custom", "--compress=zstd:1", "--no-password")


def make(bucket: Bucket, params: Data, progress: Callable[[int], None]) -> Data:
    """Make a dump as the options of database_dump say, and return its manifest with its `name`. Raises Failure.

    Dumps of the same database that were begun and never finished go; a failure leaves nothing.
    """
    keys = age.recipients(params["recipients"])
    removed = manifest.remove_unfinished(bucket, f"{params['cluster']}/{params['database']}/")
    with login.connected(params, f"dump the database {params['database']}") as connection:
        server = connection.info.server_version
        program = programs.find("pg_dump", server // 10000, params["programs"])
        contents.read_alike(connection)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # Copies for a moment, which go with the day: nobody restores them, and the backup user does not see into them.
        without = [f"--exclude-table={row['quoted']}" for row in contents.beside(connection)]
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone()
        # By the clock of where it goes, of which the list above has told.
        started = bucket.spaces.now()
        name = manifest.name_of(params["cluster"], params["database"], started)
        with ThreadPoolExecutor(1) as pool:
            counting = pool.submit(contents.contents, connection)
            upload = Upload(bucket, name + manifest.DUMP, progress)
            try:
                _stream([program, *_DUMP, *without, f"--snapshot={snapshot}"], params, upload, keys)
                found = {"tables": counting.result(), "migration": contents.newest_migration(connection)}
                upload.finish()
            except BaseException:
                connection.cancel()
                # What cannot be taken away is no dump either: it has no manifest, and goes with the next run.
                with suppress(Failure):
                    upload.abort()
                raise
    told = {
        "cluster": params["cluster"],
        "database": params["database"],
        "server": _version(server),
        "program": programs.version(program),
        "started": manifest.text_of(started),
        "finished": manifest.text_of(bucket.spaces.now()),
        **found,
        "object": name + manifest.DUMP,
        "bytes": upload.bytes,
        "sha256": upload.sha256,
        "recipients": [key.strip() for key in params["recipients"]],
    }
    manifest.write(bucket, name, told)
    return {"name": name, **told, "removed": removed}


def _version(number: int) -> str:
    return f"{number // 10000}.{number % 10000}"


def _stream(arguments: list[str], params: Data, upload: Upload, keys: list[Any]) -> None:
    dumping = Program(
        arguments,
        login.environment(params),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    source = _Output(dumping, f"dump the database {params['database']}")
    target = _Remembering(upload)
    try:
        age.encrypt(source, target, keys)
    except Exception as error:
        raise source.failure or target.failure or error from None
    finally:
        dumping.stop()
        dumping.output.close()


class _Output:
    """What a program writes; its end counts once the program has succeeded."""

    def __init__(self, program: Program, doing: str) -> None:
        self._program, self._doing = program, doing
        self.failure: Failure | None = None

    def read(self, size: int = -1, /) -> bytes:
        """See Reader."""
        data = bytes(self._program.output.read(size))
        if not data and size:
            try:
                self._program.end(self._doing)
            except Failure as failure:
                self.failure = failure
                raise
        return data


class _Remembering:
    """A writer that keeps why it failed, which is lost on the way through the library."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self.failure: Exception | None = None

    def write(self, data: bytes, /) -> int:
        """See Writer."""
        try:
            return int(self._target.write(bytes(data)))
        except Exception as error:
            self.failure = error
            raise

    def flush(self) -> None:
        """See Writer."""


class Encrypted:
    """The object of a dump, which is read once; its end counts once its checksum is that of the manifest."""

    def __init__(self, bucket: Bucket, name: str, told: Data, progress: Callable[[int], None]) -> None:
        problem = manifest.misfit(name, told, bucket.size(name + manifest.DUMP))
        if problem:
            raise Failure(problem)
        self.what = f'The dump "{name}"'
        self._ranges: Iterator[bytes] = bucket.ranges(name + manifest.DUMP, told["bytes"])
        self._wanted, self._hash, self._progress = told["sha256"], hashlib.sha256(), progress
        self._held = memoryview(b"")
        self._read = 0
        self.failure: Failure | None = None

    def read(self, size: int = -1, /) -> bytes:
        """See Reader."""
        try:
            if not self._held:
                self._fill()
        except Failure as failure:
            self.failure = failure
            raise
        size = len(self._held) if size < 0 else size
        given, self._held = bytes(self._held[:size]), self._held[size:]
        return given

    def _fill(self) -> None:
        part = next(self._ranges, b"")
        self._hash.update(part)
        self._held = memoryview(part)
        self._read += len(part)
        self._progress(self._read)
        if not part and self._hash.hexdigest() != self._wanted:
            raise Failure(
                f"{self.what} is corrupt: its checksum is not that of its manifest. Nothing was done with it."
            )

    def all_of_it(self) -> None:
        """Read to the end for the checksum alone."""
        while self.read(2**20):
            pass

    def decrypted(self, target: Any, keys: list[Any]) -> None:
        """Written to `target`, of which the last part comes when the whole was found right. Raises Failure."""
        kept = _LastKept(target)
        try:
            age.decrypt(self, kept, keys, self.what)
            self.all_of_it()
        except Exception as error:
            raise self.failure or kept.failure or error from None
        kept.release()


class _LastKept(_Remembering):
    """Keeps the last part back, without which nobody takes what he got for a whole."""

    def __init__(self, target: Any) -> None:
        super().__init__(target)
        self._last = b""

    def write(self, data: bytes, /) -> int:
        last, self._last = self._last, bytes(data)
        super().write(last)
        return len(data)

    def release(self) -> None:
        """It is a whole."""
        super().write(self._last)
