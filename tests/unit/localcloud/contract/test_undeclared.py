# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields that the API description does not have are listed, not refused."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.contract.undeclared import Undeclared

SERVICE = {"properties": {"name": {"type": "string"}, "envs": {"items": {"properties": {"key": {}}}}}}
SCHEMA = {
    "allOf": [{"properties": {"spec": {"properties": {"services": {"items": {"allOf": [SERVICE]}}}}}}],
    "properties": {"labels": {"type": "object"}, "more": {"additionalProperties": {"type": "string"}}},
    "anyOf": [{"properties": {"pg": {}}}, {"properties": {"valkey": {}}}],
}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"spec": {"services": [{"name": "web", "envs": [{"key": "A"}]}]}}, []),
        ({"spec": {"services": [{"nmae": "web"}]}}, ["spec/services/*/nmae"]),
        ({"spec": {"services": [{"envs": [{"key": "A", "tpye": "SECRET"}]}]}}, ["spec/services/*/envs/*/tpye"]),
        ({"labels": {"anything": 1}, "more": {"anything": "x"}}, []),
        ({"pg": 1, "valkey": 2, "mysql": 3}, ["mysql"]),
    ],
)
def test_find(body: Any, found: list[str]) -> None:
    assert list(Undeclared().find([SCHEMA], body)) == found


def test_listed_by_operation(described: Any) -> None:
    api = described
    api.admin.call("DELETE", "undeclared")
    for name in ("a", "b"):
        api.vpc(name, ip_rnage="10.10.0.0/20")
    assert api.admin.undeclared() == [
        {"what": "request", "operation": "POST /v2/vpcs", "field": "ip_rnage", "count": 2}
    ]
    api.admin.call("DELETE", "undeclared")


def test_core_answers_have_declared_fields_only(described: Any) -> None:
    api = described
    api.admin.call("DELETE", "undeclared")
    vpc = api.vpc()
    for path in ("/account", "/regions", "/sizes", "/projects", "/projects/default", "/projects/default/resources"):
        api.ok("GET", path)
    for path in ("/vpcs", f"/vpcs/{vpc['id']}", f"/vpcs/{vpc['id']}/members", "/tags"):
        api.ok("GET", path)
    api.ok("POST", "/tags", {"name": "t"})
    api.ok("GET", "/tags/t")
    # The description spells it "imgages"; two limits of the account are known from what the vendor's clients read.
    limits = {"account/reserved_ip_limit", "account/volume_limit"}
    assert {row["field"] for row in api.admin.undeclared()} == {"tag/resources/images", *limits}
