# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When it is whose turn to ask an account for something, in a run of many workers."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ahead import KEEP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Exchange, Received
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.limits import MINUTE
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker_pace import SLACK, Paces

BURST = 250
WINDOW = MINUTE + SLACK


def asked(path: str = "/v2/apps", token: str = "one") -> Exchange:
    url = f"https://api.example{path}"
    return Exchange("GET", url, {"Authorization": token}, None, None, 20, "https://api.example")


def received(status: int = 200, **headers: str) -> Received:
    return Received(status, {"ratelimit-limit": "5000", "ratelimit-remaining": "4999", **headers}, b"")


class Crowd:
    """Workers that ask for one thing each."""

    def __init__(self, *, knows_the_limit: bool = True) -> None:
        self.paces = Paces()
        if knows_the_limit:
            self.paces.note(asked(), received(), 0.0)

    def wait(self, now: float, worker: int = 0, exchange: Exchange | None = None) -> float:
        return self.paces.wait(exchange or asked(), worker, now)


def after(sent: int, at: float = 100.0) -> Crowd:
    """When so many have just been sent."""
    crowd = Crowd()
    assert [crowd.wait(at) for _ in range(sent)] == [0.0] * sent
    return crowd


def test_what_fits_into_a_minute_is_sent_at_once() -> None:
    crowd = after(BURST - 1)
    assert crowd.wait(100.0) == 0
    assert crowd.wait(101.0) == WINDOW - 1


def test_what_is_asked_ahead_keeps_no_turn_that_it_does_not_take() -> None:
    crowd = after(BURST)
    for worker in range(BURST):
        assert crowd.wait(100.0, worker, replace(asked(), ahead=KEEP)) == WINDOW
    assert crowd.wait(100.0) == WINDOW


def test_signatures_of_one_key_have_one_pace() -> None:
    crowd = Crowd(knows_the_limit=False)
    signed = [asked(token=f"AWS4-HMAC-SHA256 Credential=KEY/2026/s3, Signature={number}") for number in range(3)]
    crowd.paces.note(signed[0], received(), 0.0)
    assert [crowd.wait(0.0, 0, signed[number % 3]) for number in range(BURST)] == [0.0] * BURST
    assert crowd.wait(0.0, 0, signed[0]) > 0


def test_nobody_waits_before_the_limit_is_known() -> None:
    crowd = Crowd(knows_the_limit=False)
    assert [crowd.wait(0.0) for _ in range(2 * BURST)] == [0.0] * 2 * BURST


def test_nobody_waits_where_requests_are_not_counted() -> None:
    crowd = after(BURST)
    crowd.paces.note(asked(), received(**{"ratelimit-remaining": "5000"}), 100.0)
    assert crowd.wait(100.0) == 0


def test_each_is_told_its_own_turn() -> None:
    crowd = Crowd()
    assert [crowd.wait(number / 10) for number in range(BURST)] == [0.0] * BURST
    now = BURST / 10
    told = [crowd.wait(now, worker) for worker in range(3)]
    assert told == pytest.approx([WINDOW - now + number / 10 for number in range(3)])


def test_a_turn_is_kept_for_whoever_was_told_to_come_back() -> None:
    crowd = after(BURST)
    turn = 100 + crowd.wait(100.0, worker=1)
    # Everything is free by now, and as much is taken at once.
    for worker in range(2, BURST + 1):
        assert crowd.wait(turn + 1, worker) == 0
    assert crowd.wait(turn + 1, worker=BURST + 1) > 0
    assert crowd.wait(turn + 1, worker=1) == 0


def test_a_turn_is_not_kept_for_ever() -> None:
    crowd = after(BURST)
    turn = 100 + crowd.wait(100.0, worker=1)
    late = turn + 3 * WINDOW
    assert [crowd.wait(late, worker) for worker in range(2, BURST + 2)] == [0.0] * BURST
    assert crowd.wait(late, worker=1) == WINDOW


def test_a_turn_that_nobody_takes_is_no_loss() -> None:
    crowd = after(BURST)
    assert [crowd.wait(100.0, worker) for worker in range(BURST)] == [WINDOW] * BURST
    assert crowd.wait(100.0 + 3 * WINDOW, worker=1) == 0


@pytest.mark.parametrize("seed", range(5))
def test_the_api_never_sees_one_too_many(seed: int) -> None:
    """Of a crowd that comes back when it was told to, later than that, or not at all; and nobody is forgotten."""
    chance = random.Random(seed)
    crowd, sent = Crowd(), list[float]()
    coming = [(chance.uniform(0, 20), worker, 0) for worker in range(700)]
    while coming:
        coming.sort()
        now, worker, tries = coming.pop(0)
        if not (seconds := crowd.wait(now, worker)):
            sent.append(now)
            assert tries <= 1
        elif chance.random() < 0.9:
            coming.append((now + seconds + chance.uniform(0, seconds / 4), worker, tries + 1))
    assert max(sum(moment - MINUTE < other <= moment for other in sent) for moment in sent) <= BURST
    # And it takes them as fast as that allows.
    assert sorted(sent)[2 * BURST - 1] < 20 + 2.5 * MINUTE


def test_when_somebody_else_has_used_them_up_all_wait() -> None:
    crowd = after(1)
    crowd.paces.note(asked(), received(429, **{"retry-after": "30"}), 100.0)
    assert crowd.wait(110.0, worker=1) == 20
    assert crowd.wait(131.0, worker=2) == 0


def test_an_address_with_a_limit_of_its_own_has_a_pace_of_its_own() -> None:
    crowd, endpoints = Crowd(), asked("/v2/cdn/endpoints?page=1")
    assert [crowd.wait(0.0, worker, endpoints) for worker in range(6)] == [0.0] * 5 + [10.0 + SLACK]
    assert crowd.wait(1.0, 7, asked("/v2/cdn/endpoints/8ae27d3c")) == 10.0 + SLACK - 1.0
    assert crowd.wait(1.0, 8, asked("/v2/cdn/endpoints", token="two")) == 0
    assert crowd.wait(1.0, 9) == 0


def test_an_address_where_requests_are_not_counted_holds_nobody_up() -> None:
    crowd, endpoints = Crowd(), asked("/v2/cdn/endpoints")
    crowd.paces.note(endpoints, received(**{"ratelimit-limit": "5", "ratelimit-remaining": "5"}), 0.0)
    assert [crowd.wait(0.0, worker, endpoints) for worker in range(9)] == [0.0] * 9


def test_its_limit_holds_up_nothing_else() -> None:
    crowd, endpoints = Crowd(), asked("/v2/cdn/endpoints")
    crowd.paces.note(endpoints, received(429, **{"retry-after": "9", "ratelimit-limit": "5"}), 0.0)
    assert crowd.wait(1.0, 1) == 0
    assert crowd.wait(1.0, 2, endpoints) == 8
