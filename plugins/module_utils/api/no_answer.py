# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection that brought no answer: one judgement for the REST API and for S3.

pydo, boto3 and httpcore wrap the same errors, of sockets and of TLS, in layers of their own. What counts is inside:
whether the certificate was refused, whether the request can have been received, and what words say it.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import (
    ApiError,
    ConnectionLost,
    ProxyRefused,
    TlsError,
)

# urllib3's errors of before a request is sent, by name: requests and botocore may each carry a urllib3 of its own.
_NEVER_SENT = {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "ProxyError"}
# One thing has one name, whichever library has met it.
_WORDS = {
    r"Remote end closed|Server disconnected|StreamReset|ConnectionTerminated": "closed without an answer",
    r"IncompleteRead|incomplete|without sending complete": "closed in the middle of the answer",
}
_OF_A_CERTIFICATE = re.compile(r"CERTIFICATE|certificate|hostname .* doesn't match|ca cert", re.IGNORECASE)


def no_answer(error: BaseException, url: str, *, never_sent: bool = False, **facts: Any) -> ApiError:
    """The typed form of what a library raised in the place of an answer; `never_sent` is for what the error hides."""
    layers = list(_layers(error))
    reason = words_of(layers[-1])
    if tunnel := re.search(r"Tunnel connection failed: (\d{3}) ?([^')]*)", str(layers[-1])):
        if tunnel[1] == "407":
            return ProxyRefused(tunnel[2].strip(), status=407, **facts)
        reason = f"the proxy answered {tunnel[1]} {tunnel[2]}".strip()
    refused = [layer for layer in layers if isinstance(layer, ssl.SSLError) or "SSL" in type(layer).__name__]
    if any(isinstance(layer, ssl.CertificateError) or _OF_A_CERTIFICATE.search(str(layer)) for layer in refused):
        return TlsError(f"the certificate of {url} was not accepted ({reason})", **facts)
    never_sent = never_sent or any(type(layer).__name__ in _NEVER_SENT for layer in layers)
    verb = "cannot be reached" if never_sent else "did not answer"
    return ConnectionLost(f"{url} {verb} ({reason})", executed=not never_sent, **facts)


def _layers(error: BaseException) -> Iterator[BaseException]:
    """The error and what it wraps, from the outside in."""
    seen: list[BaseException] = []
    inner: Any = error
    while isinstance(inner, BaseException) and inner not in seen:
        seen.append(inner)
        yield inner
        kwargs = getattr(inner, "kwargs", None)
        wrapped = [
            getattr(inner, "inner_exception", None),
            getattr(inner, "reason", None),
            *inner.args,
            # Of several addresses, the last one's will do.
            *(inner.exceptions[-1:] if isinstance(inner, BaseExceptionGroup) else ()),
            kwargs.get("error") if isinstance(kwargs, dict) else None,
            inner.__cause__,
            inner.__context__,
        ]
        inner = next((item for item in wrapped if isinstance(item, BaseException) and item not in seen), None)


def words_of(reason: BaseException) -> str:
    """The most specific part of a socket error, without the addresses of objects."""
    text = str(reason)
    if "CERTIFICATE_VERIFY_FAILED" in text and "certificate verify failed" in text:
        text = text.split("certificate verify failed", 1)[1].lstrip(": ").split(" (_ssl", 1)[0]
        return f"certificate verify failed: {text}"
    if isinstance(reason, OSError) and "Connect call failed" in text and reason.errno:
        return os.strerror(reason.errno)
    for pattern, words in _WORDS.items():
        if re.search(pattern, text):
            return words
    return text.split("] ", 1)[-1].rstrip(".)") or "no reason given"
