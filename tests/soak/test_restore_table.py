# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""restore_table.yml, killed where it is about to swap, and behind that: the next run ends well, and swaps once."""

from __future__ import annotations

from tests.integration.harness.playbooks import in_background
from tests.integration.procedures.clinic import clinic, connected
from tests.integration.procedures.conftest import running
from tests.integration.procedures.environment import Environment

__all__ = ["clinic", "running"]
COUNT = "SELECT count(*) FROM visits WHERE id = 30"
# Somebody waits for the lock that this session holds.
WAITED_FOR = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'visits'::regclass"


def test_killed_before_the_swap_and_behind_it_it_is_made_up_for(clinic: Environment) -> None:
    running = clinic
    running.green("backup_database")
    name = running.report("backup_database")["name"]
    running.ask("DELETE FROM visits WHERE id = 30")
    options = ("-e", "table=visits", "-e", f"dump={name}", "-e", "confirm=visits")
    with connected(running, "fisioflow_app") as app, app.transaction():
        app.execute("SELECT FROM visits")
        with in_background(running.cloud, "playbooks/restore_table", *options) as run:
            assert run.wait_until(lambda: bool((app.execute(WAITED_FOR).fetchone() or [0])[0])), run.output.read_text()
            run.kill()
        # Who was in the way has met nothing.
        app.execute("UPDATE visits SET patient = patient WHERE id = 7")
    assert running.ask(COUNT) == [(0,)]
    left = "SELECT schemaname FROM pg_tables WHERE tablename = 'visits' ORDER BY 1"
    assert running.ask(left) == [("public",), ("restored",)]
    with (
        connected(running, "fisioflow_app") as app,
        in_background(running.cloud, "playbooks/restore_table", *options) as run,
    ):
        assert run.wait_until(lambda: app.execute(COUNT).fetchone() == (1,)), run.output.read_text()
        run.kill()
    # What comes behind the swap is made up for, and what was written since stays.
    running.ask("INSERT INTO visits (room, patient) VALUES (1, 'newer')")
    running.green("restore_table", table="visits", dump=name, confirm="visits")
    assert running.ask("SELECT count(*) FROM visits") == [(51,)]
    assert [schema for (schema,) in running.ask(left) if schema.startswith("re")] == [
        running.report("local-table")["replaced"].partition(".")[0]
    ]
    assert "127.0.0.1" not in running.sources()
    assert [row["name"] for row in running.api.ok("GET", "/spaces/keys")["keys"] if "restore" in row["name"]] == []
