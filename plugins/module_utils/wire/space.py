# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a bucket keeps what it is given, and shows it to those that it is for."""

from __future__ import annotations

import secrets
import ssl
import time
from urllib.parse import urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.pages import get_page
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.client import Spaces
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire.http import ask

SECONDS = 60
# How the CDN tells whether it had an object.
KEPT = ("cf-cache-status", "x-cache")


def round_trip(spaces: Spaces, bucket: str, cdn: str, trust: ssl.SSLContext, timeout: float, resolver: str) -> Data:
    """`{milliseconds, anonymous, cdn}`: an object is put, read by a presigned URL, and deleted with its version.

    `anonymous` is the status without a signature. `cdn` has what its endpoint, a host name, answers to the first and
    to the second question for the object, which then is one for everybody; none without an endpoint.
    """
    key, mark, began = f"fisioflow-wire-{secrets.token_hex(8)}", secrets.token_hex(16), time.monotonic()
    link = spaces.link("get_object", SECONDS, Bucket=bucket, Key=key)
    # The CDN forgets it soon.
    about = {"ACL": "public-read" if cdn else "private", "CacheControl": f"max-age={SECONDS}"}
    put = spaces.call("put_object", Bucket=bucket, Key=key, Body=mark.encode(), **about)
    try:
        read = get_page(link, timeout=timeout, authority=trust)
        taken = (time.monotonic() - began) * 1000
        bare = get_page(urlsplit(link)._replace(query="").geturl(), timeout=timeout, authority=trust)
        url = f"https://{cdn}/{key}"
        asked = [ask(url, trust=trust, timeout=timeout, resolver=resolver) for _time in range(2 if cdn else 0)]
    finally:
        version = {"VersionId": put["VersionId"]} if put.get("VersionId") else {}
        spaces.gone("delete_object", Bucket=bucket, Key=key, **version)
    left = get_page(link, timeout=timeout, authority=trust)
    if (read.status, read.text) != (200, mark):
        raise Failure(f"{bucket} gave back another object than it was given, or none: {read.status} {read.text[:80]}.")
    if left.status != 404:
        raise Failure(f"{bucket} still has the object that was deleted: {left.status}.")
    return {"milliseconds": taken, "anonymous": bare.status, "cdn": [_told(answer) for answer in asked]}


def _told(answer: Data) -> Data:
    kept = next((answer["headers"][name] for name in KEPT if name in answer["headers"]), "")
    return {"status": answer["status"], "kept": kept, "error": answer["error"]}
