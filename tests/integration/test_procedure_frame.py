# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How procedures begin and end: roles/procedure. What each does in between is in test_procedures.py."""

from __future__ import annotations

import json

from tests.integration.harness.playbooks import in_background
from tests.integration.site.runs import run
from tests.localcloud_fixtures import LocalCloud

DIGEST = f"image_digest=sha256:{'7' * 64}"


def test_a_second_run_is_kept_away_until_the_first_is_over_however_it_ends(environment: LocalCloud) -> None:
    environment.admin.fault("hang", method="PUT", path="/v2/apps/*", when="after", count=1)
    with in_background(environment, "playbooks/deploy", "-e", DIGEST) as first:
        assert first.wait_until(lambda: bool(environment.admin.faults()[0]["fired"])), first.output.read_text()
        second = run(environment, "playbooks/provision")
        assert (second.ok, second.writes) == (False, [])
        [said] = second.messages
        assert said.startswith("Nothing was changed: deploy has been working on local since "), said
        assert said.endswith("); wait until that run is over, and run again."), said
        # What only looks is in nobody's way.
        assert run(environment, "playbooks/destroy", "--check", "-e", "confirm=local", "-e", "destroy_data=true").ok
        first.kill()
    environment.admin.clear_faults()
    assert run(environment, "playbooks/provision").ok


def test_a_run_that_fails_on_its_way_leaves_a_report_and_says_why_last(environment: LocalCloud) -> None:
    environment.admin.fault("status", method="PATCH", path="/v2/vpcs/*", status=422)
    reports = environment.home.parent / "reports"
    before = set(reports.glob("*.json"))
    done = run(environment, "playbooks/provision", variables={"network_description": "another"})
    assert done.played.returncode == 2
    [said] = done.messages
    page, _, last = done.printed.partition("\nFAILED: ")
    assert "Provisioning · local" in page
    assert last.startswith(said)
    [report] = set(reports.glob("*.json")) - before
    assert json.loads(report.read_text(encoding="utf-8"))["failure"] == said
    assert f"Failed: {said}" in report.with_suffix(".md").read_text(encoding="utf-8")
    assert f"report: {report.with_suffix('.md').relative_to(environment.home.parent)}" in page
