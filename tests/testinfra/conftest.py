# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Molecule scenarios left behind, asked of the API itself: nothing here uses a module of the collection."""

from __future__ import annotations

import base64
import json
import os
import ssl
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

NAME = "fisioflow-local"


@dataclass(frozen=True)
class Account:
    """The account that the scenario worked on."""

    env: dict[str, str]

    def get(self, path: str) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.env['DIGITALOCEAN_API_URL']}{path}",
            headers={"Authorization": f"Bearer {self.env['DIGITALOCEAN_TOKEN']}"},
        )
        context = ssl.create_default_context(cafile=self.env["DIGITALOCEAN_CA_PATH"])
        with urllib.request.urlopen(request, context=context) as answer:
            return json.load(answer)

    def rows(self, path: str, key: str) -> list[dict[str, Any]]:
        return self.get(f"{path}?per_page=200")[key]

    def cluster(self, name: str) -> dict[str, Any]:
        return one(self.rows("/v2/databases", "databases"), name=f"{NAME}-{name}")

    def app(self) -> dict[str, Any]:
        [app] = [row for row in self.rows("/v2/apps", "apps") if row["spec"]["name"] == NAME]
        return app

    def authority(self, cluster: dict[str, Any]) -> str:
        """Who signs the certificates of a cluster, in PEM."""
        encoded = self.get(f"/v2/databases/{cluster['id']}/ca")["ca"]["certificate"]
        return base64.b64decode(encoded).decode()

    def s3(self) -> Any:
        return boto3.client(
            "s3",
            region_name="us-east-1",
            endpoint_url=self.env["SPACES_ENDPOINT_URL"],
            aws_access_key_id=self.env["SPACES_ACCESS_KEY_ID"],
            aws_secret_access_key=self.env["SPACES_SECRET_ACCESS_KEY"],
            verify=self.env["DIGITALOCEAN_CA_PATH"],
        )


def one(rows: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    """The only row with these values."""
    found = [row for row in rows if all(row.get(key) == value for key, value in wanted.items())]
    assert len(found) == 1, f"{len(found)} rows with {wanted}"
    return found[0]


@pytest.fixture(scope="session")
def account() -> Account:
    home = Path(os.environ["LOCALCLOUD_HOME"])
    return Account(json.loads((home / "env.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def only() -> Callable[..., dict[str, Any]]:
    return one
