# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal: what was asked, in which order, and whether it changed anything; never what was said."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from localcloud.ports.journal import clean_query
from tests.localcloud_fixtures import LocalCloud

UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


@pytest.mark.parametrize(
    ("query", "clean"),
    [
        ("", ""),
        ("page=2&per_page=20", "page=2&per_page=20"),
        ("X-Amz-Signature=abc&x=1", "X-Amz-Signature=hidden&x=1"),
        ("X-Amz-Credential=KEY%2F2026&list-type=2", "X-Amz-Credential=hidden&list-type=2"),
    ],
)
def test_signatures_are_left_out(query: str, clean: str) -> None:
    assert clean_query(query) == clean


def test_entries(api: Any) -> None:
    since = api.admin.seq()
    made = api.vpc(description="s3cr3t-sentinel")
    api.call("GET", "/vpcs?per_page=1")
    api.ok("PATCH", f"/vpcs/{made['id']}", {"description": "s3cr3t-sentinel"})
    api.refused("PATCH", f"/vpcs/{UNKNOWN}", {"description": "x"}, status=404)
    api.ok("DELETE", f"/vpcs/{api.vpc('second')['id']}")
    entries = api.admin.journal(since)
    assert [(entry["method"], entry["status"], entry["effect"]) for entry in entries] == [
        ("POST", 201, True),
        ("GET", 200, False),
        ("PATCH", 200, False),
        ("PATCH", 404, False),
        ("POST", 201, True),
        ("DELETE", 204, True),
    ]
    assert entries[1]["query"] == "per_page=1"
    assert entries[2]["operation"] == "PATCH /v2/vpcs/{vpc_id}"
    assert {entry["token"] for entry in entries} == {"default"}
    assert [entry["seq"] for entry in entries] == list(range(since + 1, since + 7))
    assert "sentinel" not in str(entries)


def test_requests_over_one_connection_are_seen(localcloud: LocalCloud) -> None:
    headers = {"authorization": f"Bearer {localcloud.token}"}
    since = localcloud.admin.seq()
    with requests.Session() as one:
        for _ in range(2):
            one.get(f"{localcloud.url}/v2/vpcs", headers=headers, verify=localcloud.ca)
        requests.get(f"{localcloud.url}/v2/vpcs", headers=headers, verify=localcloud.ca)
    first, second, other = (entry["connection"] for entry in localcloud.admin.journal(since))
    assert first == second != other


def test_writes_leaves_out_what_is_safe(api: Any) -> None:
    since = api.admin.seq()
    api.vpc()
    api.call("GET", "/vpcs")
    api.call("POST", "/apps/propose", {"spec": {"name": "web", "region": "fra"}})
    assert [entry["path"] for entry in api.admin.writes(since)] == ["/v2/vpcs"]


def test_admin_calls_are_not_journalled(api: Any) -> None:
    since = api.admin.seq()
    api.admin.status()
    api.admin.advance(1)
    assert api.admin.journal(since) == []
