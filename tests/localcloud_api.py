# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running instance, asked over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from tests.localcloud_fixtures import LocalCloud


@dataclass
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def message(self) -> str:
        return str(self.body["message"])


class Api:
    """Calls below ``/v2`` with the standing token or another."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self.admin = cloud.admin
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = cloud.ca

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str | None = None,
        timeout: float = 60,
        prefix: str = "/v2",
    ) -> Answer:
        # The type also without a body, as the API wants it of some.
        bearer = f"Bearer {self.cloud.token if token is None else token}"
        headers = {"Authorization": bearer, "Content-Type": "application/json"}
        done = self.session.request(
            method,
            f"{self.cloud.url}{prefix}{path}",
            json=body,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
        )
        kind = done.headers.get("content-type", "")
        return Answer(done.status_code, done.json() if "json" in kind else done.text or None, done.headers)

    def ok(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.call(method, path, body)
        assert answer.status < 300, answer
        return answer.body

    def refused(self, method: str, path: str, body: Any = None, status: int = 422) -> str:
        """The message of a refusal, which has DigitalOcean's shape."""
        answer = self.call(method, path, body)
        assert answer.status == status, answer
        assert set(answer.body) == {"id", "message", "request_id"}
        assert answer.body["id"] != "contract_violation", answer
        assert answer.body["request_id"] == answer.headers["x-request-id"]
        return answer.message

    def vpc(self, name: str = "net", region: str = "fra1", **more: Any) -> dict[str, Any]:
        return self.ok("POST", "/vpcs", {"name": name, "region": region, **more})["vpc"]

    def names(self) -> list[str]:
        return [vpc["name"] for vpc in self.ok("GET", "/vpcs")["vpcs"]]
