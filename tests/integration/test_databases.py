# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the table of the law cannot say about databases: restoring, promoting, migrating, resetting, refusing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Outcome, Run, Step, admin
from tests.localcloud_fixtures import LocalCloud

SMALL = {"size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "fra1"}
PG = {"name": "clinic-pg", "engine": "pg", "version": "16", **SMALL}
VALKEY = {"name": "clinic-valkey", "engine": "valkey", **SMALL}
# New clusters of the Standard edition have neither standbys nor replicas.
ADVANCED = {**PG, "engine": "advanced_pg", "size": "gd-2vcpu-8gb"}


def cluster(step: str, args: dict[str, Any] | None = None, **options: Any) -> Step:
    keywords = {key: options.pop(key) for key in ("check", "register", "before") if key in options}
    return Step(step, "database_cluster", {**(args or {"name": "clinic-pg"}), **options}, **keywords)


def good(run: Run, name: str) -> Outcome:
    assert run[name].status == "ok", f"{name}: {run[name].message}"
    return run[name]


def found(run: Run, name: str, kind: str = "database_cluster") -> dict[str, Any]:
    resource: dict[str, Any] = good(run, name).result[kind]
    return resource


def assert_refused(run: Run, name: str, *words: str) -> None:
    """It failed in one sentence with these words, and nothing was written."""
    outcome = run[name]
    assert outcome.status == "failed", name
    assert outcome.write_list == [], name
    for word in words:
        assert word in outcome.message, f"{name}: {outcome.message}"


def test_restore_makes_a_new_cluster_with_the_data(cloud: LocalCloud) -> None:
    restore = {**PG, "name": "restored", "backup_restore": {"database_name": "clinic-pg"}}
    run = inside(
        cloud,
        [
            cluster("old", PG, rules=[{"type": "ip_addr", "value": "10.20.0.0/20"}]),
            Step("data", "database_db", {"cluster": "clinic-pg", "name": "fisioflow"}),
            Step("backups", "database_backup_info", {"cluster": "clinic-pg"}, before=[admin("advance", 3 * 86400)]),
            cluster("restored: check", restore, check=True),
            cluster("restored", restore),
            cluster("restored: again", restore),
            Step("restored data", "database_db_info", {"cluster": "restored"}),
            Step("restored firewall", "database_firewall_info", {"cluster": "restored"}),
            cluster("no such source", {**restore, "name": "other", "backup_restore": {"database_name": "nothing"}}),
        ],
    )
    backups = good(run, "backups").result
    assert 0 <= backups["newest_age_hours"] <= 24
    assert 2 <= backups["span_days"] <= 4
    assert [entry["created_at"] for entry in backups["database_backups"]] == sorted(
        (entry["created_at"] for entry in backups["database_backups"]), reverse=True
    )
    assert good(run, "restored: check").changed
    assert good(run, "restored: check").write_list == []
    assert found(run, "restored")["id"] != found(run, "old")["id"]
    assert found(run, "restored")["connection"]["host"] != found(run, "old")["connection"]["host"]
    assert (good(run, "restored: again").changed, run["restored: again"].write_list) == (False, [])
    assert {db["name"] for db in good(run, "restored data").result["database_dbs"]} == {"defaultdb", "fisioflow"}
    assert good(run, "restored firewall").result["database_firewalls"][0]["rules"] == []
    assert run["no such source"].status == "failed"
    assert "answered 4" in run["no such source"].message


def test_rules_admit_from_the_first_moment_and_never_again(cloud: LocalCloud) -> None:
    first, other = ([{"type": "ip_addr", "value": value}] for value in ("10.20.0.0/20", "203.0.113.0/24"))
    run = inside(
        cloud,
        [
            cluster("create", PG, rules=first),
            cluster("other rules", PG, rules=other),
            Step("rules", "database_firewall_info", {"cluster": "clinic-pg"}),
        ],
    )
    assert (good(run, "other rules").changed, run["other rules"].write_list) == (False, [])
    rules = good(run, "rules").result["database_firewalls"][0]["rules"]
    assert [rule["value"] for rule in rules] == ["10.20.0.0/20"]


def test_what_lies_elsewhere_is_changed_there(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("project", "project", {"name": "clinic", "purpose": "Web Application"}, register="project"),
            cluster("create", {**PG, "tags": ["a"]}, storage_size_mib=20480),
            cluster("project: move", project_id="{{ project.project.id }}"),
            cluster("project: again", project_id="{{ project.project.id }}"),
            cluster("migrate", region="ams3"),
            cluster("migrate: again", region="ams3"),
            cluster("valkey", VALKEY, eviction_policy="volatile_lru"),
            cluster("valkey: again", VALKEY, eviction_policy="volatile_lru"),
            cluster("valkey: other", {"name": "clinic-valkey"}, eviction_policy="allkeys_lru"),
        ],
    )
    assert run["project: move"].write_list == [f"POST /v2/projects/{found(run, 'project', 'project')['id']}/resources"]
    assert found(run, "project: move")["project_id"] == found(run, "project", "project")["id"]
    assert [path.rsplit("/", 1)[1] for path in run["migrate"].write_list] == ["migrate"]
    assert found(run, "migrate")["region"] == "ams3"
    assert found(run, "migrate")["status"] == "online"
    for name in ("project: again", "migrate: again", "valkey: again"):
        assert (good(run, name).changed, run[name].write_list) == (False, []), name
    assert found(run, "valkey: other")["eviction_policy"] == "allkeys_lru"


