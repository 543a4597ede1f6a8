# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Normal forms: what is equal, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare


@pytest.mark.parametrize(
    ("normal", "one", "other"),
    [
        (compare.plain, "17", 17),
        (compare.plain, {"id": ["5"]}, {"id": [5]}),
        (compare.text, None, ""),
        (compare.time_of_day, "4:00", "04:00:00"),
        (compare.network, "10.0.0.9/24", "10.0.0.0/24"),
        (compare.lower, "Tuesday", "tuesday"),
        (compare.set_of(), ["b", "a", "b"], ["a", "b"]),
        (compare.set_of(), None, []),
        (
            compare.set_of(compare.record(type=compare.plain, value=compare.plain)),
            [{"type": "app", "value": "1", "uuid": "x"}],
            [{"type": "app", "value": 1}],
        ),
    ],
)
def test_equal(normal: compare.Normal, one: Any, other: Any) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("normal", "one", "other"),
    [
        (compare.plain, "017", 17),
        (compare.plain, "a", "A"),
        (compare.plain, ["a", "b"], ["b", "a"]),
        (compare.time_of_day, "04:00", "16:00"),
        (compare.time_of_day, "04:00", None),
        (compare.network, "10.0.0.0/24", "10.0.0.0/25"),
        (compare.network, "nonsense", "10.0.0.0/25"),
        (compare.set_of(), ["a"], ["a", "b"]),
    ],
)
def test_different(normal: compare.Normal, one: Any, other: Any) -> None:
    assert normal(one) != normal(other)


def test_prune_drops_what_was_left_out() -> None:
    assert compare.prune({"a": None, "b": {"c": None, "d": 0}, "e": [{"f": None, "g": ""}]}) == {
        "b": {"d": 0},
        "e": [{"g": ""}],
    }


def test_merge_lays_dicts_over_each_other_and_replaces_the_rest() -> None:
    current = {"keep": 1, "deep": {"keep": 2, "change": 3}, "list": [1, 2]}
    wanted = {"deep": {"change": 4}, "list": [3]}
    assert compare.merge(current, wanted) == {"keep": 1, "deep": {"keep": 2, "change": 4}, "list": [3]}
    assert current["deep"] == {"keep": 2, "change": 3}


def test_extract_takes_what_is_spoken_about() -> None:
    assert compare.extract({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 9}, "e": 1}) == {"b": {"c": 2}, "e": None}
