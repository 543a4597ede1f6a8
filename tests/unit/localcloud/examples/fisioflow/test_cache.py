# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the stand-in application talks to its cache."""

from __future__ import annotations

import asyncio

from localcloud.examples.fisioflow.cache import Real


def test_all_who_ask_at_once_share_one_connection() -> None:
    """A new one would be refused while the password is being rotated."""
    opened = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        while head := await reader.readline():
            for _word in range(int(head[1:])):
                await reader.readexactly(int((await reader.readline())[1:]) + 2)
            writer.write(b"+PONG\r\n")
        writer.close()

    async def ask() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        cache = Real(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}", "")
        await asyncio.gather(*[cache.ping() for _visitor in range(20)])
        server.close()

    asyncio.run(ask())
    assert opened == 1
