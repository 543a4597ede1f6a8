# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The waits: bounded, backing off, and saying what is going on."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import LONGEST_DELAY, Look, wait_until
from tests.unit.plugins.module_utils.scripted import StoppedClock


def wait(seconds: float, timeout: float = 1800) -> tuple[StoppedClock, list[str]]:
    """Wait for something that is done after so many seconds."""
    clock, said = StoppedClock(), list[str]()
    start = clock.now()

    def look() -> Look[str]:
        age = clock.now() - start
        return Look("done", "creating" if age < 10 else "booting", age >= seconds)

    wait_until(
        look,
        what='cluster "a"',
        goal="online",
        timeout=timeout,
        clock=clock,  # type: ignore[arg-type]
        progress=said.append,
        next_step="Run again.",
    )
    return clock, said


@pytest.mark.parametrize("seconds", [0, 0.1, 1, 4, 30, 240, 900])
def test_ends_soon_after_it_could(seconds: float) -> None:
    clock, _ = wait(seconds)
    late = sum(clock.slept) - seconds
    assert late <= max(0.2, 0.05 * seconds)
    assert len(clock.slept) <= 200


def test_pauses_grow_to_a_limit() -> None:
    clock, _ = wait(900)
    assert clock.slept == sorted(clock.slept)
    assert clock.slept[0] == 0.2
    assert clock.slept[-1] == LONGEST_DELAY


def test_short_waits_are_silent_and_long_ones_speak_of_each_state() -> None:
    assert wait(2)[1] == []
    said = wait(60)[1]
    assert said[0] == 'cluster "a": creating, 3 s'
    assert said[1] == 'cluster "a": booting, 10 s'
    assert len(said) <= 6


def test_timeout_says_all_there_is_to_say() -> None:
    with pytest.raises(Failure) as caught:
        wait(100, timeout=20)
    assert str(caught.value) == 'Cluster "a" was still booting and not online after 20 s (wait_timeout). Run again.'
