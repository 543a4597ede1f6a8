# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stranger can send before it is known who that is: little."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from localcloud.instance.server import Server
from localcloud.ports.api import Api
from localcloud.ports.shared import Options
from localcloud.resources.spaces.s3.front import Front


def _send(app: Any, path: str, chunks: list[bytes], headers: dict[str, str]) -> tuple[int, int]:
    """``(status, how many chunks were taken)`` of a request that goes on and on."""
    taken, sent = [], []

    async def receive() -> Any:
        taken.append(chunks.pop(0))
        return {"type": "http.request", "body": taken[-1], "more_body": bool(chunks)}

    async def send(message: Any) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "scheme": "https", "path": path, "query_string": b"", "headers": raw}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], len(taken)


@pytest.mark.parametrize(("port", "front"), [("api", Api), ("spaces", Front)], ids=["api", "spaces"])
@pytest.mark.parametrize("said", [True, False], ids=["by its own word", "as it comes"])
def test_a_body_is_bounded_before_anybody_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str, front: Any, said: bool
) -> None:
    monkeypatch.setattr(front, "max_body", 1000)
    server = Server(tmp_path, Options())
    headers = {"host": "127.0.0.1"} | ({"content-length": "100000"} if said else {})
    status, taken = _send(server.ports[port], "/v2/vpcs", [b"x" * 100] * 1000, headers)
    assert (status, taken) == (413, 0 if said else 11)
    assert server.shared.journal.since(0)[0]["status"] == 413
    server.shared.close()


def test_who_has_no_token_is_not_listened_to(tmp_path: Path) -> None:
    server = Server(tmp_path, Options())
    headers = {"host": "127.0.0.1", "content-length": "100000"}
    assert _send(server.ports["api"], "/_localcloud/state", [b"x" * 100] * 1000, headers) == (401, 0)
    server.shared.close()
