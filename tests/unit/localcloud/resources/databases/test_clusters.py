# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Create, list, get, delete."""

from __future__ import annotations

import pytest

from localcloud.resources.projects import default_project, project_of
from localcloud.world.hooks import SEEDERS


def test_a_new_cluster_is_creating_then_online(cloud):
    cloud.world.clock.set_speed("real")
    made = cloud.ok("POST", "/databases", cloud.wish(), 201)["database"]
    path = f"/databases/{made['id']}"
    assert made["status"] == "creating"
    cloud.world.advance(230)
    assert cloud.ok("GET", path)["database"]["status"] == "creating"
    cloud.world.advance(11)
    assert cloud.ok("GET", path)["database"]["status"] == "online"


def test_valkey_is_ready_sooner(cloud):
    cloud.world.clock.set_speed("real")
    made = cloud.ok("POST", "/databases", cloud.wish("cache", engine="valkey"), 201)["database"]
    cloud.world.advance(181)
    assert cloud.ok("GET", f"/databases/{made['id']}")["database"]["status"] == "online"


def test_a_postgresql_cluster_as_clients_know_it(cloud):
    shown = cloud.ok("GET", cloud.database("main", num_nodes=2, size="db-s-1vcpu-2gb", tags=["one"]))["database"]
    host = shown["connection"]["host"]
    assert host.startswith("main-do-user-")
    assert host.endswith(".db.ondigitalocean.com")
    assert shown["connection"]["port"] == 25060
    assert shown["connection"]["uri"].endswith(f"@{host}:25060/defaultdb?sslmode=require")
    assert shown["private_connection"]["host"] == f"private-{host}"
    assert shown["standby_connection"]["host"] == f"replica-{host}"
    assert shown["standby_private_connection"]["host"] == f"private-replica-{host}"
    assert shown["metrics_endpoints"] == [{"host": host, "port": 9273}, {"host": f"replica-{host}", "port": 9273}]
    assert [(user["name"], user["role"]) for user in shown["users"]] == [("doadmin", "primary")]
    assert shown["users"][0]["password"] == shown["connection"]["password"]
    assert shown["db_names"] == ["defaultdb"]
    assert shown["version"] == "17"
    assert shown["version_end_of_life"] == "2029-11-08T00:00:00Z"
    assert shown["storage_size_mib"] == 30720
    assert shown["tags"] == ["one"]


def test_a_valkey_cluster_as_clients_know_it(cloud):
    shown = cloud.ok("GET", cloud.database("cache", engine="valkey"))["database"]
    assert shown["connection"]["uri"].startswith("rediss://default:")
    assert shown["connection"]["port"] == 25061
    assert shown["users"] is None
    assert shown["db_names"] is None
    assert shown["tags"] is None
    assert "standby_connection" not in shown
    assert "version_end_of_life" not in shown


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "under_score"}, "invalid cluster name"),
        ({"name": "x"}, "invalid cluster name"),
        ({"engine": "redis", "version": "7"}, "Caching cluster creates are no longer supported as of 2025-04-30"),
        ({"engine": "mysql"}, "not available in localcloud"),
        ({"version": "14"}, "invalid cluster engine version"),
        ({"version": "19"}, "invalid cluster engine version"),
        ({"num_nodes": 4}, "invalid node count"),
        ({"num_nodes": 0}, "invalid node count"),
        ({"num_nodes": 2}, "invalid size"),
        ({"engine": "valkey", "size": "db-s-1vcpu-2gb", "num_nodes": 3}, "invalid node count"),
        ({"engine": "advanced_pg"}, "invalid size"),
        ({"engine": "advanced_pg", "size": "gd-2vcpu-8gb", "version": "15"}, "invalid cluster engine version"),
        ({"size": "db-s-9vcpu-9gb"}, "invalid size"),
        ({"region": "nyc"}, "region 'nyc' is not valid"),
        ({"engine": "valkey", "region": "nyc2"}, "region 'nyc2' is not valid"),
        ({"storage_size_mib": 5120}, "invalid storage size"),
        ({"storage_size_mib": 40960}, "invalid storage size"),
        ({"engine": "valkey", "storage_size_mib": 20480}, "storage size cannot be set"),
        ({"tags": ["a" * 128, "b" * 127]}, "combined tags cannot exceed 255 characters"),
        ({"tags": ["no spaces"]}, "invalid tag name"),
        ({"private_network_uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12}, "invalid private network"),
        ({"project_id": "0" * 8 + "-0000-4000-8000-" + "0" * 12}, "invalid project"),
        ({"rules": [{"type": "ip_addr", "value": "::1"}]}, "invalid rule with type IP_ADDR because: invalid ip format"),
        (
            {"autoscale": {"storage": {"enabled": True, "increment_gib": 50}}},
            "storage autoscale increment 50 must not be greater than maximum plan size 30",
        ),
        ({"engine": "valkey", "backup_restore": {"database_name": "other"}}, "operation is not supported"),
        ({"backup_restore": {"database_name": "nobody"}}, "there is no database cluster nobody"),
    ],
)
def test_what_is_not_on_offer_is_refused_and_nothing_made(cloud, change, message):
    # Looking into a table makes an empty one.
    before = {name: rows for name, rows in cloud.world.dump()["tables"].items() if rows}
    assert message in cloud.refused("POST", "/databases", cloud.wish(**{"name": "main", **change}))
    assert {name: rows for name, rows in cloud.world.dump()["tables"].items() if rows} == before


