# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The uploads of the environment, and their replica, as somebody with a key of full access sees them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from tests.integration.procedures.environment import Environment

UPLOADS, REPLICA = "fisioflow-local-uploads", "fisioflow-local-uploads-replica"
HOME, AWAY = "nyc3", "sfo3"
# Who is told to have no Spaces key of his own.
KEYLESS = {"SPACES_ACCESS_KEY_ID": "", "SPACES_SECRET_ACCESS_KEY": ""}
# In the names of objects; nothing that is told may have it.
PATIENT = "ines-prado"


def client(running: Environment, region: str) -> Any:
    env = running.cloud.env
    return boto3.client(
        "s3",
        endpoint_url=running.cloud.spaces_url,
        region_name=region,
        verify=running.cloud.ca,
        aws_access_key_id=env["SPACES_ACCESS_KEY_ID"],
        aws_secret_access_key=env["SPACES_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}),
    )


@contextmanager
def both(running: Environment) -> Iterator[tuple[Any, Any]]:
    """Clients of both regions; what a test has left in the buckets is gone afterwards, and the replica with it."""
    home, away = client(running, HOME), client(running, AWAY)
    try:
        yield home, away
    finally:
        empty(home, UPLOADS)
        if REPLICA in [row["Name"] for row in away.list_buckets()["Buckets"]]:
            empty(away, REPLICA)
            away.delete_bucket(Bucket=REPLICA)
        home.close()
        away.close()


def empty(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for row in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=bucket, Key=row["Key"], VersionId=row["VersionId"])


def contents(s3: Any, bucket: str) -> dict[str, bytes]:
    rows = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {row["Key"]: s3.get_object(Bucket=bucket, Key=row["Key"])["Body"].read() for row in rows}


def keys(running: Environment) -> list[str]:
    """Names of the Spaces keys of the account."""
    return sorted(row["name"] for row in running.api.ok("GET", "/spaces/keys")["keys"])


def end_copying(running: Environment) -> None:
    """kill -9 of the rclone that copies between our two buckets of this localcloud."""
    ours = running.cloud.spaces_url.encode()
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            copies = entry.name.isdigit() and f"target:{REPLICA}".encode() in (entry / "cmdline").read_bytes()
            if copies and ours in (entry / "environ").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)
