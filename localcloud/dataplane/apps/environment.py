# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of a component, as App Platform gives them: secrets in clear, bindable variables filled in.

They go to the process alone: into no row, no log, no list of processes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from localcloud import JSON
from localcloud.resources.apps import address, secrets
from localcloud.resources.apps.spec import components
from localcloud.resources.apps.validation.envs import BINDING, SELF
from localcloud.resources.databases import connections, endpoints, render, rows
from localcloud.world.world import World

# How an app reaches ``(cluster, service)``: host and port.
Way = Callable[[JSON, endpoints.Service], endpoints.Endpoint]

_SPACES = re.compile(r"https://[a-z0-9]+\.digitaloceanspaces\.com(?![\w.-])")
# Before the name of a public host it makes that of the private one. Where software runs, an address is both.
_BOUND = re.compile(rf"(?P<private>(?:private-)?){BINDING.pattern.replace('(', '(?P<variable>', 1)}")
_HERE = re.compile(r"localhost|127(?:\.\d+){3}")
# Of variables that name each other in a circle, so many are followed.
DEPTH = 5


class Environment:
    """Of the components of one deployment."""

    def __init__(self, world: World, app: JSON, deployment: JSON, way: Way, spaces_url: str) -> None:
        self._world, self._app, self._way, self._spaces_url = world, app, way, spaces_url
        self._spec: JSON = deployment["spec"]
        self._components = {component["name"]: (kind, component) for kind, component in components(self._spec)}
        self._commits = {
            row["name"]: row.get("source_commit_hash", "")
            for kind in {kind for kind, _component in self._components.values()}
            for row in deployment.get(kind, [])
        }

    def of(self, name: str) -> dict[str, str]:
        """What a component runs with."""
        return {key: self._filled(value, name, 0) for key, value in self._written(name).items()}

    def _written(self, name: str) -> dict[str, str]:
        """The variables as they stand in the spec, those for a build only left out."""
        _kind, component = self._components[name]
        kept = [self._at_run_time(self._spec), self._at_run_time(component)]
        return secrets.plain_environment(self._world, self._app["id"], *kept)

    @staticmethod
    def _at_run_time(owner: JSON) -> JSON:
        return {"envs": [env for env in owner.get("envs") or [] if env.get("scope") != "BUILD_TIME"]}

    def _filled(self, value: str, name: str, depth: int) -> str:
        def bound(found: re.Match[str]) -> str:
            filled = self._bound(found["variable"], name, depth)
            if filled is None:
                return found[0]
            return filled if _HERE.fullmatch(filled) else f"{found['private']}{filled}"

        text = _BOUND.sub(bound, value) if depth < DEPTH else value
        # A region's own name leads nowhere from here; what is signed for it has to be reached.
        return _SPACES.sub(self._spaces_url, text) if self._spaces_url else text

    def _bound(self, binding: str, name: str, depth: int) -> str | None:
        """None for what is no variable of the platform, which is a shell's business."""
        owner, *rest = binding.split(".")
        if not rest:
            own = self._written(name)
            return self._of_app().get(owner) or (self._filled(own[owner], name, depth + 1) if owner in own else None)
        owner = name if owner == SELF else owner
        if owner in self._components:
            known = self._of_component(owner)
            if rest[0] in known:
                return known[rest[0]]
            own = self._written(owner)
            return self._filled(own[rest[0]], owner, depth + 1) if rest[0] in own else None
        database = next((row for row in self._spec.get("databases") or [] if row["name"] == owner), None)
        return self._of_database(database, *rest[:-1]).get(rest[-1]) if database else None

    def _of_app(self) -> dict[str, str]:
        url = address.live_url(self._app)
        return {"APP_URL": url, "APP_DOMAIN": url.removeprefix("https://"), "APP_ID": self._app["id"]}

    def _of_component(self, name: str) -> dict[str, str]:
        _kind, component = self._components[name]
        rules = (self._spec.get("ingress") or {}).get("rules") or []
        mine = (rule for rule in rules if (rule.get("component") or {}).get("name") == name)
        path = next((((rule.get("match") or {}).get("path") or {}).get("prefix") or "/" for rule in mine), "/")
        port = component.get("http_port", "")
        return {
            "PUBLIC_URL": f"{address.live_url(self._app)}{path.rstrip('/')}",
            "PUBLIC_ROUTE_PATH": path,
            "COMMIT_HASH": self._commits.get(name, ""),
            "PRIVATE_DOMAIN": name,
            "PRIVATE_PORT": str(port),
            "PRIVATE_URL": f"http://{name}:{port}",
        }

    def _of_database(self, database: JSON, pool: str = "") -> dict[str, str]:
        """Empty for a development database, of which there is only a record."""
        cluster = rows.by_name(self._world, database.get("cluster_name") or "")
        if cluster is None:
            return {}
        admin, _password = render.admin(self._world, cluster)
        user = database.get("db_user") or admin
        name = database.get("db_name") or render.DEFAULT_DB[cluster["engine"]]
        service: endpoints.Service = "server"
        if pool:
            row = rows.true_part(self._world, rows.POOLS, cluster["id"], pool) or {}
            user, name, service = row.get("user") or user, pool, "pool"
        entry = rows.true_part(self._world, rows.USERS, render.home(cluster), user) or {}
        password, where = entry.get("password", ""), self._way(cluster, service)
        made = connections.connection(cluster, user, password, name, service)
        own = endpoints.endpoint(cluster, service)
        url = made["uri"].replace(f"{own.host}:{own.port}", f"{where.host}:{where.port}")
        jdbc = (
            f"jdbc:postgresql://{where.host}:{where.port}/{quote(name, safe='')}"
            f"?user={quote(user, safe='')}&password={quote(password, safe='')}&sslmode=require"
        )
        return {
            "HOSTNAME": where.host,
            "PRIVATE_HOSTNAME": where.host,
            "PORT": str(where.port),
            "USERNAME": user,
            "PASSWORD": password,
            "DATABASE": name,
            "DATABASE_URL": url,
            "DATABASE_PRIVATE_URL": url,
            "JDBC_DATABASE_URL": jdbc,
            "JDBC_DATABASE_PRIVATE_URL": jdbc,
            "CA_CERT": self._world.ca_pem.decode(),
        }
