# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make pipeline`: a commit becomes the version that runs, and a bad one is gone again, by the scripts CI calls."""

from __future__ import annotations

import json
import re
import subprocess

from tests.integration.harness.ansible import ROOT, environment
from tests.integration.harness.playbooks import PROVIDED
from tests.integration.harness.visitor import Visitor
from tests.integration.procedures.conftest import running
from tests.integration.procedures.environment import Environment

__all__ = ["running"]


def digest(running: Environment) -> str:
    return str(running.app()["active_deployment"]["spec"]["services"][0]["image"]["digest"])


def test_a_commit_is_built_deployed_and_judged(running: Environment) -> None:
    before = digest(running)
    given = {"fisioflow_report_dir": str(running.reports), "deployment_probe_delay": 1}
    command = [ROOT / ".ci/pipeline", "-e", json.dumps(given)]
    # As where no container engine is.
    env = environment(running.cloud) | PROVIDED | {"DOCKER_HOST": "unix:///nonexistent"}
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
        assert re.findall(r"^── (\w+)", done.stdout, re.M) == [
            *["commit", "test", "build", "publish", "deploy"] * 2,
            "the",
        ]
        assert "no container engine answers" in done.stdout
        good, bad = re.findall(r"fisioflow/fisioflow@(sha256:[0-9a-f]{64}) is commit", done.stdout)
        assert good != bad
        [balancer] = running.api.ok("GET", "/load_balancers")["load_balancers"]
        visitor = Visitor(running.cloud, balancer["ip"])
        assert "version good" in visitor.ask("/login")[1].decode()
        assert digest(running) == good
        assert re.search("requests failed, which is|answers, but not as it should", done.stdout)
        assert "Rolled back to deployment" in done.stdout
        # Half of the bad version's answers are errors, and it serves no longer than it is judged.
        assert [visitor.ask("/login")[0].status for _number in range(5)] == [200] * 5
    finally:
        running.green("deploy", image_digest=before, deployment_gate_seconds=0)
