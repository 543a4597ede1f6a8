# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Preflight refuses what the modules refuse, and takes what they take: both have it from the same place."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import facts
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation, Module
from ansible_collections.fisioflow.digitalocean.plugins.modules.cdn_endpoint import CdnEndpoint
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_cluster import DatabaseCluster
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_firewall import DatabaseFirewall
from ansible_collections.fisioflow.digitalocean.plugins.modules.spaces_bucket import SpacesBucket
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.preflight import preflight_problems
from tests.unit.plugins.plugin_utils.wanted import inputs, offers


def preflight_takes(**changes: Any) -> bool:
    return not preflight_problems({"inputs": inputs(**changes), "problems": []}, offers())


def options_of(module: type[Module], **given: Any) -> dict[str, Any]:
    """What Ansible makes of the given options; {} when it refuses them."""
    result = ArgumentSpecValidator(**module.argument_spec()).validate({"api_token": "t", **given})
    return {} if result.error_messages else result.validated_parameters


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        *[("sunday", hour) for hour in ("4:00", "04:00", "04:00:00", "4am", "24:00", "4", "")],
        *[(day, "04:00") for day in ("Sunday", "MONDAY", "sun", "domingo", "")],
    ],
)
def test_maintenance_windows(day: str, hour: str) -> None:
    window = {"day": day, "hour": hour}
    cluster = {"name": "db", "engine": "pg", "size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "nyc1"}
    module = DatabaseCluster(Invocation(options_of(DatabaseCluster, **cluster, maintenance_window=window)))
    try:
        module.check(None, {**cluster, "maintenance_window": window})
        takes = True
    except Failure:
        takes = False
    assert preflight_takes(postgresql_maintenance_window=window) is takes
    assert preflight_takes(valkey_maintenance_window=window) is takes


@pytest.mark.parametrize(
    "name",
    ["abc", "a-1", "xn--clinic", "sthree-clinic", "123", "a" * 63, "ab", "a" * 64, "Up", "a_c", "-ab", "1.2.3.4"],
)
def test_names_of_buckets(name: str) -> None:
    class Found(SpacesBucket):
        def fetch(self, key: str) -> dict[str, Any]:
            return {"name": key}

    try:
        Found(Invocation(options_of(SpacesBucket, name=name, region="nyc3", access_key="k", secret_key="s"))).read()
        takes = True
    except Failure:
        takes = False
    assert preflight_takes(spaces_uploads_bucket=name) is takes


def test_a_period_in_the_name_of_a_bucket_is_refused_for_a_reason_of_its_own() -> None:
    [text] = preflight_problems({"inputs": inputs(spaces_uploads_bucket="a.b"), "problems": []}, offers())
    assert "the certificate of Spaces covers no such name" in text


@pytest.mark.parametrize("ttl", [*facts.CDN_TTLS, 0, 100])
def test_times_that_the_cdn_keeps_files(ttl: int) -> None:
    takes = bool(options_of(CdnEndpoint, origin="a.nyc3.digitaloceanspaces.com", ttl=ttl))
    assert preflight_takes(spaces_cdn_ttl=ttl) is takes


@pytest.mark.parametrize("kind", [*facts.TRUSTED_SOURCES, "ip", ""])
def test_types_of_trusted_sources(kind: str) -> None:
    rules = [{"type": kind, "value": "203.0.113.7"}]
    takes = bool(options_of(DatabaseFirewall, cluster_id="c", rules=rules))
    assert preflight_takes(trusted_sources_rules=rules) is takes
