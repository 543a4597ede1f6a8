# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The admin API: for this machine only, and clear about mistakes."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
import requests

from localcloud.client import Admin, AdminError


def _raw(api: Any, path: str, **headers: str) -> requests.Response:
    own = {"Authorization": f"Bearer {(api.cloud.home / 'admin.token').read_text()}"}
    return api.session.get(f"{api.cloud.url}/_localcloud/{path}", headers={**own, **headers}, timeout=60)


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "none"}],
)
def test_web_sites_cannot_reach_it(api: Any, headers: dict[str, str]) -> None:
    assert _raw(api, "status", **headers).status_code == 403
    assert _raw(api, "status").status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer nonsense", "token of the API"])
def test_it_wants_the_token_of_the_instance(api: Any, header: str) -> None:
    """The standing token of the API, which everybody can derive, is none."""
    given = header.replace("token of the API", f"Bearer {api.cloud.token}")
    answer = _raw(api, "state", Authorization=given)
    assert answer.status_code == 401
    assert str(api.cloud.home / "admin.token") in answer.json()["message"]
    assert stat.S_IMODE((api.cloud.home / "admin.token").stat().st_mode) == 0o600


def test_each_instance_has_a_token_of_its_own(api: Any, localcloud_factory: Any) -> None:
    other = localcloud_factory()
    assert (other.home / "admin.token").read_text() != (api.cloud.home / "admin.token").read_text()


def test_the_token_lies_beside_the_authority(api: Any, tmp_path: Path) -> None:
    copy = tmp_path / "ca.pem"
    copy.write_text(Path(api.cloud.ca).read_text())
    with pytest.raises(AdminError, match=r"the token of the admin API cannot be read: .*admin\.token"):
        Admin(api.cloud.url, copy).status()


def test_unknown_route_lists_the_known(api: Any) -> None:
    with pytest.raises(AdminError, match="There is no GET nothing"):
        api.admin.call("GET", "nothing")
    assert "POST faults" in _raw(api, "nothing").json()["routes"]


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("POST", "clock", {"advance": -1}, "time only goes forward"),
        ("POST", "clock", {}, "advance"),
        ("POST", "clock", {"advance": 1e12}, "out of range"),
        ("PUT", "settings", {"colour": "red"}, "unknown: colour; there are speed"),
        ("PUT", "settings", {"speed": "fast", "latency_ms": 9000}, "fast"),
        ("PUT", "settings", {"latency_ms": 9000, "strict": "false"}, "strict must be true or false"),
        ("PUT", "settings", {"latency_ms": -5}, "latency_ms cannot be -5"),
        ("PUT", "settings", {"latency_ms": float("nan")}, "latency_ms cannot be nan"),
        ("PUT", "settings", {"latency_ms": float("inf")}, "latency_ms cannot be inf"),
        ("POST", "tokens", {"scopes": "vpc:read"}, "scopes must be a list"),
        ("POST", "seed", {"unicorns": 1}, "nothing makes unicorns; there are"),
        ("PUT", "state", {"version": 99}, "no localcloud state"),
        ("GET", "journal?since=x", None, "journal"),
    ],
)
def test_mistakes(api: Any, method: str, path: str, body: Any, message: str) -> None:
    with pytest.raises(AdminError, match=message):
        api.admin.call(method, path, body)
    assert api.admin.settings()["latency_ms"] == 0
    assert api.names() == []


def test_settings_are_applied_and_shown(api: Any) -> None:
    assert api.admin.settings(speed="50x", rate_limit=True)["speed"] == "50x"
    status = api.admin.status()
    assert (status["speed"], status["rate_limit"]) == ("50x", True)
    assert api.call("GET", "/account").headers["ratelimit-remaining"] == "4999"


def test_state_goes_out_and_in(api: Any) -> None:
    api.vpc("kept")
    state = api.admin.state()
    api.admin.reset()
    assert api.names() == []
    api.admin.load(state)
    assert api.names() == ["kept"]
    assert api.vpc("next")["name"] == "next"


def test_half_a_state_changes_nothing(api: Any) -> None:
    api.vpc("kept")
    api.admin.seed(buckets=1)
    state = api.admin.state()
    clock = state["world"].pop("clock")
    with pytest.raises(AdminError, match="clock"):
        api.admin.load(state)
    tables = api.admin.state()["world"]["tables"]
    assert (tables["vpcs"], api.names()) == (state["world"]["tables"]["vpcs"], ["kept"])
    assert api.admin.state()["more"] == state["more"]
    api.admin.load({**state, "world": {**state["world"], "clock": clock}})


def test_requests_after_a_state_count_from_its_clock(api: Any) -> None:
    """Else those of a clock that was further on would never be an hour old."""
    state = api.admin.state()
    api.admin.settings(rate_limit=True)
    api.admin.advance(30 * 86_400)
    assert api.call("GET", "/account").headers["ratelimit-remaining"] == "4999"
    api.admin.load(state)
    assert api.call("GET", "/account").headers["ratelimit-remaining"] == "4999"


def test_clock_moves_timestamps(api: Any) -> None:
    before = api.vpc("now")["created_at"]
    api.admin.advance(86_400)
    assert api.vpc("tomorrow")["created_at"][:10] > before[:10]


def test_reset_keeps_the_journal(api: Any) -> None:
    since = api.admin.seq()
    api.vpc()
    api.admin.reset()
    assert [entry["path"] for entry in api.admin.journal(since)] == ["/v2/vpcs"]


def test_client_says_when_nobody_answers(api: Any) -> None:
    with pytest.raises(AdminError, match=r"does not answer at https://127\.0\.0\.1:9"):
        Admin("https://127.0.0.1:9", api.cloud.ca, timeout=2).status()
