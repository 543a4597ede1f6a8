# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A preview really comes, and really goes when it has expired: the playbooks that `examples/delivery/preview` names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.integration.harness.ansible import ROOT, environment
from tests.integration.harness.playbooks import PROVIDED
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud

DIGEST = f"sha256:{'c3' * 32}"
# Of records alone nobody answers.
UNANSWERED = '{"deployment_probe": false, "cdn_probe": false}'


def names(api: Api, path: str, key: str) -> list[str]:
    found = api.ok("GET", path)[key]
    return sorted(row.get("name") or row["spec"]["name"] for row in found)


def test_a_preview_comes_and_expires(cloud: LocalCloud) -> None:
    def preview(*words: str) -> Any:
        env = environment(cloud) | PROVIDED | {"OPERATIONS": str(ROOT), "INVENTORY": "inventories/local"}
        env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
        given = ["-e", UNANSWERED, "-e", f"fisioflow_report_dir={cloud.home.parent / 'reports'}"]
        command = [ROOT / "examples/delivery/preview", *words, *given]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    api = Api(cloud)
    done = preview("up", "7", DIGEST)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert names(api, "/vpcs", "vpcs") == ["fisioflow-pr-7"]
    [app] = api.ok("GET", "/apps")["apps"]
    service = app["active_deployment"]["spec"]["services"][0]
    assert (app["spec"]["name"], app["spec"].get("domains") or []) == ("fisioflow-pr-7", [])
    assert (service["image"]["digest"], service["instance_size_slug"]) == (DIGEST, "apps-s-1vcpu-1gb")
    assert names(api, "/databases", "databases") == ["fisioflow-pr-7-postgresql", "fisioflow-pr-7-valkey"]

    cloud.admin.advance(25 * 3600)
    done = preview("expire", "24")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "older than 24 hours: pr-7" in done.stdout
    assert "fisioflow-pr-7" not in names(api, "/vpcs", "vpcs")
    assert (api.ok("GET", "/apps").get("apps") or [], api.ok("GET", "/databases")["databases"]) == ([], [])
