# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one run has compiled is taken over by the next, which comes to the same (tests/integration/harness/compiled)."""

from __future__ import annotations

from pathlib import Path

from tests.integration.harness.ansible import play
from tests.integration.harness.steps import Step
from tests.localcloud_fixtures import LocalCloud

DEBUG = "ansible.builtin.debug"
STEPS = [
    Step("a text", DEBUG, {"msg": "{{ [1, 2] | map('string') | join('+') }} of {{ given }}"}),
    Step("left out", DEBUG, {"msg": ""}, keywords={"when": "1 > 2 or nobody is defined"}),
    Step("a syntax error", DEBUG, {"msg": "{{ 1 + }}"}),
    Step("a module", "vpc_info", {}),
    Step("a process", "vpc_info", {}, keywords={"vars": {"digitalocean_in_controller": False}}),
]


def test_a_second_run_compiles_nothing_and_comes_to_the_same(cloud: LocalCloud, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    runs, files = [], []
    for _time in range(2):
        env = {"TESTS_COMPILED": str(kept)}
        runs.append(play(cloud, tmp_path, STEPS, variables={"given": "{{ 'vpc' ~ 's' }}"}, env=env))
        files.append({path.name: path.stat().st_mtime_ns for path in kept.iterdir()})
    assert {name.partition("-")[0] for name in files[0]} == {"expression", "module", "packed", "template"}
    # Nothing a second time.
    assert files[0] == files[1]
    told = [{name: (outcome.status, outcome.message) for name, outcome in run.outcomes.items()} for run in runs]
    assert told[0] == told[1]
    assert told[0]["a text"] == ("ok", "1+2 of vpcs")
    assert (told[0]["left out"][0], told[0]["a syntax error"][0]) == ("skipped", "failed")
