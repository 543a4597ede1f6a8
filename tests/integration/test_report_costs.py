# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`playbooks/report_costs.yml` on an environment that stands beside 300 things of others."""

from __future__ import annotations

import json

from tests.integration.site.crowd import CROWD, LOOKING
from tests.integration.site.fixtures import Baseline
from tests.integration.site.outside import call, play, told
from tests.localcloud_fixtures import LocalCloud

COSTS = "playbooks/report_costs"
PARTS = ("App Platform", "PostgreSQL", "Valkey", "Spaces + CDN", "Load balancer", "Edge proxies")


def test_an_environment_in_a_crowd_has_its_own_bill_and_what_is_nobodys_is_found(
    environment: LocalCloud, baseline: Baseline
) -> None:
    """A token that may only read is enough; nothing is written; each form says the same, in the language asked for."""
    environment.admin.seed(**CROWD)
    env = {"DO_API_TOKEN": environment.admin.token(scopes=LOOKING)}
    clean = play(environment, COSTS, env=env)
    reports = environment.home.parent / "reports"
    made = json.loads((reports / "local-costs.json").read_text())
    ours = [row["item"] for row in made["there"]["lines"]]
    assert clean.write_list == [], clean.printed[-3000:]
    assert sorted(ours) == sorted([*PARTS, "Edge proxies"])
    assert {row["called"] for row in made["there"]["lines"] if not row["called"].startswith("fisioflow-local")} == {""}
    # The document's $59 and 15 cents, and the proxies without which a load balancer reaches no app.
    assert (made["planned"]["total"], made["there"]["total"]) == (71.15, 71.15)
    assert [(row["document"], row["there"]) for row in made["document"]][-2:] == [(12, 12), (0, 12)]
    assert len(made["others"]["lines"]) >= CROWD["databases"] + CROWD["droplets"] + CROWD["load_balancers"]
    assert [row for row in made["findings"] if "fisioflow" in str(row)] == []

    body = {"name": "fisioflow-local-old", "region": "nyc1", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64"}
    call(environment, "/v2/droplets", "POST", body)
    run = play(environment, COSTS, env=env, fisioflow_language="pt_BR", costs_budget_usd=40)
    assert (run.returncode, run.write_list) == (2, []), run.printed[-3000:]
    page = (reports / "local-costs.html").read_text()
    for words in (
        "fisioflow-local-old",
        "ninguém o declarou e ele leva o nome do ambiente",
        "acima do orçamento de US$ 40,00",
    ):
        assert words in told(run), words
        assert words in page, words
        assert words in (reports / "local-costs.md").read_text(), words
    assert "US$ 77,15 existentes" in told(run)
    assert [path.stat().st_mode & 0o077 for path in reports.glob("local-costs.*")] == [0, 0, 0]
