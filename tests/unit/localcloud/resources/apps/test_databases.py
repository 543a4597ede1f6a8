# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Database components refer to managed clusters that are really there."""

from __future__ import annotations

import pytest


@pytest.fixture
def cluster(cloud):
    size = {"engine": "pg", "size": "db-s-1vcpu-1gb", "region": "fra1", "num_nodes": 1}
    made = cloud.call("POST", "/databases", {"name": "main", **size})
    assert made.status == 201, made
    id = made.body["database"]["id"]
    cloud.world.run_timers()
    assert cloud.call("POST", f"/databases/{id}/users", {"name": "owner"}).status == 201
    assert cloud.call("POST", f"/databases/{id}/dbs", {"name": "fisio"}).status == 201
    pool = {"name": "pool", "mode": "transaction", "size": 5, "db": "fisio", "user": "owner"}
    assert cloud.call("POST", f"/databases/{id}/pools", pool).status == 201
    return id


def _database(**more):
    return {"name": "db", "engine": "PG", "production": True, "cluster_name": "main", **more}


def test_a_cluster_its_database_user_and_pool_can_be_bound(cloud, cluster):
    envs = [{"key": "DATABASE_URL", "value": "${db.DATABASE_URL}"}, {"key": "POOL", "value": "${db.pool.DATABASE_URL}"}]
    cloud.create(cloud.spec(databases=[_database(db_name="fisio", db_user="owner")], envs=envs))


@pytest.mark.parametrize(
    ("database", "why"),
    [
        (_database(db_name="nix"), 'the cluster "main" has no database "nix"'),
        (_database(db_user="nix"), 'the cluster "main" has no user "nix"'),
        (_database(engine="VALKEY"), 'the cluster "main" runs pg'),
    ],
)
def test_what_the_cluster_lacks_is_refused(cloud, cluster, database, why):
    assert why in cloud.refused("POST", "/apps", {"spec": cloud.spec(databases=[database])})


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("${db.DATABSE_URL}", 'no variable "DATABSE_URL"'),
        ("${db.nix.PORT}", "no connection pool"),
        ("${db.pool.X}", '"X"'),
    ],
)
def test_a_database_variable_that_is_none_is_refused(cloud, cluster, value, why):
    spec = cloud.spec(databases=[_database()], envs=[{"key": "A", "value": value}])
    assert why in cloud.refused("POST", "/apps", {"spec": spec})


@pytest.mark.parametrize("engine", ["PG", "VALKEY"])
def test_a_development_database_needs_no_cluster(cloud, engine):
    database = {"name": "db", "engine": engine, "production": False}
    app = cloud.deployed(cloud.spec(databases=[database], envs=[{"key": "A", "value": "${db.DATABASE_URL}"}]))
    assert app["active_deployment"]["phase"] == "ACTIVE"
    assert app["spec"]["databases"] == [{"name": "db", "engine": engine}]


def test_an_attached_cluster_needs_a_token_that_may_see_its_passwords(cloud, cluster):
    attached = {"spec": cloud.spec(databases=[_database()])}
    may_deploy = ("app:create", "app:read", "app:update")
    for scopes, why in (
        (may_deploy, "You are missing the required permission database:read."),
        ((*may_deploy, "database:read"), "database user password is not accessible"),
    ):
        answer = cloud.call("POST", "/apps", attached, token=cloud.scoped(*scopes))
        assert (answer.status, answer.body["message"]) == (403, why)
    token = cloud.scoped(*may_deploy, "database:read", "database:view_credentials")
    made = cloud.call("POST", "/apps", attached, token=token)
    assert made.status == 200, made
    where, blind = f"/apps/{made.body['app']['id']}", cloud.scoped(*may_deploy, "database:read")
    assert cloud.call("PUT", where, attached, token=blind).status == 403
    assert cloud.call("PUT", where, {"spec": cloud.spec()}, token=blind).status == 200
