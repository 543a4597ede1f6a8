# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One of each kind of software, made with the API alone; and where all of it listens, as the kernel tells it."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from localcloud.ports.words import TOKEN
from tests.integration.plane.apps import App, spec, web
from tests.integration.plane.cloud_init import user_data
from tests.integration.plane.conftest import Clusters, until
from tests.localcloud_api import Api

DOMAIN = "fisioflow.example"
BUCKET = "stack-files"
# A state of a socket in the kernel's tables.
LISTENS = "0A"


@dataclass
class Stack:
    postgresql: dict[str, Any]
    valkey: dict[str, Any]
    app: App


def build(api: Api) -> Stack:
    """Clusters with a pool and a standby, an app with two instances, load balancer and Droplet, CDN and DNS."""
    clusters = Clusters(api)
    small = {"size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "fra1"}
    pair = {"size": "db-s-1vcpu-2gb", "num_nodes": 2, "region": "fra1"}
    made = [
        api.ok("POST", "/databases", {"name": f"stack-{engine}", "engine": engine, **size})["database"]["id"]
        for engine, size in (("pg", small), ("valkey", pair))
    ]
    _edge(api)
    _cdn(api)
    postgresql, valkey = (clusters.online(id) for id in made)
    pool = {"name": "pool", "mode": "transaction", "size": 1, "db": "defaultdb", "user": "doadmin"}
    api.ok("POST", f"/databases/{postgresql['id']}/pools", pool)
    attached = [
        {"name": name, "engine": engine, "cluster_name": cluster["name"], "production": True}
        for name, engine, cluster in (("db", "PG", postgresql), ("cache", "VALKEY", valkey))
    ]
    urls = {"DATABASE_URL": "${db.DATABASE_URL}", "REDIS_URL": "${cache.DATABASE_URL}"}
    app = App(api, spec(web(2, **urls), databases=attached))
    app.deployed()
    until(lambda: all(run["state"] == "up" for run in runs(api)), "all of it is up")
    return Stack(postgresql, valkey, app)


def _edge(api: Api) -> None:
    api.ok("POST", "/tags", {"name": "edge"})
    api.ok("POST", "/domains", {"name": DOMAIN})
    certificate = {"name": "edge", "type": "lets_encrypt", "dns_names": [DOMAIN]}
    id = api.ok("POST", "/certificates", certificate)["certificate"]["id"]
    there = {"target_protocol": "https", "target_port": 443}
    rules = [
        {"entry_protocol": "https", "entry_port": 443, "certificate_id": id, **there},
        {"entry_protocol": "http", "entry_port": 80, **there},
    ]
    check = {"protocol": "https", "port": 443, "path": "/edge-health"}
    body = {"name": "edge", "region": "fra1", "tag": "edge", "forwarding_rules": rules, "health_check": check}
    api.ok("POST", "/load_balancers", {**body, "redirect_http_to_https": True})
    droplet = {"name": "proxy", "region": "fra1", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64", "tags": ["edge"]}
    api.ok("POST", "/droplets", {**droplet, "user_data": user_data("hello")})


def _cdn(api: Api) -> None:
    env = api.cloud.env
    assert sign(api, "PUT", BUCKET, env["SPACES_ACCESS_KEY_ID"], env["SPACES_SECRET_ACCESS_KEY"]) == 200
    api.ok("POST", "/cdn/endpoints", {"origin": f"{BUCKET}.fra1.digitaloceanspaces.com", "ttl": 600})


def sign(api: Api, method: str, path: str, key: str, secret: str) -> int:
    """The status of a request to Spaces, made by the session of the API, which knows whom to trust."""
    url = f"{api.cloud.spaces_url}/{path}"
    request = AWSRequest(method, url)
    S3SigV4Auth(Credentials(key, secret), "s3", "fra1").add_auth(request)
    return api.session.request(method, url, headers=dict(request.headers), timeout=30).status_code


def runs(api: Api) -> list[dict[str, Any]]:
    """What runs, asked with the session of the API."""
    token = (api.cloud.home / TOKEN).read_text()
    answer = api.session.get(
        f"{api.cloud.url}/_localcloud/status", headers={"Authorization": f"Bearer {token}"}, timeout=30
    )
    found: list[dict[str, Any]] = answer.json()["runs"]
    return found


def below(pid: int) -> Iterator[int]:
    """It and all that it has started, and they in turn."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from below(int(child))


def ports(pid: int) -> dict[tuple[str, int], str]:
    """Where these processes wait for connections of TCP: address and port → the program."""
    sockets = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == LISTENS:
            address, port = fields[1].split(":")
            sockets[fields[9]] = (socket.inet_ntoa(bytes.fromhex(address)[::-1]), int(port, 16))
    found = {}
    for one in below(pid):
        with suppress(OSError):  # it has ended meanwhile
            name = Path(f"/proc/{one}/comm").read_text().strip()
            for entry in Path(f"/proc/{one}/fd").iterdir():
                inode = re.fullmatch(r"socket:\[(\d+)\]", str(entry.readlink()))
                if inode and inode[1] in sockets:
                    found[sockets[inode[1]]] = name
    return found
