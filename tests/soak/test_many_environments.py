# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten environments in one run want more requests a minute than DigitalOcean takes, which nobody needs to know."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.environments import inventory
from tests.integration.harness.playbooks import playbook
from tests.localcloud_fixtures import LocalCloud

ENVIRONMENTS = 10


def test_no_429_reaches_the_user(cloud: LocalCloud, tmp_path: Path, figures: Callable[[str], None]) -> None:
    cloud.admin.settings(rate_limit=True)
    options = inventory(tmp_path, ENVIRONMENTS)
    for name in ("made", "unchanged"):
        since, begun = cloud.admin.seq(), time.monotonic()
        played = playbook(cloud, "site", *options)
        assert played.returncode == 0, played.printed[-3000:]
        calls = cloud.admin.journal(since)
        refused = [call["path"] for call in calls if call["status"] == 429]
        # What the run before has used up, the next one only hears of.
        assert name == "unchanged" or len(refused) < len(calls) / 100
        figures(f"{name}: {len(calls)} requests in {time.monotonic() - begun:.0f} s, {len(refused)} refused")
    assert played.write_list == []
