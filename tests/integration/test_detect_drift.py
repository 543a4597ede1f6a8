# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`playbooks/detect_drift.yml` finds what differs and what nobody declared, among 300 things of others."""

from __future__ import annotations

import json

from tests.integration.site.crowd import CROWD
from tests.integration.site.outside import call, play, told
from tests.localcloud_fixtures import LocalCloud

DRIFT = "playbooks/detect_drift"
SSH = {"protocol": "tcp", "ports": "22", "sources": {"addresses": ["10.0.0.0/8"]}}


def test_nothing_has_drifted_after_a_run_and_what_has_is_told(environment: LocalCloud) -> None:
    environment.admin.seed(**CROWD)
    clean = play(environment, DRIFT)
    assert (clean.returncode, clean.write_list) == (0, []), clean.printed[-3000:]
    assert "Drift · local · nothing has drifted" in clean.printed

    [network] = [row for row in call(environment, "/v2/vpcs")["vpcs"] if row["name"] == "fisioflow-local"]
    call(environment, f"/v2/vpcs/{network['id']}", "PATCH", {"description": "drifted"})
    wanted = {"region": "nyc1", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64"}
    call(environment, "/v2/droplets", "POST", {**wanted, "name": "by-hand", "vpc_uuid": network["id"]})
    call(
        environment, "/v2/droplets", "POST", {**wanted, "region": "fra1", "name": "other", "tags": ["fisioflow-local"]}
    )
    call(environment, "/v2/firewalls", "POST", {"name": "fisioflow-local-old", "inbound_rules": [SSH]})
    run = play(environment, DRIFT, fisioflow_language="pt_BR")
    assert (run.returncode, run.write_list) == (2, []), run.printed[-3000:]
    assert "Divergências · local · 1 diferente(s), 3 que ninguém declarou" in told(run)
    made = json.loads((environment.home.parent / "reports/local-drift.json").read_text())
    assert {row["called"]: row["why"] for row in made["undeclared"]} == {
        "by-hand": ["network"],
        "other": ["tag"],
        "fisioflow-local-old": ["name"],
    }
    assert [(row["name"], row["action"]) for row in made["differences"]] == [("network", "change")]
    assert made["ok"] is True
