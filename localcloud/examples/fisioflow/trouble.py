# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trouble on purpose, by ``TROUBLE`` or ``POST /api/trouble``:
``slow=2,busy=0.1,errors=0.5,leak=10,unhealthy,hang,exit``."""

from __future__ import annotations

import asyncio
import os
import random
import time

NAMES = ("slow", "busy", "errors", "leak", "unhealthy", "hang", "exit")


class Trouble:
    def __init__(self, text: str) -> None:
        self.now: dict[str, float] = {}
        self._leaked: list[bytearray] = []
        self.make(text)

    def make(self, text: str) -> None:
        """This trouble and no other; an empty text ends it. ValueError for one that it does not know."""
        wanted = {}
        for part in filter(None, text.split(",")):
            name, _, amount = part.partition("=")
            if name not in NAMES:
                raise ValueError(f"trouble is made by {', '.join(NAMES)}, not by {name}")
            wanted[name] = float(amount or 1)
        self.now = wanted
        if "leak" not in wanted:
            self._leaked.clear()

    def at_start(self) -> None:
        if "exit" in self.now:
            raise SystemExit("TROUBLE says exit")

    async def strike(self) -> bool:
        """Before a request is answered; whether it has to fail. ``exit`` ends the process, as a crash would."""
        if "exit" in self.now:
            os._exit(int(self.now["exit"]))
        if "leak" in self.now:
            self._leaked.append(bytearray(os.urandom(1024) * int(self.now["leak"] * 1024)))
        until = time.thread_time() + self.now.get("busy", 0)
        while time.thread_time() < until:
            pass
        await asyncio.sleep(3600 if "hang" in self.now else self.now.get("slow", 0))
        return random.random() < self.now.get("errors", 0)
