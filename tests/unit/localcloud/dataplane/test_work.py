# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work in the background is begun once, and over when it was ended."""

from __future__ import annotations

import asyncio

from localcloud.dataplane.work import Work, until_one_ends


def test_it_is_begun_once_and_over_when_it_was_ended() -> None:
    told: list[str] = []

    async def job() -> None:
        told.append("began")
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            told.append("ended")

    async def story() -> None:
        work = Work()
        await work.end()
        work.begin(job)
        work.begin(job)
        await asyncio.sleep(0.01)
        assert told == ["began"]
        await work.end()
        assert told == ["began", "ended"]
        work.begin(job)
        await asyncio.sleep(0.01)
        assert told[2:] == ["began"]
        await work.end()

    asyncio.run(story())


def test_when_one_ends_the_others_are_cut_short() -> None:
    told: list[str] = []

    async def job(name: str, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
        finally:
            told.append(name)

    async def fails() -> None:
        raise ConnectionResetError

    async def story() -> None:
        await until_one_ends(job("short", 0.01), job("long", 60))
        assert told == ["short", "long"]
        await until_one_ends(fails(), job("another", 60))
        assert told[2:] == ["another"]
        waiting = asyncio.ensure_future(until_one_ends(job("cancelled", 60)))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert told[3:] == ["cancelled"]

    asyncio.run(story())
