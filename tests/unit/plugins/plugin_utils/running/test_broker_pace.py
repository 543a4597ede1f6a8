# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When it is whose turn to ask an account for something, in a run of many workers."""

from __future__ import annotations

import random

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Exchange, Received
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker_pace import (
    MINUTE,
    Pace,
    Paces,
)

BURST = 250


def received(status: int = 200, **headers: str) -> Received:
    return Received(status, {"ratelimit-limit": "5000", **headers}, b"")


def pace_of(sent: int, at: float = 100.0) -> Pace:
    """One that knows the account's limit, with so many sent."""
    pace = Pace()
    for _ in range(sent):
        assert pace.wait(at) == 0
    pace.note(received(), at)
    return pace


def test_what_fits_into_a_minute_is_sent_at_once() -> None:
    pace = pace_of(BURST - 1)
    assert pace.wait(100.0) == 0
    assert pace.wait(101.0) == MINUTE - 1


def test_nobody_waits_before_the_limit_is_known() -> None:
    pace = Pace()
    assert [pace.wait(0.0) for _ in range(2 * BURST)] == [0.0] * 2 * BURST


def test_each_is_told_its_own_turn() -> None:
    pace = Pace()
    pace.note(received(), 0.0)
    for number in range(BURST):
        assert pace.wait(float(number) / 10) == 0
    now = BURST / 10
    assert [pace.wait(now) for _ in range(3)] == pytest.approx([MINUTE - now + number / 10 for number in range(3)])


def test_a_turn_that_nobody_takes_is_no_loss() -> None:
    pace = pace_of(BURST)
    for _ in range(BURST):
        assert pace.wait(100.0) == MINUTE
    assert pace.wait(100.0 + 3 * MINUTE) == 0


@pytest.mark.parametrize("seed", range(5))
def test_the_api_never_sees_one_too_many(seed: int) -> None:
    """Of a crowd that comes back when it was told to, later than that, or not at all."""
    chance = random.Random(seed)
    pace, sent = pace_of(0), list[float]()
    coming = [chance.uniform(0, 20) for _ in range(700)]
    while coming:
        coming.sort()
        now = coming.pop(0)
        if not (seconds := pace.wait(now)):
            sent.append(now)
        elif chance.random() < 0.9:
            coming.append(now + seconds + chance.uniform(0, seconds / 4))
    assert max(sum(moment - MINUTE < other <= moment for other in sent) for moment in sent) <= BURST
    # And it takes them as fast as that allows.
    assert sorted(sent)[2 * BURST - 1] < 20 + 2.5 * MINUTE


def test_when_somebody_else_has_used_them_up_all_wait() -> None:
    pace = pace_of(1)
    pace.note(received(429, **{"retry-after": "30"}), 100.0)
    assert pace.wait(110.0) == 20
    assert pace.wait(131.0) == 0


def test_the_limit_of_one_address_holds_nobody_else_up() -> None:
    pace = Pace()
    pace.note(received(429, **{"retry-after": "9", "ratelimit-limit": "5"}), 0.0)
    assert [pace.wait(1.0) for _ in range(BURST)] == [0.0] * BURST


def test_an_address_with_a_limit_of_its_own_has_a_pace_of_its_own() -> None:
    def asked(path: str, token: str = "one") -> Exchange:
        url = f"https://api.example{path}"
        return Exchange("GET", url, {"Authorization": token}, None, None, 20, "https://api.example")

    paces = Paces()
    assert [paces.wait(asked("/v2/cdn/endpoints?page=1"), 0.0) for _ in range(6)] == [0.0] * 5 + [10.0]
    assert paces.wait(asked("/v2/cdn/endpoints/8ae27d3c"), 1.0) == 9.0
    assert paces.wait(asked("/v2/cdn/endpoints", "two"), 1.0) == 0
    assert paces.wait(asked("/v2/apps"), 1.0) == 0
