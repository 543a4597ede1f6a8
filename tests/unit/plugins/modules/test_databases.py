# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What database modules send, where no answer of localcloud would show it."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Api
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_cluster import DatabaseCluster
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_config import DatabaseConfig
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_firewall import DatabaseFirewall
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_replica import DatabaseReplica
from tests.unit.plugins.module_utils.scripted import answer, error, play

CLUSTER = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30"
ONE = f"/v2/databases/{CLUSTER}"


def sent(module, exchanges, **options):
    """The body of the one write of a run that changes something."""
    result = play(module, exchanges, cluster_id=CLUSTER, **options)
    assert result["changed"] is True, result
    (body,) = result["written"]
    return body


def test_only_the_settings_that_differ_are_sent():
    before = {"config": {"work_mem": 4, "timezone": "UTC", "pgbouncer": {"server_lifetime": 60}}}
    after = {"config": {**before["config"], "work_mem": 8}}
    exchanges = [
        (f"GET {ONE}/config", answer(200, before)),
        (f"PATCH {ONE}/config", answer(200)),
        (f"GET {ONE}/config", answer(200, after)),
    ]
    assert sent(DatabaseConfig, exchanges, config={"work_mem": 8, "timezone": "UTC"}) == {"config": {"work_mem": 8}}


@pytest.mark.parametrize("mode", ["exact", "append"])
def test_a_trusted_source_that_stays_is_sent_with_its_id(mode):
    there = {"uuid": "79f26d28-ea8a-41f2-8ad8-8cfcdd020095", "cluster_uuid": CLUSTER, "type": "ip_addr",
             "value": "203.0.113.7", "created_at": "2026-11-24T03:00:00Z"}  # fmt: skip
    kept = {name: there[name] for name in ("uuid", "type", "value")}
    new = {"type": "ip_addr", "value": "203.0.113.8"}
    exchanges = [
        (f"GET {ONE}/firewall", answer(200, {"rules": [there]})),
        (f"PUT {ONE}/firewall", answer(204)),
        (f"GET {ONE}/firewall", answer(200, {"rules": [there, {**there, **new, "uuid": "another"}]})),
    ]
    rules = [new, {"type": "ip_addr", "value": "203.0.113.7"}] if mode == "exact" else [new]
    body = sent(DatabaseFirewall, exchanges, rules=rules, mode=mode)
    assert sorted(body["rules"], key=lambda rule: rule["value"]) == [kept, new]


def moved(*statuses):
    """The result of moving a cluster to another project, which answers so, one time after the other."""
    urn = f"do:dbaas:{CLUSTER}"
    there = {"id": CLUSTER, "name": "clinic-pg", "engine": "pg", "status": "online", "project_id": "elsewhere"}
    answers = [answer(200, {"resources": [{"urn": urn, "status": status}]}) for status in statuses]
    exchanges = [
        (f"GET {ONE}", answer(200, {"database": there})),
        *(("POST /v2/projects/here/resources", row) for row in answers),
        *(
            [(f"GET {ONE}", answer(200, {"database": {**there, "project_id": "here"}}))] * 2
            if "assigned" in statuses
            else []
        ),
    ]
    return play(DatabaseCluster, exchanges, id=CLUSTER, project_id="here")


def test_a_project_that_does_not_know_the_cluster_yet_is_asked_again():
    result = moved("not_found", "not_found", "assigned")
    assert result["changed"] is True
    assert result["database_cluster"]["project_id"] == "here"


def test_a_project_that_does_not_take_the_cluster_is_a_failure():
    said = f'Could not move database cluster "{CLUSTER}" to project here: the API answered service_down'
    assert said in moved("service_down")["msg"]


OLD, NEW = "2026-11-29T23:59:59Z", "2026-11-30T00:00:00Z"
OFFER = {"size": "db-s-1vcpu-2gb", "region": "fra1", "num_nodes": 2}
WHY = "new Standard clusters (pg, mysql) have no standby, no read-only node and at most 4 GiB, from 2026-11-30 for all"


# What new clusters are offered, of which one that is older may have more.
SIZES = ["db-s-1vcpu-1gb", "db-s-1vcpu-2gb", "db-s-2vcpu-4gb"]
FULL = {"regions": ["fra1"], "versions": ["16"], "layouts": [{"num_nodes": nodes, "sizes": SIZES} for nodes in (1, 2)]}


def options(**offer):
    return ("GET /v2/databases/options", answer(200, {"options": {"pg": {**FULL, **offer}}}))


LESS = options(layouts=FULL["layouts"][:1])


