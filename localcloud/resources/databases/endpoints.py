# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a cluster can be reached: the one place that names hosts and ports.

Where software runs behind the record (``_at``: service → host and port) it is that, else it is what DigitalOcean would
say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from localcloud import JSON
from localcloud.ports.shared import Shared, env_source
from localcloud.world.world import World

# The number of the account in every host name [S example].
ACCOUNT = 19081923
METRICS_PORT = 9273
# Of a name, between its dots [RFC 1035].
LONGEST_LABEL = 63
PORTS = {
    ("pg", "server"): 25060,
    ("pg", "pool"): 25061,
    # That the Advanced edition has the same ports, and pools at all, is a guess.
    ("advanced_pg", "server"): 25060,
    ("advanced_pg", "pool"): 25061,
    ("valkey", "server"): 25061,
}

# Engine → the kind of software that runs behind such a cluster.
SOFTWARE = {"pg": "postgresql", "advanced_pg": "postgresql", "valkey": "valkey"}

# From where whoever is on this machine reaches them.
CLIENT = "127.0.0.1"

Service = Literal["server", "pool"]


@dataclass(frozen=True)
class Endpoint:
    host: str
    port: int


@env_source
def env(shared: Shared) -> dict[str, str]:
    return {"DATABASE_CLIENT_ADDRESSES": CLIENT} if shared.world.plane.runs("postgresql") else {}


def software(cluster: JSON) -> str:
    """What stands behind it, as the plane knows it; nothing behind a mere record."""
    return f"{SOFTWARE[cluster['engine']]}/{cluster['id']}" if cluster.get("_at") else ""


def place(world: World, engine: str) -> JSON:
    """Where a new cluster's software will be: ``_at`` of its row."""
    ports = {service: number for (name, service), number in PORTS.items() if name == engine}
    return world.plane.place(SOFTWARE[engine], ports)


def host(cluster: JSON, *, private: bool = False, standby: bool = False) -> str:
    """``[private-][replica-]<name>-do-user-<account>-0.<letter>.db.ondigitalocean.com``"""
    prefix = ("private-" if private else "") + ("replica-" if standby else "")
    return f"{prefix}{cluster['name']}-do-user-{ACCOUNT}-0.{cluster['_zone']}.db.ondigitalocean.com"


def endpoint(cluster: JSON, service: Service = "server", *, private: bool = False, standby: bool = False) -> Endpoint:
    at = cluster.get("_at", {})
    if service in at:
        return Endpoint(*at[service])
    return Endpoint(host(cluster, private=private, standby=standby), PORTS[cluster["engine"], service])


def names(cluster: JSON) -> list[str]:
    """What its certificates bear beside its address: all hosts of it, and that of the relays which lead apps to it.

    What is longer than a name may be is left out: nobody could ask for it. How DigitalOcean shortens it is not known.
    """
    hosts = [host(cluster, private=private, standby=standby) for private in (False, True) for standby in (False, True)]
    return [
        *(name for name in hosts if len(name.partition(".")[0]) <= LONGEST_LABEL),
        *cluster["do_settings"]["service_cnames"],
        "localhost",
    ]


def metrics(cluster: JSON) -> list[Endpoint]:
    """One for the primary, a second one for the standbys when there are any [S]."""
    found = [Endpoint(host(cluster), METRICS_PORT)]
    if cluster["num_nodes"] > 1:
        found.append(Endpoint(host(cluster, standby=True), METRICS_PORT))
    return found
