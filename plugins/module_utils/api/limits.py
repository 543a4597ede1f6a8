# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rate limits: what the API description says of them in words, and what answers tell in their headers.

Of the requests of an hour (5,000) a twentieth may come in one minute. Some addresses have a small limit of their own,
which their answers then tell instead of the hour's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MINUTE = 60.0
SHARE_OF_A_MINUTE = 1 / 20
# Requests, and in how many seconds.
OF_ADDRESSES = {"/v2/cdn/endpoints": (5, 10.0)}
# No hour has so few; no address so many.
FEWEST_OF_AN_HOUR = 100


def hourly(headers: Mapping[str, str]) -> int | None:
    """The requests of an hour; None where an answer tells of no limit, or of its address's own."""
    limit = headers.get("ratelimit-limit", "")
    return int(limit) if limit.isdigit() and int(limit) >= FEWEST_OF_AN_HOUR else None


def retry_after(status: int, headers: Mapping[str, str]) -> float | None:
    """Seconds after which the API wants to be asked again. Of the hour's limit it only says when that ends."""
    named = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", named):
        return float(named)
    if (until := moment(named)) is not None:
        # A date, by the clock of whoever wrote it: this controller's own may be wrong.
        return max(0.0, (until - (moment(headers.get("date", "")) or datetime.now(UTC))).total_seconds())
    left, reset = (headers.get(f"ratelimit-{name}", "") for name in ("remaining", "reset"))
    # Other limits than the hour's come without retry-after, too, but with requests left.
    used_up = status == 429 and left == "0" and reset.isdigit()
    return max(1.0, float(reset) - time.time()) if used_up else None


def moment(date: str) -> datetime | None:
    """A date of an HTTP header; None for what is none."""
    try:
        found = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    # "-0000" is how some say UTC.
    return found if found.tzinfo else found.replace(tzinfo=UTC)
