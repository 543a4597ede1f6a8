# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the instances of an app use, as Prometheus tells it."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any

IMAGE = {"registry_type": "DOCKER_HUB", "registry": "library", "repository": "nginx", "tag": "1"}
SERVICE = {
    "name": "web",
    "image": IMAGE,
    "http_port": 80,
    "instance_count": 2,
    "instance_size_slug": "apps-s-1vcpu-1gb",
}
WORKER = {"name": "queue", "image": IMAGE}
NOWHERE = "5a4981aa-9653-4bd1-bef5-d6bff52042e4"


def now(api: Any) -> int:
    answer = api.call("GET", "/account")
    return int(parsedate_to_datetime(answer.headers["date"]).timestamp())


def metric(api: Any, name: str, app: str, minutes: int = 30, **query: str) -> list[dict[str, Any]]:
    end = now(api)
    words = "".join(f"&{key}={value}" for key, value in query.items())
    where = f"/monitoring/metrics/apps/{name}?app_id={app}&start={end - 60 * minutes}&end={end}{words}"
    told = api.ok("GET", where)
    assert (told["status"], told["data"]["resultType"]) == ("success", "matrix")
    found: list[dict[str, Any]] = told["data"]["result"]
    return found


def made(api: Any) -> str:
    spec = {"name": "clinic", "region": "fra", "services": [SERVICE], "workers": [WORKER]}
    return str(api.ok("POST", "/apps", {"spec": spec})["app"]["id"])


def test_a_series_for_each_instance_since_it_is_there(api: Any) -> None:
    app = made(api)
    api.admin.advance(600)
    found = metric(api, "memory_percentage", app)
    assert [row["metric"]["app_component_instance"] for row in found] == ["web-0", "web-1", "queue-0"]
    times = [moment for moment, _value in found[0]["values"]]
    assert len(times) in (5, 6)
    assert {after - before for before, after in pairwise(times)} == {120}
    assert all(isinstance(value, str) for _moment, value in found[0]["values"])
    (worker,) = metric(api, "cpu_percentage", app, app_component="queue")
    assert worker["metric"] == {"app_component": "queue", "app_component_instance": "queue-0", "app_uuid": app}
    assert {float(value) for _moment, value in metric(api, "restart_count", app)[0]["values"]} == {0.0}


def test_how_busy_it_is_can_be_said_from_now_on(api: Any) -> None:
    app = made(api)
    api.admin.advance(600)
    api.admin.utilization(app="clinic", memory=0.91, restarts=3)
    api.admin.advance(240)
    values = [float(value) for _moment, value in metric(api, "memory_percentage", app)[0]["values"]]
    assert (values[-1], len(set(values))) == (91.0, 2)
    assert float(metric(api, "restart_count", app)[0]["values"][-1][1]) == 3
    health = api.ok("GET", f"/apps/{app}/health")["app_health"]["components"]
    assert health[0]["memory_usage_percent"] == 91.0
    # Droplets are something else.
    assert "droplets" not in api.admin.state()["world"]["tables"]["utilization"]


def test_what_is_not_there_has_no_series(api: Any) -> None:
    app = made(api)
    api.admin.advance(600)
    assert metric(api, "cpu_percentage", NOWHERE) == []
    assert metric(api, "cpu_percentage", app, app_component="nobody") == []
    path = f"/monitoring/metrics/apps/cpu_percentage?app_id={app}"
    assert "timestamp" in api.refused("GET", f"{path}&start=x&end=5", None, 400)
    assert "before start" in api.refused("GET", f"{path}&start=9&end=5", None, 400)
