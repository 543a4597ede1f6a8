# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``If-…`` headers: of a read, of a copy's source, and of a write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.rows import Version

NOT_MODIFIED = 304
FAILED = 412


def moment(version: Version) -> datetime:
    """When it was made, in whole seconds, as HTTP tells time."""
    return datetime.fromisoformat(version.modified).replace(microsecond=0)


def http_date(version: Version) -> str:
    return format_datetime(moment(version), usegmt=True)


def _date(text: str | None) -> datetime | None:
    """A date that is none is no condition (RFC 9110, 13.1.3)."""
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None


def _matches(tags: str, version: Version) -> bool:
    found = [tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")]
    return "*" in found or version.etag in found


def verdict(headers: Mapping[str, str], version: Version, prefix: str = "") -> int:
    """0, or the status that the conditions ask for: 304 or 412. An ETag outweighs a date, as HTTP has it."""
    match, none_match = headers.get(f"{prefix}if-match"), headers.get(f"{prefix}if-none-match")
    unmodified = _date(headers.get(f"{prefix}if-unmodified-since"))
    modified = _date(headers.get(f"{prefix}if-modified-since"))
    if match is not None:
        if not _matches(match, version):
            return FAILED
    elif unmodified is not None and moment(version) > unmodified:
        return FAILED
    if none_match is not None:
        return NOT_MODIFIED if _matches(none_match, version) else 0
    return NOT_MODIFIED if modified is not None and moment(version) <= modified else 0


def check_source(headers: Mapping[str, str], version: Version) -> None:
    """The conditions of a copy: whichever does not hold, nothing is copied."""
    if verdict(headers, version, "x-amz-copy-source-"):
        raise S3Error("PreconditionFailed")


def check_write(headers: Mapping[str, str], current: Version | None) -> None:
    """``If-Match`` and ``If-None-Match`` of a write; ``current`` is what would be replaced (a marker: nothing)."""
    there = None if current is None or current.marker else current
    match, none_match = headers.get("if-match"), headers.get("if-none-match")
    if match is not None:
        if there is None:
            raise S3Error("NoSuchKey")
        if not _matches(match, there):
            raise S3Error("PreconditionFailed")
    if none_match is not None and there is not None and _matches(none_match, there):
        raise S3Error("PreconditionFailed")


def check_delete(match: str, current: Version | None) -> None:
    """``If-Match`` of a deletion. Of nothing, there is nothing to delete either."""
    if current is not None and not _matches(match, current):
        raise S3Error("PreconditionFailed")
