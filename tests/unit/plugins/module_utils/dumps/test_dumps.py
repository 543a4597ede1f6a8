# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What dumps are worth, as far as it takes no server; with one: tests/integration/plane/test_dumps.py."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import age, contents, programs

ROW = {"table": "public.patients", "rows": 3, "checksum": "-12"}


def test_a_table_that_differs_is_named() -> None:
    found: list[tuple[dict[str, Any], str]] = [
        ({"rows": 4}, "has 4 rows instead of 3"),
        ({"checksum": "12"}, "its checksum differs"),
        ({"table": "public.other"}, "is missing"),
    ]
    for change, words in found:
        (sentence,) = contents.differences([ROW], [{**ROW, **change}])
        assert sentence.startswith("The table public.patients ")
        assert words in sentence
    assert contents.differences([ROW], [ROW, {**ROW, "table": "public.new"}]) == []


def test_what_a_program_says_of_a_row_stays_with_it() -> None:
    said = (
        'pg_restore: while PROCESSING TOC:\npg_restore: error: COPY failed for table "patients": ERROR: bad: "Maria"'
        "\nCONTEXT: COPY patients, line 3: Maria das Dores"
    )
    program = programs.Program(["/bin/sh", "-c", f"echo '{said}' >&2; exit 1"], {}, stdin=subprocess.DEVNULL)
    with pytest.raises(Failure) as caught:
        program.end("restore it")
    assert str(caught.value) == 'Could not restore it: pg_restore: error: COPY failed for table "patients".'


def test_the_oldest_program_that_is_new_enough_is_taken(tmp_path: Path) -> None:
    for name, version in (("a", "19.1"), ("b", "17.2"), ("c", "15.8"), ("d", "none")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pg_dump").write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
        (tmp_path / name / "pg_dump").chmod(0o755)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(programs, "_folders", lambda: iter(sorted(tmp_path.iterdir())))
        assert programs.find("pg_dump", 16, "") == str(tmp_path / "b/pg_dump")
        assert programs.find("pg_dump", 15, "") == str(tmp_path / "c/pg_dump")
        with pytest.raises(Failure, match="PostgreSQL 20 or newer, and on the PATH the newest that there is is of 19"):
            programs.find("pg_dump", 20, "")
    with pytest.raises(Failure, match="there is none"):
        programs.find("pg_dump", 15, str(tmp_path))


def test_a_secret_key_among_the_recipients_is_not_shown() -> None:
    with pytest.raises(Failure) as caught:
        age.recipients(["AGE-SECRET-KEY-1SENTINEL"])
    assert "SENTINEL" not in str(caught.value)
    assert "Recipient 1 is no public key" in str(caught.value)
