# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Spaces refuses although S3 takes it."""

from __future__ import annotations

from localcloud.resources.spaces.s3 import acl
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.request import S3Request

MAX_KEY = 1024


def check(request: S3Request) -> None:
    """S3Error for what Spaces lacks or would not accept, whatever the operation is."""
    if not request.operation.supported:
        raise S3Error("NotImplemented")
    if len(request.address.key.encode(errors="replace")) > MAX_KEY:
        raise S3Error("KeyTooLongError")
    headers = request.headers
    # rclone says of each new bucket that it shall have no locks.
    locked = headers.get("x-amz-bucket-object-lock-enabled", "false").lower() != "false"
    if locked or any(name.startswith("x-amz-object-lock-") for name in headers):
        raise S3Error("NotImplemented")
    if "x-amz-server-side-encryption" in headers:
        # Only SSE-C, which has headers of another name.
        raise S3Error("NotImplemented")
    if headers.get("x-amz-storage-class", "STANDARD") != "STANDARD":
        raise S3Error("InvalidStorageClass")
    acl.check_headers(headers)
