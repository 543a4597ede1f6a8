# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`purge_cdn.yml`, as a browser sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.integration.procedures.environment import Environment

pytestmark = pytest.mark.xdist_group("procedures")
BUCKET = "fisioflow-local-assets"
KEYS = ("css/site.css", "logo.svg")


@pytest.fixture
def assets(running: Environment) -> Iterator[str]:
    """Where the CDN answers, with two files of the old kind in it and the new ones behind it."""
    env, api = running.cloud.env, running.api
    space = boto3.client(
        "s3",
        endpoint_url=running.cloud.spaces_url,
        region_name="nyc3",
        aws_access_key_id=env["SPACES_ACCESS_KEY_ID"],
        aws_secret_access_key=env["SPACES_SECRET_ACCESS_KEY"],
        verify=running.cloud.ca,
        config=Config(s3={"addressing_style": "path"}),
    )
    [endpoint] = api.ok("GET", "/cdn/endpoints")["endpoints"]
    runs = {run["key"]: run for run in api.admin.status()["runs"]}
    url = runs[f"cdn/{endpoint['id']}"]["lines"][0].split()[0].rstrip("/")
    for text in ("old", "new"):
        for key in KEYS:
            space.put_object(Bucket=BUCKET, Key=key, Body=text.encode(), ACL="public-read")
            assert seen(running, url, key) == ("old", "MISS" if text == "old" else "HIT")
    yield url
    for key in KEYS:
        space.delete_object(Bucket=BUCKET, Key=key)
    api.ok("DELETE", f"/cdn/endpoints/{endpoint['id']}/cache", {"files": ["*"]})
    space.close()


def seen(running: Environment, url: str, key: str) -> tuple[str, str]:
    answer = running.api.session.get(f"{url}/{key}", timeout=30)
    return answer.text, answer.headers["cf-cache-status"]


def test_it_forgets_what_it_is_told_to_and_nothing_else(running: Environment, assets: str) -> None:
    asked: dict[str, Any] = {"cdn_probe": True, "cdn_url": assets, "cdn_probe_delay": 1}
    refused = running.red("purge_cdn", paths="/css/site.css,logo.svg", **asked)
    assert 'The path "/css/site.css" is none such as' in " ".join(refused.printed.split())
    emptied = running.red("purge_cdn", "-e", "paths=", **asked)
    assert "paths was given without a value" in " ".join(emptied.printed.split())
    cut = running.red("purge_cdn", "-e", "paths=css/a b.css", **asked)
    assert "-e was given words that belong to no variable" in " ".join(cut.printed.split())
    assert emptied.write_list == cut.write_list == []
    foretold = running.green("purge_cdn", "--check", paths="css/site.css", **asked)
    assert "would purge css/site.css" in foretold.printed
    assert refused.write_list == foretold.write_list == []
    assert seen(running, assets, "css/site.css") == ("old", "HIT")
    done = running.green("purge_cdn", paths="css/site.css", **asked)
    assert "css/site.css  HIT  MISS" in done.printed
    assert seen(running, assets, "css/site.css")[0] == "new"
    assert seen(running, assets, "logo.svg") == ("old", "HIT")
    running.green("purge_cdn", cdn_samples=["logo.svg"], **asked)
    assert seen(running, assets, "logo.svg")[0] == "new"


def test_it_makes_no_cdn_where_there_is_none(running: Environment) -> None:
    nothing = running.red("purge_cdn", cdn_origin="fisioflow-local-uploads.nyc3.digitaloceanspaces.com")
    assert "there is no CDN in front of fisioflow-local-uploads" in " ".join(nothing.printed.split())
    assert nothing.write_list == []
