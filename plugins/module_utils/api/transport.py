# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request of the REST API: its address, its headers and its JSON, there and back.

Requests are built here as plain JSON, and not by pydo, so a field that its models lack can be sent. Who carries them is
somebody else's business (carrier.py).
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import (
    Broker,
    Exchange,
    direct,
    no_broker,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

# What an address may hold as it is; the rest is quoted, as browsers do.
_AS_IT_IS = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True)
class Answer:
    """What came back: `data` is the decoded JSON ({} for an empty body, the text itself when it is no JSON)."""

    status: int
    headers: dict[str, str]
    data: Any


class Transport(Protocol):
    """Something that carries one request. Raises ConnectionLost or TlsError when no answer came."""

    url: str

    def send(
        self, method: str, path: str, *, query: dict[str, Any] | None, body: Any, timeout: float, recent: bool = False
    ) -> Answer:
        """Carry a request; `path` starts with a slash, or is a whole URL; `timeout` in seconds.

        `recent` says of a read that the answer of a moment ago will do.
        """


class RestTransport:
    """A Transport to the REST API, by way of a `broker` where there is one."""

    def __init__(self, *, token: str, url: str, ca_path: str | None, agent: str, broker: Broker = no_broker) -> None:
        if not token.strip():
            raise Failure(
                "No API token was given: set api_token, or the environment variable DIGITALOCEAN_TOKEN "
                "(DO_API_TOKEN and DIGITALOCEAN_ACCESS_TOKEN work too)."
            )
        if any(character.isspace() for character in token.strip()):
            raise Failure("The API token contains white space: set api_token to the token alone.")
        if not token.isascii():
            raise Failure("The API token contains what no token has: set api_token to the token alone.")
        self.url = _endpoint(url)
        if ca_path and not Path(ca_path).exists():
            raise Failure(
                f"The ca_path {ca_path} does not exist: give the file or directory with the certificate "
                f"authority of {self.url}, or leave it out."
            )
        # The type also where there is no body: deleting a project is answered 415 without it (pydo issues 158, 376).
        self._headers = {
            "Authorization": f"Bearer {token.strip()}",
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": agent,
        }
        # What requests would find out by itself, for whoever else carries it.
        bundles = (ca_path, os.environ.get("REQUESTS_CA_BUNDLE"), os.environ.get("CURL_CA_BUNDLE"), None)
        self._ca_path = next(path for path in bundles if path or path is None)
        self._broker = broker

    def send(
        self, method: str, path: str, *, query: dict[str, Any] | None, body: Any, timeout: float, recent: bool = False
    ) -> Answer:
        """See Transport."""
        address = path if path.startswith("https://") else self.url + path
        if query:
            address += "?" + urlencode(query, quote_via=quote)
        exchange = Exchange(
            method=method,
            url=quote(address, safe=_AS_IT_IS),
            # Who asks at such an address has thought about it; the API wants to hear so once more.
            headers={**self._headers, **({"X-Dangerous": "true"} if path.endswith("/dangerous") else {})},
            body=None if body is None else json.dumps(body).encode(),
            ca_path=self._ca_path,
            timeout=timeout,
            endpoint=self.url,
            recent=recent,
        )
        received = self._broker(exchange) or direct(exchange)
        return Answer(received.status, received.headers, _decoded(received.content.decode("utf-8-sig", "replace")))


def parts_of(url: str) -> SplitResult | None:
    """An address in its parts, None for what is none: without a host, or with a port or a host that cannot be."""
    try:
        parts = urlsplit(url.strip())
        possible = parts.port != 0 and re.fullmatch(r"[\w.:-]+", parts.hostname or "")
    except ValueError:
        return None
    return parts if possible else None


def _endpoint(url: str) -> str:
    if not url.strip().lower().startswith("https://"):
        raise Failure(f"The api_url {url} must start with https://: the token would travel in clear otherwise.")
    parts = parts_of(url)
    if not parts or parts.username or parts.query or parts.fragment:
        raise Failure("The api_url must be https://, a host and perhaps a port, such as https://api.digitalocean.com.")
    # People copy the address with the version; the paths here have it already.
    return url.strip().rstrip("/").removesuffix("/v2")


def _decoded(text: str) -> Any:
    if not text.strip():
        return {}
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