def test_a_name_is_given_once_and_free_again_after_deletion(cloud):
    path = cloud.database("main")
    assert cloud.refused("POST", "/databases", cloud.wish()) == "cluster name is not available"
    cloud.ok("DELETE", path, status=204)
    assert cloud.call("GET", path).status == 404
    assert cloud.call("DELETE", path).status == 404
    cloud.database("main")


def test_everything_that_can_be_given_at_creation(cloud):
    vpc = cloud.ok("POST", "/vpcs", {"name": "net", "region": "fra1"})["vpc"]["id"]
    path = cloud.database(
        "main",
        version="16",
        private_network_uuid=vpc,
        storage_size_mib=20480,
        rules=[{"type": "ip_addr", "value": "10.0.0.0/8", "description": "inside"}],
        autoscale={"storage": {"enabled": True, "threshold_percent": 70, "increment_gib": 10}},
        do_settings={"service_cnames": ["db.example.com"]},
    )
    shown = cloud.ok("GET", path)["database"]
    assert (shown["version"], shown["storage_size_mib"]) == ("16", 20480)
    assert shown["private_network_uuid"] == vpc
    assert shown["do_settings"] == {"service_cnames": ["db.example.com"]}
    assert [(rule["value"], rule["description"]) for rule in shown["rules"]] == [("10.0.0.0/8", "inside")]
    storage = cloud.ok("GET", f"{path}/autoscale")["autoscale"]["storage"]
    assert storage == {"enabled": True, "threshold_percent": 70, "increment_gib": 10}


def test_membership_of_network_and_project(cloud):
    vpc = cloud.ok("POST", "/vpcs", {"name": "net", "region": "fra1"})["vpc"]["id"]
    other = cloud.ok("POST", "/vpcs", {"name": "far", "region": "nyc3"})["vpc"]["id"]
    wrong = cloud.wish(private_network_uuid=other)
    assert "is in nyc3, not in fra1" in cloud.refused("POST", "/databases", wrong)
    path = cloud.database("main", private_network_uuid=vpc)
    urn = f"do:dbaas:{path.rpartition('/')[2]}"
    assert [row["urn"] for row in cloud.ok("GET", f"/vpcs/{vpc}/members")["members"]] == [urn]
    assert cloud.ok("GET", path)["database"]["project_id"] == project_of(cloud.world, urn)
    assert project_of(cloud.world, urn) == default_project(cloud.world)["id"]
    cloud.ok("DELETE", path)
    assert cloud.ok("GET", f"/vpcs/{vpc}/members")["members"] == []
    assert project_of(cloud.world, urn) is None


