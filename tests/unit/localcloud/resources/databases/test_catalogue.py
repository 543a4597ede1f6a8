# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is on offer agrees with itself and with the API description."""

from __future__ import annotations

import json

import pytest

from localcloud.resources.databases import catalogue
from localcloud.resources.databases.config_keys import KEYS, NEVER_LOWERED, POLICIES


def test_options_show_what_can_be_created(cloud):
    answer = cloud.ok("GET", "/databases/options", status=200)
    pg = answer["options"]["pg"]
    assert pg["versions"] == ["15", "16", "17", "18"]
    assert pg["default_version"] == "17"
    assert answer["options"]["valkey"]["versions"] == ["8"]
    by_nodes = {layout["num_nodes"]: layout["sizes"] for layout in pg["layouts"]}
    assert sorted(by_nodes) == [1, 2, 3]
    assert "db-s-1vcpu-1gb" in by_nodes[1]
    assert not [size for nodes in (2, 3) for size in by_nodes[nodes] if size.endswith("-1gb")]
    assert [layout["num_nodes"] for layout in answer["options"]["valkey"]["layouts"]] == [1, 2]
    assert [layout["num_nodes"] for layout in answer["options"]["advanced_pg"]["layouts"]] == [1, 2, 3]


def test_ended_versions_stay_in_the_availability_only(cloud):
    availability = cloud.ok("GET", "/databases/options")["version_availability"]
    ended = {row["version"]: row["end_of_availability"] for row in availability["pg"]}
    assert ended["14"] == "2026-05-12T00:00:00Z"
    assert availability["redis"][0]["end_of_availability"] == "2025-04-30T00:00:00Z"
    assert availability["valkey"][0]["end_of_life"] is None


@pytest.mark.parametrize("engine", catalogue.ENGINES)
def test_every_offered_version_has_its_details(engine):
    offered = catalogue.OPTIONS[engine]["versions"]
    assert sorted(catalogue.SEMANTIC[engine]) == offered
    assert set(offered) <= {row["version"] for row in catalogue.VERSIONS[engine]}


@pytest.fixture(scope="module")
def description(spec):
    if spec is None:
        pytest.skip("no API description at hand")
    return json.loads(spec.read_text())


@pytest.fixture
def schemas(description):
    return description["components"]["schemas"]


def test_options_are_those_of_the_descriptions_example(cloud, description):
    """But for what is newer than the description: PostgreSQL 18 on Standard, at most two nodes of Valkey."""
    newer = {"pg": {"18"}}
    answers = description["paths"]["/v2/databases/options"]["get"]["responses"]["200"]
    if "$ref" in answers:
        answers = description["components"]["responses"][answers["$ref"].rpartition("/")[2]]
    example = answers["content"]["application/json"]["example"]
    answer = cloud.ok("GET", "/databases/options")
    for engine, offered in answer["options"].items():
        described = example["options"][engine]
        assert sorted(offered["regions"]) == sorted(described["regions"])
        assert set(offered["versions"]) - newer.get(engine, set()) <= set(described["versions"])
        dates = {row["version"]: row for row in example["version_availability"][engine]}
        assert offered.get("default_version") == described.get("default_version")
        layouts = described["layouts"][:2] if engine == "valkey" else described["layouts"]
        for ours, theirs in zip(offered["layouts"], layouts, strict=True):
            assert ours["num_nodes"] == theirs["num_nodes"]
            assert sorted(ours["sizes"]) == sorted(set(theirs["sizes"]) - {"c-96-intel"})
        dated = [row for row in answer["version_availability"][engine] if row["version"] in dates]
        assert all(dates[row["version"]] == row for row in dated)


@pytest.mark.parametrize(
    ("engine", "model"), [("pg", "postgres_advanced_config"), ("valkey", "valkey_advanced_config")]
)
def test_settings_and_limits_are_those_of_the_description(schemas, engine, model):
    described = schemas[model]["properties"]
    assert set(KEYS[engine]) == set(described)
    for key, rule in described.items():
        check = KEYS[engine][key]
        for bound, beyond in (("minimum", -1), ("maximum", 1)):
            # The greatest 64-bit number is rounded in the description.
            if bound in rule and rule[bound] < 2**62:
                assert check(rule[bound]) is None, key
                assert check(rule[bound] + beyond), key
        for value in rule.get("enum", []):
            assert check(value) is None, key
        if "enum" in rule:
            assert check("something else"), key


def test_what_cannot_be_lowered_is_what_the_description_says(schemas):
    described = schemas["postgres_advanced_config"]["properties"]
    said = [
        key for key, rule in described.items() if {"lowered", "decrease"} & set(rule.get("description", "").split())
    ]
    assert sorted(said) == sorted(NEVER_LOWERED)
    assert list(POLICIES) == schemas["eviction_policy_model"]["enum"]
