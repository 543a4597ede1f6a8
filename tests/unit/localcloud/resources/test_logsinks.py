# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log sinks, whose answers are none like the others."""

from __future__ import annotations

from typing import Any

import pytest

CLUSTER = {
    "name": "logs-pg",
    "engine": "pg",
    "version": "16",
    "size": "db-s-1vcpu-1gb",
    "num_nodes": 1,
    "region": "fra1",
}
CONFIG = {"server": "logs.example", "port": 514, "tls": False, "format": "rfc5424"}
SINK = {"sink_name": "logs", "sink_type": "rsyslog", "config": CONFIG}


@pytest.fixture
def path(api: Any) -> str:
    return f"/databases/{api.ok('POST', '/databases', CLUSTER)['database']['id']}/logsink"


def test_made_read_bare_changed_and_deleted_with_empty_answers(api: Any, path: str) -> None:
    made = api.ok("POST", path, SINK)["sink"]
    assert made == {**SINK, "sink_id": made["sink_id"]}
    one = f"{path}/{made['sink_id']}"
    assert api.ok("GET", one) == made
    changed = api.call("PUT", one, {"config": {**CONFIG, "port": 515}})
    assert (changed.status, changed.body) == (200, None)
    assert api.ok("GET", path)["sinks"] == [{**made, "config": {**CONFIG, "port": 515}}]
    deleted = api.call("DELETE", one)
    assert (deleted.status, deleted.body) == (200, None)
    api.refused("GET", one, None, 404)


def test_datadog_is_for_mongodb(api: Any, path: str) -> None:
    config = {"site": "http-intake.logs.datadoghq.com", "datadog_api_key": "x"}
    refusal = api.refused("POST", path, {"sink_name": "x", "sink_type": "datadog", "config": config})
    assert "not supported for this cluster" in refusal
