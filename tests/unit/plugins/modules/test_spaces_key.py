# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Spaces key as the API tells it: its description and its example do not agree."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation, execute
from ansible_collections.fisioflow.digitalocean.plugins.modules.spaces_key import SpacesKey
from tests.unit.plugins.module_utils.scripted import Script, answer, api, lost, scripted

KEY = {"name": "clinic", "access_key": "DO00X", "grants": [{"bucket": "", "permission": "fullaccess"}]}


@pytest.mark.parametrize("told", [{"key": KEY}, {"keys": [KEY]}, {"key": KEY, "keys": [KEY]}])
def test_one_key_is_read_alone_or_as_a_list_of_one(told: dict[str, Any]) -> None:
    script = Script(
        [("GET /v2/spaces/keys/DO00X", answer(200, told)), ("GET /v2/spaces/keys", answer(200, {"keys": [KEY]}))]
    )

    params = {
        "state": "present",
        "wait": True,
        "wait_timeout": 10,
        "name": "clinic",
        "access_key": "DO00X",
        "grants": KEY["grants"],
        "replace": False,
        "replace_unless": None,
    }
    result = execute(scripted(SpacesKey, api(script)), Invocation(params))
    script.done()
    assert (result["changed"], result["spaces_key"]) == (False, KEY)


def make(*exchanges: tuple[str, Any], **options: Any) -> tuple[dict[str, Any], list[str]]:
    """The result of a run that makes a key, and for which names a guard was asked."""
    script = Script(list(exchanges))
    guarded: list[str] = []

    params = {
        "state": "present",
        "wait": False,
        "wait_timeout": 10,
        "name": "clinic",
        "grants": KEY["grants"],
        "keep": [],
        "short_lived": False,
        "replace": False,
        "replace_unless": None,
        **options,
    }
    result = execute(scripted(SpacesKey, api(script)), Invocation(params, hidden=True, make_short_lived=guarded.append))
    script.done()
    return result, guarded


LIST, POST = "GET /v2/spaces/keys", "POST /v2/spaces/keys"
DATE = {"date": "Sat, 28 Nov 2026 10:00:00 GMT"}


def keys(*created_at: str) -> Any:
    return answer(200, {"keys": [{**KEY, "created_at": time} for time in created_at]}, **DATE)


def test_a_key_that_was_there_before_is_not_taken_for_what_a_lost_answer_made() -> None:
    """The list had hidden it, and somebody uses it: deleting it would lock that out."""
    result, _ = make((LIST, keys()), (POST, lost(executed=True)), (LIST, keys("2026-11-01T00:00:00Z")))
    assert "one of that name has been there since 2026-11-01T00:00:00Z" in result["msg"]


def test_a_key_of_a_lost_answer_is_made_again_under_one_guard() -> None:
    made = answer(201, {"key": {**KEY, "secret_key": "s" * 43}}, **DATE)
    result, guarded = make(
        (LIST, keys()),
        (POST, lost(executed=True)),
        (LIST, keys("2026-11-28T10:00:01Z")),
        ("DELETE /v2/spaces/keys/DO00X", answer(204)),
        (POST, made),
        ("GET /v2/spaces/keys/DO00X", answer(200, {"key": KEY})),
        short_lived=True,
    )
    assert result["changed"], result
    assert guarded == ["clinic"]
