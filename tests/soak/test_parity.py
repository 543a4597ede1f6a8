# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both execution paths give the same for all that every module comes to; the gate has a part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.law.paths import (
    assert_no_secret,
    assert_the_group_counts,
    assert_the_same,
    on_both_paths,
    stories,
    story_of,
)
from tests.localcloud_fixtures import LocalCloud

STORIES = stories(story_of)


@pytest.mark.parametrize("story", STORIES)
def test_both_paths_give_the_same(localcloud: LocalCloud, tmp_path: Path, story: str) -> None:
    paths = on_both_paths(localcloud, tmp_path, STORIES[story])
    assert_the_same(paths)
    assert_the_group_counts(paths)
    assert_no_secret(paths)
