# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which version of an object a request means."""

from __future__ import annotations

from localcloud.resources.spaces.s3 import conditions
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.request import S3Request
from localcloud.resources.spaces.s3.rows import Contents, Version

Headers = list[tuple[str, str]]


def version_header(contents: Contents, version: Version) -> Headers:
    """Nothing in a bucket that never had versions."""
    return [("x-amz-version-id", version.id)] if contents.versioning else []


def new_version(contents: Contents, version: Version) -> Headers:
    """What is said after a write: Ceph names no version while versioning is suspended."""
    return version_header(contents, version) if contents.versioning == "Enabled" else []


def version_id(request: S3Request) -> str | None:
    """The version that the query names, or None."""
    id = request.query.get("versionId")
    if id is not None and not id:
        raise S3Error("InvalidArgument", "Version id cannot be the empty string", 400)
    return id


def meant(contents: Contents, request: S3Request) -> Version:
    """The version that is asked for; see ``find``."""
    return find(contents, request.address.key, version_id(request))


def find(contents: Contents, key: str, id: str | None) -> Version:
    """The version, or the newest; no delete marker. S3Error, with the headers that tell of a marker."""
    version = contents.current(key) if id is None else contents.find(key, id)
    if version is None:
        raise S3Error("NoSuchKey", Key=key) if id is None else S3Error("NoSuchVersion", Key=key, VersionId=id)
    if version.marker:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html: asked for by its id, there is
        # something, but nothing that can be read.
        error = S3Error("NoSuchKey", Key=key) if id is None else S3Error("MethodNotAllowed")
        error.headers = [("x-amz-delete-marker", "true"), ("x-amz-version-id", version.id)]
        if id is not None:
            error.headers += [("allow", "DELETE"), ("last-modified", conditions.http_date(version))]
        raise error
    return version
