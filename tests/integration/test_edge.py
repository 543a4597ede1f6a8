# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The domain moves from the load balancer to App Platform and back, and at each moment somebody serves it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.integration.site.account import APP, app_environment, tables_of
from tests.integration.site.fixtures import Baseline
from tests.integration.site.outside import call
from tests.integration.site.proofs import converged, good
from tests.integration.site.runs import SiteRun, run
from tests.localcloud_fixtures import LocalCloud
from tests.name_server import name_server

ZONE = "fisioflow.example"
APP_PLATFORM = {"edge_mode": "app_platform"}
# Where App Platform takes requests.
INGRESS = {"162.159.140.98", "172.66.0.96"}
EDGE = ("load_balancers", "autoscale_pools", "droplets", "firewalls", "certificates", "tags")
# What somebody else has called as ours.
RULE = {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 80}
OPEN = {"protocol": "tcp", "ports": "80", "sources": {"addresses": ["0.0.0.0/0"]}}
OF_OTHERS = {
    "load_balancers": {"name": f"{APP}-edge", "region": "nyc1", "forwarding_rules": [RULE]},
    "firewalls": {"name": f"{APP}-edge", "inbound_rules": [OPEN]},
}
# What a write is about: a pattern of the call, and a word for it.
STEPS = {
    "POST /v2/load_balancers": "balancer made",
    "POST /v2/droplets/autoscale": "proxies made",
    "(PUT|POST) /v2/domains/.*": "names moved",
    "PUT /v2/apps/.*": "app changed",
    "DELETE /v2/load_balancers/.*": "balancer gone",
}


def order(done: SiteRun) -> list[str]:
    """The steps of a run, each once."""
    words = [word for write in done.writes for pattern, word in STEPS.items() if re.fullmatch(pattern, write)]
    return list(dict.fromkeys(words))


