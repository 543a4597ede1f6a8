# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which CDN endpoints there should be, and what each does."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable

from localcloud import JSON
from localcloud.dataplane import nginx
from localcloud.dataplane.cdn import cache
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import Kind, Thing
from localcloud.resources.spaces import cdn
from localcloud.world import private
from localcloud.world.world import World

CERTIFICATE, AUTHORITY = "certificate.pem", "ca.pem"


class Cdn(Kind):
    name = cdn.SOFTWARE

    def missing(self) -> str:
        return "" if nginx.binary() else "there is no nginx for this machine"

    def wanted(self, world: World) -> dict[str, JSON]:
        return {row["id"]: _spec(world, row) for row in world.table(cdn.TABLE).everything() if row.get("_at")}

    def make(self, ground: Ground, key: str, again: Callable[[], None]) -> Thing:
        return Endpoint(ground, key, again)


def _spec(world: World, row: JSON) -> JSON:
    """``purges``: ``[number, files]`` of the last ones; ``ahead``: how many seconds the virtual clock is."""
    custom = row.get("custom_domain")
    return {
        "at": row["_at"]["https"],
        "name": row["endpoint"],
        "names": [row["endpoint"], *([custom] if custom else [])],
        "purges": row.get("_purges", []),
        "ahead": world.clock.dump()["offset"],
    }


class Endpoint(Thing):
    def __init__(self, ground: Ground, key: str, again: Callable[[], None]) -> None:
        super().__init__(ground, key, again)
        self._room = ground.room(key)
        self._nginx = nginx.Nginx(key, self._room, ground.log(key), again)
        self._spec: JSON = {}
        self._purged = 0

    async def bring(self, spec: JSON) -> None:
        host, port = spec["at"]
        folder = self._room / cache.FOLDER
        if not self._spec:
            # What an instance before has kept may be older than a purge.
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            private.write(self._room / AUTHORITY, self.ground.world.ca_pem)
        if spec["names"] != self._spec.get("names"):
            issued = self.ground.issue(host, *spec["names"])
            private.write(self._room / CERTIFICATE, issued.private_key_and_cert_chain_pem.bytes())
        if spec["ahead"] != self._spec.get("ahead", spec["ahead"]):
            await asyncio.to_thread(cache.age, folder, spec["ahead"] - self._spec["ahead"])
        patterns = [file for number, files in spec["purges"] if number > self._purged for file in files]
        if patterns:
            await asyncio.to_thread(cache.purge, folder, patterns)
        self._purged = max([self._purged, *(number for number, _files in spec["purges"])])
        blocks = cache.BLOCKS.format(
            log=self.ground.log(self.key),
            folder=cache.FOLDER,
            address=host,
            port=port,
            certificate=CERTIFICATE,
            authority=AUTHORITY,
            origin=self.ground.spaces_url,
            name=spec["name"],
        )
        # The names are in the certificate's file, which the configuration does not show.
        await self._nginx.bring(f"# {' '.join(spec['names'])}\n{blocks}")
        self._spec = spec

    async def end(self, *, forget: bool) -> None:
        await self._nginx.end()
        if forget:
            self.ground.forget(self.key)

    def describe(self) -> list[str]:
        if not self._spec:
            return []
        host, port = self._spec["at"]
        return [f"https://{host}{'' if port == 443 else f':{port}'}/  ({', '.join(self._spec['names'])})"]
