# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Request bodies that are no JSON, or that only Python takes for it."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe{}",
        b'{"name": "\\ud800", "purpose": "Web Application"}',
        b'{"name": "a", "purpose": "Web Application", "more": NaN}',
        b'{"name": "a", "purpose": "Web Application", "more": 1e999}',
        b'{"a":' * 100_000,
    ],
    ids=["cut", "no UTF-8", "half a surrogate pair", "NaN", "infinity", "too deep"],
)
def test_what_is_no_json_is_refused(api: Any, body: bytes) -> None:
    """Nothing of it is kept: a record that cannot be written as JSON would spoil every later list."""
    headers = {"Authorization": f"Bearer {api.cloud.token}", "Content-Type": "application/json"}
    done = api.session.post(f"{api.cloud.url}/v2/projects", data=body, headers=headers, timeout=60)
    assert (done.status_code, done.json()["message"]) == (400, "The request body is not valid JSON.")
    assert len(api.ok("GET", "/projects")["projects"]) == 1
