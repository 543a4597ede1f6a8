# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases while another run releases too, and ones that check mode cannot compare; all others: tests/integration."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from tests.integration.harness.playbooks import in_background
from tests.integration.site.outside import GOOD, app, call, closed, play, told
from tests.localcloud_fixtures import LocalCloud

DEPLOY = "playbooks/deploy"
PROBE = {"deployment_probe": True, "deployment_probe_retries": 10, "deployment_probe_delay": 1}


def test_a_deployment_of_another_run_is_left_alone(environment: LocalCloud, figures: Callable[[str], None]) -> None:
    """Going back from ours would take theirs away as well."""
    impatient = {**PROBE, "image_digest": GOOD}
    before = app(environment)["active_deployment"]["id"]
    with in_background(environment, DEPLOY, "-e", json.dumps(impatient)) as ours:
        ours.wait_until(lambda: app(environment)["active_deployment"]["id"] != before)
        made = call(environment, f"/v2/apps/{app(environment)['id']}/deployments", "POST", {"force_build": False})
        ours.wait_until(lambda: ours.over)
        printed = " ".join(ours.output.read_text().split())
    theirs = made["deployment"]["id"]
    assert ours.process.returncode == 2
    assert f"Deployment {theirs} of another run is active and was left alone" in printed
    assert app(environment)["active_deployment"]["id"] == theirs
    assert closed(environment)
    figures("left alone")


def test_check_mode_goes_on_where_the_app_needs_what_is_not_there_yet(
    environment: LocalCloud, figures: Callable[[str], None]
) -> None:
    """Another user takes over; another database or cluster would be an empty one, which preflight refuses."""
    foretold = play(environment, "site", "--check", "--diff", postgresql_app_user="clinic_app")
    assert (foretold.returncode, foretold.write_list) == (0, []), foretold.printed[-3000:]
    assert "The app cannot be compared before what its spec names is there" in told(foretold)
    [would] = re.findall(r"\n\nwould change: ([^:]*?)\n\n", foretold.printed)
    differs = play(environment, "playbooks/verify", postgresql_app_user="clinic_app")
    assert "app: is not as wanted" in differs.printed
    done = play(environment, "site", postgresql_app_user="clinic_app")
    assert done.returncode == 0, done.printed[-3000:]
    [happened] = re.findall(r"\n\nchanged: ([^:]*?)\n\n", done.printed)
    assert would.split() == happened.split()
    figures("foretold as it happened")
