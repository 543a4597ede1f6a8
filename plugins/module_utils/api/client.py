# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API as everything here sees it: JSON in, JSON out, typed exceptions.

Written once, for every resource: retries (honouring `retry-after`, with jitter, bounded by `timeout`), pacing,
pagination, concurrent reads, a short memory for lists, and the rule that an uncertain POST is never repeated here:
whoever made it has to look first whether it took effect (once.py).
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import limits, scopes
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import (
    ApiError,
    ConnectionLost,
    NotFound,
    NotTheApi,
    RateLimited,
    from_answer,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import (
    NOTHING,
    Promise,
    judge,
    rows_of,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import SILENT_FOR, Clock, within

if TYPE_CHECKING:
    # Which imports pydo: 0.3 s that who only reads what this file says, such as a lookup, need not wait for.
    from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.transport import Answer, Transport

Data = dict[str, Any]
T = TypeVar("T")

PER_PAGE = 200
# Tries of one call on 5xx or a lost connection, and of an endpoint that refuses the connection or answers strangely.
TRIES = 8
TRIES_TO_REACH = 4
# Looks at a list whose pages do not add up: it may have changed between two of them.
LOOKS_AT_LIST = 3
# Of 5,000 requests an hour: from here on requests are spread over the time until the next one is free again …
LOW_ON_REQUESTS = 25
# … by at most this many seconds each.
LONGEST_PACE = 5.0
THREADS = 8


class Api:
    """One account at one endpoint. `timeout` bounds one call with all its retries, in seconds.

    `progress` tells a waiting user why it takes longer; what it gets is not masked yet.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        timeout: float,
        secrets: Secrets,
        clock: Clock | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        self._transport, self._timeout, self._secrets = transport, timeout, secrets
        self._progress = progress
        self.clock = clock or Clock()
        self._requests_left: int | None = None
        self._next_free_at = 0.0
        self._date = ""
        # Whether a call that may change something was made, and whether one has (perhaps) changed something.
        self.has_written = False
        self.has_changed = False

    @property
    def url(self) -> str:
        """Where it is."""
        return self._transport.url

    def now(self) -> datetime:
        """The time by the server's clock, as of its last answer: a controller's own may be wrong."""
        return limits.moment(self._date) or datetime.now(UTC)

    def get(self, path: str, promise: Promise, query: Data | None = None) -> Data:
        """Read one thing."""
        return self.request("GET", path, promise=promise, query=query)

    def ask(self, path: str, body: Any, promise: Promise) -> Data:
        """POST something that the API only judges, and changes nothing."""
        return self.request("POST", path, body, promise=promise, safe=True, repeatable=True)

    def post(self, path: str, body: Any = None, promise: Promise = NOTHING, *, repeatable: bool = False) -> Data:
        """Make something. `repeatable` says that doing it twice is as good as once."""
        return self.request("POST", path, body, promise=promise, repeatable=repeatable)

    def put(self, path: str, body: Any = None, promise: Promise = NOTHING) -> Data:
        """Replace something."""
        return self.request("PUT", path, body, promise=promise)

    def patch(self, path: str, body: Any, promise: Promise = NOTHING) -> Data:
        """Change parts of something."""
        return self.request("PATCH", path, body, promise=promise)

    def delete(self, path: str, body: Any = None, promise: Promise = NOTHING) -> Data:
        """Remove something; that it is gone already is success."""
        try:
            return self.request("DELETE", path, body, promise=promise)
        except NotFound:
            return {}

    def rows(
        self, path: str, key: str, has: Iterable[str] = ("id",), query: Data | None = None, *, fresh: bool = False
    ) -> list[Data]:
        """Every row of every page under `key`, each with the attributes `has`.

        They may be those of a moment ago, if nothing was written since; `fresh` asks in any case. One page that does
        not add up: the list is read again, since it may have changed meanwhile, and then refused.
        """
        for look in range(LOOKS_AT_LIST):
            rows, is_whole = self._pages(path, key, tuple(has), query or {}, recent=not fresh and not look)
            if is_whole:
                return rows
        raise NotTheApi(
            f'{self._transport.url} announced more rows under "{key}" than the {len(rows)} that it sent',
            status=200,
            method="GET",
            path=path,
        )

    def gather(self, calls: dict[str, Callable[[], T]]) -> dict[str, T]:
        """Make independent reads at the same time: `gather({"config": lambda: api.get(…), …})`."""
        with ThreadPoolExecutor(THREADS) as pool:
            futures = {name: pool.submit(call) for name, call in calls.items()}
            return {name: future.result() for name, future in futures.items()}

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        promise: Promise = NOTHING,
        query: Data | None = None,
        repeatable: bool | None = None,
        safe: bool = False,
        recent: bool = False,
    ) -> Data:
        """Make one call and return the decoded body. Raises an ApiError for anything but a 2xx that keeps `promise`.

        All methods but POST may be repeated: the API's PUT, PATCH and DELETE say how things shall be. A `safe` call
        changes nothing although its method is not GET. `recent`: see Transport.
        """
        writes = method != "GET" and not safe
        if writes:
            self.has_written = True
        if repeatable is None:
            repeatable = method != "POST"
        deadline = self.clock.now() + self._timeout
        uncertain = False
        tries = 0
        while True:
            self._keep_pace()
            try:
                # What went wrong is not remembered, but what is strange may be.
                may_be_old = recent and not tries
                answer = self._send(method, path, body, query, promise, deadline - self.clock.now(), may_be_old)
            except ApiError as error:
                tries += 1
                error.follows_uncertain = uncertain
                uncertain = uncertain or error.uncertain
                pause = self._pause_before_retry(error, tries, deadline, repeatable)
                if pause is None:
                    self._note_end(writes, uncertain)
                    raise
                self._tell_of_retry(error, tries, pause)
                self.clock.sleep(pause)
            else:
                self._note_end(writes, True)
                return answer

    def _note_end(self, writes: bool, may_have_worked: bool) -> None:
        if writes:
            self.has_changed = self.has_changed or may_have_worked

    def _send(
        self, method: str, path: str, body: Any, query: Data | None, promise: Promise, remaining: float, recent: bool
    ) -> Data:
        # A call that hangs should leave time for another try.
        patience = max(1.0, min(remaining, max(10.0, self._timeout / 3)))
        url = self._transport.url
        # The transport's own timeout is about the next byte, this one about the last.
        answer = within(
            patience,
            partial(self._transport.send, method, path, query=query, body=body, timeout=patience, recent=recent),
            ConnectionLost(
                f"{url} did not finish its answer within {patience:.0f} s", executed=True, method=method, path=path
            ),
        )
        judge(answer, promise, url, method=method, path=path)
        self._note_limits(answer)
        self._secrets.learn(answer.data)
        if 200 <= answer.status < 300:
            return dict(answer.data or {})
        raise _refusal(answer, method, path)

    def _pause_before_retry(self, error: ApiError, tries: int, deadline: float, repeatable: bool) -> float | None:
        """Seconds to wait before the same call is made again, or None if it must not be."""
        if not error.passing or (error.uncertain and not repeatable):
            return None
        strange = isinstance(error, NotTheApi) or (isinstance(error, ConnectionLost) and not error.uncertain)
        if not isinstance(error, RateLimited) and tries >= (TRIES_TO_REACH if strange else TRIES):
            return None
        pause = min(8.0, 0.25 * 2**tries)
        if error.retry_after is not None:
            pause = max(pause, error.retry_after)
        # Jitter only adds: a server that names a time means it.
        pause += random.uniform(0, pause / 4)
        return pause if self.clock.now() + pause < deadline else None

    def _tell_of_retry(self, error: ApiError, tries: int, pause: float) -> None:
        """Each long pause, and the first try that went wrong: nobody knows how many will."""
        limited = isinstance(error, RateLimited)
        if self._progress and (pause >= SILENT_FOR or (tries == 1 and not limited)):
            seconds = math.ceil(pause)
            self._progress(
                f"rate limit, waiting {seconds} s" if limited else f"{error.what_happened}, trying again in {seconds} s"
            )

    def _note_limits(self, answer: Answer) -> None:
        self._date = answer.headers.get("date") or self._date
        left, reset = (answer.headers.get(f"ratelimit-{name}") for name in ("remaining", "reset"))
        if "ratelimit-limit" in answer.headers and limits.hourly(answer.headers) is None:
            # An address's own, whose 429 is waited for.
            return
        if left is not None and left.isdigit() and answer.status != 429:
            self._requests_left = int(left)
        if reset is not None and reset.isdigit():
            self._next_free_at = float(reset)

    def _keep_pace(self) -> None:
        """Near the end of the hour's requests, spread the rest rather than run into the wall."""
        if self._requests_left is not None and self._requests_left <= LOW_ON_REQUESTS:
            free_in = self._next_free_at - time.time()
            if free_in > 0:
                self.clock.sleep(min(LONGEST_PACE, free_in / (self._requests_left + 1)))

    def _pages(
        self, path: str, key: str, has: tuple[str, ...], query: Data, *, recent: bool
    ) -> tuple[list[Data], bool]:
        """All pages, and whether they are all that was announced: one that is missing at the end is no end."""
        rows: list[Data] = []
        found: list[Data] | None = None
        page, more = 1, True
        while more:
            before = found
            asked = {**query, "page": page, "per_page": PER_PAGE}
            data = self.request("GET", path, promise=Promise(key, list), query=asked, recent=recent)
            found = rows_of(data, key, has, self._transport.url, method="GET", path=path)
            rows.extend(found)
            total, more = _announced(data)
            more = more or len(rows) < total
            if (page > 1 and not found) or (more and found == before):
                # It was announced, and it is not there.
                return rows, False
            page += 1
        # A page that repeats another one is as good as missing.
        return rows, len({tuple(str(row[name]) for name in has) for row in rows}) >= total


def _announced(data: Data) -> tuple[int, bool]:
    """How many rows a list has (0: it does not say) and whether there is another page; odd words announce nothing."""

    def inside(value: Any, name: str) -> Any:
        return value.get(name) if isinstance(value, dict) else None

    total = inside(data.get("meta"), "total")
    return total if isinstance(total, int) else 0, bool(inside(inside(data.get("links"), "pages"), "next"))


def _refusal(answer: Answer, method: str, path: str) -> ApiError:
    body = answer.data if isinstance(answer.data, dict) else {}
    message = str(body.get("message") or "")
    if not message:
        # A proxy's or load balancer's page is of no use to anybody; an unknown JSON body may be.
        message = (
            str(body)
            if body
            else {502: "bad gateway", 503: "service unavailable", 504: "gateway timeout"}.get(
                answer.status, "no message"
            )
        )
    if answer.status in (301, 302, 303, 307, 308):
        message = f"redirect to {answer.headers.get('location', 'nowhere')}"
    return from_answer(
        answer.status,
        message,
        error_id=str(body.get("id") or ""),
        method=method,
        path=path,
        scope=scopes.needed(method, path),
        request_id=str(body.get("request_id") or answer.headers.get("x-request-id") or ""),
        retry_after=limits.retry_after(answer.status, answer.headers),
    )
