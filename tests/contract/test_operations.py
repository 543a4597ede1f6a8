# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation that localcloud has is one of the API description: path, method, scopes, status of success."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from localcloud import resources
from localcloud.instance.foreground import find_spec
from localcloud.ports.routing import OPERATIONS, Operation, Router

SPEC = find_spec(None)
pytestmark = pytest.mark.skipif(SPEC is None, reason="no API description at hand")

resources.load()
DESCRIBED = [op for op in OPERATIONS.values() if op.contract]

# Outside the description on purpose.
UNDESCRIBED = {
    # Of the databases' nodes, which have hosts of their own.
    ("GET", "/database-metrics/{host}"),
    ("GET", "/v1/oauth/token/info"),
    ("GET", "/logs/{app_id}/{deployment_id}/{component}/{name}"),
}

# What the API answers otherwise than described, by the relaxation that says so.
OTHERWISE = {("POST", "/v2/certificates"): 202}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    assert SPEC is not None
    return json.loads(SPEC.read_text())


def test_every_part_can_be_imported() -> None:
    assert resources.load() == {}


def test_what_is_outside_the_description_is_listed() -> None:
    assert {key for key, op in OPERATIONS.items() if not op.contract} == UNDESCRIBED


@pytest.mark.parametrize("op", DESCRIBED, ids=lambda op: op.name)
def test_operation_is_described(op: Operation, description: dict[str, Any]) -> None:
    item = description["paths"].get(op.path)
    assert item is not None, f"the description has no {op.path}"
    described = item.get(op.method.lower())
    assert described is not None, f"the description has no {op.method} on {op.path}"
    scopes = [scope for need in described["security"] for scope in need["bearer_auth"]]
    assert set(op.scopes) == set(scopes)
    success = {int(status) for status in described["responses"] if status.startswith("2")}
    assert op.status in ({OTHERWISE[op.method, op.path]} if (op.method, op.path) in OTHERWISE else success)


@pytest.mark.parametrize("op", DESCRIBED, ids=lambda op: op.name)
def test_path_leads_to_its_operation(op: Operation) -> None:
    """Literal segments win over templated ones: no operation is hidden behind another."""
    path = re.sub(r"\{[^}]*\}", "3fa85f64-5717-4562-b3fc-2c963f66afa6", op.path)
    found, _params = Router(list(OPERATIONS.values())).match(op.method, path)
    assert found is op
