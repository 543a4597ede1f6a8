# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTP exchange through pydo: the only place that knows pydo, azure-core and requests.

pydo's own pipeline is left out, for three reasons: it repeats POST and PATCH on a 5xx, so that a create can happen
twice; it follows redirects; and its operations return some errors as if they were results. Requests are built here as
plain JSON instead, so a field that pydo's models lack can be sent, and `client.py` decides about everything else.
"""

from __future__ import annotations

import json
import re
import ssl
import traceback
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.no_answer import no_answer

try:
    import pydo
    from azure.core.exceptions import AzureError
    from azure.core.rest import HttpRequest
except ImportError:
    PYDO_MISSING: str | None = traceback.format_exc()
    AzureError = Exception
else:
    PYDO_MISSING = None

# Seconds to establish a connection; an endpoint that takes longer is not there.
CONNECT_TIMEOUT = 10


@dataclass(frozen=True)
class Answer:
    """What came back: `data` is the decoded JSON ({} for an empty body, the text itself when it is no JSON)."""

    status: int
    headers: dict[str, str]
    data: Any


class Transport(Protocol):
    """Something that carries one request. Raises ConnectionLost or TlsError when no answer came."""

    url: str

    def send(self, method: str, path: str, *, query: dict[str, Any] | None, body: Any, timeout: float) -> Answer:
        """Carry a request; `path` starts with a slash, or is a whole URL; `timeout` in seconds."""


class PydoTransport:
    """A Transport over one kept-alive pydo client."""

    def __init__(self, *, token: str, url: str, ca_path: str | None, agent: str) -> None:
        if PYDO_MISSING is not None:
            raise Failure(missing_required_lib("pydo"))
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
        self._verify = ca_path or True

    def send(self, method: str, path: str, *, query: dict[str, Any] | None, body: Any, timeout: float) -> Answer:
        """See Transport."""
        request = HttpRequest(
            method,
            path if path.startswith("https://") else self.url + path,
            params=query or {},
            headers=dict(self._headers),
            **({} if body is None else {"json": body}),
        )
        try:
            response = _client().send_request(
                request,
                connection_timeout=min(CONNECT_TIMEOUT, timeout),
                read_timeout=timeout,
                connection_verify=self._verify,
                auth=_as_it_is,
            )
            text = response.text()
        except AzureError as error:
            raise no_answer(error, self.url, method=method, path=path) from None
        return Answer(
            response.status_code, {key.lower(): value for key, value in response.headers.items()}, _decoded(text)
        )


@cache
def _client() -> Any:
    """One for all, ready to send: it knows neither address nor token, so a fork need not make another (5 ms)."""
    # No policies: neither a retry nor a redirect nor a log line of theirs.
    return pydo.Client("none", policies=[]).__enter__()


def _as_it_is(request: Any) -> Any:
    """How requests shall authenticate: not at all. By itself it puts what ~/.netrc says in the token's place."""
    return request


def warm_up() -> None:
    """Load what the first request of a process would load, so that forks need not. Does nothing without pydo."""
    if PYDO_MISSING is None:
        _client()
        import_module("azure.core.rest._requests_basic")
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


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
