# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten environments in one run want more requests a minute than DigitalOcean takes, which nobody needs to know."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.integration.harness.playbooks import playbook
from tests.localcloud_fixtures import LocalCloud

CLINICS = [f"{number:02}" for number in range(1, 11)]
SECRETS = ("NEXTAUTH_SECRET", "ENCRYPTION_KEY", "STATUS_CHECK_TOKEN")
VARIABLES = {"image_digest": "sha256:" + "1" * 64, "deployment_probe": False}


def secrets_of(clinics: list[str]) -> dict[str, str]:
    return {f"FISIOFLOW_CLINIC_{clinic}_{name}": f"{clinic}{'x7' * 15}" for clinic in clinics for name in SECRETS}


def test_no_429_reaches_the_user(cloud: LocalCloud, figures: Callable[[str], None]) -> None:
    """One has no secrets in the first run, and is made in the second."""
    cloud.admin.settings(rate_limit=True)
    runs = {"nine of ten made": CLINICS[:6] + CLINICS[7:], "the tenth made": CLINICS, "unchanged": CLINICS}
    for name, provided in runs.items():
        since, begun = cloud.admin.seq(), time.monotonic()
        played = playbook(cloud, "site", variables=VARIABLES, env=secrets_of(provided), inventory="fleet")
        complete = provided == CLINICS
        assert played.returncode == (0 if complete else 2), played.printed[-3000:]
        end = "10 done" if complete else "9 done · 1 failed: clinic-07"
        assert f"\n10 environments · {end}\n" in played.printed
        calls = cloud.admin.journal(since)
        refused = [call["path"] for call in calls if call["status"] == 429]
        # What the run before has used up, the next one only hears of.
        assert name == "unchanged" or len(refused) < len(calls) / 100
        figures(f"{name}: {len(calls)} requests in {time.monotonic() - begun:.0f} s, {len(refused)} refused")
    assert played.write_list == []
