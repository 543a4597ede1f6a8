# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Presigned addresses: browsers send files to the Space themselves, and no patient's file passes through here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

SECONDS = 300
NEEDED = ("key", "secret", "endpoint", "bucket")


class Uploads:
    def __init__(self, space: Mapping[str, str]) -> None:
        self._space = space
        self.ready = all(space.get(name) for name in NEEDED)

    @cache  # noqa: B019 - there is one, as long as the process lives
    def _client(self) -> Any:
        # They cost more than all else, and few ask for it.
        import boto3
        from botocore.config import Config

        endpoint = self._space["endpoint"]
        return boto3.client(
            "s3",
            endpoint_url=endpoint if "://" in endpoint else f"https://{endpoint}",
            region_name=self._space.get("region") or "us-east-1",
            aws_access_key_id=self._space["key"],
            aws_secret_access_key=self._space["secret"],
            config=Config(signature_version="s3v4"),
        )

    def address(self, key: str, content_type: str) -> str:
        """Where to ``PUT`` it, within five minutes and with that type."""
        wanted = {"Bucket": self._space["bucket"], "Key": key, "ContentType": content_type}
        address: str = self._client().generate_presigned_url("put_object", Params=wanted, ExpiresIn=SECONDS)
        return address