def test_resizing_leaves_the_disk_to_the_api(cloud: LocalCloud) -> None:
    """It takes the base of a bigger size, keeps a disk that was made larger, and is asked for none on Valkey."""
    run = inside(
        cloud,
        [
            cluster("pg", PG),
            cluster("pg: bigger", size="db-s-1vcpu-2gb"),
            cluster("pg: larger disk", storage_size_mib=40960),
            cluster("pg: bigger still", size="db-s-2vcpu-4gb"),
            cluster("valkey", {**VALKEY, "size": "db-s-1vcpu-2gb"}),
            cluster("valkey: more nodes", {"name": "clinic-valkey"}, num_nodes=2),
        ],
    )
    sizes = [found(run, name)["storage_size_mib"] for name in ("pg: bigger", "pg: larger disk", "pg: bigger still")]
    assert sizes == [30720, 40960, 61440]
    assert found(run, "valkey: more nodes")["num_nodes"] == 2


def test_tags_have_the_capitals_of_their_first_creation(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            cluster("first", PG, tags=["Prod"]),
            cluster("same", tags=["PROD"]),
            cluster("other", VALKEY, tags=["b"]),
            cluster("other: more", {"name": "clinic-valkey"}, tags=["prod", "b"]),
            cluster("other: again", {"name": "clinic-valkey"}, tags=["B", "prod"]),
            cluster("other: none", {"name": "clinic-valkey"}, tags=[]),
        ],
    )
    assert found(run, "other: more")["tags"] == ["Prod", "b"]
    assert not found(run, "other: none")["tags"]
    for name in ("same", "other: again"):
        assert (good(run, name).changed, run[name].write_list) == (False, []), name


def test_a_disk_that_grew_by_itself_stays(cloud: LocalCloud) -> None:
    growing = {"autoscale": {"storage": {"enabled": True, "threshold_percent": 80, "increment_gib": 10}}}
    run = inside(
        cloud,
        [
            cluster("pg", PG, storage_size_mib=20480, **growing),
            cluster("grown", storage_size_mib=30720),
            cluster("again", PG, storage_size_mib=20480, **growing),
            cluster("bigger", storage_size_mib=20480, size="db-s-1vcpu-2gb", **growing),
        ],
    )
    assert (good(run, "again").changed, run["again"].write_list) == (False, [])
    assert found(run, "bigger")["storage_size_mib"] == 30720