def test_a_name_used_again_leads_to_another_host(cloud):
    """What still points at the old host must not reach the new cluster."""
    hosts = set()
    for _ in range(5):
        path = cloud.database("main")
        hosts.add(cloud.ok("GET", path)["database"]["connection"]["host"])
        cloud.ok("DELETE", path)
    assert len(hosts) > 1


def test_without_a_network_it_is_the_default_one_of_the_region(cloud):
    shown = cloud.ok("GET", cloud.database("main"))["database"]
    vpc = cloud.ok("GET", f"/vpcs/{shown['private_network_uuid']}")["vpc"]
    assert (vpc["region"], vpc["default"]) == ("fra1", True)


def test_the_list_is_whole_and_filters_by_tag(cloud):
    for number in range(25):
        cloud.database(f"db-{number:02}", tags=["odd"] if number % 2 else None)
    answer = cloud.ok("GET", "/databases?per_page=5")
    assert len(answer["databases"]) == 25
    assert set(answer) == {"databases"}
    assert len(cloud.ok("GET", "/databases?tag_name=odd")["databases"]) == 12
    assert cloud.ok("GET", "/databases?tag_name=none") == {"databases": []}


def test_tags_come_and_go(cloud):
    path = cloud.database("main")
    cloud.ok("POST", "/tags", {"name": "one"})
    target = {"resources": [{"resource_id": path.rpartition("/")[2], "resource_type": "database"}]}
    cloud.ok("POST", "/tags/one/resources", target, 204)
    assert cloud.ok("GET", path)["database"]["tags"] == ["one"]
    cloud.ok("DELETE", "/tags/one/resources", target, 204)
    assert cloud.ok("GET", path)["database"]["tags"] is None


def test_what_the_go_client_sends_for_nothing_is_nothing(cloud):
    empty = {"private_network_uuid": "", "project_id": "", "rules": None, "storage_size_mib": 0}
    legacy = {"storage_autoscale": {"enabled": True, "threshold_percent": 80}}
    path = cloud.database("main", **empty, **legacy)
    assert cloud.ok("GET", f"{path}/autoscale")["storage"] == {"enabled": True, "threshold_percent": 80}


def test_seeded_clusters_belong_to_somebody_else(cloud):
    cloud.database("main")
    cloud.shared.reset()
    SEEDERS["databases"](cloud.world, 45)
    SEEDERS["databases"](cloud.world, 1)
    cloud.world.run_timers()
    rows = cloud.ok("GET", "/databases")["databases"]
    assert len({row["name"] for row in rows}) == 46
    assert {row["status"] for row in rows} == {"online"}
    assert {row["name"].rpartition("-")[0] for row in rows} == {"other-team"}
    assert {row["engine"] for row in rows} == {"pg", "valkey"}


@pytest.mark.parametrize(
    ("field", "scope"),
    [("tags", "tag:create"), ("private_network_uuid", "vpc:read"), ("project_id", "project:assign_resource")],
)
def test_some_fields_need_a_scope_of_their_own(cloud, field, scope):
    vpc = cloud.ok("POST", "/vpcs", {"name": "net", "region": "fra1"})["vpc"]
    project = cloud.ok("GET", "/projects/default")["project"]
    given = {"tags": ["a"], "private_network_uuid": vpc["id"], "project_id": project["id"]}[field]
    wish = cloud.wish("main", **{field: given})
    answer = cloud.call("POST", "/databases", wish, token=cloud.scoped("database:create"))
    assert (answer.status, answer.message) == (403, f"You are missing the required permission {scope}.")
    assert cloud.call("POST", "/databases", wish, token=cloud.scoped("database:create", scope)).status == 201
    bare = cloud.wish("bare", **{field: [] if field == "tags" else ""})
    assert cloud.call("POST", "/databases", bare, token=cloud.scoped("database:create")).status == 201
