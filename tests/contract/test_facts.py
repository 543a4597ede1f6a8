# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in facts.py is what the API description says, localcloud does where that is silent, and roles offer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import printable
from typing import Any

import pytest
import yaml

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import editions, facts
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_cluster import DatabaseCluster
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_pool import DatabasePool
from ansible_collections.fisioflow.digitalocean.plugins.modules.project import Project
from localcloud.instance.foreground import find_spec
from localcloud.resources.spaces.s3.address import REGIONS

SPEC = find_spec(None)


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    if SPEC is None:
        pytest.skip("no API description at hand")
    found: dict[str, Any] = json.loads(SPEC.read_text())["components"]["schemas"]
    return {name: schema.get("properties", {}) for name, schema in found.items()}


def test_names(schemas: dict[str, Any]) -> None:
    assert schemas["app_spec"]["name"]["pattern"] == f"^{facts.APP_NAME.pattern}$"
    of_a_vpc = schemas["vpc_updatable"]["name"]["pattern"]
    assert [bool(re.search(of_a_vpc, sign)) for sign in printable] == [
        bool(facts.VPC_NAME.fullmatch(sign)) for sign in printable
    ]
    assert schemas["vpc_updatable"]["description"]["maxLength"] == facts.DESCRIPTION
    assert schemas["project_base"]["name"]["maxLength"] == facts.PROJECT_NAME[1]
    assert "between {} and {} characters".format(*facts.POOL_NAME) in schemas["connection_pool"]["name"]["description"]


def test_sources_of_code(schemas: dict[str, Any]) -> None:
    of_a_component = schemas["app_component_base"]
    assert {name for name in of_a_component if "_source_spec" in str(of_a_component[name])} - {"image"} == {
        *facts.GIT_SOURCES
    }


def test_old_sizes_of_apps(schemas: dict[str, Any]) -> None:
    listed, deprecated = (
        form["enum"] for form in schemas["app_component_instance_base"]["instance_size_slug"]["oneOf"]
    )
    assert [*facts.OLD_APP_SIZES] == deprecated
    assert {*facts.OLD_APP_SIZES.values()} <= {*listed}


def test_disks_that_grow(schemas: dict[str, Any]) -> None:
    told = schemas["database_storage_autoscale_params"]
    assert {
        name: (form["minimum"], form["maximum"]) for name, form in told.items() if "minimum" in form
    } == facts.STORAGE_AUTOSCALE


def test_trusted_sources(schemas: dict[str, Any]) -> None:
    assert sorted(schemas["firewall_rule"]["type"]["enum"]) == [*facts.TRUSTED_SOURCES]


def test_the_cdn(schemas: dict[str, Any]) -> None:
    assert schemas["cdn_endpoint"]["ttl"]["enum"] == [*facts.CDN_TTLS]


def test_regions_of_spaces_are_those_of_localcloud() -> None:
    """The description does not name them."""
    assert facts.SPACES_REGIONS == REGIONS


def choices(role: str, name: str) -> list[Any]:
    """What a role offers for an input."""
    path = Path(__file__).parents[2] / "roles" / role / "meta/argument_specs.yml"
    found: list[Any] = yaml.safe_load(path.read_text())["argument_specs"]["main"]["options"][f"{role}_{name}"][
        "choices"
    ]
    return found


@pytest.mark.parametrize(
    ("role", "name", "module", "option"),
    [
        ("valkey", "eviction_policy", DatabaseCluster, "eviction_policy"),
        ("postgresql", "pool_mode", DatabasePool, "mode"),
        ("project", "environment", Project, "environment"),
    ],
)
def test_a_role_offers_what_its_module_takes(role: str, name: str, module: type[Module], option: str) -> None:
    taken: list[Any] = module.argument_spec()["argument_spec"][option]["choices"]
    assert sorted(choices(role, name)) == sorted(taken)


def test_roles_offer_what_there_is() -> None:
    assert choices("valkey", "num_nodes") == [*range(1, facts.MOST_VALKEY_NODES + 1)]
    assert choices("postgresql", "engine") == ["pg", editions.ADVANCED["pg"]]
