# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A CDN endpoint keeps what its Space shows everybody, until it is purged or too old."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from tests.integration.plane.conftest import until
from tests.localcloud_api import Api

pytestmark = pytest.mark.xdist_group("plane")

BUCKET = "assets"
ORIGIN = f"{BUCKET}.fra1.digitaloceanspaces.com"


class Cdn:
    """An endpoint before a bucket, and how to ask it."""

    def __init__(self, api: Api) -> None:
        self.api, env = api, api.cloud.env
        self.space = boto3.client(
            "s3",
            endpoint_url=api.cloud.spaces_url,
            region_name="fra1",
            aws_access_key_id=env["SPACES_ACCESS_KEY_ID"],
            aws_secret_access_key=env["SPACES_SECRET_ACCESS_KEY"],
            verify=api.cloud.ca,
            config=Config(s3={"addressing_style": "path"}),
        )
        self.space.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "fra1"})
        body = {"origin": ORIGIN, "ttl": 600}
        self.endpoint: dict[str, Any] = api.ok("POST", "/cdn/endpoints", body)["endpoint"]
        self.url = until(self._address, "the endpoint is up")

    def _address(self) -> str | None:
        runs = {run["key"]: run for run in self.api.admin.status()["runs"]}
        run = runs[f"cdn/{self.endpoint['id']}"]
        return run["lines"][0].split()[0].rstrip("/") if run["state"] == "up" else None

    def put(self, key: str, text: str, acl: str = "public-read", **more: Any) -> None:
        self.space.put_object(Bucket=BUCKET, Key=key, Body=text.encode(), ACL=acl, **more)

    def get(self, path: str, **more: Any) -> tuple[str, str, requests.Response]:
        """Text, whether it was kept there, and all of the answer."""
        answer = self.api.session.get(f"{self.url}/{path}", timeout=30, **more)
        return answer.text, answer.headers["cf-cache-status"], answer

    def purge(self, *files: str) -> None:
        self.api.ok("DELETE", f"/cdn/endpoints/{self.endpoint['id']}/cache", {"files": list(files)})


@pytest.fixture
def cdn(api: Api) -> Iterator[Cdn]:
    found = Cdn(api)
    yield found
    found.space.close()


def test_what_was_asked_for_is_kept_until_it_is_purged(cdn: Cdn) -> None:
    for key in ("css/site.css", "css/print.css", "a b.txt"):
        cdn.put(key, "old")
        assert cdn.get(key)[:2] == ("old", "MISS")
        cdn.put(key, "new")
        assert cdn.get(key)[:2] == ("old", "HIT")
    assert cdn.get("css/site.css")[2].headers["cache-control"] == "max-age=600"
    cdn.purge("css/site.css")
    assert cdn.get("css/site.css")[:2] == ("new", "MISS")
    assert cdn.get("css/print.css")[:2] == ("old", "HIT")
    cdn.purge("css/*")
    assert cdn.get("css/print.css")[:2] == ("new", "MISS")
    assert cdn.get("a b.txt")[:2] == ("old", "HIT")
    cdn.purge("*")
    assert cdn.get("a b.txt")[:2] == ("new", "MISS")


def test_it_is_asked_again_when_it_is_too_old(cdn: Cdn) -> None:
    cdn.put("short", "old", CacheControl="max-age=1")
    asked = time.monotonic()
    assert cdn.get("short")[:2] == ("old", "MISS")
    cdn.put("short", "new", CacheControl="max-age=1")
    until(lambda: cdn.get("short")[:2] == ("new", "EXPIRED"), "the new one is shown")
    assert time.monotonic() - asked > 1
    cdn.put("long", "old")
    assert cdn.get("long")[:2] == ("old", "MISS")
    cdn.put("long", "new")
    cdn.api.admin.advance(400)
    assert cdn.get("long")[:2] == ("old", "HIT")
    cdn.api.admin.advance(400)
    until(lambda: cdn.get("long")[:2] == ("new", "EXPIRED"), "the new one is shown")
    ttl = cdn.api.ok("PUT", f"/cdn/endpoints/{cdn.endpoint['id']}", {"ttl": 60})["endpoint"]["ttl"]
    cdn.put("other", "x")
    assert cdn.get("other")[2].headers["cache-control"] == f"max-age={ttl}"


def test_what_is_private_is_neither_shown_nor_kept(cdn: Cdn) -> None:
    cdn.put("private", "secret", acl="private")
    _text, kept, answer = cdn.get("private")
    assert (answer.status_code, kept) == (403, "MISS")
    cdn.put("private", "public now")
    assert cdn.get("private")[:2] == ("public now", "MISS")


def test_a_custom_domain_is_in_its_certificate(cdn: Cdn) -> None:
    cdn.put("index.html", "hello")
    body = {"certificate_id": "needs-cloudflare-cert", "custom_domain": "cdn.example.com"}
    host, _colon, port = cdn.url.removeprefix("https://").partition(":")
    context = ssl.create_default_context(cafile=cdn.api.cloud.ca)
    for name in ("cdn.example.com", cdn.endpoint["endpoint"]):
        cdn.api.ok("PUT", f"/cdn/endpoints/{cdn.endpoint['id']}", body)
        with socket.create_connection((host, int(port or 443)), timeout=10) as sock:
            assert context.wrap_socket(sock, server_hostname=name).version() == "TLSv1.3"
    assert cdn.get("index.html", headers={"Host": "cdn.example.com"})[0] == "hello"


def test_a_presigned_url_opens_what_is_private_for_its_owner_alone(cdn: Cdn) -> None:
    cdn.put("report.pdf", "secret", acl="private")
    signer = boto3.client(
        "s3",
        endpoint_url="https://fra1.digitaloceanspaces.com",
        region_name="fra1",
        aws_access_key_id=cdn.api.cloud.env["SPACES_ACCESS_KEY_ID"],
        aws_secret_access_key=cdn.api.cloud.env["SPACES_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "virtual"}, signature_version="s3v4"),
    )
    signed = signer.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "report.pdf"})
    query = signed.partition("?")[2]
    assert cdn.get(f"report.pdf?{query}")[:2] == ("secret", "BYPASS")
    assert cdn.get("report.pdf")[2].status_code == 403
