# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is inside buckets: moto's S3 server, called in this process.

There is no socket between the front and moto: a port of its own would be a way into every bucket without a signature.
Each world has a store of its own, kept apart inside moto by an account number.
"""

from __future__ import annotations

import io
import itertools
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from localcloud.world import World

# Seconds. Who cannot wait for it waits for the import.
WARM_UP_AFTER = 1.0

_ACCOUNTS = itertools.count(1)
# moto takes the region of a request from the scope of its signature, and "signed" for "may".
_SIGNED = "AWS4-HMAC-SHA256 Credential=front/20260101/{region}/s3/aws4_request, SignedHeaders=host, Signature=front"
# An object may have the type of a form. moto would read it as one, so these types travel in disguise.
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_DISGUISE = "raw-"
_DROPPED = ("server", "x-amzn-requestid", "x-amz-id-2", "content-length")


@dataclass
class Stored:
    """An answer of the store."""

    status: int
    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.status < 300


class Store:
    def __init__(self) -> None:
        self.account = f"{next(_ACCOUNTS):012d}"
        self._app: Any = None
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def warm(self) -> None:
        """Import moto, which takes half a second, once the server is up."""
        self.stop()
        self._timer = threading.Timer(WARM_UP_AFTER, self._load)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Do not begin with it any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _load(self) -> Any:
        with self._lock:
            if self._app is None:
                from moto.moto_server import werkzeug_app

                # Otherwise every answer is readable from every web page, whatever the bucket's CORS rules say.
                werkzeug_app.DISABLE_GLOBAL_CORS = True
                self._app = werkzeug_app.create_backend_app("s3")
            return self._app

    def call(
        self,
        method: str,
        path: str,
        query: str = "",
        *,
        region: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Stored:
        """One S3 request in path style; ``path`` and ``query`` percent-encoded."""
        from werkzeug.test import run_wsgi_app

        app = self._load()
        chunks, status, found = run_wsgi_app(
            app, self._environ(method, path, query, region, headers or {}, body), buffered=True
        )
        kept = [(name.lower(), value) for name, value in found.items() if name.lower() not in _DROPPED]
        kept = [(n, v.removeprefix(_DISGUISE) if n == "content-type" else v) for n, v in kept]
        answer = b"".join(chunks)
        if method == "HEAD":
            kept += [("content-length", value) for name, value in found.items() if name.lower() == "content-length"]
        elif not answer:
            kept = [(name, value) for name, value in kept if name != "content-type"]
        return Stored(int(status.split(" ", 1)[0]), answer, kept)

    def _environ(
        self, method: str, path: str, query: str, region: str, headers: Mapping[str, str], body: bytes
    ) -> dict[str, Any]:
        from moto.core import request as moto_request
        from werkzeug.test import EnvironBuilder

        kind = headers.get("content-type", "")
        disguised = {"content-type": _DISGUISE + kind} if method == "PUT" and kind.startswith(_FORMS) else {}
        sent = {
            **headers,
            **disguised,
            "Host": "s3.amazonaws.com",
            "Authorization": _SIGNED.format(region=region),
            "x-moto-account-id": self.account,
        }
        builder = EnvironBuilder(
            method=method, path=path, query_string=query, headers=sent, input_stream=io.BytesIO(body)
        )
        environ = cast("dict[str, Any]", builder.get_environ())
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["RAW_URI"] = f"{path}?{query}" if query else path
        # WSGI folds "-" and "_" into one; user metadata may hold both.
        environ[moto_request.PRESERVED_HEADER_NAMES_ENVIRON_KEY] = {
            moto_request.environ_key_for_header(name): name
            for name in headers
            if moto_request.should_preserve_original_header_name(name)
        }
        return environ

    def create_bucket(self, name: str, region: str, headers: Mapping[str, str]) -> Stored:
        body = (
            f"<CreateBucketConfiguration><LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>"
        )
        stored = self.call("PUT", f"/{name}", region=region, headers=headers, body=body.encode())
        # moto keeps one namespace for all its accounts; here each world is a universe of its own.
        self._backends().bucket_accounts.pop(name, None)
        return stored

    def clear(self) -> None:
        """Forget every bucket."""
        if self._app is not None:
            self._backends()[self.account]["aws"].reset()

    def public_read(self, path: str, region: str, version: str = "") -> bool:
        """Whether the ACL of a bucket (``/bucket``) or an object (``/bucket/key``) lets everybody read.

        ``version`` is empty or ``versionId=…``.
        """
        stored = self.call("GET", path, f"acl&{version}", region=region)
        grants = stored.body.split(b"<Grant>")[1:]
        return stored.ok and any(
            b"/global/AllUsers" in grant and (b">READ<" in grant or b">FULL_CONTROL<" in grant) for grant in grants
        )

    @staticmethod
    def _backends() -> Any:
        from moto.s3.models import s3_backends

        return s3_backends


_STORES: WeakKeyDictionary[World, Store] = WeakKeyDictionary()


def store_of(world: World) -> Store:
    """The one store of a world."""
    store = _STORES.get(world)
    if store is None:
        store = _STORES[world] = Store()
    return store
