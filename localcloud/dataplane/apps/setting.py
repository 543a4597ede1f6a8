# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deployment's processes are made of: programs, with the environment that App Platform would give them."""

from __future__ import annotations

from pathlib import Path

from localcloud import JSON
from localcloud.dataplane.apps import images
from localcloud.dataplane.apps.environment import Environment
from localcloud.dataplane.apps.program import Program
from localcloud.dataplane.apps.relays import HOST, Relays
from localcloud.dataplane.ground import Ground
from localcloud.resources.apps.rows import APPS, DEPLOYMENTS
from localcloud.resources.apps.spec import components
from localcloud.resources.databases import endpoints, rows
from localcloud.resources.databases.endpoints import Endpoint, Service

BUNDLE = "ca-bundle.pem"


class Setting:
    """Of one deployment, as the account holds it now."""

    def __init__(self, ground: Ground, relays: Relays, user: str, deployment_id: str) -> None:
        self._ground, self._relays, self._user = ground, relays, user
        world = ground.world
        self.deployment: JSON = world.table(DEPLOYMENTS)[deployment_id]
        self.app: JSON = world.table(APPS)[self.deployment["_app_id"]]
        self._ways: dict[tuple[str, Service], Endpoint] = {}

    async def prepare(self) -> None:
        """Open the ways to the databases that the spec attaches."""
        for database in self.deployment["spec"].get("databases") or []:
            cluster = rows.by_name(self._ground.world, database.get("cluster_name") or "")
            for service, at in (cluster or {}).get("_at", {}).items():
                if cluster and self.app.get("_egress_at"):
                    port = await self._relays.through(self._user, self.app["_egress_at"], (at[0], at[1]))
                    self._ways[cluster["id"], service] = Endpoint(HOST, port)
        world, spaces_url = self._ground.world, self._ground.spaces_url
        self._environment = Environment(world, self.app, self.deployment, self._way, spaces_url)

    def _way(self, cluster: JSON, service: Service) -> Endpoint:
        return self._ways.get((cluster["id"], service)) or endpoints.endpoint(cluster, service)

    def components(self, *kinds: str) -> list[tuple[str, JSON]]:
        return list(components(self.deployment["spec"], *kinds))

    def program(self, component: JSON, home: Path, **extra: str) -> Program | None:
        """None for one that stays a record; FailedError when nobody can tell which it is."""
        image = images.find(self._ground, component)
        if image is None:
            return None
        name, bundle = component["name"], str((self._ground.world.home or Path()) / BUNDLE)
        # Whom every system trusts: here, that is the authority of this instance too.
        trusts = dict.fromkeys(("SSL_CERT_FILE", "AWS_CA_BUNDLE"), bundle)
        env = {**trusts, **self._environment.of(name), **extra}
        return Program(name, component.get("run_command") or image.command, env, image.folder, home)
