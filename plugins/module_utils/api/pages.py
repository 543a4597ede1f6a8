# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that are none of the API's: metrics of a node, an app's health. One GET, by the standard library alone."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

# Bytes of an answer that are read; metrics of a node are some 100 KB.
MOST = 8_000_000


@dataclass(frozen=True)
class Page:
    """`status` is 0 when nobody answered, and `text` then says why; `seconds` is how long it took."""

    status: int
    text: str
    seconds: float


def get_page(url: str, *, timeout: float, authority: ssl.SSLContext, headers: dict[str, str] | None = None) -> Page:
    """Whatever comes of it. A redirect is followed."""
    # Only https: whoever calls this has looked, or made it so.
    request = urllib.request.Request(url, headers=headers or {})  # noqa: S310
    start = time.monotonic()
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=authority))
    try:
        with opener.open(request, timeout=timeout) as answer:
            status, text = answer.status, answer.read(MOST).decode(errors="replace")
    except urllib.error.HTTPError as error:
        status, text = error.code, error.reason
    except (OSError, ValueError) as error:
        status, text = 0, str(getattr(error, "reason", error))
    return Page(status, text, time.monotonic() - start)
