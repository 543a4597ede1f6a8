# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""restore_table.yml: a row that was deleted and one that was changed by mistake come back, while the app goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.integration.procedures.clinic import clinic, connected
from tests.integration.procedures.environment import Environment

__all__ = ["clinic"]

pytestmark = pytest.mark.xdist_group("procedures")

# Of the table and its sequence, and what its owner may.
GRANTS = (
    "SELECT relname, grantee::regrole::text, privilege_type FROM pg_class, aclexplode(relacl)"
    " WHERE relname ~ '^visits' AND relnamespace = 'public'::regnamespace ORDER BY 1, 2, 3"
)


@contextmanager
def working(running: Environment) -> Iterator[list[float]]:
    """The app's user reads and writes all the time: for how many seconds each time."""
    took: list[float] = []
    over = threading.Event()
    with connected(running, "fisioflow_app") as connection:

        def work() -> None:
            while not over.wait(0.02):
                began = time.monotonic()
                connection.execute("UPDATE visits SET patient = patient WHERE id = 7")
                connection.execute("SELECT count(*) FROM bills JOIN visits ON visit = visits.id")
                took.append(time.monotonic() - began)

        worker = threading.Thread(target=work)
        worker.start()
        try:
            yield took
        finally:
            met_an_error = not worker.is_alive()
            over.set()
            worker.join()
        assert not met_an_error


def test_it_comes_back_beside_the_living_one_and_then_in_its_place(clinic: Environment) -> None:
    running = clinic
    running.green("backup_database")
    name = running.report("backup_database")["name"]
    before = running.ask(GRANTS)
    assert ("visits", "fisioflow_app", "UPDATE") in before
    # By mistake; and what came since.
    running.ask("DELETE FROM visits WHERE id = 30", "UPDATE visits SET patient = 'nobody' WHERE id IN (31, 7)")
    running.ask("INSERT INTO visits (room, patient) VALUES (1, 'new')", "INSERT INTO bills VALUES (100, 5)")

    would = running.green("restore_table", "--check", table="visits")
    assert f"Would restore public.visits of the dump {name} beside" in would.printed
    done = running.green("restore_table", table="visits")
    told = running.report("local-table")
    assert (told["dump"], told["rows_living"], told["rows_restored"]) == (name, 50, 50)
    assert (told["only_living"], told["only_restored"], told["differing"]) == (1, 1, 2)
    keys = {(row["name"], row["broken"]) for row in told["foreign_keys"]}
    assert keys == {("visits_room_fkey", 0), ("bills_visit_fkey", 0)}
    assert f"restore_table.yml -e table=visits -e dump={name} -e confirm=visits" in done.printed
    assert running.ask("SELECT count(*) FROM restored.visits WHERE id = 30") == [(1,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        running.ask("SELECT count(*) FROM restored.visits", user="fisioflow_app")

    # The way by hand of the runbook: the number is kept, though the server would give it.
    columns = "id, room, patient"
    by_hand = f"INSERT INTO visits ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM restored.visits"
    running.ask(f"{by_hand} WHERE id = 30")
    assert running.ask("SELECT room FROM visits WHERE id = 30") == [(1,)]

    with working(running) as took:
        running.green("restore_table", table="visits", dump=name, confirm="visits")
    told = running.report("local-table")
    assert len(took) > 50
    assert max(took) < 3
    print(f"the app's user: {len(took)} times, {max(took) * 1000:.0f} ms at most; locked for {told['locked_ms']} ms")
    assert running.ask("SELECT count(*) FROM visits WHERE id IN (30, 31) AND patient <> 'nobody'") == [(2,)]
    assert running.ask("SELECT count(*) FROM bills") == [(21,)]
    assert running.ask(GRANTS) == before
    assert running.ask(f"SELECT count(*) FROM {told['replaced']}") == [(51,)]
    insert = "INSERT INTO visits (room, patient) VALUES (1, 'newer') RETURNING id"
    assert running.ask(insert, user="fisioflow_app") == [(52,)]
    # As after a run that was killed behind the swap: what was written since stays.
    again = running.green("restore_table", table="visits", dump=name, confirm="visits")
    assert f"{name} is in the place of public.visits already" in again.printed
    assert running.report("local-table")["replaced"] == told["replaced"]
    assert running.ask("SELECT schemaname FROM pg_tables WHERE tablename = 'visits' AND schemaname <> 'public'") == [
        (told["replaced"].partition(".")[0],)
    ]
    assert running.ask("SELECT count(*) FROM visits WHERE id = 52") == [(1,)]
    # Check mode lets nobody in: it sees that only where it is let in already.
    unseen = running.green("restore_table", "--check", table="visits", dump=name, confirm="visits")
    assert "and put it in its place, unless it is there already" in unseen.printed
    with connected(running, "fisioflow_app"):
        seen = running.green("restore_table", "--check", table="visits", dump=name, confirm="visits")
    assert f"{name} is in the place of public.visits already" in seen.printed
    assert "Would restore" not in seen.printed
    assert (unseen.write_list, seen.write_list) == ([], [])
    running.green("verify")
    none = running.red("restore_table", "--check", table="none")
    assert f"Nothing was changed: the dump {name} holds no table public.none: it has" in none.printed


def test_what_cannot_be_meant_is_refused_before_anything_is_touched(running: Environment) -> None:
    since = running.cloud.admin.seq()
    assert "say which table" in running.red("restore_table").printed
    wrong = running.red("restore_table", table="patients", confirm="local")
    assert "This is about patients, not local: nothing was done." in wrong.printed
    assert "say of which dump" in running.red("restore_table", table="patients", confirm="patients").printed
    dropping = running.red("restore_table", table="patients", cleanup=True)
    assert "To do so, add -e confirm=patients." in dropping.printed
    assert running.cloud.admin.writes(since) == []
