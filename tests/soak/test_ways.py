# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`site.yml` on its other ways: as ordinary modules, and from nothing without a Spaces key of the control node."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.site.fixtures import Baseline
from tests.integration.site.proofs import DESTROY, converged, emptied, good
from tests.integration.site.runs import NO_SPACES_KEY, run
from tests.localcloud_fixtures import LocalCloud


def test_modules_find_nothing_to_do_either(environment: LocalCloud, figures: Callable[[str], None]) -> None:
    done = good(run(environment, variables={"digitalocean_in_controller": False}))
    assert (done.changed, done.writes) == (0, [])
    figures("unchanged")


def test_without_a_key_a_whole_environment_is_made_and_taken_away(
    cloud: LocalCloud, baseline: Baseline, figures: Callable[[str], None]
) -> None:
    good(run(cloud, env=NO_SPACES_KEY))
    converged(cloud, baseline)
    good(run(cloud, "playbooks/destroy", *DESTROY, env=NO_SPACES_KEY))
    emptied(cloud, baseline)
    figures("made and taken away")
