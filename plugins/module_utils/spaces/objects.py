# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of one bucket: listed, read in ranges, and written in parts, so that large ones are held nowhere."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, NotFound, NotTheApi
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.client import Spaces

# Bytes. Spaces takes 10,000 parts: 80 GiB.
PART = 8 * 2**20
RANGE = 8 * 2**20


class Bucket:
    """What is in it below a prefix."""

    def __init__(self, spaces: Spaces, name: str) -> None:
        self.spaces, self.name = spaces, name

    def objects(self, prefix: str) -> dict[str, Data]:
        """By key, as S3 tells of them: `Key`, `Size`, `LastModified`."""
        found: dict[str, Data] = {}
        page: Data = {}
        while True:
            answer = self.spaces.call("list_objects_v2", Bucket=self.name, Prefix=prefix, **page)
            found |= {row["Key"]: row for row in answer.get("Contents") or []}
            if not answer.get("IsTruncated"):
                return found
            page = {"ContinuationToken": answer["NextContinuationToken"]}

    def size(self, key: str) -> int | None:
        """In bytes; None when it is not there. Listed: the answer to a HEAD does not say whose "not found" it is."""
        found = self.objects(key).get(key)
        return int(found["Size"]) if found else None

    def get(self, key: str) -> bytes:
        """All of a small one. Raises NotFound."""
        return bytes(self.spaces.call("get_object", Bucket=self.name, Key=key)["Body"])

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """A small one, as a whole."""
        self.spaces.call("put_object", Bucket=self.name, Key=key, Body=content, ContentType=content_type)

    def delete(self, key: str) -> None:
        """In a versioned bucket, an older version of it stays."""
        self.spaces.gone("delete_object", Bucket=self.name, Key=key)

    def abort_uploads(self, prefix: str) -> list[str]:
        """The keys whose upload was begun and never ended; what has come of it goes."""
        uploads = self.spaces.call("list_multipart_uploads", Bucket=self.name, Prefix=prefix).get("Uploads") or []
        for upload in uploads:
            self.spaces.gone("abort_multipart_upload", Bucket=self.name, Key=upload["Key"], UploadId=upload["UploadId"])
        return [str(upload["Key"]) for upload in uploads]

    def ranges(self, key: str, size: int) -> Iterator[bytes]:
        """An object of that size, one range after the other, each of which is asked for again when it does not come."""
        for start in range(0, size, RANGE):
            end = min(start + RANGE, size)
            asked = {"Bucket": self.name, "Key": key, "Range": f"bytes={start}-{end - 1}"}
            content = bytes(self.spaces.call("get_object", **asked)["Body"])
            if len(content) != end - start:
                raise NotTheApi(
                    f"{self.spaces.url} answered 206 with {len(content)} bytes for {end - start}", status=206
                )
            yield content


class Upload:
    """A file that is written to an object, which is there once `finish` was called, and not before."""

    def __init__(self, bucket: Bucket, key: str, progress: Callable[[int], None], part: int = PART) -> None:
        self._bucket, self._key, self._progress, self._part = bucket, key, progress, part
        self._place = {"Bucket": bucket.name, "Key": key}
        # Whoever began this run may be gone, killed: then another one may be under way.
        self._run = os.getppid()
        self._held = bytearray()
        self._parts: list[Data] = []
        self._hash = hashlib.sha256()
        self.bytes = 0
        begun = bucket.spaces.call("create_multipart_upload", **self._place, ContentType="application/octet-stream")
        self._place["UploadId"] = begun["UploadId"]

    @property
    def sha256(self) -> str:
        """Of what was written so far."""
        return self._hash.hexdigest()

    def write(self, data: bytes) -> int:
        """Sent when there is enough of it."""
        self._held += data
        self._hash.update(data)
        self.bytes += len(data)
        while len(self._held) >= self._part:
            self._send(bytes(self._held[: self._part]))
            del self._held[: self._part]
        return len(data)

    def flush(self) -> None:
        """What is held back is no whole part yet."""

    def finish(self) -> None:
        """The object is there."""
        if self._held or not self._parts:
            self._send(bytes(self._held))
        try:
            self._bucket.spaces.call("complete_multipart_upload", **self._place, MultipartUpload={"Parts": self._parts})
        except NotFound:
            # A lost answer to a first try, after which there is no such upload.
            if self._bucket.size(self._key) != self.bytes:
                raise

    def abort(self) -> None:
        """Nothing of it is left."""
        self._bucket.spaces.gone("abort_multipart_upload", **self._place)

    def _send(self, content: bytes) -> None:
        if os.getppid() != self._run:
            raise Failure("The run that this belongs to has ended.")
        number = len(self._parts) + 1
        sent = self._bucket.spaces.call("upload_part", **self._place, PartNumber=number, Body=content)
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})
        self._progress(self.bytes)
