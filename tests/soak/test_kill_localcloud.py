# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` of localcloud at 25 moments: nothing of it is left, and what was acknowledged is there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import psycopg
import requests
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from localcloud.client import Admin, AdminError
from localcloud.instance.home import Home
from tests.integration.plane.conftest import Clusters, until
from tests.localcloud_api import Api
from tests.localcloud_fixtures import ROOT, LocalCloud, start_localcloud

MOMENTS = 25
# Seconds that the last moment lies after the start was over, while all is written to.
BUSY = 4.0
# What is known of records and objects is saved each second: so far behind a kill finds them, at most.
SAVED_WITHIN = 3.0
BUCKET = "kept"
GONE = (OSError, AdminError, psycopg.Error, BotoCoreError, ClientError, requests.RequestException, AssertionError)


def of(home: Path) -> list[int]:
    """The processes of an instance: by what they run, with what, and where."""
    marks = [str(home).encode(), str(Home(home).data).encode()]
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            told = b"".join((entry / name).read_bytes() for name in ("cmdline", "environ"))
            told += str((entry / "cwd").readlink()).encode()
            alive = (entry / "stat").read_text().rpartition(") ")[2][0] not in "ZX"
            if alive and int(entry.name) != os.getpid() and any(mark in told for mark in marks):
                found.append(int(entry.name))
    return found


def answers(address: tuple[str, int]) -> bool:
    with suppress(OSError), socket.create_connection(address, 2):
        return True
    return False


@dataclass
class Written:
    """Numbers that were acknowledged, with when."""

    rows: dict[int, float] = field(default_factory=dict)
    objects: dict[int, float] = field(default_factory=dict)
    tags: dict[int, float] = field(default_factory=dict)
    count: int = 0

    def by(self, kind: dict[int, float], write: Callable[[int], Any]) -> None:
        self.count += 1
        write(self.count)
        kind[self.count] = time.monotonic()

    def forget_unsaved(self, since: float) -> None:
        """Of records, what a save may not have come to."""
        for kind in (self.objects, self.tags):
            for number in [number for number, when in kind.items() if when > since]:
                del kind[number]


class Stores:
    """What is written to in one instance that runs."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud, self.api = cloud, Api(cloud)
        env = cloud.env
        self.space = boto3.client(
            "s3",
            endpoint_url=cloud.spaces_url,
            region_name="fra1",
            verify=cloud.ca,
            aws_access_key_id=env["SPACES_ACCESS_KEY_ID"],
            aws_secret_access_key=env["SPACES_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    @property
    def cluster(self) -> Any:
        return self.api.ok("GET", "/databases")["databases"][0]

    def connect(self) -> psycopg.Connection[Any]:
        uri = self.cluster["connection"]["uri"].partition("?")[0]
        return psycopg.connect(uri, sslmode="verify-full", sslrootcert=self.cloud.ca, autocommit=True)

    def write(self, written: Written, over: threading.Event) -> None:
        with self.connect() as sql:
            while not over.is_set():
                written.by(written.rows, lambda number: sql.execute("INSERT INTO kept VALUES (%s)", [number]))
                written.by(written.tags, lambda number: self.api.ok("POST", "/tags", {"name": f"kept-{number}"}))
                written.by(written.objects, self._put)

    def _put(self, number: int) -> None:
        self.space.put_object(Bucket=BUCKET, Key=str(number), Body=str(number).encode())

    def lacking(self, written: Written) -> dict[str, list[int]]:
        """What was acknowledged and is not there."""
        with self.connect() as sql:
            rows = {row[0] for row in sql.execute("SELECT id FROM kept")}
        found = {row["name"] for page in self._pages("/tags") for row in page["tags"]}
        pages = self.space.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        objects = {row["Key"]: row["Size"] for page in pages for row in page.get("Contents", [])}
        return {
            "rows": sorted(written.rows.keys() - rows),
            "tags": sorted(number for number in written.tags if f"kept-{number}" not in found),
            "objects": sorted(number for number in written.objects if objects.get(str(number)) != len(str(number))),
        }

    def _pages(self, path: str) -> Any:
        page = 1
        while True:
            found = self.api.ok("GET", f"{path}?per_page=200&page={page}")
            yield found
            if len(found["tags"]) < 200:
                return
            page += 1


def write_until(home: Path, process: subprocess.Popen[bytes], over: threading.Event, written: Written) -> None:
    """Once it can be written to, for as long as it lives."""
    while not over.is_set():
        with suppress(*GONE):
            env = Home(home).env() or {}
            admin = Admin(env.get("DIGITALOCEAN_API_URL", "https://127.0.0.1:9"), home / "ca.pem", timeout=5)
            admin.status()
            Stores(LocalCloud(home, env, admin, process)).write(written, over)
        time.sleep(0.05)


def killed(home: Path, moment: float, written: Written) -> None:
    """One start, killed so many seconds later."""
    command = [sys.executable, "-m", "localcloud", "serve", "--quiet", "--until-stdin-ends", "--keep-state"]
    command += ["--port", "0", "--spaces-port", "0", "--no-rate-limit"]
    env = {**os.environ, "LOCALCLOUD_HOME": str(home), "PYTHONPATH": str(ROOT)}
    over = threading.Event()
    with (home.parent / "killed.log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=home.parent, env=env)
        writer = threading.Thread(target=write_until, args=[home, process, over, written])
        writer.start()
        time.sleep(moment)
        process.kill()
        at = time.monotonic()
        process.communicate()
    over.set()
    writer.join()
    written.forget_unsaved(at - SAVED_WITHIN)


def test_a_killed_instance_leaves_nothing_and_loses_nothing(tmp_path: Path, figures: Callable[[str], None]) -> None:
    home, written = tmp_path / "home", Written()
    with start_localcloud(home, "--keep-state", records_only=False) as cloud:
        stores = Stores(cloud)
        Clusters(stores.api).create("pg", name="kept")
        stores.space.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "fra1"})
        with stores.connect() as sql:
            sql.execute("CREATE TABLE kept (id int PRIMARY KEY)")
        at = (stores.cluster["connection"]["host"], stores.cluster["connection"]["port"])
    began = time.monotonic()
    with start_localcloud(home, "--keep-state", records_only=False) as cloud:
        until(lambda: answers(at), "PostgreSQL is up")
        start = time.monotonic() - began
    assert of(home) == []
    for number in range(MOMENTS):
        killed(home, (start + BUSY) * number / (MOMENTS - 1), written)
        until(lambda: not of(home), f"nothing of it is left after kill {number}")
        assert not answers(at)
    with start_localcloud(home, "--keep-state", records_only=False) as cloud:
        until(lambda: answers(at), "PostgreSQL is up")
        assert Stores(cloud).lacking(written) == {"rows": [], "tags": [], "objects": []}
    counts = [len(kind) for kind in (written.rows, written.tags, written.objects)]
    assert min(counts) > 10, "much was written"
    figures(f"{MOMENTS} kills; {counts[0]} rows, {counts[1]} records, {counts[2]} objects, all there")
