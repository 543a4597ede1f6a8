# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile with standbys is built on a day on which the Standard edition has none, and is then unchanged."""

from __future__ import annotations

from typing import Any

import yaml

from tests.integration.harness.ansible import ROOT, Played
from tests.integration.harness.playbooks import playbook
from tests.localcloud_fixtures import LocalCloud


def good(cloud: LocalCloud, name: str, variables: dict[str, Any]) -> Played:
    done = playbook(cloud, name, variables=variables)
    assert done.returncode == 0, done.printed[-6000:]
    return done


def test_high_availability_is_built_and_then_unchanged(cloud: LocalCloud) -> None:
    cloud.admin.advance(30 * 86400)
    profile = yaml.safe_load((ROOT / "inventories/common/high_availability.yml").read_text(encoding="utf-8"))
    variables = {**profile, "preflight_budget_usd": 500}
    good(cloud, "site", variables)
    tables = cloud.admin.state()["world"]["tables"]
    clusters = {row["name"]: row for row in tables["databases"].values()}
    built = {name.rsplit("-", 1)[1]: (row["engine"], row["num_nodes"]) for name, row in clusters.items()}
    assert built == {"postgresql": ("advanced_pg", 2), "valkey": ("valkey", 2)}
    parameters = clusters["fisioflow-local-postgresql"]["_config"]["pg_parameters"]
    assert parameters["idle_in_transaction_session_timeout"] == "60000"
    # Its certificate is of an authority that every system trusts, so Prisma is pointed at none.
    [app] = tables["apps"].values()
    envs = {env["key"]: env.get("value", "") for env in app["spec"]["services"][0]["envs"]}
    assert "sslaccept=strict" in envs["DATABASE_URL"]
    assert "sslcert" not in envs["DATABASE_URL"]
    assert "DATABASE_CA_CERT" not in envs
    again = good(cloud, "site", variables)
    assert (again.write_list, again.recap["changed"]) == ([], 0)
