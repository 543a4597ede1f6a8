# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a caller notices while localcloud saves a state with much in it: each call a handshake of its own."""

from __future__ import annotations

import http.client
import ssl
import statistics
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from tests.localcloud_fixtures import LocalCloud, start_localcloud

OBJECTS, SIZE = 100, 2_000_000
SECONDS = 15
BUCKET = "fisio-bench"


def figures(folder: Path) -> list[tuple[str, float, str]]:
    """``(name, value, unit)``: latencies of calls while it saves again and again, and how long stopping takes."""
    with start_localcloud(folder / "saving", "--keep-state") as cloud:
        s3 = _client(cloud)
        s3.create_bucket(Bucket=BUCKET)
        for number in range(OBJECTS):
            s3.put_object(Bucket=BUCKET, Key=f"n{number}", Body=number.to_bytes(2, "big") * (SIZE // 2))
        context = ssl.create_default_context(cafile=cloud.ca)
        ended = threading.Event()
        touching = threading.Thread(target=_touch, args=(s3, ended))
        touching.start()
        seconds = []
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            seconds.append(_call(cloud, context))
            time.sleep(0.05)
        ended.set()
        touching.join()
        started = time.monotonic()
        cloud.process.terminate()
        cloud.process.wait()
        stopped = time.monotonic() - started
    p95 = statistics.quantiles(seconds, n=20)[-1]
    return [
        ("saving_megabytes", OBJECTS * SIZE / 1e6, "MB"),
        ("saving_call_p95_ms", p95 * 1000, "ms"),
        ("saving_call_max_ms", max(seconds) * 1000, "ms"),
        ("saving_stop_seconds", stopped, "s"),
    ]


def _touch(s3: Any, ended: threading.Event) -> None:
    """Something new again and again, so that there is always something to save."""
    number = 0
    while not ended.wait(0.2):
        number += 1
        s3.put_object(Bucket=BUCKET, Key="touched", Body=str(number).encode())


def _client(cloud: LocalCloud) -> Any:
    access, secret = cloud.env["SPACES_ACCESS_KEY_ID"], cloud.env["SPACES_SECRET_ACCESS_KEY"]
    session = boto3.session.Session(access, secret, region_name="fra1")
    return session.client("s3", endpoint_url=cloud.spaces_url, verify=cloud.ca)


def _call(cloud: LocalCloud, context: ssl.SSLContext) -> float:
    started = time.monotonic()
    connection = http.client.HTTPSConnection(urlsplit(cloud.spaces_url).netloc, context=context, timeout=120)
    connection.request("GET", f"/{BUCKET}")
    connection.getresponse().read()
    connection.close()
    return time.monotonic() - started
