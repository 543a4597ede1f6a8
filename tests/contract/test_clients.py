# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that nobody here wrote talk to localcloud over TLS, with verification."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import pydo
import pytest
import requests
from azure.core.exceptions import HttpResponseError

from tests.localcloud_fixtures import LocalCloud


@pytest.fixture
def client(cloud: LocalCloud) -> pydo.Client:
    return pydo.Client(cloud.token, endpoint=cloud.url, connection_verify=cloud.ca)


def test_pydo_creates_reads_and_deletes(client: pydo.Client) -> None:
    assert client.account.get()["account"]["status"] == "active"
    first = client.vpcs.create({"name": "first", "region": "fra1"})["vpc"]
    second = client.vpcs.create({"name": "second", "region": "fra1", "ip_range": "10.10.0.0/20"})["vpc"]
    assert (first["default"], second["default"]) == (True, False)
    assert client.vpcs.patch(second["id"], {"description": "network"})["vpc"]["description"] == "network"
    assert client.vpcs.list()["meta"]["total"] == 2
    assert client.vpcs.delete(second["id"]) is None
    assert client.vpcs.get(second["id"])["id"] == "not_found"
    project = client.projects.create({"name": "clinic", "purpose": "Physiotherapy"})["project"]
    assert project["purpose"] == "Other: Physiotherapy"
    assert client.projects.get_default()["project"]["is_default"] is True
    assert "s-1vcpu-1gb" in {size["slug"] for size in client.sizes.list(per_page=200)["sizes"]}
    assert {"nyc1", "syd1", "ric1", "atl1"} <= {
        region["slug"] for region in client.regions.list(per_page=100)["regions"]
    }


def test_pydo_cannot_delete_a_project(client: pydo.Client) -> None:
    """Its issues 158 and 376. By these very words the vendor's collection knows that it has to do it by itself."""
    project = client.projects.create({"name": "clinic", "purpose": "IoT"})["project"]
    with pytest.raises(HttpResponseError) as error:
        client.projects.delete(project["id"])
    assert str(error.value) == "Operation returned an invalid status 'Unsupported Media Type'"
    client.projects.delete(project["id"], headers={"content-type": "application/json"})


def test_requests_follow_the_pages(cloud: LocalCloud) -> None:
    cloud.admin.seed(vpcs=45)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {cloud.token}"
    url: str | None = f"{cloud.url}/v2/vpcs?per_page=20"
    sizes: list[int] = []
    names: set[str] = set()
    while url:
        page: dict[str, Any] = session.get(url, verify=cloud.ca, timeout=60).json()
        sizes.append(len(page["vpcs"]))
        names.update(vpc["name"] for vpc in page["vpcs"])
        url = page["links"].get("pages", {}).get("next")
    assert sizes == [20, 20, 5]
    assert len(names) == page["meta"]["total"] == 45


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_curl_with_the_authority(cloud: LocalCloud) -> None:
    done = subprocess.run(
        [
            "curl",
            "-sS",
            "-i",
            "--cacert",
            cloud.ca,
            "-H",
            f"Authorization: Bearer {cloud.token}",
            f"{cloud.url}/v2/account",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    head, _, body = done.stdout.partition("\n\n")
    names = {line.partition(":")[0].lower() for line in head.splitlines()[1:]}
    assert {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "x-request-id"} <= names
    assert '"email_verified":true' in body


def test_nobody_trusts_the_certificate_without_the_authority(cloud: LocalCloud) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{cloud.url}/v2/account", timeout=60)