def test_settings_are_understood_as_they_are_meant(cloud: LocalCloud) -> None:
    """Templates and the command line make text of everything, and YAML takes `off` for false."""
    as_text = {
        "backup_hour": "6",
        "jit": "false",
        "autovacuum_vacuum_scale_factor": "0.3",
        "pgbouncer": {"server_lifetime": 100},
    }
    run = inside(
        cloud,
        [
            cluster("pg", PG),
            cluster("valkey", VALKEY),
            Step("text", "database_config", {"cluster": "clinic-pg", "config": as_text}),
            Step("text: again", "database_config", {"cluster": "clinic-pg", "config": as_text}),
            Step("off", "database_config", {"cluster": "clinic-valkey", "config": {"valkey_persistence": False}}),
            Step("no number", "database_config", {"cluster": "clinic-pg", "config": {"backup_hour": "night"}}),
        ],
    )
    config = found(run, "text", "database_config")["config"]
    assert [config[name] for name in as_text] == [6, False, 0.3, {"server_lifetime": 100}]
    assert (good(run, "text: again").changed, run["text: again"].write_list) == (False, [])
    assert found(run, "off", "database_config")["config"]["valkey_persistence"] == "off"
    told = 'Could not change configuration of database cluster "clinic-pg": '
    assert run["no number"].message.startswith(told)
    assert "backup_hour" in run["no number"].message


def test_refused_before_any_write(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            cluster("pg", PG, storage_size_mib=20480, register="pg"),
            cluster("valkey", VALKEY),
            cluster("downgrade", version="15"),
            cluster("shrink", storage_size_mib=10240),
            cluster("eviction of pg", eviction_policy="volatile_lru"),
            cluster("rename", {"id": "{{ pg.database_cluster.id }}", "name": "other"}),
            cluster("incomplete", {"name": "new", "engine": "pg"}),
            cluster("soon", maintenance_window={"day": "sunday", "hour": "soon"}),
            cluster("late", maintenance_window={"day": "sunday", "hour": "24:00"}),
            cluster("YAML's number", maintenance_window={"day": "sunday", "hour": 1320}),
            cluster("no day", {**PG, "name": "new"}, maintenance_window={"day": "sonntag", "hour": "22:00"}),
            cluster(
                "out of its VPC", region="ams3", private_network_uuid="{{ pg.database_cluster.private_network_uuid }}"
            ),
            *(
                Step(f"nowhere {module}", module, {"cluster_id": "5b9c4494-b4e9-4c66-8306-dcec7ef87b2f", **args})
                for module, args in (
                    ("database_firewall", {"rules": []}),
                    ("database_config", {"config": {"work_mem": 8}}),
                )
            ),
            Step(
                "ipv6",
                "database_firewall",
                {"cluster": "clinic-pg", "rules": [{"type": "ip_addr", "value": "2001:db8::1"}]},
            ),
            Step(
                "too many",
                "database_firewall",
                {
                    "cluster": "clinic-pg",
                    "mode": "append",
                    "rules": [{"type": "ip_addr", "value": f"10.0.{n}.1"} for n in range(101)],
                },
            ),
            Step("administrator", "database_user", {"cluster": "clinic-pg", "name": "doadmin", "state": "absent"}),
            Step("no cluster", "database_user", {"cluster": "nothing", "name": "app"}),
            Step("unknown engine", "database_options_info", {"engine": "oracle"}),
            Step(
                "promote nothing", "database_replica", {"cluster": "clinic-pg", "name": "nothing", "state": "promoted"}
            ),
            # By the API's clock, whatever the controller's says.
            cluster(
                "standby: check",
                {**PG, "name": "new"},
                size="db-s-1vcpu-2gb",
                num_nodes=2,
                check=True,
                before=[admin("advance", 30 * 86400)],
            ),
            cluster("standby", {**PG, "name": "new"}, size="db-s-1vcpu-2gb", num_nodes=2),
            cluster("one node", {**PG, "name": "young"}),
            Step("replica", "database_replica", {"cluster": "young", "name": "follower", "size": "db-s-1vcpu-1gb"}),
        ],
    )
    for name in ("standby: check", "standby", "replica"):
        assert_refused(run, name, "since 2026-10-15 in accounts that never had one", "advanced_pg")
    good(run, "one node")
    assert_refused(run, "downgrade", "version is 16", "15")
    assert_refused(run, "shrink", "storage_size_mib is 20480", "10240")
    assert_refused(run, "eviction of pg", "only Valkey has one")
    assert_refused(run, "rename", "name is 'clinic-pg' and cannot become 'other'")
    assert_refused(run, "incomplete", "size", "num_nodes", "region")
    assert_refused(run, "soon", 'its hour "soon" is no time of day')
    assert_refused(run, "late", 'its hour "24:00" is no time of day')
    assert_refused(run, "YAML's number", 'its hour "1320" is no time of day', "quotation marks")
    assert_refused(run, "no day", 'its day "sonntag" is none of the week')
    assert_refused(run, "out of its VPC", "would leave its VPC")
    for module in ("database_firewall", "database_config"):
        assert_refused(run, f"nowhere {module}", 'Could not find database cluster "5b9c4494', "create it first")
    assert_refused(run, "ipv6", "2001:db8::1 is not an IPv4 address")
    assert_refused(run, "too many", "it would have 101 rules")
    assert_refused(run, "administrator", "administrator")
    assert_refused(run, "no cluster", 'Could not find database cluster "nothing"')
    assert_refused(run, "unknown engine", "There is no database engine oracle: on offer are", "pg", "valkey")
    assert_refused(run, "promote nothing", "there is no such replica")


