# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rotation of all that an app holds, under 100 requests a second; and killed after each of its writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.harness.playbooks import in_background
from tests.integration.procedures.conftest import running
from tests.integration.procedures.credentials import (
    assert_site_keeps_it,
    assert_the_app_gets_into_valkey_anew,
    cache_password,
    in_force,
)
from tests.integration.procedures.environment import Environment
from tests.integration.procedures.visitors import visited

__all__ = ["running"]
ALL = "app_database_user,owner_database_user,backup_database_user,readonly_database_user,valkey_user,spaces_key"
EACH_SECOND = 100.0
# More than a rotation sends: the last ones are not reached.
MOST_WRITES = 60


def test_nobody_notices_a_rotation_of_all(running: Environment, figures: Callable[[str], None]) -> None:
    with visited(running, "/api/health", EACH_SECOND, visitors=40) as answers:
        running.green("rotate_credentials", rotate=ALL)
    failed = [answer for answer in answers if answer != 200]
    assert failed == []
    seconds = running.report("credentials")["valkey_refused_seconds"]
    figures(f"{len(answers)} requests, none failed; new connections to Valkey refused for {seconds} s")


def test_a_run_that_was_killed_after_valkeys_reset_is_brought_to_its_end_by_one_that_nobody_told_of_it(
    running: Environment,
) -> None:
    before, cache, since = in_force(running), cache_password(running), running.cloud.admin.seq()

    def is_reset() -> bool:
        return any(row["path"].endswith("/users/default/reset_auth") for row in running.cloud.admin.writes(since))

    with visited(running, "/api/health") as answers:
        with in_background(running.cloud, "playbooks/rotate_credentials", "-e", "rotate=valkey_user") as run:
            assert run.wait_until(is_reset)
            run.kill()
        assert cache_password(running) != cache
        running.green("rotate_credentials")
    assert set(answers) == {200}
    assert running.report("credentials")["rotated"] == ["valkey_user"]
    assert in_force(running) == before
    assert_the_app_gets_into_valkey_anew(running)
    # Nothing is left to be done.
    running.green("rotate_credentials")
    assert running.runs[-1].write_list == []


def test_killed_after_each_write_it_is_brought_to_its_end(running: Environment, figures: Callable[[str], None]) -> None:
    answers_of_all, points = 0, 0
    for point in range(1, MOST_WRITES):
        since = running.cloud.admin.seq()
        with visited(running, "/api/health") as answers:
            with in_background(running.cloud, "playbooks/rotate_credentials", "-e", f"rotate={ALL}") as run:
                killed = run.wait_until(lambda: len(running.cloud.admin.writes(since)) >= point)  # noqa: B023 (asked at once)
                run.kill()
            # Which nobody has told what was begun.
            running.green("rotate_credentials")
        assert set(answers) == {200}, f"after write {point}"
        in_force(running)
        assert_the_app_gets_into_valkey_anew(running)
        answers_of_all, points = answers_of_all + len(answers), point
        if not killed:
            break
    else:
        pytest.fail("a rotation has more writes than that")
    assert_site_keeps_it(running)
    figures(f"killed after each of {points} writes, {answers_of_all} requests, none failed")
