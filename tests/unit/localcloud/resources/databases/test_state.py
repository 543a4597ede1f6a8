# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""State outlives the server, and what a fault leaves behind is what the real service would leave."""

from __future__ import annotations

import json

from localcloud.world.world import World


def test_what_is_under_way_goes_on_after_a_restart(cloud):
    cloud.world.clock.set_speed("real")
    made = cloud.ok("POST", "/databases", cloud.wish(), 201)["database"]
    kept = json.loads(json.dumps(cloud.world.dump()))
    again = World(speed="real")
    again.load(kept)
    again.advance(241)
    assert again.table("databases")[made["id"]]["status"] == "online"
    again.advance(61)
    assert "_first_backup" in again.table("databases")[made["id"]]


def test_an_answer_that_is_lost_leaves_one_cluster(cloud):
    cloud.shared.faults.add({"kind": "status", "method": "POST", "status": 502, "when": "after", "count": 1})
    assert cloud.call("POST", "/databases", cloud.wish()).status == 502
    assert cloud.refused("POST", "/databases", cloud.wish()) == "cluster name is not available"
    assert len(cloud.ok("GET", "/databases")["databases"]) == 1


def test_a_refused_request_changes_nothing(cloud):
    cloud.shared.faults.add({"kind": "status", "method": "POST", "status": 503, "when": "before", "count": 1})
    assert cloud.call("POST", "/databases", cloud.wish()).status == 503
    assert cloud.ok("GET", "/databases")["databases"] == []
    cloud.ok("POST", "/databases", cloud.wish(), 201)


def test_a_pool_may_fail_while_trusted_sources_change(cloud):
    """Seen on the real API; here only when a test asks for it."""
    path = cloud.database("main")
    pool = {"name": "app-pool", "mode": "session", "size": 1, "db": "defaultdb"}
    cloud.shared.faults.add({"kind": "status", "status": 500, "path": "*/pools", "count": 1})
    assert cloud.call("POST", f"{path}/pools", pool).status == 500
    cloud.ok("POST", f"{path}/pools", pool, 201)


def test_passwords_are_not_the_same_twice(cloud):
    one = cloud.ok("GET", cloud.database("one-1"))["database"]["connection"]["password"]
    two = cloud.ok("GET", cloud.database("two-2"))["database"]["connection"]["password"]
    assert one != two
