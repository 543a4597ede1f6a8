# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the admin API, made of the standard library only."""

from __future__ import annotations

import json
import re
import ssl
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from localcloud import JSON
from localcloud.ports.words import TOKEN, WRITE_METHODS

# POSTs that change nothing, by the API description's own words.
_SAFE = re.compile(r"/v2/apps/propose|/v2/apps/[^/]+/rollback/validate")


class AdminError(RuntimeError):
    """The admin API refused, or does not answer."""


class Admin:
    """``url`` is the API port's, ``ca`` the file with localcloud's certificate authority.

    The instance's own token is read where it lies, beside that file.
    """

    def __init__(self, url: str, ca: str | Path, timeout: float = 30) -> None:
        self.url = url.rstrip("/")
        self._timeout = timeout
        self._token = Path(ca).with_name(TOKEN)
        context = ssl.create_default_context(cafile=str(ca))
        # Loopback must not go through a proxy that the environment names.
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )

    def call(self, method: str, path: str, body: JSON | None = None) -> JSON:
        """One call; ``AdminError`` says why it failed."""
        request = urllib.request.Request(f"{self.url}/_localcloud/{path}", method=method)  # noqa: S310
        try:
            request.add_header("authorization", f"Bearer {self._token.read_text()}")
        except OSError as error:
            raise AdminError(f"the token of the admin API cannot be read: {error}") from None
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("content-type", "application/json")
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                answer: JSON = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            raise AdminError(_message(error)) from None
        except OSError as error:
            raise AdminError(f"localcloud does not answer at {self.url}: {error}") from None

    def status(self) -> JSON:
        return self.call("GET", "status")

    def env(self) -> dict[str, str]:
        return self.call("GET", "env")

    def reset(self) -> None:
        """An empty account, no faults, the clock on real time."""
        self.call("POST", "reset")

    def seq(self) -> int:
        """The number of the latest journal entry, to ask for what comes after."""
        return int(self.status()["journal"])

    def journal(self, since: int = 0) -> list[JSON]:
        entries: list[JSON] = self.call("GET", f"journal?since={since}")["entries"]
        return entries

    def writes(self, since: int = 0) -> list[JSON]:
        """Journal entries of requests that can change something."""
        return writes_in(self.journal(since))

    def logs(self) -> list[str]:
        """Whose logs there are, of what runs behind the records."""
        found: list[str] = self.call("GET", "logs")["logs"]
        return found

    def log(self, key: str, last: int = 40) -> list[str]:
        """The last lines of one; of a key (``postgresql/9cc1…``) the beginning will do."""
        found: list[str] = self.call("GET", f"logs?{urlencode({'key': key, 'last': last})}")["lines"]
        return found

    def violations(self) -> list[JSON]:
        found: list[JSON] = self.call("GET", "violations")["violations"]
        return found

    def forget_violations(self) -> None:
        self.call("DELETE", "violations")

    def undeclared(self) -> list[JSON]:
        """Fields in requests and answers that the API description does not have: typos, or news."""
        found: list[JSON] = self.call("GET", "undeclared")["undeclared"]
        return found

    def fault(self, kind: str, **rule: Any) -> int:
        """Add a rule (see ``localcloud.ports.faults.Rule``); its id."""
        return int(self.call("POST", "faults", {"kind": kind, **rule})["fault"]["id"])

    def faults(self) -> list[JSON]:
        found: list[JSON] = self.call("GET", "faults")["faults"]
        return found

    def clear_faults(self, id: int | None = None) -> int:
        """Remove one rule or all; requests that hang on them go on. How many those were."""
        return int(self.call("DELETE", "faults" if id is None else f"faults?id={id}")["removed"])

    def advance(self, seconds: float) -> None:
        """Move the virtual clock forward and let happen what became due."""
        self.call("POST", "clock", {"advance": seconds})

    def settings(self, **values: Any) -> JSON:
        """Change ``speed``, ``latency_ms``, ``rate_limit``, ``strict``, ``keep_state``; all as they are then."""
        return self.call("PUT", "settings", values)

    def token(self, scopes: list[str] | None = None, expires_in: float | None = None, name: str | None = None) -> str:
        """A new token; without ``scopes`` it may do everything."""
        body = {"scopes": scopes, "expires_in": expires_in, "name": name}
        return str(self.call("POST", "tokens", body)["token"])

    def utilization(self, **parts: float | str) -> None:
        """How busy each Droplet is, or with ``app`` each of its instances from now on: ``cpu=0.9, memory=0.2``."""
        self.call("PUT", "utilization", parts)

    def seed(self, **counts: int) -> None:
        """Somebody else's things in the same account: ``vpcs=250, databases=45, buckets=30``."""
        self.call("POST", "seed", counts)

    def state(self) -> JSON:
        return self.call("GET", "state")

    def load(self, state: JSON) -> None:
        self.call("PUT", "state", state)


def writes_in(entries: list[JSON]) -> list[JSON]:
    """Those of the journal's entries that are requests that can change something."""
    return [
        entry
        for entry in entries
        if entry["method"] in WRITE_METHODS and not (entry["method"] == "POST" and _SAFE.fullmatch(entry["path"]))
    ]


def _message(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["message"])
    except (ValueError, KeyError, TypeError):
        return f"localcloud answered {error.code}"