def cluster_row(**more):
    return {"id": CLUSTER, "name": "clinic-pg", "engine": "pg", "status": "online", **OFFER, "num_nodes": 1, **more}


def making(date, *more, **options):
    """The result of making a cluster with an API whose clock says so."""
    exchanges = [("GET /v2/databases", answer(200, {"databases": []}, date=date)), *more]
    return play(DatabaseCluster, exchanges, name="clinic-pg", **{"engine": "pg", **OFFER, **options})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "it would have 2 nodes, but"),
        ({"num_nodes": 1, "size": "db-s-4vcpu-8gb"}, "it would have nodes of 8 GiB, but"),
        ({"size": "gd-2vcpu-8gb", "backup_restore": {"database_name": "old"}}, "2 nodes and nodes of 8 GiB, but"),
    ],
)
def test_what_a_new_standard_cluster_no_longer_gets_is_told_before_anything_is_made(options, words):
    result = making("Mon, 30 Nov 2026 00:00:00 GMT", **options)
    assert result["written"] == []
    assert words in result["msg"]
    assert f"{WHY}, since 2026-10-15 in accounts that never had one" in result["msg"]
    assert result["msg"].endswith("take engine advanced_pg, or one node of at most 4 GiB.")


def test_until_that_day_the_api_decides_and_its_refusal_is_told_with_the_cause():
    refused = ("POST /v2/databases", error(422, "invalid cluster layout"))
    result = making("Sun, 29 Nov 2026 23:59:59 GMT", options(), refused)
    assert 'the API answered 422 "invalid cluster layout"' in result["msg"]
    assert f"Mind that {WHY}" in result["msg"]
    small = making("Mon, 30 Nov 2026 00:00:00 GMT", LESS, refused, num_nodes=1)
    assert "Mind" not in small["msg"]


@pytest.mark.parametrize(("nodes", "size"), [(2, "db-s-1vcpu-2gb"), (1, "db-s-4vcpu-8gb")])
def test_an_older_cluster_keeps_its_upgrade_paths(nodes, size):
    after = cluster_row(created_at=OLD, num_nodes=nodes, size=size)
    exchanges = [
        (f"GET {ONE}", answer(200, {"database": cluster_row(created_at=OLD)}, date="Tue, 01 Dec 2026 00:00:00 GMT")),
        LESS,
        (f"PUT {ONE}/resize", answer(202)),
        *[(f"GET {ONE}", answer(200, {"database": after}))] * 2,
    ]
    assert play(DatabaseCluster, exchanges, id=CLUSTER, num_nodes=nodes, size=size)["changed"] is True
    young = [(f"GET {ONE}", answer(200, {"database": cluster_row(created_at=NEW)}))]
    result = play(DatabaseCluster, young, id=CLUSTER, num_nodes=nodes, size=size)
    assert (WHY in result["msg"], result["written"]) == (True, [])


@pytest.mark.parametrize(
    ("there", "options", "words"),
    [
        ({"engine": "valkey"}, {"num_nodes": 3}, "num_nodes is 3, and Valkey has 1 or 2 nodes"),
        ({"size": "db-s-2vcpu-4gb"}, {"size": "db-s-1vcpu-2gb"}, "nodes cannot get smaller (db-s-1vcpu-2gb)"),
    ],
)
def test_nodes_that_cannot_be_are_refused_before_any_write(there, options, words):
    exchanges = [(f"GET {ONE}", answer(200, {"database": cluster_row(**there)}))]
    result = play(DatabaseCluster, exchanges, id=CLUSTER, **options)
    assert (words in result["msg"], result["written"]) == (True, [])


REPLICAS = f"{ONE}/replicas"
REPLICA = {"id": "0f11cd4c-8b36-4c7f-8e50-3d5bb87a1d0e", "name": "reader", "region": "fra1", "size": "db-s-1vcpu-2gb",
           "status": "online", "storage_size_mib": 30720}  # fmt: skip


def test_a_primary_of_that_day_gets_no_replica_and_an_older_one_does():
    none = (f"GET {REPLICAS}/reader", error(404))
    young = [none, (f"GET {ONE}", answer(200, {"database": cluster_row(created_at=NEW)}))]
    wish = {"cluster_id": CLUSTER, "name": "reader", "size": "db-s-1vcpu-2gb"}
    result = play(DatabaseReplica, young, **wish)
    assert (WHY in result["msg"], result["written"]) == (True, [])
    old = [
        none,
        (f"GET {ONE}", answer(200, {"database": cluster_row(created_at=OLD)})),
        options(),
        (f"POST {REPLICAS}", error(422, "not available")),
    ]
    assert f"Mind that {WHY}" in play(DatabaseReplica, old, **wish)["msg"]


