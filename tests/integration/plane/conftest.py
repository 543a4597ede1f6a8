# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters that run, for tests that connect to them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud

PATIENCE = 60.0


def until(condition: Callable[[], Any], what: str) -> Any:
    """What the condition gives once it gives something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {PATIENCE:g} s")


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Clusters:
    """Makes clusters with the API and waits for them."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def create(self, engine: str, **more: Any) -> dict[str, Any]:
        body = {"name": f"{engine.replace('_', '-')}-1", "engine": engine, "region": "fra1", **more}
        body = {"size": "db-s-1vcpu-1gb", "num_nodes": 1, **body}
        return self.online(self.api.ok("POST", "/databases", body)["database"]["id"])

    def online(self, id: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            cluster: dict[str, Any] = self.api.ok("GET", f"/databases/{id}")["database"]
            return cluster if cluster["status"] == "online" else None

        cluster: dict[str, Any] = until(found, f"cluster {id} is online")
        return cluster

    def pids(self, id: str) -> dict[str, int]:
        """Role → process, of the nodes of a cluster that is up; nothing of one that is not."""
        runs = [run for run in self.api.admin.status()["runs"] if run["key"].endswith(id) and run["state"] == "up"]
        roles = [line.partition(", pid ") for run in runs for line in run["lines"]]
        return {role: int(pid) for role, found, pid in roles if found}

    def killed(self, id: str, number: int) -> dict[str, int]:
        """The processes once the cluster is up again, after a signal to its primary."""
        before = self.pids(id)
        os.kill(before["primary"], number)

        def back() -> dict[str, int] | None:
            now = self.pids(id)
            return now if len(now) == len(before) and before["primary"] not in now.values() else None

        found: dict[str, int] = until(back, f"cluster {id} is up again")
        return found


@pytest.fixture
def api(plane_cloud: LocalCloud) -> Iterator[Api]:
    found = Api(plane_cloud)
    yield found
    found.session.close()


@pytest.fixture
def clusters(api: Api) -> Clusters:
    return Clusters(api)
