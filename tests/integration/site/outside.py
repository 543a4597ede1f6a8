# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else at work on the same environment, without Ansible: what it is, and what they do to it."""

from __future__ import annotations

import json
import ssl
import urllib.request
from typing import Any

import boto3
from botocore.config import Config

from tests.integration.harness.ansible import Played
from tests.integration.harness.playbooks import PROVIDED, playbook
from tests.localcloud_fixtures import LocalCloud

NAME = "fisioflow-local"
# What the inventory runs, what can be released, and what never becomes healthy.
FIRST = "sha256:5f2c1a7e9b8d4c3f6a0e1d2b3c4f5a6978b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4"
GOOD, BAD = f"sha256:{'7' * 64}", f"sha256:0bad{'7' * 60}"


def play(cloud: LocalCloud, name: str, *options: str, env: dict[str, str] | None = None, **variables: Any) -> Played:
    """A run of ours, with these extra variables."""
    return playbook(cloud, name, *options, variables=variables, env=PROVIDED | (env or {}))


def told(run: Played) -> str:
    """All that was printed, as one line."""
    return " ".join(run.printed.split())


def call(cloud: LocalCloud, path: str, method: str = "GET", body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{cloud.url}{path}", method=method, data=json.dumps(body).encode() if body else None
    )
    request.add_header("Authorization", f"Bearer {cloud.token}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=cloud.ca)) as answer:
        return json.loads(answer.read() or b"{}")


def s3(cloud: LocalCloud) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=cloud.spaces_url,
        region_name="nyc3",
        verify=cloud.ca,
        aws_access_key_id=cloud.env["SPACES_ACCESS_KEY_ID"],
        aws_secret_access_key=cloud.env["SPACES_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}),
    )


def app(cloud: LocalCloud) -> dict[str, Any]:
    [found] = [row for row in call(cloud, "/v2/apps")["apps"] if row["spec"]["name"] == NAME]
    return found


def clusters(cloud: LocalCloud) -> dict[str, str]:
    """Engine → id."""
    return {row["engine"]: row["id"] for row in call(cloud, "/v2/databases")["databases"]}


def rules(cloud: LocalCloud, engine: str) -> set[tuple[str, str]]:
    found = call(cloud, f"/v2/databases/{clusters(cloud)[engine]}/firewall")["rules"]
    return {(rule["type"], rule["value"]) for rule in found}


def closed(cloud: LocalCloud) -> bool:
    """Whether the app alone reaches both clusters."""
    now = app(cloud)
    wanted = {("app", now["id"]), *(("ip_addr", row["ip"]) for row in now["vpc"]["egress_ips"])}
    return rules(cloud, "pg") == rules(cloud, "valkey") == wanted


def uploads_keys(cloud: LocalCloud) -> dict[str, str]:
    """What names of the app's key have behind `-uploads` → access key."""
    rows = call(cloud, "/v2/spaces/keys")["keys"]
    prefix = f"{NAME}-uploads"
    return {row["name"].removeprefix(prefix): row["access_key"] for row in rows if row["name"].startswith(prefix)}


def key_in_use(cloud: LocalCloud) -> str:
    """The Spaces key that the app runs with."""
    envs = app(cloud)["active_deployment"]["spec"]["services"][0]["envs"]
    return str({row["key"]: row.get("value") for row in envs}["DO_SPACES_KEY"])


def narrow(cloud: LocalCloud) -> str:
    """Somebody gives the app's key other grants, so that it has to be replaced; returns it."""
    key = uploads_keys(cloud)[""]
    state = cloud.admin.state()
    for row in state["world"]["tables"]["spaces_keys"].values():
        if row["access_key"] == key:
            row["grants"] = [{"bucket": f"{NAME}-uploads", "permission": "read"}]
    cloud.admin.load(state)
    return key
