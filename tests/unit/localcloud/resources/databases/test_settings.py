# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maintenance, autoscale, DigitalOcean's settings, events, metrics, the authority; and who may see credentials."""

from __future__ import annotations

from base64 import b64decode

import pytest


@pytest.mark.parametrize(
    ("hour", "shown"), [("04:00", "04:00:00"), ("4:30", "04:30:00"), ("23:59", "23:59:00"), ("04:00:15", "04:00:15")]
)
def test_a_window_is_shown_with_seconds(cloud, hour, shown):
    path = cloud.database("main")
    assert cloud.ok("PUT", f"{path}/maintenance", {"day": "sunday", "hour": hour}, 204) is None
    assert cloud.ok("GET", path)["database"]["maintenance_window"] == {"day": "sunday", "hour": shown, "pending": False}


def test_there_is_a_window_from_the_start(cloud):
    windows = [cloud.ok("GET", cloud.database(f"db-{n}"))["database"]["maintenance_window"] for n in range(10)]
    assert len({(window["day"], window["hour"]) for window in windows}) > 1


def test_valkey_says_that_its_storage_does_not_grow_by_itself(cloud):
    """The description limits only which engines can be told to."""
    path = f"{cloud.database('cache', engine='valkey')}/autoscale"
    assert cloud.ok("GET", path) == {"autoscale": {"storage": {"enabled": False}}, "storage": {"enabled": False}}
    wanted = {"storage": {"enabled": True}}
    assert cloud.refused("PUT", path, wanted) == "operation is not supported for this cluster type"


WRONG = [("someday", "04:00"), ("sunday", "24:00"), ("sunday", "4"), ("sunday", "04:60")]


@pytest.mark.parametrize(("day", "hour"), WRONG)
def test_a_wrong_window_is_refused(cloud, day, hour):
    path = f"{cloud.database('main')}/maintenance"
    assert "invalid maintenance window" in cloud.refused("PUT", path, {"day": day, "hour": hour})


def test_updates_can_be_installed_now(cloud):
    path = cloud.database("main")
    assert cloud.ok("PUT", f"{path}/install_update", status=204) is None
    events = cloud.ok("GET", f"{path}/events")["events"]
    assert [row["event_type"] for row in events] == ["cluster_create", "cluster_maintenance_perform"]
    assert set(events[0]) == {"id", "cluster_name", "event_type", "create_time"}


def test_autoscale_is_shown_where_each_client_looks(cloud):
    path = f"{cloud.database('main')}/autoscale"
    off = {"enabled": False}
    assert cloud.ok("GET", path) == {"autoscale": {"storage": off}, "storage": off}
    wanted = {"enabled": True, "threshold_percent": 85, "increment_gib": 20}
    assert cloud.ok("PUT", path, {"storage": wanted}, 204) is None
    assert cloud.ok("GET", path) == {"autoscale": {"storage": wanted}, "storage": wanted}
    too_much = {"enabled": True, "increment_gib": 40}
    assert "maximum plan size 30" in cloud.refused("PUT", path, {"storage": too_much})


def test_do_settings_are_replaced(cloud):
    path = f"{cloud.database('main')}/do_settings"
    assert cloud.ok("GET", path) == {"do_settings": {"service_cnames": []}}
    names = {"service_cnames": ["db.example.com", "database.example.com"]}
    assert cloud.ok("PUT", path, {"do_settings": names}, 204) is None
    assert cloud.ok("GET", path) == {"do_settings": names}


def test_metrics_credentials_are_shown_at_both_depths(cloud):
    path = "/databases/metrics/credentials"
    found = cloud.ok("GET", path)["credentials"]
    inner = found.pop("credentials")
    assert found == inner
    new = {"basic_auth_username": "me", "basic_auth_password": "s3cret"}
    assert cloud.ok("PUT", path, {"credentials": new}, 204) is None
    assert cloud.ok("GET", path)["credentials"]["credentials"] == new
    assert cloud.call("GET", path, token=cloud.scoped("database:update")).status == 403


def test_the_authority_is_the_instances_own(cloud):
    cloud.world.ca_pem = b"-----BEGIN CERTIFICATE-----\n"
    found = cloud.ok("GET", f"{cloud.database('main')}/ca")["ca"]["certificate"]
    assert b64decode(found) == cloud.world.ca_pem


def test_a_reader_sees_no_credentials_and_no_foreign_kinds(cloud):
    path = cloud.database("main", tags=["one"], size="db-s-1vcpu-2gb", num_nodes=2)
    cloud.ok("POST", f"{path}/users", {"name": "app"})
    pool = {"name": "app-pool", "mode": "session", "size": 1, "db": "defaultdb", "user": "app"}
    cloud.ok("POST", f"{path}/pools", pool)
    cloud.ok("POST", f"{path}/replicas", {"name": "reader", "size": "db-s-1vcpu-2gb"})
    secrets = [row["password"] for row in cloud.world.table("database_users").everything()]
    reader = cloud.scoped("database:read")
    for part in ("", "/users", "/users/app", "/pools", "/pools/app-pool", "/replicas", "/replicas/reader"):
        answer = cloud.call("GET", path + part, token=reader)
        assert answer.status == 200
        assert "password" not in str(answer.body)
        assert not [secret for secret in secrets if secret in str(answer.body)], part
    replica = cloud.call("GET", f"{path}/replicas/reader", token=reader).body["replica"]
    assert not {"tags", "private_network_uuid"} & set(replica)
    shown = cloud.call("GET", path, token=reader).body["database"]
    assert not {"tags", "project_id", "private_network_uuid"} & set(shown)
    assert "user" not in shown["connection"]
    assert "://main-do-user-" in shown["connection"]["uri"]
    full = cloud.call("GET", path, token=cloud.scoped("database:read", "database:view_credentials")).body["database"]
    assert full["connection"]["password"] in secrets


@pytest.mark.parametrize(
    ("method", "path", "body", "scope"),
    [
        ("GET", "/databases", None, "database:read"),
        ("POST", "/databases", "wish", "database:create"),
        ("DELETE", "", None, "database:delete"),
        ("PUT", "/firewall", {"rules": []}, "database:update"),
        ("PATCH", "/config", {"config": {}}, "database:update"),
        ("POST", "/users", {"name": "app"}, "database:create"),
        ("DELETE", "/users/doadmin", None, "database:delete"),
    ],
)
def test_a_missing_scope_is_named(cloud, method, path, body, scope):
    if not path.startswith("/databases"):
        path = cloud.database("main") + path
    token = cloud.scoped(*({"database:read", "database:create", "database:update", "database:delete"} - {scope}))
    answer = cloud.call(method, path, cloud.wish() if body == "wish" else body, token=token)
    assert answer.status == 403
    assert scope in answer.message
