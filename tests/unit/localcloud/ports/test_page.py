# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of an instance: for the people of this machine to read, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests


def fetch(api: Any, address: str = "", method: str = "GET", **headers: str) -> requests.Response:
    url = address or api.admin.status()["page_url"]
    return api.session.request(method, url, headers=headers, timeout=60)


def test_it_shows_what_there_is_and_was_asked(api: Any) -> None:
    api.vpc("a-net")
    # A name may be anything, and so may a path.
    api.call("GET", "/vpcs?name=<script>")
    answer = fetch(api, **{"sec-fetch-site": "none"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "VPC <b>a-net</b>" in answer.text
    assert "POST /v2/vpcs" in answer.text
    assert "<script" not in answer.text
    # It needs nothing from anywhere, and is told to ask for nothing.
    assert answer.headers["content-security-policy"].startswith("default-src 'none';")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert 'name="viewport"' in answer.text


def test_it_shows_no_secret(api: Any) -> None:
    cluster = {"name": "db-1", "engine": "pg", "region": "fra1", "size": "db-s-1vcpu-1gb", "num_nodes": 1}
    password = api.ok("POST", "/databases", cluster)["database"]["connection"]["password"]
    key = api.ok("POST", "/spaces/keys", {"name": "k", "grants": [{"bucket": "", "permission": "fullaccess"}]})["key"]
    text = fetch(api).text
    assert "Database cluster <b>db-1</b>" in text
    token = (api.cloud.home / "admin.token").read_text()
    assert not [secret for secret in (password, key["secret_key"], token, api.cloud.token) if secret in text]


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"sec-fetch-site": "cross-site"}, 403),
        ("GET", {"origin": "https://evil.example"}, 403),
        ("POST", {}, 403),
        ("GET", {"host": "evil.example"}, 403),
    ],
)
def test_no_web_site_can_read_it(api: Any, method: str, headers: dict[str, str], status: int) -> None:
    assert fetch(api, method=method, **headers).status_code == status


def test_its_token_opens_nothing_else(api: Any) -> None:
    url, _, token = api.admin.status()["page_url"].partition("?token=")
    assert fetch(api, f"{url}?token=").status_code == 401
    assert fetch(api, f"{url}?token={(api.cloud.home / 'admin.token').read_text()}").status_code == 401
    answer = fetch(api, url.replace("/page", "/state"), authorization=f"Bearer {token}")
    assert answer.status_code == 401
    # The journal is of the API: it does not hold the token.
    assert token not in json.dumps(api.admin.journal())


def test_a_log_that_is_not_there(api: Any) -> None:
    text = fetch(api, api.admin.status()["page_url"] + "&log=%3Cb%3Enobody").text
    assert "there is no log of &lt;b&gt;nobody" in text
