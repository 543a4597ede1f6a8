# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of software that there are."""

from __future__ import annotations

from localcloud.dataplane.alerting import Alerting
from localcloud.dataplane.apps.deployments import Deployments
from localcloud.dataplane.apps.jobs import Jobs
from localcloud.dataplane.apps.relays import Relays
from localcloud.dataplane.apps.routes import Routes
from localcloud.dataplane.cdn.kind import Cdn
from localcloud.dataplane.dns.kind import NameServers
from localcloud.dataplane.droplets.kind import Droplets
from localcloud.dataplane.kinds import Kind
from localcloud.dataplane.load_balancers.kind import LoadBalancers
from localcloud.dataplane.pools.pooler import Pools
from localcloud.dataplane.postgresql.kind import PostgreSQL
from localcloud.dataplane.uptime.kind import UptimeChecks
from localcloud.dataplane.valkey.kind import Valkey


def all_kinds() -> list[Kind]:
    """In the order in which they are stopped: what uses others first."""
    relays = Relays()
    apps: list[Kind] = [Routes(), Jobs(relays), Deployments(relays)]
    return [
        Alerting(),
        UptimeChecks(),
        NameServers(),
        LoadBalancers(),
        Cdn(),
        Droplets(),
        *apps,
        Pools(),
        PostgreSQL(),
        Valkey(),
    ]
