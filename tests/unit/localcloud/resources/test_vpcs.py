# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VPCs, with every refusal that DigitalOcean documents."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.ports.errors import ApiError
from localcloud.resources import vpcs
from localcloud.world import hooks
from localcloud.world.world import World

UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def test_first_of_a_region_is_its_default(api: Any) -> None:
    assert [api.vpc(name)["default"] for name in ("a", "b")] == [True, False]
    assert api.vpc("c", region="nyc3")["default"] is True


def test_shape(api: Any) -> None:
    vpc = api.vpc(description="private network", ip_range="10.10.0.0/20")
    assert {key: vpc[key] for key in ("name", "region", "ip_range", "description")} == {
        "name": "net",
        "region": "fra1",
        "ip_range": "10.10.0.0/20",
        "description": "private network",
    }
    assert vpc["urn"] == f"do:vpc:{vpc['id']}"
    assert vpc["created_at"].endswith("Z")
    assert api.ok("GET", f"/vpcs/{vpc['id']}")["vpc"] == vpc


def test_generated_ranges_are_twenties_that_do_not_overlap(api: Any) -> None:
    ranges = [api.vpc(f"net-{number}")["ip_range"] for number in range(5)]
    assert len(set(ranges)) == 5
    assert all(text.endswith("/20") for text in ranges)


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"name": "net", "region": "fra1"}, 422, "already exists"),
        ({"name": "x", "region": "mars1"}, 422, "region"),
        ({"name": "x", "region": "nyc2"}, 422, "region"),
        ({"name": "x", "region": "fra1", "ip_range": "10.10.0.0/20"}, 422, "overlaps"),
        ({"name": "x", "region": "nyc1", "ip_range": "10.10.8.0/24"}, 422, "overlaps"),
        ({"name": "x", "region": "fra1", "ip_range": "8.8.0.0/20"}, 422, "RFC 1918"),
        ({"name": "x", "region": "fra1", "ip_range": "172.0.0.0/16"}, 422, "RFC 1918"),
        ({"name": "x", "region": "fra1", "ip_range": "10.0.0.0/15"}, 422, "between /16 and /28"),
        ({"name": "x", "region": "fra1", "ip_range": "10.0.0.0/29"}, 422, "between /16 and /28"),
        ({"name": "x", "region": "fra1", "ip_range": "10.0.0.1/24"}, 422, "not a valid CIDR"),
        ({"name": "x", "region": "fra1", "ip_range": "10.244.3.0/24"}, 422, "reserved"),
        ({"name": "x", "region": "fra1", "ip_range": "nonsense"}, 422, "not a valid CIDR"),
    ],
)
def test_creation_that_is_refused(api: Any, body: dict[str, Any], status: int, message: str) -> None:
    api.vpc(ip_range="10.10.0.0/20")
    assert message in api.refused("POST", "/vpcs", body, status)
    assert api.names() == ["net"]


def test_patch_leaves_the_rest_and_put_replaces(api: Any) -> None:
    path = f"/vpcs/{api.vpc(description='old')['id']}"
    assert api.ok("PATCH", path, {"name": "new"})["vpc"]["description"] == "old"
    assert api.ok("PUT", path, {"name": "new"})["vpc"]["description"] == ""
    assert api.ok("GET", path)["vpc"]["name"] == "new"


def test_default_moves_but_is_never_lost(api: Any) -> None:
    first, second = (api.vpc(name)["id"] for name in ("a", "b"))
    assert "cannot be unset" in api.refused("PATCH", f"/vpcs/{first}", {"default": False})
    assert api.ok("PATCH", f"/vpcs/{second}", {"default": True})["vpc"]["default"] is True
    assert api.ok("GET", f"/vpcs/{first}")["vpc"]["default"] is False


def test_name_of_another_is_refused_and_ones_own_is_not(api: Any) -> None:
    api.vpc("a")
    path = f"/vpcs/{api.vpc('b')['id']}"
    assert "already exists" in api.refused("PATCH", path, {"name": "a"})
    assert api.ok("PATCH", path, {"name": "b"})["vpc"]["name"] == "b"


def test_deletion(api: Any) -> None:
    default, other = (api.vpc(name)["id"] for name in ("a", "b"))
    assert "default" in api.refused("DELETE", f"/vpcs/{default}", status=403)
    assert api.call("DELETE", f"/vpcs/{other}").status == 204
    api.refused("DELETE", f"/vpcs/{other}", status=404)
    api.refused("GET", f"/vpcs/{UNKNOWN}/members", status=404)


def test_members_keep_a_vpc(api: Any) -> None:
    api.vpc("default")
    vpc = api.vpc()
    made = api.ok(
        "POST",
        "/databases",
        {
            "name": "main",
            "engine": "pg",
            "version": "17",
            "size": "db-s-1vcpu-1gb",
            "num_nodes": 1,
            "region": "fra1",
            "private_network_uuid": vpc["id"],
        },
    )["database"]
    members = api.ok("GET", f"/vpcs/{vpc['id']}/members")
    assert [member["urn"] for member in members["members"]] == [f"do:dbaas:{made['id']}"]
    assert members["meta"] == {"total": 1}
    assert api.ok("GET", f"/vpcs/{vpc['id']}/members?resource_type=droplet")["members"] == []
    assert "members" in api.refused("DELETE", f"/vpcs/{vpc['id']}", status=409)


def test_seeded_ones_are_somebody_elses_and_unique(api: Any) -> None:
    api.admin.seed(vpcs=30)
    api.admin.seed(vpcs=30)
    rows = api.ok("GET", "/vpcs?per_page=200")["vpcs"]
    assert len({row["name"] for row in rows}) == len({row["ip_range"] for row in rows}) == 60
    assert len({row["region"] for row in rows}) > 5


def test_addresses_are_given_once_until_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "MEMBER_SOURCES", [])
    world = World()
    record = vpcs.default_vpc(world, "fra1")
    assert vpcs.default_vpc(world, "fra1") is record
    record["ip_range"] = "10.0.0.0/28"
    given = [vpcs.allocate_ip(world, record["id"]) for _ in range(12)]
    assert (given[0], given[-1], len(set(given))) == ("10.0.0.3", "10.0.0.14", 12)
    with pytest.raises(ApiError, match="no free address"):
        vpcs.allocate_ip(world, record["id"])
