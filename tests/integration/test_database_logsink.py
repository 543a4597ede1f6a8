# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about log sinks: a name that stays, keys that are secret, and what one type needs."""

from __future__ import annotations

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.localcloud_fixtures import LocalCloud

CLUSTER = {"name": "logs-pg", "engine": "pg", "size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "fra1"}
RSYSLOG = {"server": "logs.example", "port": 6514, "tls": True, "format": "rfc5424", "key": "sentinel-of-a-key"}
DATADOG = {"site": "http-intake.logs.datadoghq.com", "datadog_api_key": "sentinel-of-an-api-key"}
SINK = {"cluster": "logs-pg", "sink_name": "logs"}


def test_a_log_sink(cloud: LocalCloud) -> None:
    by_id = {"cluster": "logs-pg", "sink_id": "{{ sink.database_logsink.sink_id }}", "sink_name": "other"}
    run = inside(
        cloud,
        [
            Step("cluster", "database_cluster", CLUSTER),
            Step("half", "database_logsink", {**SINK, "sink_type": "rsyslog", "config": {"server": "logs.example"}}),
            Step("made", "database_logsink", {**SINK, "sink_type": "rsyslog", "config": RSYSLOG}, register="sink"),
            Step("rename", "database_logsink", by_id),
            Step("port", "database_logsink", {**SINK, "config": {"port": 6515}}),
            Step("info", "database_logsink_info", {"cluster": "logs-pg", "sink_name": "logs"}),
            Step("datadog", "database_logsink", {**SINK, "sink_name": "x", "sink_type": "datadog", "config": DATADOG}),
        ],
    )
    run.assert_refused("half", "a sink of the type rsyslog needs also port, tls, format")
    run.assert_refused("rename", "sink_name is 'logs' and cannot become 'other'")
    assert run.good("port").changed
    (sink,) = run.good("info").result["database_logsinks"]
    # The key was sent again, and is not shown.
    assert (sink["config"]["port"], sink["config"]["server"], "key" in sink["config"]) == (6515, "logs.example", True)
    assert "sentinel" not in run.printed
    assert "The engine of this cluster has no such thing" in run["datadog"].message


def test_it_goes_with_its_cluster(cloud: LocalCloud) -> None:
    gone = {"name": "logs-pg", "state": "absent", "force": True}
    run = inside(
        cloud,
        [
            Step("cluster", "database_cluster", CLUSTER),
            Step("made", "database_logsink", {**SINK, "sink_type": "rsyslog", "config": RSYSLOG}),
            Step("gone", "database_cluster", gone),
            Step("and it", "database_logsink", {**SINK, "state": "absent"}),
        ],
    )
    assert run.good("made").changed
    assert run.good("and it").changed is False
    assert cloud.admin.state()["world"]["tables"]["database_logsinks"] == {}