# What Valkey lacks is the API's to say; the sentence says of what it was said.
@pytest.mark.parametrize(("module", "args"), [
    ("database_user", {"name": "app"}),
    ("database_db", {"name": "app"}),
    ("database_pool", {"name": "app", "mode": "transaction", "size": 1, "db": "app"}),
    ("database_replica", {"name": "follower", "size": "db-s-1vcpu-1gb"}),
    ("database_backup_info", {}),
])  # fmt: skip
def test_valkey_is_refused_clearly(cloud: LocalCloud, module: str, args: dict[str, Any]) -> None:
    run = inside(cloud, [cluster("valkey", VALKEY), Step("try", module, {"cluster": "clinic-valkey", **args})])
    outcome = run["try"]
    assert outcome.status == "failed"
    assert not outcome.changed
    assert "not supported" in outcome.message, outcome.message
    assert "leave the task or the option out" in outcome.message, outcome.message
    assert '"clinic-valkey"' in outcome.message, outcome.message


def test_password_reset_every_time_it_is_asked_for(cloud: LocalCloud) -> None:
    user = {"cluster": "clinic-pg", "name": "app"}
    run = inside(
        cloud,
        [
            cluster("pg", PG),
            Step("create", "database_user", {**user, "reset_password": True}),
            Step("reset: check", "database_user", {**user, "reset_password": True}, check=True),
            Step("reset", "database_user", {**user, "reset_password": True}),
            Step("plain", "database_user", user),
        ],
    )
    state = cloud.admin.state()
    assert run["create"].write_list[0].startswith("POST")
    assert len(run["create"].write_list) == 1
    assert good(run, "reset: check").changed
    assert run["reset: check"].write_list == []
    assert run["reset"].write_list[0].endswith("/users/app/reset_auth")
    assert run["reset"].result["diff"] == run["reset: check"].result["diff"]
    assert run["reset"].result["diff"]["before"] != run["reset"].result["diff"]["after"]
    assert not good(run, "plain").changed
    passwords = {value for value in _values(state, "password") if value}
    assert len(passwords) >= 2
    assert [secret for secret in passwords if secret in run.printed] == []


