# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What threads of one process must not do at the same time: clients of one session."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import transport

# Seconds that somebody who is alone waits for another one in vain.
IN_VAIN = 0.3


class Alone:
    """A place where two who are there at the same time meet."""

    def __init__(self) -> None:
        self._two, self.visits, self.met = Barrier(2), 0, False

    def enter(self) -> None:
        self.visits += 1
        try:
            self._two.wait(IN_VAIN)
        except BrokenBarrierError:
            self._two.reset()
        else:
            self.met = True


def at_the_same_time(call: Callable[[], Any]) -> None:
    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(call) for _ in range(2)]:
            future.result()


def test_s3_clients_are_made_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Alone()

    def create_client(*_names: str, **_options: Any) -> Any:
        place.enter()
        return SimpleNamespace(meta=SimpleNamespace(events=SimpleNamespace(register=lambda *_event: None)))

    monkeypatch.setattr(transport, "_session", lambda: SimpleNamespace(create_client=create_client))
    at_the_same_time(transport.warm_up)
    assert (place.visits, place.met) == (2, False)
