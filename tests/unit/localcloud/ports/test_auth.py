# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens: who is let in, and what is said to the others."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from localcloud.ports.auth import authenticate, default_token
from localcloud.ports.errors import ApiError
from localcloud.ports.shared import Options, Shared

WRONG = "dop_v1_" + "0" * 64


@pytest.mark.parametrize("token", ["", WRONG, "x"])
def test_unknown_token(api: Any, token: str) -> None:
    answer = api.call("GET", "/account", token=token)
    assert answer.status == 401
    assert answer.body["id"] == "unauthorized"
    assert answer.message == "Unable to authenticate you."
    assert answer.headers["ratelimit-limit"] == "5000"


def test_where_software_runs_nobody_knows_the_standing_token_beforehand(tmp_path: Path) -> None:
    """Who makes an app says what runs on this machine."""
    tokens = []
    for _start in range(2):
        shared = Shared(tmp_path, Options(), {})
        with pytest.raises(ApiError, match="Unable to authenticate"):
            authenticate(shared.world, f"Bearer {default_token()}")
        assert authenticate(shared.world, f"Bearer {shared.token}").name == "default"
        shared.reset()
        assert authenticate(shared.world, f"Bearer {shared.token}").name == "default"
        tokens.append(shared.token)
    assert len(set(tokens)) == 2
    records = Shared(tmp_path, Options(records_only=True), {})
    assert authenticate(records.world, f"Bearer {default_token()}").name == "default"


def test_authentication_comes_before_routing(api: Any) -> None:
    assert api.call("GET", "/nothing/here", token=WRONG).status == 401
    assert api.call("GET", "/nothing/here").status == 404


def test_missing_scope_is_named(api: Any) -> None:
    token = api.admin.token(["vpc:read"])
    assert api.call("GET", "/vpcs", token=token).status == 200
    answer = api.call("POST", "/vpcs", {"name": "a", "region": "fra1"}, token=token)
    assert (answer.status, answer.body["id"]) == (403, "forbidden")
    assert answer.message == "You are missing the required permission vpc:create."
    assert api.names() == []


def test_all_missing_scopes_are_named(api: Any) -> None:
    answer = api.call("GET", "/sizes", token=api.admin.token([]))
    assert answer.message == "You are missing the required permissions sizes:read, regions:read."


def test_project_update_implies_assigning(api: Any) -> None:
    token = api.admin.token(["project:update"])
    body: dict[str, Any] = {"resources": []}
    assert api.call("POST", "/projects/default/resources", body, token=token).status == 200
    token = api.admin.token(["project:read"])
    assert api.call("POST", "/projects/default/resources", body, token=token).status == 403


def test_token_expires_by_the_virtual_clock(api: Any) -> None:
    token = api.admin.token(expires_in=600)
    info = api.call("GET", "/oauth/token/info", token=token, prefix="/v1").body
    assert 590 <= info["expires_in_seconds"] <= 600
    api.admin.advance(601)
    assert api.call("GET", "/account", token=token).status == 401
    assert api.call("GET", "/account").status == 200


def test_token_info(api: Any) -> None:
    info = api.call("GET", "/oauth/token/info", prefix="/v1").body
    assert {"vpc:create", "database:view_credentials", "spaces_key:create_credentials"} <= set(info["scopes"])
    assert info["expires_in_seconds"] is None
    assert abs(info["created_at"] - time.time()) < 3600
    assert isinstance(info["resource_owner_id"], int)
    limited = api.call("GET", "/oauth/token/info", prefix="/v1", token=api.admin.token(["vpc:read"])).body
    assert limited["scopes"] == ["vpc:read"]


def test_regions_hide_sizes_from_who_may_not_read_them(api: Any) -> None:
    assert api.ok("GET", "/regions")["regions"][0]["sizes"]
    hidden = api.call("GET", "/regions", token=api.admin.token(["regions:read"])).body["regions"]
    assert all(region["sizes"] == [] for region in hidden)


def test_state_and_status_hold_no_token(api: Any) -> None:
    token = api.admin.token(["vpc:read"])
    for text in (str(api.admin.state()), str(api.admin.status()), str(api.admin.journal())):
        assert token not in text
        assert api.cloud.token not in text
