# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must happen once happens once, whichever answer gets lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError, from_answer
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import LOOKS, TRIES, once
from tests.unit.plugins.module_utils.scripted import StoppedClock, lost

TAKEN = from_answer(422, "name is already taken", method="POST", path="/farms")


class Api:
    """`fates` of one request after the other: "done", or (whether it takes effect, the error that is answered)."""

    def __init__(self, *fates: Any, shown_after: float = 0.0) -> None:
        self.fates, self.shown_after = list(fates), shown_after
        self.clock: Any = StoppedClock()
        self.asked = self.looked = 0
        # What there is, each with the time at which it was made.
        self.made: list[tuple[str, float]] = []

    def ask(self) -> str:
        self.asked += 1
        fate = self.fates.pop(0)
        happens, error = (True, None) if fate == "done" else fate
        if happens:
            self.made.append((f"farm {self.asked}", self.clock.now()))
        if error:
            raise error
        return self.made[-1][0]

    def effect(self) -> str | None:
        self.looked += 1
        shown = (farm for farm, at in self.made if self.clock.now() - at >= self.shown_after)
        return next(shown, None)

    def once(self, **more: Any) -> str:
        return once(self.clock, self.ask, self.effect, **more)


LOST_AFTER, LOST_BEFORE = (True, lost(executed=True)), (False, lost(executed=True))
FAILED_AFTER, FAILED_BEFORE = ((happens, from_answer(502, "bad gateway")) for happens in (True, False))


def test_an_answer_is_taken_as_it_is() -> None:
    api = Api("done")
    assert (api.once(), api.asked, api.looked) == ("farm 1", 1, 0)


@pytest.mark.parametrize("fate", [LOST_AFTER, FAILED_AFTER])
@pytest.mark.parametrize("shown_after", [0.0, 0.5, 3.0, sum(LOOKS)])
def test_what_a_lost_answer_has_done_is_found_and_not_done_again(fate: Any, shown_after: float) -> None:
    api = Api(fate, "done", shown_after=shown_after)
    assert (api.once(), api.asked) == ("farm 1", 1)
    assert len(api.made) == 1


@pytest.mark.parametrize("fate", [LOST_BEFORE, FAILED_BEFORE])
@pytest.mark.parametrize("times", range(1, TRIES))
def test_what_was_never_done_is_asked_for_again(fate: Any, times: int) -> None:
    api = Api(*[fate] * times, "done")
    assert api.once() == f"farm {times + 1}"
    assert (api.asked, len(api.made), api.looked) == (times + 1, 1, times * len(LOOKS))


def test_the_effect_of_the_last_try_is_looked_for_as_well() -> None:
    api = Api(*[LOST_BEFORE] * (TRIES - 1), LOST_AFTER)
    assert (api.once(), api.asked) == (f"farm {TRIES}", TRIES)


def test_what_never_happens_is_given_up_with_the_last_error() -> None:
    api = Api(*[LOST_BEFORE] * (TRIES + 1))
    with pytest.raises(ApiError, match="did not answer"):
        api.once()
    assert api.asked == TRIES


@pytest.mark.parametrize("error", [lost(executed=False), from_answer(422, "size is unknown"), TAKEN])
def test_a_refusal_is_final(error: ApiError) -> None:
    api = Api((False, error), "done")
    with pytest.raises(type(error)):
        api.once()
    assert (api.asked, api.looked) == (1, 0)


def test_a_name_that_is_taken_is_looked_for_where_names_count() -> None:
    api = Api((False, TAKEN))
    api.made.append(("farm of another run", api.clock.now()))
    assert api.once(named=True) == "farm of another run"


def test_a_name_that_is_taken_by_something_else_is_no_reason_to_ask_again() -> None:
    api = Api((False, TAKEN), "done")
    with pytest.raises(ApiError, match="already taken"):
        api.once(named=True)
    assert (api.asked, api.looked) == (1, len(LOOKS))


@pytest.mark.parametrize(("take", "outcome", "asked"), [(str.upper, "FARM 1", 1), (lambda _: None, "farm 2", 2)])
def test_what_was_found_may_be_of_use_or_none(take: Callable[[str], Any], outcome: str, asked: int) -> None:
    api = Api(LOST_AFTER, "done")
    assert (api.once(take=take), api.asked) == (outcome, asked)
