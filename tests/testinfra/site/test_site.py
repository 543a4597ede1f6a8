# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything, as one thing."""

from __future__ import annotations

from typing import Any


def test_everything_is_in_the_project(account: Any, only: Any) -> None:
    project = only(account.rows("/v2/projects", "projects"), name="fisioflow-local")
    urns = {row["urn"] for row in account.rows(f"/v2/projects/{project['id']}/resources", "resources")}
    assert urns == {
        f"do:app:{account.app()['id']}",
        f"do:dbaas:{account.cluster('postgresql')['id']}",
        f"do:dbaas:{account.cluster('valkey')['id']}",
        "do:space:fisioflow-local-uploads",
        "do:space:fisioflow-local-assets",
        "do:domain:fisioflow.example",
        f"do:loadbalancer:{account.rows('/v2/load_balancers', 'load_balancers')[0]['id']}",
    }


def test_the_databases_are_closed(account: Any) -> None:
    for name in ("postgresql", "valkey"):
        rules = account.get(f"/v2/databases/{account.cluster(name)['id']}/firewall")["rules"]
        assert "10.20.0.0/20" not in [rule["value"] for rule in rules]
        assert ("app", account.app()["id"]) in [(rule["type"], rule["value"]) for rule in rules]


def test_the_app_runs(account: Any) -> None:
    assert account.app()["active_deployment"]["phase"] == "ACTIVE"
