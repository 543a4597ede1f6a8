# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No run of any kind shows a secret: by the module path, on what is there, at each failure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.site import watch as watching
from tests.integration.site.account import APP, keys
from tests.integration.site.fixtures import Baseline
from tests.integration.site.proofs import DESTROY
from tests.integration.site.runs import NO_SPACES_KEY
from tests.integration.site.watch import Sentinels, Watch, in_play, sentinels
from tests.localcloud_fixtures import LocalCloud

MODULE_PATH = ("-e", "digitalocean_in_controller=false")


@pytest.fixture
def watch(cloud: LocalCloud, tmp_path: Path) -> Watch:
    return Watch(cloud, tmp_path)


@pytest.fixture
def watch_created(environment: LocalCloud, tmp_path: Path) -> Watch:
    return Watch(environment, tmp_path)


def test_a_creation_by_modules_shows_none(watch: Watch) -> None:
    watch.run("site", *MODULE_PATH)
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
    original = watching.arguments_of

    def looking(processes: list[int]) -> Iterator[str]:
        state = watch.cloud.admin.state()
        caught.update({f"Spaces secret of {name}": secret for name, secret in keys(state).values()})
        return original(processes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching, "arguments_of", looking)
        watch.run("site", env=NO_SPACES_KEY)


CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "an unchanged run": ("site", ()),
    "an unchanged run as modules": ("site", MODULE_PATH),
    "check": ("site", ("--check",)),
    "verify": ("playbooks/verify", ()),
    "destroy": ("playbooks/destroy", DESTROY),
}


@pytest.mark.parametrize("case", CASES)
def test_a_run_on_what_is_there_shows_none(case: str, watch_created: Watch, baseline: Baseline) -> None:
    name, options = CASES[case]
    watch_created.run(name, *options)
    assert watch_created.returncode == 0, watch_created.printed[-4000:]
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
