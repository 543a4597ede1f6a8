# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nodes of databases use, from their own endpoints; and how fast a page answers."""

from __future__ import annotations

import base64
import ssl
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.integration.harness.inside import inside, one
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud

PG = {"name": "measured", "engine": "pg", "size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "fra1"}
VALKEY = {"name": "cache", "engine": "valkey", "size": "db-s-1vcpu-2gb", "num_nodes": 2, "region": "fra1"}
BUSY = [
    admin("utilization", cluster="measured", cpu=0.9, memory=0.5, disk=0.25, connections=0.5),
    admin("utilization", cluster="cache", cache=0.75),
]


def test_each_node_tells_what_it_uses(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("not yet", "database_metrics_info", {"cluster": "measured"}, check=True),
            Step("nobody", "database_metrics_info", {"cluster": "measured"}),
            Step("pg", "database_cluster", PG),
            Step("valkey", "database_cluster", VALKEY),
            Step("used", "database_metrics_info", {"cluster": "measured"}, before=BUSY),
            Step("cached", "database_metrics_info", {"cluster": "cache"}),
            Step(
                "elsewhere", "database_metrics_info", {"cluster": "cache", "metrics_url": "https://127.0.0.1:9/{host}"}
            ),
        ],
    )
    assert run.good("not yet").result["database_metrics"]["nodes"] == []
    run.assert_refused("nobody", 'there is no database cluster "measured"')
    (node,) = run.good("used").result["database_metrics"]["nodes"]
    assert node["host"].startswith("measured-do-user-")
    told = ("cpu_percent", "memory_percent", "disk_percent", "connections", "connection_limit", "connections_percent")
    assert [node[name] for name in told] == [90, 50, 25, 11, 22, 50]
    nodes = run.good("cached").result["database_metrics"]["nodes"]
    assert [(row["cache_percent"], row["hit_percent"]) for row in nodes] == [(75, 90), (75, 90)]
    run.assert_refused("elsewhere", "cannot be reached", "trusted sources")
    assert run["used"].writes == []


def test_a_token_that_may_not_see_credentials_is_told_what_it_takes(cloud: LocalCloud) -> None:
    inside(cloud, [Step("pg", "database_cluster", PG)])
    token = cloud.admin.token(scopes=["database:read"])
    refused = one(cloud, "database_metrics_info", cluster="measured", api_token=token)
    assert "it takes database:update and database:view_credentials" in refused["msg"]


def test_endpoints_want_the_credentials_of_the_account(cloud: LocalCloud) -> None:
    """As whoever scrapes them sees it, without our modules."""
    inside(cloud, [Step("pg", "database_cluster", PG)])
    trust = ssl.create_default_context(cafile=cloud.ca)

    def get(path: str, authorization: str) -> Any:
        request = urllib.request.Request(f"{cloud.url}{path}", headers={"Authorization": authorization})
        return urllib.request.urlopen(request, context=trust)

    (row,) = cloud.admin.state()["world"]["tables"]["database_metrics"].values()
    pair = f"{row['basic_auth_username']}:{row['basic_auth_password']}"
    good = "Basic " + base64.b64encode(pair.encode()).decode()
    (cluster,) = cloud.admin.state()["world"]["tables"]["databases"].values()
    host = f"measured-do-user-19081923-0.{cluster['_zone']}.db.ondigitalocean.com"
    with get(f"/database-metrics/{host}", good) as answer:
        assert answer.headers["content-type"].startswith("text/plain")
        assert b'cpu_usage_idle{cpu="cpu-total"} ' in answer.read()
    for path, authorization, status in [
        (host, "Basic bm9ib2R5Og==", 401),
        (host, f"Bearer {cloud.token}", 401),
        ("nobody.db.ondigitalocean.com", good, 404),
    ]:
        with pytest.raises(urllib.error.HTTPError) as refused:
            get(f"/database-metrics/{path}", authorization)
        assert refused.value.code == status


def test_how_fast_a_page_answers_and_that_nobody_answers_are_told(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("it", "http_latency_info", {"url": f"{cloud.url}/v2/nothing", "requests": 2}),
            Step("nobody", "http_latency_info", {"url": "https://127.0.0.1:9/", "requests": 1}),
            Step("plain", "http_latency_info", {"url": "http://127.0.0.1:9/"}),
        ],
    )
    it = run.good("it").result["http_latency"]
    assert (it["statuses"], it["milliseconds"], it["median"]) == ([401, 401], [], None)
    nobody = run.good("nobody").result["http_latency"]
    assert (nobody["statuses"], nobody["median"]) == ([0], None)
    assert "refused" in nobody["error"]
    run.assert_refused("plain", "url must begin with https://")
