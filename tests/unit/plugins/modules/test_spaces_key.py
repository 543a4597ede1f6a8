# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Spaces key as the API tells it: its description and its example do not agree."""
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.module import Invocation, execute
from ansible_collections.fisioflow.digitalocean.plugins.modules.spaces_key import SpacesKey
from tests.unit.plugins.module_utils.scripted import Script, answer, api

KEY = {"name": "clinic", "access_key": "DO00X", "grants": [{"bucket": "", "permission": "fullaccess"}]}


@pytest.mark.parametrize("told", [{"key": KEY}, {"keys": [KEY]}, {"key": KEY, "keys": [KEY]}])
def test_one_key_is_read_alone_or_as_a_list_of_one(told: dict[str, Any]) -> None:
    script = Script([("GET /v2/spaces/keys/DO00X", answer(200, told)),
                     ("GET /v2/spaces/keys", answer(200, {"keys": [KEY]}))])

    class Tested(SpacesKey):
        def __init__(self, invocation: Invocation) -> None:
            super().__init__(invocation)
            self.api = api(script)

    params = {"state": "present", "wait": True, "wait_timeout": 10, "name": "clinic", "access_key": "DO00X",
              "grants": KEY["grants"], "replace": False}
    result = execute(Tested, Invocation(params))
    script.done()
    assert (result["changed"], result["spaces_key"]) == (False, KEY)
