# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an app answers for a while: requests at a steady rate, each over a connection of its own, as of many visitors."""

from __future__ import annotations

import math
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.pages import Page, get_page
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.tls import trust

# Requests that are needed to say that too many fail, and seconds between two lines on what is going on.
ENOUGH, TELLS_EVERY = 10, 10.0
# Threads that wait for answers. An app that answers nothing is given up long before they are all taken.
WAITING = 32


@dataclass(frozen=True)
class Answer:
    """What one request came to."""

    path: str
    page: Page

    @property
    def failed(self) -> bool:
        return not self.page.status or self.page.status >= 500

    @property
    def milliseconds(self) -> float:
        return round(self.page.seconds * 1000, 1)

    def told(self) -> Data:
        """Without the values of headers, cookies among them."""
        return {
            "path": self.path,
            "status": self.page.status,
            "milliseconds": self.milliseconds,
            "headers": sorted(self.page.headers),
            "error": "" if self.page.status else self.page.text,
        }


class Gate:
    """The app at `url`, asked with `headers`; after `timeout` seconds nobody has answered."""

    def __init__(self, url: str, *, ca_path: str | None, timeout: float, headers: Mapping[str, str]) -> None:
        self._url, self._timeout, self._headers = url, timeout, headers
        self._authority = trust(ca_path)

    def ask(self, path: str) -> Answer:
        """Once."""
        page = get_page(
            self._url + path, timeout=self._timeout, authority=self._authority, headers=self._headers, follow=False
        )
        return Answer(path, page)

    def ask_all(self, paths: list[str]) -> list[Answer]:
        """Each once, all at the same time."""
        with ThreadPoolExecutor(max_workers=WAITING) as visitors:
            return list(visitors.map(self.ask, paths))

    def measure(
        self, paths: list[str], *, seconds: float, rate: float, give_up_percent: float, progress: Callable[[str], None]
    ) -> Data:
        """Figures as the module http_gate_info documents them."""
        answers: list[Answer] = []
        begun = tells = time.monotonic()
        gave_up = False
        with ThreadPoolExecutor(max_workers=WAITING) as visitors:
            for number in range(math.ceil(seconds * rate)):
                time.sleep(max(0.0, begun + number / rate - time.monotonic()))
                failed = sum(answer.failed for answer in answers)
                gave_up = len(answers) >= ENOUGH and failed * 100 > give_up_percent * len(answers)
                if gave_up:
                    break
                if time.monotonic() - tells >= TELLS_EVERY:
                    tells = time.monotonic()
                    progress(f"{self._url}: {len(answers)} requests, {failed} of them failed")
                asked = visitors.submit(self.ask, paths[number % len(paths)])
                asked.add_done_callback(lambda done: answers.append(done.result()))
        return {**figures(answers), "seconds": round(time.monotonic() - begun, 1), "gave_up": gave_up}


def figures(answers: list[Answer]) -> Data:
    """What many answers amount to."""
    failed = [answer for answer in answers if answer.failed]
    times = sorted(answer.milliseconds for answer in answers if not answer.failed)
    return {
        "requests": len(answers),
        "failed": len(failed),
        "failed_percent": round(100 * len(failed) / len(answers), 1) if answers else 0.0,
        "statuses": {str(status): count for status, count in Counter(one.page.status for one in answers).items()},
        "median": round(statistics.median(times), 1) if times else None,
        "p95": times[math.ceil(0.95 * len(times)) - 1] if times else None,
        "slowest": times[-1] if times else None,
        "error": next((answer.page.text for answer in reversed(failed) if not answer.page.status), ""),
    }
