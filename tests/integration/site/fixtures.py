# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the proofs about whole runs share: one clean creation for each worker, and the account as it then is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.site.account import inventory
from tests.integration.site.runs import SiteRun, run
from tests.localcloud_fixtures import LocalCloud


@dataclass(frozen=True, repr=False)
class Baseline:
    """A clean creation from nothing: `empty` and `created` are states of the account before and after it."""

    empty: dict[str, Any]
    created: dict[str, Any]
    inventory: list[str]
    run: SiteRun


@pytest.fixture(scope="session")
def baseline(localcloud: LocalCloud) -> Baseline:
    admin = localcloud.admin
    localcloud.renew()
    empty = admin.state()
    made = run(localcloud)
    assert made.ok, made.printed[-6000:]
    created = admin.state()
    return Baseline(empty, created, inventory(created), made)


@pytest.fixture
def environment(cloud: LocalCloud, baseline: Baseline) -> LocalCloud:
    """A localcloud with the whole environment in it, as a clean run left it."""
    cloud.admin.load(baseline.created)
    return cloud


@pytest.fixture
def unchanged(cloud: LocalCloud) -> Callable[[], SiteRun]:
    """A run that must find nothing to do."""

    def again() -> SiteRun:
        second = run(cloud)
        assert second.ok, second.printed[-6000:]
        assert (second.changed, second.writes) == (0, []), second.changed_tasks
        return second

    return again
