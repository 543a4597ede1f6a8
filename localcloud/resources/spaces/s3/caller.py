# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has signed, and when: what the versions of signatures share."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from localcloud.resources.spaces.s3.errors import S3Error

MAX_SKEW = timedelta(minutes=15)
TIMESTAMP = "%Y%m%dT%H%M%SZ"

SecretOf = Callable[[str], "str | None"]


@dataclass(frozen=True)
class Signer:
    """A verified caller. ``seed`` and ``key_parts`` are what the chunks of a streamed upload are signed with."""

    access_key: str
    secret: str
    region: str | None = None
    presigned: bool = False
    timestamp: str = ""
    scope: str = ""
    seed: str = ""


def same(expected: str, given: str) -> bool:
    """In constant time, for any text."""
    return hmac.compare_digest(expected.encode(errors="replace"), given.encode(errors="replace"))


def secret_for(access_key: str, secret_of: SecretOf) -> str:
    secret = secret_of(access_key)
    if secret is None:
        raise S3Error("InvalidAccessKeyId", AWSAccessKeyId=access_key)
    return secret


def moment_of(text: str) -> datetime:
    try:
        return datetime.strptime(text, TIMESTAMP).replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
        # Some dates have no place in UTC.
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        raise S3Error("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header") from None


def check_skew(moment: datetime, now: datetime) -> None:
    if abs(moment - now) > MAX_SKEW:
        raise S3Error("RequestTimeTooSkewed")