def test_a_promoted_replica_is_a_cluster(cloud: LocalCloud) -> None:
    replica = {"cluster": "clinic-pg", "name": "follower"}
    run = inside(
        cloud,
        [
            cluster("pg", ADVANCED),
            Step("replica", "database_replica", {**replica, "size": "gd-2vcpu-8gb"}),
            Step("promote: check", "database_replica", {**replica, "state": "promoted"}, check=True),
            Step("promote", "database_replica", {**replica, "state": "promoted"}),
            Step("promote: again", "database_replica", {**replica, "state": "promoted"}),
            Step("absent", "database_replica", {**replica, "state": "absent"}),
            Step("clusters", "database_cluster_info", {"name": "follower"}),
            Step(
                "of one to come: check",
                "database_replica",
                {"cluster": "new-pg", "name": "new", "state": "promoted"},
                check=True,
            ),
            Step("primary is gone", "database_cluster", {"name": "clinic-pg", "state": "absent"}),
            Step("then again: check", "database_replica", {**replica, "state": "promoted"}, check=True),
            Step("then again", "database_replica", {**replica, "state": "promoted"}),
        ],
    )
    assert good(run, "of one to come: check").changed
    assert good(run, "promote: check").changed
    assert run["promote: check"].write_list == []
    assert [path.rsplit("/", 1)[1] for path in run["promote"].write_list] == ["promote"]
    assert run["promote"].result["diff"] == run["promote: check"].result["diff"]
    for name in ("promote: again", "absent", "then again: check", "then again"):
        assert (good(run, name).changed, run[name].write_list) == (False, []), name
    assert [row["name"] for row in good(run, "clusters").result["database_clusters"]] == ["follower"]


def test_a_lost_answer_to_a_promotion_and_a_busy_cluster_are_no_failures(cloud: LocalCloud) -> None:
    replica = {"cluster": "clinic-pg", "name": "follower"}
    user = {"cluster": "clinic-pg", "name": "app"}
    run = inside(
        cloud,
        [
            cluster("pg", ADVANCED),
            Step("user", "database_user", user),
            Step("replica", "database_replica", {**replica, "size": "gd-2vcpu-8gb"}),
            Step(
                "promote",
                "database_replica",
                {**replica, "state": "promoted"},
                before=[admin("fault", "drop", method="PUT", path="*/promote", when="after", count=1)],
            ),
            Step("clusters", "database_cluster_info", {"name": "follower"}),
            Step(
                "reset",
                "database_user",
                {**user, "reset_password": True},
                before=[admin("fault", "status", status=409, method="POST", path="*/reset_auth", count=1)],
            ),
        ],
    )
    assert good(run, "promote").changed
    assert len(good(run, "clusters").result["database_clusters"]) == 1
    assert good(run, "reset").changed


def test_firewall_keeps_what_others_set(cloud: LocalCloud) -> None:
    def rules(*values: str) -> dict[str, Any]:
        return {"cluster": "clinic-pg", "rules": [{"type": "ip_addr", "value": value} for value in values]}

    run = inside(
        cloud,
        [
            cluster("pg", PG),
            Step(
                "exact",
                "database_firewall",
                {
                    "cluster": "clinic-pg",
                    "rules": [
                        {"type": "ip_addr", "value": "10.0.0.1", "description": "ours"},
                        {"type": "tag", "value": "theirs"},
                    ],
                },
            ),
            Step("append", "database_firewall", {**rules("10.0.0.2"), "mode": "append"}),
            Step(
                "tag: again",
                "database_firewall",
                {"cluster": "clinic-pg", "mode": "append", "rules": [{"type": "tag", "value": "THEIRS"}]},
            ),
            Step("append: again", "database_firewall", {**rules("10.0.0.1/32", "10.0.0.2"), "mode": "append"}),
            Step("remove", "database_firewall", {**rules("10.0.0.2"), "mode": "remove"}),
            Step("remove: again", "database_firewall", {**rules("10.0.0.2", "10.9.9.9"), "mode": "remove"}),
            Step("nobody", "database_firewall", rules()),
        ],
    )
    kept = {rule["value"]: rule["uuid"] for rule in found(run, "exact", "database_firewall")["rules"]}
    left = {rule["value"]: rule for rule in found(run, "remove", "database_firewall")["rules"]}
    assert {value: rule["uuid"] for value, rule in left.items()} == kept
    assert left["10.0.0.1"]["description"] == "ours"
    for name in ("tag: again", "append: again", "remove: again"):
        assert (good(run, name).changed, run[name].write_list) == (False, []), name
    assert found(run, "nobody", "database_firewall")["rules"] == []


def _values(data: Any, key: str) -> list[str]:
    """Everything under `key`, at any depth."""
    if isinstance(data, dict):
        return [str(value) for name, value in data.items() if name == key] + [
            item for value in data.values() for item in _values(value, key)
        ]
    return [item for value in data for item in _values(value, key)] if isinstance(data, list) else []
