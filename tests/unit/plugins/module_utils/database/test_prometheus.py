# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics of database nodes: what is told becomes figures, what is not becomes None, and what are none is an error."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotTheApi
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database.prometheus import figures, samples

URL = "https://node:9273/metrics"
SIZE = "db-s-1vcpu-1gb"
NODE = """
# HELP cpu_usage_idle Telegraf collected metric
# TYPE cpu_usage_idle untyped
cpu_usage_idle{cpu="cpu0",host="a"} 1
cpu_usage_idle{cpu="cpu-total",host="a"} 87.5 1795899600000
mem_used_percent{host="a"} 90
mem_available_percent{host="a"} 40
disk_used_percent{path="/"} 20
disk_used_percent{path="/data {1}"} 3.4e+01
"""
POSTGRESQL = 'postgresql_numbackends{db="a"} 4\npostgresql_numbackends{db="b"} 7\n'
VALKEY = "redis_used_memory 300\nredis_maxmemory 400\nredis_clients 3\nredis_keyspace_hits 9\nredis_keyspace_misses 1\n"


def test_figures_of_a_postgresql_node() -> None:
    assert figures(samples(NODE + POSTGRESQL, URL), "pg", SIZE) == {
        "cpu_percent": 12.5,
        "memory_percent": 60.0,
        "disk_percent": 34.0,
        "connections": 11.0,
        "connection_limit": 22,
        "connections_percent": 50.0,
    }


def test_figures_of_a_valkey_node() -> None:
    told = figures(samples(NODE + VALKEY, URL), "valkey", SIZE)
    names = ("cache_percent", "hit_percent", "connections", "evicted_keys")
    assert [told[name] for name in names] == [75.0, 90.0, 3.0, None]


def test_what_is_not_told_is_not_0() -> None:
    told = figures(samples("up 1", URL), "pg", SIZE)
    assert {name for name, value in told.items() if value is not None} == {"connection_limit"}
    text = "redis_used_memory 300\nredis_maxmemory 0\ncpu_usage_idle NaN\nup 1"
    assert {name for name, value in figures(samples(text, URL), "valkey", SIZE).items() if value is not None} == set()


@pytest.mark.parametrize("text", ["", "# nothing", "<html>login</html>", '{"message":"ok"}', "up one"])
def test_what_are_no_metrics_is_an_error(text: str) -> None:
    with pytest.raises(NotTheApi, match=URL):
        samples(text, URL)
