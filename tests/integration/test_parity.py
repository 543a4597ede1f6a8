# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both execution paths, inside the controller and as ordinary modules, give the same results for every module.

Each module makes a resource and takes it away again, some come to all that they can: a module on its own path is a
process that costs a second. All that all of them can: tests/soak/test_parity.py.
"""

from __future__ import annotations

import pytest

from tests.integration.harness.steps import Step
from tests.integration.law.paths import (
    Paths,
    assert_no_secret,
    assert_the_group_counts,
    assert_the_same,
    on_both_paths,
    stories,
    story_of,
)
from tests.integration.law.table import Law
from tests.localcloud_fixtures import LocalCloud

# With secrets in and out, with what cannot be changed, and with a file.
WHOLE = {"app", "certificate", "database_user", "spaces_key", "vpc"}
SHORT = (": create", ": absent")


def short(law: Law) -> list[Step]:
    steps = story_of(law)
    return [step for step in steps if law.module in WHOLE or ": need " in step.name or step.name.endswith(SHORT)]


STORIES = stories(short)


@pytest.fixture(scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in STORIES])
def paths(request: pytest.FixtureRequest, localcloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Paths:
    return on_both_paths(localcloud, tmp_path_factory.mktemp(request.param), STORIES[request.param])


def test_both_paths_give_the_same(paths: Paths) -> None:
    assert_the_same(paths)


def test_what_the_group_says_counts_where_a_task_does_not(paths: Paths) -> None:
    assert_the_group_counts(paths)


def test_no_secret_is_printed(paths: Paths) -> None:
    assert_no_secret(paths)
