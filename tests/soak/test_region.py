# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The region is gone: rebuilt in another one from dump and copies, measured, and gone again; also after a kill."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.integration.harness.playbooks import in_background
from tests.integration.procedures.conftest import running
from tests.integration.procedures.environment import Environment
from tests.integration.procedures.recovery import PATIENCE
from tests.integration.procedures.spaces import UPLOADS, both

__all__ = ["running"]

DRILL = "fisioflow-local-drill"
REGION = ("-e", "drill_scenario=region")
# What is paid, or lets somebody in; then what is not. By the path and the key of a list of what bears a name.
PAID = {"/databases": "databases", "/spaces/keys": "keys"}
FREE = {"/tags": "tags", "/vpcs": "vpcs"}


def left(running: Environment, lists: dict[str, str]) -> list[str]:
    """What there is of a drill in those lists, and its app."""
    names = [row["name"] for path, key in lists.items() for row in running.api.ok("GET", path)[key]]
    names += [row["spec"]["name"] for row in running.api.ok("GET", "/apps")["apps"]]
    return [name for name in names if name.startswith(DRILL)]


def test_the_region_is_rebuilt_elsewhere_and_nothing_is_left_of_it(
    running: Environment, figures: Callable[[str], None]
) -> None:
    before = running.active(), running.sources()
    with both(running) as (home, _away):
        for number in range(5):
            home.put_object(Bucket=UPLOADS, Key=f"{number}.png", Body=bytes([number]) * 100_000)
        running.green("backup_database")
        running.green("replicate_spaces")
        home.put_object(Bucket=UPLOADS, Key="new.png", Body=b"not copied yet")

        with in_background(running.cloud, "playbooks/drill_recovery", *REGION) as going:
            assert going.wait_until(
                lambda: DRILL in [row["spec"]["name"] for row in running.api.ok("GET", "/apps")["apps"]]
            )
            assert {f"{DRILL}", f"{DRILL}-valkey", f"{DRILL}-uploads"} <= set(left(running, PAID))
            going.kill()
        deadline = time.monotonic() + PATIENCE
        while left(running, PAID):
            assert time.monotonic() < deadline, f"the guards did not delete {left(running, PAID)}"
            time.sleep(0.2)

        running.green("drill_recovery", *REGION)
        told = running.report("local-drill-region")
        assert (told["ok"], told["findings"], told["scenario"]) == (True, [], "region")
        phases = {row["phase"]: row["seconds"] for row in told["phases"]}
        assert [*phases][:5] == ["dump read", "dump restored", "cache created", "app deployed", "healthy"]
        assert [*phases][5:] == ["first query", "checks", "files compared"]
        assert {row["state"] for row in told["tables"]} == {"same"}
        assert {row["table"]: row["restored"] for row in told["tables"]}["patients"] == 200
        assert {row["part"]: (row["told"], row["differs"]) for row in told["parts"]}["files"] == ("5 / 6", [])
        assert left(running, {**PAID, **FREE}) == []
    assert (running.active(), running.sources()) == before
    taken = ", ".join(f"{name} {seconds:g} s" for name, seconds in phases.items())
    figures(f"healthy after {told['rto_minutes']:g} min of {told['rto_objective_minutes']:g}; {taken}")
