# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory moves the number of instances inside of the limits, and site.yml keeps what it moved."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.site.account import APP, tables_of
from tests.integration.site.proofs import good
from tests.integration.site.runs import SiteRun, run
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud

SCALE = "playbooks/scale_on_memory"
OPEN = {"type": "ip_addr", "value": "10.20.0.0/20"}
ROOM = {"app_most_instances": 3, "preflight_budget_usd": 150}


def scaled(cloud: LocalCloud, *options: str, minutes: float = 12, **variables: Any) -> SiteRun:
    """Some time after what was said last."""
    cloud.admin.advance(minutes * 60)
    return run(cloud, SCALE, *options, variables={**ROOM, **variables})


def instances(cloud: LocalCloud) -> int:
    [app] = tables_of(cloud.admin.state())["apps"].values()
    return int(app["spec"]["services"][0]["instance_count"])


def rules(cloud: LocalCloud) -> list[Any]:
    rows = tables_of(cloud.admin.state())["databases"].values()
    return [[(rule["type"], rule["value"]) for rule in row["rules"]] for row in rows]


def test_memory_moves_the_bound_and_site_keeps_it(environment: LocalCloud) -> None:
    closed = rules(environment)
    environment.admin.utilization(app=APP, memory=0.93)
    predicted = good(scaled(environment, "--check", "--diff"))
    assert predicted.writes == []
    assert "+        services[web].instance_count: 2" in predicted.printed
    assert "1 would become 2 instances" in predicted.printed
    done = good(run(environment, SCALE, variables=ROOM))
    assert "memory was at 93 % over 5 minutes on 1 instance, over 85 %" in done.printed
    assert "Scaled on memory · local · 1 → 2 instances" in done.printed
    assert instances(environment) == 2
    assert rules(environment) == closed
    # Right after it nothing has been measured: nothing moves, although memory is still beyond.
    again = good(run(environment, SCALE, variables=ROOM))
    assert (again.changed, again.writes) == (0, [])
    assert "deployed less than 5 minutes ago" in again.printed
    # As a run leaves them that was killed behind its deployment.
    [before, _valkey] = tables_of(environment.admin.state())["databases"].values()
    Api(environment).ok("PUT", f"/databases/{before['id']}/firewall", {"rules": [OPEN, *before["rules"]]})
    assert rules(environment) != closed
    good(run(environment, SCALE, variables=ROOM))
    assert rules(environment) == closed
    site = good(run(environment, "site", variables=ROOM))
    assert (site.changed, site.writes) == (0, [])
    # Limits that have become narrower count.
    narrow = good(run(environment, "site", variables={"app_most_instances": 0}))
    assert (narrow.changed, instances(environment)) == (1, 1)


@pytest.mark.soak
def test_it_goes_down_between_two_marks_nowhere_and_never_beyond_the_limits(environment: LocalCloud) -> None:
    good(run(environment, "site", variables={**ROOM, "app_instance_count": 2}))
    environment.admin.utilization(app=APP, memory=0.3)
    assert "2 → 1 instances" in good(scaled(environment)).printed
    for memory, why in ((0.3, "30 % over 5 minutes on 1 instance"), (0.7, "70 % over 5 minutes on 1 instance")):
        environment.admin.utilization(app=APP, memory=memory)
        kept = good(scaled(environment))
        assert (kept.changed, kept.writes) == (0, [])
        assert f"memory was at {why}" in kept.printed
        assert "local · 1 as before" in kept.printed


def test_what_is_not_healthy_is_taken_back(environment: LocalCloud) -> None:
    closed = rules(environment)
    environment.admin.utilization(app=APP, memory=0.93)
    # Nothing runs on localcloud that could answer.
    probe = {"deployment_probe": True, "deployment_probe_retries": 1, "deployment_probe_delay": 0}
    done = scaled(environment, **probe)
    assert not done.ok
    assert "Rolled back to deployment" in done.messages[-1]
    assert "Scaled on memory · local · FAILED" in done.printed
    assert (instances(environment), rules(environment)) == (1, closed)


def test_what_is_silent_moves_nothing(environment: LocalCloud) -> None:
    environment.admin.utilization(app=APP, memory=0.93)
    environment.admin.fault(
        "status", path="/v2/monitoring/metrics/apps/memory_percentage", status=200, body='{"ok": true}'
    )
    odd = scaled(environment)
    assert (odd.ok, odd.writes) == (False, [])
    assert "without an object under" in odd.messages[0]
    environment.admin.clear_faults()
    gone = run(environment, SCALE, variables={**ROOM, "autoscaling_service": "nobody"})
    assert (gone.ok, gone.writes) == (False, [])
    assert "no service nobody" in gone.printed
