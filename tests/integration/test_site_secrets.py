# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets must not be: in what is printed at -vvvv, in logs and reports, in files that others can read, in the
arguments of processes. Each sentinel is shown to have been in play, so that not finding it means something.
"""

from __future__ import annotations

import base64
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.playing import Step, play
from tests.integration.site.account import APP, app_environment, keys, secrets_of
from tests.integration.site.fixtures import Baseline
from tests.integration.site.runs import NEXTAUTH_SECRET, NO_SPACES_KEY, in_background
from tests.integration.test_site import DESTROY
from tests.localcloud_fixtures import LocalCloud

BROKEN = f"sha256:0bad{'5f' * 30}"
MODULE_PATH = ("-e", "digitalocean_in_controller=false")
# What may not be printed and is written into files only with mode 0600.
Sentinels = dict[str, str]


def forms(secret: str) -> Iterator[str]:
    """A secret as it is, and inside a longer text in base64, at any of the three offsets."""
    yield secret
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + secret.encode()).decode()
        yield coded[4 if offset else 0 : len(coded) - 4]


def found_in(text: str, sentinels: Sentinels) -> list[str]:
    """The names of the sentinels that a text holds."""
    return [name for name, secret in sentinels.items() if any(form in text for form in forms(secret))]


def assert_clean(label: str, text: str, sentinels: Sentinels) -> None:
    found = found_in(text, sentinels)
    if found:
        lines = [line[:300] for line in text.splitlines() if found_in(line, sentinels)]
        pytest.fail(f"{label} shows {', '.join(found)}:\n" + "\n".join(lines[:5]))


class Watch:
    """A folder in which a run does everything, and what was seen of it."""

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self.cloud, self.folder = cloud, folder
        for name in ("tmp", "home"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.printed = self.arguments = ""
        self.returncode = -1

    def run(self, name: str, *options: str, env: dict[str, str] | None = None) -> None:
        """Run at -vvvv, with everything written down that a process list would have shown."""
        extra = {
            "ANSIBLE_LOG_PATH": str(self.folder / "ansible.log"),
            "TMPDIR": str(self.folder / "tmp"),
            "HOME": str(self.folder / "home"),
            "ANSIBLE_HOME": str(self.folder / "home"),
            **(env or {}),
        }
        report = ("-e", f"fisioflow_report_dir={self.folder / 'reports'}")
        seen: set[str] = set()
        with in_background(self.cloud, name, "-vvvv", "--diff", *options, *report, env=extra) as going:
            while not going.over:
                seen |= set(arguments_of(going.processes()))
            self.returncode = going.process.returncode
            self.printed = going.output.read_text()
        self.arguments = "\n".join(seen)

    def check(self, sentinels: Sentinels) -> None:
        """Nothing of the sentinels, anywhere."""
        assert "Using module file" in self.printed or "TASK [" in self.printed
        assert_clean("standard output", self.printed, sentinels)
        assert "ansible-playbook" in self.arguments
        assert_clean("the process list", self.arguments, sentinels)
        assert (self.folder / "ansible.log").stat().st_size > 1000
        for path in self.folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                text = path.read_bytes().decode(errors="replace")
                private = stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
                if path.name == "ansible.log" or not private:
                    assert_clean(str(path), text, sentinels)


def arguments_of(processes: list[int]) -> Iterator[str]:
    for process in processes:
        try:
            yield Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue


@pytest.fixture
def watch(cloud: LocalCloud, tmp_path: Path) -> Watch:
    return Watch(cloud, tmp_path)


@pytest.fixture
def watch_created(environment: LocalCloud, tmp_path: Path) -> Watch:
    return Watch(environment, tmp_path)


def sentinels(cloud: LocalCloud, *states: dict[str, Any]) -> Sentinels:
    """Every secret that is in play: ours, and those that the account holds or held."""
    found = {
        "the API token": cloud.token,
        "the control node's Spaces secret": cloud.env["SPACES_SECRET_ACCESS_KEY"],
        "NEXTAUTH_SECRET": NEXTAUTH_SECRET,
    }
    for state in (*states, cloud.admin.state()):
        found |= secrets_of(state)
    return found


def in_play(cloud: LocalCloud, secret: str = NEXTAUTH_SECRET) -> None:
    """The provided and the generated secret have reached the app; the passwords are there."""
    state = cloud.admin.state()
    env = app_environment(state, APP)
    assert env["NEXTAUTH_SECRET"] == secret
    assert env["DO_SPACES_SECRET"] in {value for _name, value in keys(state).values()}
    held = secrets_of(state)
    assert {name.rsplit("/", 1)[-1] for name in held if name.startswith("password of")} >= {
        "doadmin",
        "fisioflow_owner",
        "fisioflow_app",
        "fisioflow_backup",
        "fisioflow_readonly",
    }


@pytest.mark.parametrize("options", [(), MODULE_PATH], ids=["in the controller", "as modules"])
def test_a_creation_shows_none(options: tuple[str, ...], watch: Watch) -> None:
    watch.run("site", *options)
    assert watch.returncode == 0, watch.printed[-4000:]
    in_play(watch.cloud)
    watch.check(sentinels(watch.cloud))
    assert list((watch.folder / "reports").iterdir())


def test_a_creation_with_a_short_lived_key_shows_none(watch: Watch) -> None:
    """Its secret is gone afterwards: the key is caught while the run uses it."""
    caught: Sentinels = {}
    rule = watch.cloud.admin.fault("latency", port="spaces", seconds=0.3)
    run_and_catch(watch, caught)
    watch.cloud.admin.clear_faults(rule)
    assert watch.returncode == 0, watch.printed[-4000:]
    assert f"Spaces secret of {APP}-bootstrap" in caught
    watch.check(sentinels(watch.cloud) | caught)


def run_and_catch(watch: Watch, caught: Sentinels) -> None:
    """Like `Watch.run` without a Spaces key, with a look at the account's keys whenever it looks at the processes."""
    original = arguments_of

    def looking(processes: list[int]) -> Iterator[str]:
        state = watch.cloud.admin.state()
        caught.update({f"Spaces secret of {name}": secret for name, secret in keys(state).values()})
        return original(processes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(globals(), "arguments_of", looking)
        watch.run("site", env=NO_SPACES_KEY)


CASES: dict[str, tuple[str, tuple[str, ...], bool]] = {
    "an unchanged run": ("site", (), True),
    "an unchanged run as modules": ("site", MODULE_PATH, True),
    "check": ("site", ("--check",), True),
    "verify": ("playbooks/verify", (), True),
    "destroy": ("playbooks/destroy", DESTROY, True),
    "a deployment that fails": ("playbooks/deploy", ("-e", f"image_digest={BROKEN}"), False),
}


@pytest.mark.parametrize("case", CASES)
def test_a_run_on_what_is_there_shows_none(case: str, watch_created: Watch, baseline: Baseline) -> None:
    name, options, succeeds = CASES[case]
    watch_created.run(name, *options)
    assert (watch_created.returncode == 0) == succeeds, watch_created.printed[-4000:]
    watch_created.check(sentinels(watch_created.cloud, baseline.created))


def test_a_new_secret_is_not_shown(watch_created: Watch, baseline: Baseline) -> None:
    """Neither the old nor the new one, when the app gets another."""
    new = "sentinel8another9session"
    watch_created.run("site", env={"FISIOFLOW_NEXTAUTH_SECRET": new})
    assert watch_created.returncode == 0, watch_created.printed[-4000:]
    in_play(watch_created.cloud, new)
    watch_created.check(sentinels(watch_created.cloud, baseline.created) | {"the new secret": new})


FAILURES: dict[str, dict[str, Any]] = {
    "422 to the app": {"kind": "status", "status": 422, "method": "POST", "path": "/v2/apps"},
    "500 to the app": {"kind": "status", "status": 500, "method": "POST", "path": "/v2/apps"},
    "422 to the key": {"kind": "status", "status": 422, "method": "POST", "path": "/v2/spaces/keys"},
    "500 to the users": {"kind": "status", "status": 500, "path": "/v2/databases/*/users", "count": 30},
    "403 to the buckets": {"kind": "status", "status": 403, "port": "spaces"},
    "a lost connection to the app": {"kind": "drop", "method": "POST", "path": "/v2/apps"},
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_failure_shows_none(case: str, watch: Watch) -> None:
    watch.cloud.admin.fault(**FAILURES[case])
    watch.run("site", "-e", "fisioflow_timeout=5")
    assert watch.returncode not in (0, -1)
    watch.check(sentinels(watch.cloud))


def test_a_timeout_shows_none(watch: Watch) -> None:
    watch.cloud.admin.settings(speed="real")
    watch.run("site", "-e", "postgresql_wait_timeout=2", "-e", "valkey_wait_timeout=2")
    assert watch.returncode not in (0, -1)
    assert "wait_timeout" in watch.printed
    watch.check(sentinels(watch.cloud))


def test_a_wrong_token_is_not_shown(watch: Watch) -> None:
    wrong = f"dop_v1_{'0123456789abcdef' * 4}"
    watch.run("site", env={"DO_API_TOKEN": wrong})
    assert watch.returncode not in (0, -1)
    watch.check(sentinels(watch.cloud) | {"the wrong token": wrong})


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
