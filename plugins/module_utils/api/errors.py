# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can go wrong, as typed exceptions that read as one sentence.

`Failure` is what a module reports: its text is complete. `ApiError` is an answer (or a lost answer) of the API: it
knows what happened and what helps, and the resource that made the call adds what was attempted on what:

    Could not create VPC "clinic": the API answered 422 "ip_range overlaps" (request id 5f3…). Correct the option that …
"""

# ruff: noqa: N818 - these are outcomes of a module; "Error" behind each would say nothing
from __future__ import annotations

import re
from typing import Any

# The words with which the API says that a name is no longer free. Its descriptions only promise "must be unique".
_TAKEN = re.compile(
    r"already[ _]?(exists?|owned|taken|in[ _]use|been taken|registered|enabled)|duplicate(?! rule)|"
    r"\bname\b.*(taken|exists|unique|in use|already|not available|unavailable|not free)",
    re.IGNORECASE,
)
# A scope as the API names it.
_SCOPE = re.compile(r"\b[a-z_]+:[a-z_]+\b")
TAKEN = (
    "That name is taken, perhaps by another run at this very moment: run again, which takes up what is there; if "
    "it stays so, it is somebody else's or of another kind, and another name is needed."
)


def capital(sentence: str) -> str:
    """With a capital letter at its start and nowhere else touched."""
    return sentence[:1].upper() + sentence[1:]


class Failure(Exception):
    """A complete sentence for the user."""

    details: dict[str, Any] | None = None


class ApiError(Failure):
    """A call that did not succeed. `status` is 0 when no answer came."""

    advice = "Correct the cause and run again: nothing is done twice."
    # True when the call may have taken effect although no success was reported.
    uncertain = False
    # Worth another try of the same call, as far as the error goes.
    passing = False

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        error_id: str = "",
        request_id: str = "",
        method: str = "",
        path: str = "",
        retry_after: float | None = None,
        scope: str = "",
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.error_id, self.request_id = message, status, error_id, request_id
        self.method, self.path, self.retry_after = method, path, retry_after
        # The token's scope that the call needs.
        self.scope = scope
        # Set by the client when an earlier try of the same call ended uncertain, so that this answer may be its echo.
        self.follows_uncertain = False

    @property
    def name_is_taken(self) -> bool:
        """A create was refused because something of that name is there."""
        return self.status in (409, 422) and bool(_TAKEN.search(self.message))

    @property
    def what_happened(self) -> str:
        """For example `the API answered 422 "name is taken" (request id 1)`."""
        identity = f" (request id {self.request_id})" if self.request_id else ""
        return f'the API answered {self.status} "{self.message.rstrip(".")}"{identity}'

    def sentence(self, attempt: str) -> str:
        """The whole story; `attempt` continues "Could not …"."""
        advice = TAKEN if self.name_is_taken and (self.method == "POST" or "create" in self.path) else self.advice
        return f"Could not {attempt}: {self.what_happened}. {advice}"

    def as_result(self) -> dict[str, Any]:
        """What rescue blocks and `failed_when` may want to look at."""
        return {
            "status": self.status,
            "id": self.error_id,
            "message": self.message,
            "request_id": self.request_id,
            "method": self.method,
            "path": self.path,
        }


class Invalid(ApiError):
    """400, 422 and every other refusal of the request itself."""

    advice = "Correct the option that the message names; nothing was changed by this call."


class Unsupported(Invalid):
    """The engine of a cluster lacks what was asked for, as Valkey does passwords of its users: no option mends that."""

    advice = "The engine of this cluster has no such thing: leave the task or the option out."


class Unauthorized(ApiError):
    """401."""

    advice = "Check api_token: it is wrong, expired or revoked."


class Forbidden(ApiError):
    """403: a missing scope, or a rule of the API such as "has members"."""

    @property
    def advice(self) -> str:  # type: ignore[override]
        """Names the scope that the call needs, unless the API refuses for another reason."""
        if not self.lacks_scope:
            return "Remove what the message names, or choose another resource."
        # Attaching a cluster to an app looks its password up with the rights of the token.
        scope = "database:view_credentials" if "password" in self.message else self.scope or "that the call needs"
        named = list(dict.fromkeys(_SCOPE.findall(self.message)))
        if named:
            # The API's own words beat what path and method let guess.
            scope = ", ".join(named)
        elif scope == "app:create":
            scope += " (with project_id also project:assign_resource and project:update)"
        return f"Give the token the scope{'s' if len(named) > 1 else ''} {scope}, or use a token that has it."

    @property
    def lacks_scope(self) -> bool:
        """Whether the token is the reason. The API has no other sign of it than its words."""
        return bool(
            re.search(
                r"scope|not authori[sz]ed|permission|not allowed to|access denied|not accessible",
                self.message,
                re.IGNORECASE,
            )
        ) or self.message.lower() in ("", "forbidden")


class NotFound(ApiError):
    """404."""

    advice = "It may have been removed meanwhile, or belongs to another account: check the name or id and run again."


class Conflict(ApiError):
    """409, 412 and 423: the resource is busy or still has something that depends on it."""

    advice = "Wait until the other operation has ended, or remove what depends on it, and run again."


class InUse(Conflict):
    """Seen by ourselves, before the API was asked: something depends on it that the API would let down."""

    @property
    def what_happened(self) -> str:
        """Who uses it."""
        return self.message


class RateLimited(ApiError):
    """429, still after waiting as long as `timeout` allows. The call was certainly not executed."""

    passing = True

    @property
    def advice(self) -> str:  # type: ignore[override]
        """Says when the limit ends, if the API said so."""
        when = f"in {self.retry_after:.0f} s" if self.retry_after else "later"
        return f"The token's request limit is used up: run again {when}, or raise timeout to wait longer."


class ServerError(ApiError):
    """5xx."""

    uncertain = True
    passing = True
    advice = "This is a fault of the API (see https://status.digitalocean.com): run again, nothing is done twice."


class ConnectionLost(ApiError):
    """No answer. `executed` tells whether the request may have reached the API."""

    passing = True

    def __init__(self, message: str, *, executed: bool, **kwargs: Any) -> None:
        super().__init__(message, **kwargs)
        self.uncertain = executed

    @property
    def what_happened(self) -> str:
        """For example `https://localhost:1 did not answer (connection refused)`."""
        return self.message

    @property
    def advice(self) -> str:  # type: ignore[override]
        """Depends on whether the endpoint was reached at all."""
        if self.uncertain:
            return "Check the network and run again: nothing is done twice."
        return "Check the address, the network and the proxy settings."


class TlsError(ApiError):
    """The endpoint's certificate was not accepted."""

    advice = "Set ca_path to the certificate authority that signed it, or correct the address."

    @property
    def what_happened(self) -> str:
        """The verifier's words."""
        return self.message


