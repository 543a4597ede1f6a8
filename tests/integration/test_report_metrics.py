# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`playbooks/report_metrics.yml` measures, among 300 things of others, and ends by what crossed its threshold."""

from __future__ import annotations

import json

from tests.integration.site.crowd import CROWD
from tests.integration.site.outside import play, told
from tests.localcloud_fixtures import LocalCloud

METRICS = "playbooks/report_metrics"
SCOPES = [
    *("account:read", "app:read", "database:read", "database:update", "database:view_credentials", "monitoring:read"),
]


def test_it_is_measured_and_a_crossed_threshold_ends_red(environment: LocalCloud) -> None:
    admin = environment.admin
    admin.seed(**CROWD)
    admin.advance(600)
    env = {"DO_API_TOKEN": admin.token(scopes=SCOPES)}
    calm = play(environment, METRICS, env=env)
    assert (calm.returncode, calm.write_list) == (0, []), calm.printed[-3000:]
    assert "Metrics · local · all below their thresholds" in calm.printed

    admin.utilization(app="fisioflow-local", memory=0.9)
    admin.utilization(cluster="fisioflow-local-postgresql", connections=0.95)
    admin.advance(600)
    # Where visitors come in, which here is nobody.
    asked = {"metrics_probe": True, "monitoring_url": "https://127.0.0.1:9/"}
    busy = play(environment, METRICS, env=env, fisioflow_language="pt_BR", **asked)
    assert (busy.returncode, busy.write_list) == (2, []), busy.printed[-3000:]
    assert "Métricas · local · 2 acima do limite, 1 não medida(s)" in told(busy)
    assert "Memória da aplicação de web-0 está em 90,0 %, acima de 85,0 %." in told(busy)
    reports = environment.home.parent / "reports"
    made = json.loads((reports / "local-metrics.json").read_text())
    assert [(row["metric"], row["of"]) for row in made["findings"]] == [
        ("memory", "web-0"),
        ("latency", "https://127.0.0.1:9/api/health"),
        ("connections", "fisioflow-local-postgresql"),
    ]
    assert [len(row["points"]) for row in made["measures"] if row["metric"] == "cache"] == [2]
    page = (reports / "local-metrics.html").read_text()
    assert (page.count("<svg "), page.count("<polyline ")) == (5, 6)
