# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is refused for want of a scope is told the right one, whichever call it was."""

from __future__ import annotations

import re

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import from_answer
from localcloud import resources
from localcloud.ports.routing import OPERATIONS, Operation

resources.load()
# What no module calls, and whose scope follows no rule.
NEVER_CALLED = re.compile(r".*/(exec|metrics/(bandwidth_daily|credentials))|/v2/customers/.*")
SCOPED = [op for op in OPERATIONS.values() if op.scopes and not NEVER_CALLED.fullmatch(op.path)]


@pytest.mark.parametrize("op", SCOPED, ids=lambda op: op.name)
def test_the_scope_that_is_missing_is_named(op: Operation) -> None:
    refused = from_answer(403, "missing scope", method=op.method, path=op.path)
    # What else some inputs need stands in brackets.
    named = refused.advice.split("the scope ")[1].split(",")[0].partition(" (")[0]
    assert named in op.scopes