def test_a_replica_is_resized_in_place_by_its_id():
    after = {**REPLICA, "size": "db-s-2vcpu-4gb", "storage_size_mib": 61440}
    exchanges = [
        (f"GET {REPLICAS}/reader", answer(200, {"replica": REPLICA})),
        options(),
        (f"GET {ONE}", answer(200, {"database": cluster_row()})),
        (f"PUT /v2/databases/{REPLICA['id']}/resize", answer(202)),
        *[(f"GET {REPLICAS}/reader", answer(200, {"replica": after}))] * 2,
    ]
    assert sent(DatabaseReplica, exchanges, name="reader", size="db-s-2vcpu-4gb") == {
        "size": "db-s-2vcpu-4gb", "num_nodes": 1}  # fmt: skip
    del exchanges[1:3]
    exchanges[0] = (f"GET {REPLICAS}/reader", answer(200, {"replica": {**REPLICA, "size": "db-s-2vcpu-4gb"}}))
    assert sent(DatabaseReplica, exchanges, name="reader", size="db-s-2vcpu-4gb", storage_size_mib=61440) == {
        "size": "db-s-2vcpu-4gb", "num_nodes": 1, "storage_size_mib": 61440}  # fmt: skip


@pytest.mark.parametrize("smaller", [{"size": "db-s-1vcpu-1gb"}, {"storage_size_mib": 20480}])
def test_a_replica_only_grows(smaller):
    exchanges = [(f"GET {REPLICAS}/reader", answer(200, {"replica": REPLICA}))]
    result = play(DatabaseReplica, exchanges, cluster_id=CLUSTER, name="reader", **smaller)
    assert ("create another replica" in result["msg"], result["written"]) == (True, [])


@pytest.mark.parametrize("given", ["allkeys-lru", "allkeys_lru"])
@pytest.mark.parametrize("there", ["allkeys-lru", "allkeys_lru"])
def test_a_policy_is_one_however_it_is_spelt(given, there):
    before = {"config": {"valkey_maxmemory_policy": there, "valkey_timeout": 300}}
    exchanges = [(f"GET {ONE}/config", answer(200, before))]
    settings = {"valkey_maxmemory_policy": given}
    assert play(DatabaseConfig, exchanges, cluster_id=CLUSTER, config=settings)["changed"] is False
    exchanges += [
        (f"PATCH {ONE}/config", answer(200)),
        (f"GET {ONE}/config", answer(200, {"config": {**before["config"], "valkey_timeout": 60}})),
    ]
    settings["valkey_timeout"] = 60
    assert sent(DatabaseConfig, exchanges, config=settings) == {"config": {"valkey_timeout": 60}}


def test_a_policy_is_sent_as_the_description_spells_it():
    def policy_sent(name, given):
        exchanges = [
            (f"GET {ONE}/config", answer(200, {"config": {name: "noeviction"}})),
            (f"PATCH {ONE}/config", answer(200)),
            (f"GET {ONE}/config", answer(200, {"config": {name: "allkeys_lru"}})),
        ]
        return sent(DatabaseConfig, exchanges, config={name: given})["config"][name]

    assert policy_sent("valkey_maxmemory_policy", "allkeys-lru") == "allkeys_lru"
    assert policy_sent("redis_maxmemory_policy", "allkeys_lru") == "allkeys-lru"


def test_the_eviction_policy_of_a_cluster_may_have_a_hyphen():
    row = cluster_row(engine="valkey")
    exchanges = [
        (f"GET {ONE}", answer(200, {"database": row})),
        (f"GET {ONE}/eviction_policy", answer(200, {"eviction_policy": "noeviction"})),
        (f"PUT {ONE}/eviction_policy", answer(204)),
        *[
            (f"GET {ONE}", answer(200, {"database": row})),
            (f"GET {ONE}/eviction_policy", answer(200, {"eviction_policy": "volatile_lru"})),
        ]
        * 2,
    ]
    assert play(DatabaseCluster, exchanges, id=CLUSTER, eviction_policy="volatile-lru")["written"] == [
        {"eviction_policy": "volatile_lru"}]  # fmt: skip
    # Nor is it a difference where the API writes one.
    hyphen = [exchanges[0], (f"GET {ONE}/eviction_policy", answer(200, {"eviction_policy": "volatile-lru"}))]
    assert play(DatabaseCluster, hyphen, id=CLUSTER, eviction_policy="volatile_lru")["changed"] is False


