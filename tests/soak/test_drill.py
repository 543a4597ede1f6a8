# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drill of a database of one GiB: measured phase by phase, and its data the same by checksums."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.procedures.conftest import running
from tests.integration.procedures.environment import Environment
from tests.integration.procedures.recovery import backed_up

__all__ = ["running"]
# Rows of about one KiB that cannot be made smaller.
FILL = """
    CREATE TABLE soak_files AS
    SELECT n AS id, (SELECT string_agg(md5(n::text || part::text), '') FROM generate_series(1, 31) AS part) AS content
    FROM generate_series(1, 1048576) AS n
"""
GIB = 2**30


def test_a_database_of_one_gib_comes_back_the_same(running: Environment, figures: Callable[[str], None]) -> None:
    running.ask(FILL, "ALTER TABLE soak_files ADD PRIMARY KEY (id)")
    try:
        [(size,)] = running.ask("SELECT pg_database_size('fisioflow')")
        assert size > GIB
        backed_up(running)
        running.green("drill_recovery")
    finally:
        running.ask("DROP TABLE soak_files")
    told = running.report("local-drill")
    assert (told["ok"], told["findings"]) == (True, [])
    tables = {row["table"]: row for row in told["tables"]}
    assert (tables["soak_files"]["restored"], tables["soak_files"]["state"]) == (2**20, "same")
    phases = ", ".join(f"{row['phase']} {row['seconds']:.1f} s" for row in told["phases"])
    figures(f"{size / GIB:.2f} GiB: {phases}; RTO {told['rto_minutes']:.2f} min, RPO {told['rpo_hours']:.2f} h")
