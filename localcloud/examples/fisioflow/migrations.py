# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables, one step after the other; each is applied once, as the owner of the schema."""

from __future__ import annotations

from typing import LiteralString

import psycopg

from localcloud.examples.fisioflow.database import libpq

STEPS: dict[str, LiteralString] = {
    "1_patients": """
        CREATE TABLE patients (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            name text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now()
        )""",
    "2_appointments": """
        CREATE TABLE appointments (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            patient_id uuid NOT NULL REFERENCES patients ON DELETE CASCADE,
            starts_at timestamptz NOT NULL
        )""",
}


def migrate(url: str, authority: str) -> list[str]:
    """The steps that were applied now. Two that run at once wait for each other."""
    applied = []
    with psycopg.connect(libpq(url, authority)[0]) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(74656)")
        connection.execute("CREATE TABLE IF NOT EXISTS _migrations (name text PRIMARY KEY)")
        known = {name for (name,) in connection.execute("SELECT name FROM _migrations").fetchall()}
        for name, statement in STEPS.items():
            if name not in known:
                connection.execute(statement)
                connection.execute("INSERT INTO _migrations VALUES (%s)", (name,))
                applied.append(name)
    return applied
