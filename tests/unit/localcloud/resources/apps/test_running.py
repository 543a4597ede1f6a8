# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs: instances, health, consoles, bandwidth."""

from __future__ import annotations

import pytest


@pytest.fixture
def app(cloud):
    image = cloud.service()["image"]
    worker = {"name": "work", "image": image, "instance_size_slug": "apps-s-1vcpu-1gb"}
    spec = cloud.spec(
        services=[cloud.service(instance_count=2)], workers=[worker], jobs=[{"name": "job", "image": image}]
    )
    return cloud.deployed(spec)


def test_there_is_one_instance_per_count(cloud, app):
    found = cloud.ok("GET", f"/apps/{app['id']}/instances")["instances"]
    assert [(i["instance_alias"], i["component_type"]) for i in found] == [
        ("web-0", "SERVICE"),
        ("web-1", "SERVICE"),
        ("work-0", "WORKER"),
    ]
    assert len({i["instance_name"] for i in found}) == 3
    assert cloud.ok("GET", f"/apps/{app['id']}/instances")["instances"] == found


def test_health_counts_replicas(cloud, app):
    components = cloud.ok("GET", f"/apps/{app['id']}/health")["app_health"]["components"]
    assert [(c["name"], c["replicas_ready"], c["state"]) for c in components] == [
        ("web", 2, "HEALTHY"),
        ("work", 1, "HEALTHY"),
    ]


def test_nothing_runs_before_a_deployment(cloud):
    cloud.slow()
    id = cloud.create(cloud.spec())["id"]
    assert cloud.ok("GET", f"/apps/{id}/instances") == {"instances": []}
    assert cloud.ok("GET", f"/apps/{id}/health") == {"app_health": {"components": []}}
    cloud.refused("GET", f"/apps/{id}/logs?type=RUN", status=404)
    cloud.refused("GET", f"/apps/{id}/components/web/exec", status=404)


def test_a_console_is_a_websocket_of_an_instance(cloud, app):
    name = cloud.ok("GET", f"/apps/{app['id']}/instances")["instances"][1]["instance_name"]
    for path in ("components", f"deployments/{app['active_deployment']['id']}/components"):
        url = cloud.ok("GET", f"/apps/{app['id']}/{path}/web/exec?instance_name={name}")["url"]
        assert url.startswith("wss://")
        cloud.refused("GET", f"/apps/{app['id']}/{path}/web/exec?instance_name=web-x", status=404)


def test_bandwidth_is_text(cloud, app):
    today = cloud.world.timestamp()
    one = cloud.ok("GET", f"/apps/{app['id']}/metrics/bandwidth_daily?date={today}")
    assert one["date"] == f"{today[:10]}T00:00:00Z"
    (usage,) = one["app_bandwidth_usage"]
    assert int(usage["bandwidth_bytes"]) > 0
    many = cloud.ok("POST", "/apps/metrics/bandwidth_daily", {"app_ids": [app["id"]], "date": today})
    assert many == one
    yesterday = cloud.ok("GET", f"/apps/{app['id']}/metrics/bandwidth_daily")
    assert yesterday["app_bandwidth_usage"][0]["bandwidth_bytes"] == "0"


def test_every_operation_of_the_description_is_there(cloud):
    if not cloud.shared.contract.on:
        pytest.skip("no API description at hand")
    from localcloud.ports.routing import OPERATIONS

    wanted = {
        (method.upper(), path): operation["security"][0]["bearer_auth"]
        for path, item in cloud.shared.contract.description["paths"].items()
        if path.startswith("/v2/apps")
        for method, operation in item.items()
        if method in ("get", "post", "put", "delete")
    }
    found = {key: list(operation.scopes) for key, operation in OPERATIONS.items() if key[1].startswith("/v2/apps")}
    assert found == wanted
