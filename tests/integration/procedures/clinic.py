# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of a clinic, of which one has keys both ways, an identity and a trigger; and who works with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.integration.procedures.environment import SENTINELS, Environment

MADE = (
    "CREATE TABLE rooms (id int PRIMARY KEY, name text)",
    "CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, room int NOT NULL REFERENCES rooms,"
    " patient text NOT NULL, changed timestamptz)",
    "CREATE TABLE bills (id int PRIMARY KEY, visit bigint REFERENCES visits)",
    "CREATE INDEX visits_of_room ON visits (room)",
    "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.changed := now(); RETURN NEW; END'",
    "CREATE TRIGGER noted BEFORE UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION noted()",
    "INSERT INTO rooms VALUES (1, 'blue')",
    f"INSERT INTO visits (room, patient) SELECT 1, '{SENTINELS[0]} ' || n FROM generate_series(1, 50) n",
    "INSERT INTO bills SELECT n, n FROM generate_series(1, 20) n",
)
GONE = ("DROP TABLE bills, visits, rooms", "DROP FUNCTION noted")


@pytest.fixture
def clinic(running: Environment) -> Iterator[Environment]:
    running.ask(*MADE)
    yield running
    running.green("restore_table", table="visits", cleanup=True, confirm="visits")
    running.ask(*GONE)


@contextmanager
def connected(running: Environment, user: str) -> Iterator[psycopg.Connection[Any]]:
    """Beside who is let in."""
    there = running.cluster()
    users = running.api.ok("GET", f"/databases/{there['id']}/users")["users"]
    path = f"/databases/{there['id']}/firewall"
    before = running.api.ok("GET", path)["rules"]
    running.api.ok("PUT", path, {"rules": [*before, {"type": "ip_addr", "value": "127.0.0.1"}]})
    try:
        with psycopg.connect(
            host=there["connection"]["host"], port=there["connection"]["port"], dbname="fisioflow", user=user,
            password=next(row["password"] for row in users if row["name"] == user), sslmode="verify-full",
            sslrootcert=running.cloud.ca, autocommit=True,
        ) as connection:  # fmt: skip
            yield connection
    finally:
        running.api.ok("PUT", path, {"rules": before})