def test_parameters_of_the_advanced_edition_are_sent_as_text_and_alone():
    before = {"config": {"pg_parameters": {"work_mem": "4096", "jit": "on", "shared_buffers": "2097152"}}}
    exchanges = [(f"GET {ONE}/config", answer(200, before))]
    same = {"pg_parameters": {"work_mem": 4096, "jit": True}}
    assert play(DatabaseConfig, exchanges, cluster_id=CLUSTER, config=same)["changed"] is False
    changed = {"work_mem": "1024", "jit": "off", "log_lock_waits": "on"}
    after = {"config": {"pg_parameters": {**before["config"]["pg_parameters"], **changed}}}
    exchanges += [(f"PATCH {ONE}/config", answer(200)), (f"GET {ONE}/config", answer(200, after))]
    wish = {"pg_parameters": {"work_mem": 1024, "jit": False, "log_lock_waits": True}}
    assert sent(DatabaseConfig, exchanges, config=wish) == {"config": {"pg_parameters": changed}}


@pytest.mark.parametrize(
    ("there", "given", "words"),
    [
        ({"pg_parameters": {}}, {"work_mem": 4}, "the Advanced edition has no work_mem"),
        ({"work_mem": 4}, {"pg_parameters": {"work_mem": "4096"}}, "pg_parameters is of advanced_pg only"),
    ],
)
def test_the_two_shapes_of_configuration_are_not_mixed_up(there, given, words):
    exchanges = [(f"GET {ONE}/config", answer(200, {"config": there}))]
    result = play(DatabaseConfig, exchanges, cluster_id=CLUSTER, config=given)
    assert (words in result["msg"], result["written"]) == (True, [])


LIST = "GET /v2/databases"
PG = {"id": CLUSTER, "name": "clinic", "engine": "pg", "status": "online"}
DBS, BACKUPS = f"GET {ONE}/dbs", f"GET {ONE}/backups"
NONE = [(DBS, answer(200, {"dbs": [{"name": "defaultdb"}]})), (BACKUPS, answer(200, {"backups": []}))]


def absent(monkeypatch, held, *more, cluster=PG, **options):
    """A deletion; what is read at the same time comes in the order of the script."""
    monkeypatch.setattr(Api, "gather", lambda _self, calls: {name: call() for name, call in calls.items()})
    exchanges = [(LIST, answer(200, {"databases": [cluster]})), *held, *more]
    return play(DatabaseCluster, exchanges, name="clinic", state="absent", **options)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ([(DBS, answer(200, {"dbs": [{"name": "fisioflow"}]})), NONE[1]], "it holds the database fisioflow"),
        ([NONE[0], (BACKUPS, answer(200, {"backups": [{"created_at": "2026-11-28T03:00:00Z"}]}))], "1 backup, the"),
        ([(DBS, answer(200, {"dbs": [None]}))], "a row that is no object"),
        ([NONE[0], *[(BACKUPS, answer(200, {"backups": [], "meta": {"total": 7}}))] * 6], "announced more rows"),
    ],
)
def test_a_cluster_is_kept_unless_the_api_says_that_it_holds_nothing(monkeypatch, held, words):
    result = absent(monkeypatch, held)
    assert words in result["msg"]
    assert (result["changed"], result["written"]) == (False, [])


def test_a_cluster_that_an_app_has_in_its_spec_is_not_pulled_from_under_it(monkeypatch):
    app = {"id": "x", "spec": {"name": "clinic-app", "databases": [{"name": "db", "cluster_name": "clinic"}]}}
    apps = ("GET /v2/apps", answer(200, {"apps": [app]}))
    result = absent(
        monkeypatch, [], (f"GET {ONE}", answer(200, {"database": PG})), apps, apps, force=True, wait_timeout=0.1
    )
    assert "still in use (the app clinic-app still has it in its spec)" in result["msg"]
    assert (result["changed"], result["written"]) == (False, [])


def test_a_cluster_that_is_being_created_can_be_deleted_and_one_that_has_gone_is_gone(monkeypatch):
    new = {**PG, "status": "creating"}
    look, apps = (f"GET {ONE}", answer(200, {"database": new})), ("GET /v2/apps", answer(200, {"apps": []}))
    gone = absent(
        monkeypatch, [], look, apps, (f"DELETE {ONE}", answer(204)), (f"GET {ONE}", error(404)), cluster=new, wait=True
    )
    assert gone["changed"]
    meanwhile = absent(monkeypatch, [(DBS, error(404))], (f"GET {ONE}", error(404)))
    assert (meanwhile["changed"], meanwhile["written"]) == (False, [])
