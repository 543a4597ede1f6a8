# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No run shows a secret: a creation and a deployment that fails; all other runs are in tests/soak."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.integration.harness.ansible import play
from tests.integration.harness.steps import Step
from tests.integration.site.fixtures import Baseline
from tests.integration.site.watch import Watch, assert_clean, in_play, sentinels
from tests.localcloud_fixtures import LocalCloud

BROKEN = f"sha256:0bad{'5f' * 30}"


def test_a_creation_shows_none(cloud: LocalCloud, tmp_path: Path) -> None:
    watch = Watch(cloud, tmp_path)
    watch.run("site")
    assert watch.returncode == 0, watch.printed[-4000:]
    in_play(cloud)
    watch.check(sentinels(cloud))
    assert list((watch.folder / "reports").iterdir())


def test_a_deployment_that_fails_shows_none(environment: LocalCloud, baseline: Baseline, tmp_path: Path) -> None:
    watch = Watch(environment, tmp_path)
    watch.run("playbooks/deploy", "-e", f"image_digest={BROKEN}")
    assert watch.returncode not in (0, -1)
    watch.check(sentinels(environment, baseline.created))


def test_what_only_modules_take_shows_none(cloud: LocalCloud, tmp_path: Path) -> None:
    """Registry credentials and the address of a Slack channel: no role passes them, the module does."""
    values = {
        "registry": "sentinel5registry",
        "slack": "https://hooks.slack.com/services/T0/B0/sentinel6slack",
        "variable": "sentinel7variable",
    }
    image = {"registry_type": "GHCR", "registry": "fisioflow", "repository": "fisioflow", "tag": "1"}
    spec = {
        "name": "sentinels",
        "region": "nyc",
        "alerts": [{"rule": "DEPLOYMENT_FAILED"}],
        "services": [{"name": "web", "image": image, "envs": [{"key": "TOKEN", "type": "SECRET"}]}],
    }
    options: dict[str, Any] = {
        "name": "sentinels",
        "spec": spec,
        "alert_destinations": {"slack_webhooks": [{"url": values["slack"], "channel": "#ops"}]},
        "secrets": {"TOKEN": values["variable"], "web.registry_credentials": f"bot:{values['registry']}"},
    }
    broken = {**spec, "services": [{**spec["services"][0], "image": {**image, "tag": "broken"}}]}  # type: ignore[dict-item]
    steps = [
        Step("check", "app", options, check=True),
        Step("create", "app", options),
        Step("again", "app", options),
        Step("info", "app_info", {"name": "sentinels"}),
        Step("break", "app", {**options, "spec": broken}),
    ]
    for env in ({}, {"ANSIBLE_LOG_PATH": str(tmp_path / "ansible.log")}):
        done = play(cloud, tmp_path, steps, verbosity=4, env=env, variables={"digitalocean_in_controller": not env})
        assert [done[step.name].status for step in steps] == ["ok", "ok", "ok", "ok", "failed"], done.printed[-4000:]
        assert_clean("standard output", done.printed, values)
    assert_clean("the log", (tmp_path / "ansible.log").read_text(), values)
    held = str(cloud.admin.state())
    assert values["slack"] in held