def addresses(tables: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in tables["domain_records"].values():
        if row["type"] == "A":
            found.setdefault(row["name"], set()).add(row["data"])
    return found


def domains(tables: dict[str, Any]) -> list[str]:
    [app] = tables["apps"].values()
    return [row["domain"] for row in app["spec"].get("domains") or []]


def asked_secrets(state: dict[str, Any]) -> list[str]:
    """By which the app refuses whoever comes past the proxies."""
    return [name for name in app_environment(state, APP) if name.startswith("ORIGIN_SECRET")]


def told(printed: str) -> list[str]:
    """What a run says that it has changed, or would."""
    [line] = re.findall(r"^(?:changed|would change): ((?!\w+ :)[^\n]+(?:\n {9}[^\n]+)*)", printed, re.M)
    return sorted(" ".join(line.split()).split(", "))


def unchanged(cloud: LocalCloud, variables: dict[str, Any] | None = None) -> None:
    again = good(run(cloud, variables=variables or {}))
    assert (again.changed, again.writes) == (0, []), again.changed_tasks


@pytest.mark.soak
def test_the_domain_moves_and_comes_back_without_an_interval(environment: LocalCloud, baseline: Baseline) -> None:
    # Somebody else's, in the same zone.
    mail = {"type": "MX", "name": "@", "data": f"mail.{ZONE}.", "priority": 10, "ttl": 3600}
    call(environment, f"/v2/domains/{ZONE}/records", "POST", mail)
    [balancer] = tables_of(environment.admin.state())["load_balancers"].values()
    assert asked_secrets(environment.admin.state()) == ["ORIGIN_SECRET"]
    foretold = good(run(environment, "site", "--check", "--diff", variables=APP_PLATFORM))
    assert foretold.writes == []

    away = good(run(environment, variables=APP_PLATFORM))
    assert told(away.printed) == told(foretold.printed)
    assert order(away) == ["app changed", "names moved", "balancer gone"]
    tables = tables_of(environment.admin.state())
    assert {name: len(tables[name]) for name in EDGE} == dict.fromkeys(EDGE, 0)
    assert addresses(tables) == {"@": INGRESS, "www": INGRESS}
    assert domains(tables) == [ZONE, f"www.{ZONE}"]
    # Nobody sends it who comes by the way that the first step has opened, and that the last one back closes.
    assert asked_secrets(environment.admin.state()) == []
    assert {row["minimum_tls_version"] for row in next(iter(tables["apps"].values()))["spec"]["domains"]} == {"1.2"}
    theirs = {name: call(environment, f"/v2/{name}", "POST", body)[name[:-1]]["id"] for name, body in OF_OTHERS.items()}
    unchanged(environment, APP_PLATFORM)
    for table, id in theirs.items():
        call(environment, f"/v2/{table}/{id}", "DELETE")

    back = good(run(environment))
    assert order(back) == ["balancer made", "proxies made", "names moved", "app changed"]
    assert asked_secrets(environment.admin.state()) == ["ORIGIN_SECRET"]
    tables = tables_of(environment.admin.state())
    [new] = tables["load_balancers"].values()
    assert new["id"] != balancer["id"]
    assert addresses(tables) == {"@": {new["ip"]}, "www": {new["ip"]}}
    assert domains(tables) == []
    assert [row["data"] for row in tables["domain_records"].values() if row["type"] == "MX"] == [f"mail.{ZONE}"]
    [record] = [
        row for row in call(environment, f"/v2/domains/{ZONE}/records")["domain_records"] if row["type"] == "MX"
    ]
    call(environment, f"/v2/domains/{ZONE}/records/{record['id']}", "DELETE")
    converged(environment, baseline)
    unchanged(environment)


@pytest.mark.soak
def test_where_somebody_else_serves_the_zone_the_records_are_told_and_the_old_way_stays_until_they_are_set(
    environment: LocalCloud,
) -> None:
    [balancer] = tables_of(environment.admin.state())["load_balancers"].values()
    zone = {name: [balancer["ip"]] for name in (ZONE, f"www.{ZONE}")}
    with name_server(zone) as resolver:
        elsewhere = {**APP_PLATFORM, "dns_at_digitalocean": False, "dns_resolver": resolver}
        waiting = good(run(environment, variables=elsewhere))
        assert [write for write in waiting.writes if "/domains" in write] == []
        for name in zone:
            assert f"dns         {name} A 162.159.140.98, 172.66.0.96   (pending: set this record)" in waiting.printed
        assert len(tables_of(environment.admin.state())["load_balancers"]) == 1
        # Somebody sets them.
        zone.update(dict.fromkeys(zone, sorted(INGRESS)))
        moved = good(run(environment, variables=elsewhere))
        assert order(moved) == ["balancer gone"]
        assert f"dns         {ZONE} A 162.159.140.98, 172.66.0.96\n" in moved.printed
        unchanged(environment, elsewhere)


def test_a_domain_that_app_platform_does_not_take_stays_where_it_is(environment: LocalCloud) -> None:
    """It may wait for DNS: nobody is sent to where nobody answers."""
    environment.admin.settings(speed="real")
    stuck = {**APP_PLATFORM, "edge_wait_timeout": 10, "app_wait_timeout": 5, "deployment_wait_timeout": 10}
    before = addresses(tables_of(environment.admin.state()))
    done = run(environment, variables=stuck)
    assert not done.ok
    tables = tables_of(environment.admin.state())
    assert addresses(tables) == before
    assert len(tables["load_balancers"]) == 1


def test_a_proxy_tells_nobody_of_patients_and_lets_only_the_load_balancer_in(baseline: Baseline) -> None:
    tables = tables_of(baseline.created)
    proxies = list(tables["droplets"].values())
    assert len(proxies) == 2
    [firewall] = tables["firewalls"].values()
    [balancer] = tables["load_balancers"].values()
    [rule] = firewall["inbound_rules"]
    assert (rule["protocol"], rule["ports"]) == ("tcp", "443")
    assert {name: peers for name, peers in rule["sources"].items() if peers} == {"load_balancer_uids": [balancer["id"]]}
    assert balancer["tls_cipher_policy"] == "STRONG"
    assert balancer["redirect_http_to_https"] is True
    [app] = tables["apps"].values()
    host = app["default_ingress"].removeprefix("https://")
    for proxy in proxies:
        assert firewall["tags"] == proxy["tags"]
        data = proxy["_user_data"]
        assert f"header_up Host {host}" in data
        assert f"reverse_proxy https://{host}" in data
        for line in ('request>uri regexp "\\?.*" ""', "request>headers delete", "max_size 100MB", "auto_https off"):
            assert line in data
