# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way in to all apps: nobody who knocks while it changes is turned away."""

from __future__ import annotations

import asyncio
import http.client
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
import trustme

from localcloud import JSON
from localcloud.dataplane.apps.entrance import Entrance, certificate
from localcloud.dataplane.ground import Ground, free_address
from localcloud.world.world import World

pytestmark = pytest.mark.xdist_group("plane")

PORT = 8080
# Without nginx before Caddy about every second one turned somebody away.
CHANGES = 25


def servers(host: str, version: int) -> JSON:
    answer = {"handler": "static_response", "status_code": "200", "body": f"version {version}"}
    return {"web": {"at": (host, PORT), "automatic_https": {"disable": True}, "routes": [{"handle": [answer]}]}}


def test_nobody_is_turned_away_while_it_changes(tmp_path: Path) -> None:
    host, over, met = free_address([PORT]), threading.Event(), Counter[str]()

    def visit() -> None:
        while not over.is_set():
            try:
                with closing(http.client.HTTPConnection(host, PORT, timeout=30)) as connection:
                    connection.request("GET", "/")
                    met[connection.getresponse().read().decode()] += 1
            except (OSError, http.client.HTTPException) as error:
                met[repr(error)] += 1

    async def change() -> None:
        ground = Ground(World(), tmp_path / "data", trustme.CA().issue_cert, lambda: None)
        ground.prepare()
        leaf = ground.issue(host)
        certificate(ground, "clinic").write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
        entrance = Entrance()
        await entrance.put(ground, "clinic", "route/one", servers(host, 0), lambda: None)
        visitors = [threading.Thread(target=visit) for _ in range(6)]
        for visitor in visitors:
            visitor.start()
        try:
            for version in range(1, CHANGES + 1):
                await entrance.put(ground, "clinic", "route/one", servers(host, version), lambda: None)
        finally:
            over.set()
            await asyncio.gather(*(asyncio.to_thread(visitor.join) for visitor in visitors))
            await entrance.drop(ground, "route/one")

    asyncio.run(change())
    assert set(met) <= {f"version {version}" for version in range(CHANGES + 1)}
    assert len(met) > CHANGES // 2, "they saw the changes"
