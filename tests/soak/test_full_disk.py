# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is filled: nothing that was acknowledged is lost, and it takes writes again once there is room."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.integration.plane.conftest import Clusters, until
from tests.integration.plane.disk import Disk
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud

# Of the 10 GiB of the smallest size so much is there: 307 MiB, of which the log of changes may take half.
SCALE = 0.03


def test_nothing_is_lost_on_a_disk_that_is_filled(plane_cloud: LocalCloud, figures: Callable[[str], None]) -> None:
    disk = Disk(Clusters(Api(plane_cloud)))
    disk.api.admin.utilization(cluster="full", disk_scale=SCALE)
    begun = time.monotonic()
    assert disk.fill().startswith("cannot execute INSERT in a read-only transaction")
    took, written = time.monotonic() - begun, disk.acknowledged
    assert disk.told() >= 95
    assert disk.kept() == written > 10
    with disk.connect(options="-c default_transaction_read_only=off") as sql:
        sql.execute("DELETE FROM kept WHERE id > 5")
        sql.execute("VACUUM FULL kept")
    until(disk.writes, "it takes writes again")
    assert disk.kept() == 5
    disk.acknowledged = 5

    disk.fill()
    body = {"size": "db-s-1vcpu-2gb", "num_nodes": 1, "storage_size_mib": 60 * 1024}
    disk.api.ok("PUT", f"{disk.path}/resize", body)
    until(disk.writes, "it takes writes again")
    assert disk.told() < 95
    assert disk.kept() == disk.acknowledged
    disk.api.session.close()
    figures(f"full after {written} MB in {took:.0f} s, filled twice, nothing lost")
