# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people of a clinic do, for locust: log in, look at the dashboard and the patients, make an appointment.

From its environment it has LOAD_MARK, the name of its patient; LOAD_ADDRESS, the address to connect to whatever DNS
says; LOAD_LOGIN, the form of the login. It keeps no body of an answer.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import urllib3.util.connection
from locust import HttpUser, between, task

MARK, ADDRESS = os.environ["LOAD_MARK"], os.environ.get("LOAD_ADDRESS", "")
LOGIN = json.loads(os.environ["LOAD_LOGIN"])
_connect = urllib3.util.connection.create_connection


def _to_address(address: tuple[str, int], *more: Any, **options: Any) -> Any:
    """As DNS would send it; name and certificate stay those of the host."""
    return _connect((ADDRESS or address[0], address[1]), *more, **options)


urllib3.util.connection.create_connection = _to_address


class Therapist(HttpUser):
    """One of them, each with a session of its own."""

    wait_time = between(0.5, 1.5)

    def on_start(self) -> None:
        """Log in, and see to the patient of the test."""
        self.client.verify = os.environ.get("LOAD_CA") or True
        self.client.post(LOGIN["path"], json=LOGIN["body"], name="login")
        with self.client.get("/api/patients", name="patients", catch_response=True) as answer:
            rows = answer.json().get("patients", []) if answer.ok else []
        self.patient = next((row["id"] for row in rows if row["name"] == MARK), None)

    @task(4)
    def dashboard(self) -> None:
        """What is looked at most."""
        self.client.get("/dashboard", name="dashboard")

    @task(3)
    def patients(self) -> None:
        """The list."""
        self.client.get("/api/patients", name="patients")

    @task(1)
    def appointment(self) -> None:
        """One of tomorrow, for the patient of the test."""
        if self.patient is None:
            body = {"name": MARK}
            with self.client.post("/api/patients", json=body, name="new patient", catch_response=True) as answer:
                self.patient = answer.json()["patient"]["id"] if answer.ok else None
            return
        tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        body = {"patient_id": self.patient, "starts_at": tomorrow}
        self.client.post("/api/appointments", json=body, name="appointment")

    @task(2)
    def health(self) -> None:
        """As the monitoring does."""
        self.client.get("/api/health", name="health")
