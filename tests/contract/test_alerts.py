# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Of each type of alert that the description has, localcloud says whether it measures what it is about."""

from __future__ import annotations

import json

import pytest

from localcloud.instance.foreground import find_spec
from localcloud.resources.monitoring import measured

SPEC = find_spec(None)


def test_each_type_is_measured_or_said_not_to_be() -> None:
    if SPEC is None:
        pytest.skip("no API description at hand")
    described = json.loads(SPEC.read_text())["components"]["schemas"]["alert_policy"]["properties"]["type"]["enum"]
    known = [*measured.OF_DROPLETS, *measured.OF_CLUSTERS, *measured.OF_LOAD_BALANCERS, *measured.NOT_MEASURED]
    assert sorted(known) == sorted(name for name in described if not name.startswith(measured.OF_POOLS))
