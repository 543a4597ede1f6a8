# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an app uses: each instance's samples, and what they come to."""

from __future__ import annotations

from tests.integration.harness.apps import DIGESTS, release
from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud


def test_tells_what_each_instance_used(cloud: LocalCloud) -> None:
    later = [
        admin("advance", 600),
        admin("utilization", app="clinic", memory=0.5),
        admin("advance", 240),
        admin("utilization", app="clinic", memory=0.9, cpu=0.25),
        admin("advance", 240),
    ]
    run = inside(
        cloud,
        [
            Step("not yet", "app_metrics_info", {"app": "clinic"}, check=True),
            release("app", DIGESTS[1], register="app"),
            Step("too early", "app_metrics_info", {"app": "clinic"}),
            Step("used", "app_metrics_info", {"app": "clinic", "minutes": 8, "component": "web"}, before=later),
            Step("by id", "app_metrics_info", {"app_id": "{{ app.app.id }}", "component": "nobody"}),
            Step("no app", "app_metrics_info", {"app": "nobody"}),
            Step("no time", "app_metrics_info", {"app": "clinic", "minutes": 0}),
        ],
    )
    assert run.good("not yet").result["app_metrics"]["memory_percentage"] == []
    # Measured every two minutes: an instance that has just come up has one sample at most.
    early = run.good("too early").result["app_metrics"]["memory_percentage"]
    assert early == [] or len(early[0]["points"]) == 1
    used = run.good("used").result["app_metrics"]
    (memory,) = used["memory_percentage"]
    assert (memory["component"], memory["instance"], memory["latest"], memory["maximum"]) == ("web", "web-0", 90, 90)
    values = [value for _moment, value in memory["points"]]
    assert (values == sorted(values), set(values) >= {50, 90}) == (True, True)
    assert memory["mean"] == round(sum(values) / len(values), 3)
    assert used["cpu_percentage"][0]["latest"] == 25
    assert used["restart_count"][0]["maximum"] == 0
    assert isinstance(used["bandwidth"]["bytes"], int)
    assert run.good("by id").result["app_metrics"]["memory_percentage"] == []
    run.assert_refused("no app", 'there is no app "nobody"')
    run.assert_refused("no time", 'Could not read metrics of app "clinic": minutes is 0, and must be 1 or more.')