class NotTheApi(ApiError):
    """An answer that is none of the API's: without what the call promises, or the page of something else.

    It says nothing about the resource: neither that it is there nor that it is not, nor that a write took effect.
    """

    advice = (
        "Nothing is concluded from such an answer. If it comes again, check the address (api_url, spaces_url) "
        "and the proxy settings: it is not the API that answers there."
    )

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message, **facts)
        # What calls itself a success may have been one, and may be the API's own the next time.
        self.uncertain = self.passing = 200 <= self.status < 300

    @property
    def what_happened(self) -> str:
        """Who answered what."""
        return self.message


class Redirected(ApiError):
    """3xx: never followed, since the token would travel along."""

    advice = "Set api_url (spaces_url for Spaces) to the address of the API itself."


class ProxyRefused(ApiError):
    """407: the proxy on the way wants to know who asks. Nothing has reached the API."""

    advice = (
        "Put the proxy's user and password into HTTPS_PROXY (http://user:password@proxy:3128), or the host into "
        "NO_PROXY."
    )

    @property
    def what_happened(self) -> str:
        """The proxy's words."""
        return f"the proxy on the way answered 407 ({self.message})"


def from_answer(status: int, message: str, **facts: Any) -> ApiError:
    """The exception for an HTTP status that is not a success."""
    kinds: dict[int, type[ApiError]] = {
        401: Unauthorized,
        403: Forbidden,
        404: NotFound,
        407: ProxyRefused,
        409: Conflict,
        412: Conflict,
        423: Conflict,
        429: RateLimited,
    }
    kind = kinds.get(status) or (ServerError if status >= 500 else Redirected if status < 400 else Invalid)
    if kind is Invalid and "not supported for this cluster" in message:
        kind = Unsupported
    if kind is Invalid and "already has a pending event" in message:
        # So it says that something else is being done to a Droplet.
        kind = Conflict
    if kind is Forbidden and "processes previous actions" in message:
        # So it says that a load balancer is busy with an earlier change.
        kind = Conflict
    return kind(message, status=status, **facts)
