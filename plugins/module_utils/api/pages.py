# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that are none of the API's: metrics of a node, an app's health. One GET, by the standard library alone."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

# Bytes of an answer that are read; metrics of a node are some 100 KB.
MOST = 8_000_000


@dataclass(frozen=True)
class Page:
    """`status` is 0 when nobody answered, and `text` then says why; `seconds` is how long it took.

    `headers` are those of an answer, their names in lower case.
    """

    status: int
    text: str
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_args: Any) -> None:
        return None


def get_page(
    url: str,
    *,
    timeout: float,
    authority: ssl.SSLContext,
    headers: Mapping[str, str] | None = None,
    follow: bool = True,
) -> Page:
    """Whatever comes of it. Whether a redirect is followed says `follow`."""
    # Only https: whoever calls this has looked, or made it so.
    request = urllib.request.Request(url, headers=dict(headers or {}))  # noqa: S310
    start = time.monotonic()
    told: dict[str, str] = {}
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=authority), *([] if follow else [_Stay()]))
    try:
        with opener.open(request, timeout=timeout) as answer:
            status, text, told = answer.status, answer.read(MOST).decode(errors="replace"), dict(answer.headers)
    except urllib.error.HTTPError as error:
        status, text, told = error.code, error.reason, dict(error.headers)
    except (OSError, HTTPException, ValueError) as error:
        status, text = 0, str(getattr(error, "reason", error))
    return Page(status, text, time.monotonic() - start, {name.lower(): value for name, value in told.items()})
