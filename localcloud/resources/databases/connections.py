# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection objects of clusters, replicas and pools, and what of them a token may see."""

from __future__ import annotations

from urllib.parse import quote

from localcloud import JSON
from localcloud.ports.auth import Token
from localcloud.resources.databases.endpoints import Service, endpoint

VIEW = "database:view_credentials"
SCHEMES = {"pg": "postgresql", "advanced_pg": "postgresql", "valkey": "rediss"}


def connection(
    cluster: JSON,
    user: str,
    password: str,
    database: str,
    service: Service = "server",
    *,
    private: bool = False,
    standby: bool = False,
) -> JSON:
    """``{protocol, uri, database, host, port, user, password, ssl}`` with the secrets in it.

    ``protocol`` is not in the API description, but the Go client reads it [G].
    """
    where = endpoint(cluster, service, private=private, standby=standby)
    scheme = SCHEMES[cluster["engine"]]
    # A pool for the inbound user has no credentials of its own [M].
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    tail = f"/{quote(database, safe='')}?sslmode=require" if scheme == "postgresql" else ""
    return {
        "protocol": scheme,
        "uri": f"{scheme}://{login}{where.host}:{where.port}{tail}",
        "database": database,
        "host": where.host,
        "port": where.port,
        "user": user,
        "password": password,
        "ssl": True,
    }


def seen_by(token: Token, found: JSON) -> JSON:
    """User and password need ``database:view_credentials`` [S]; the URI then comes without them [?]."""
    if token.allows(VIEW):
        return found
    scheme, rest = found["uri"].split("://", 1)
    shown = {key: value for key, value in found.items() if key not in ("user", "password")}
    return {**shown, "uri": f"{scheme}://{rest.rpartition('@')[2]}"}
