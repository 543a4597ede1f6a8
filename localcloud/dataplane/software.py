# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of software that there are."""

from __future__ import annotations

from localcloud.dataplane.cdn.software import Cdn
from localcloud.dataplane.dns.software import NameServers
from localcloud.dataplane.droplets.software import Droplets
from localcloud.dataplane.kinds import Kind
from localcloud.dataplane.load_balancers.software import LoadBalancers
from localcloud.dataplane.pools.pooler import Pools
from localcloud.dataplane.postgresql.kind import PostgreSQL
from localcloud.dataplane.valkey.kind import Valkey


def all_kinds() -> list[Kind]:
    """In the order in which they are stopped: what uses others first."""
    return [NameServers(), LoadBalancers(), Cdn(), Droplets(), Pools(), PostgreSQL(), Valkey()]
