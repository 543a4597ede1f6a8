# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a log to its end, or following it for a while, without what is nobody's to read.

The API gives addresses: an archive that ends, or a live one that goes on for as long as it is read. Both are read
alike, until they end or the time is over; one that ends is read again, and what has come to it meanwhile is new.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from http.client import HTTPException

from ansible.module_utils.urls import open_url

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import masking
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.logs import COLOUR

# The most of a log that is read at once, in bytes, and the most of a line, in characters (App Platform cuts at 2,048).
MOST, WIDTH = 8 * 1024 * 1024, 2048
# Seconds that a live log may be silent before it counts as read, between two readings, and between two words on it.
SILENCE, AGAIN, TELLS_EVERY = 5.0, 2.0, 10.0


def masked(line: str) -> str:
    """A line without colours, logins in addresses, what looks like a secret, e-mail addresses and CPF numbers."""
    # Before it is cut: what is cut off in the middle looks like nothing.
    return masking.masked(COLOUR.sub("", line).rstrip())[:WIDTH]


def address(answer: Data) -> str:
    """Where a log is, by the API's answer; "" when there is none yet."""
    historic, live = answer.get("historic_urls"), str(answer.get("live_url") or "")
    urls = [*(historic if isinstance(historic, list) else []), re.sub("^wss:", "https:", live)]
    return next((url for url in urls if isinstance(url, str) and url.startswith("https://")), "")


def read(url: str, ca_path: str | None, until: float) -> list[str]:
    """Its lines by now. A live one is read until `until`, on the monotonic clock, or until it is silent."""
    parts: list[bytes] = []
    try:
        with open_url(url, ca_path=ca_path, timeout=SILENCE, follow_redirects="no") as answer:
            while sum(map(len, parts)) < MOST and (part := answer.read1(64 * 1024)):
                parts.append(part)
                if time.monotonic() > until:
                    break
    except TimeoutError:
        pass
    except (HTTPException, OSError, ValueError) as error:
        if not parts:
            # Without the address: whoever holds it may read.
            raise Failure(f"The log cannot be read ({type(error).__name__}): run again.") from None
    return b"".join(parts).decode("utf-8", "replace").splitlines()


def follow(url: str, ca_path: str | None, seconds: float, last: int, progress: Callable[[str], None]) -> list[str]:
    """The `last` lines as it begins, and those that come to it within `seconds`."""
    begun = tells = time.monotonic()
    until = begun + max(seconds, SILENCE)
    known = read(url, ca_path, until)
    lines = known[-last:]
    while (left := begun + seconds - time.monotonic()) > 0:
        if time.monotonic() - tells >= TELLS_EVERY:
            tells = time.monotonic()
            progress(f"{len(lines)} lines so far, {left:.0f} s to go")
        time.sleep(min(AGAIN, left))
        now = read(url, ca_path, until)
        lines += fresh(known, now)
        known = now or known
    return lines


def fresh(known: list[str], now: list[str]) -> list[str]:
    """The lines that were not there before; a log of several components grows in its middle, too."""
    left = Counter(known)
    left.subtract(now)
    new = {line: -count for line, count in left.items() if count < 0}
    found = []
    for line in reversed(now):
        # Of equal lines the last ones are those that came.
        if new.get(line, 0) > 0:
            new[line] -= 1
            found.append(line)
    return found[::-1]
