# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Without an API description to check against, a wrong body is still refused and never a server error."""

from __future__ import annotations

import pytest


@pytest.fixture
def unchecked(cloud, monkeypatch):
    monkeypatch.setattr(cloud.shared.contract, "source", None)
    return cloud


JUNK = [None, {}, [], "text", 7, True, [7], [{}], [[]], {"a": {}}, {"storage": []}, {"storage": {"enabled": 1}}]
CREATE = ["name", "engine", "version", "size", "region", "num_nodes", "storage_size_mib", "tags", "rules", "project_id"]
CREATE += ["private_network_uuid", "do_settings", "autoscale", "storage_autoscale", "backup_restore"]
PARTS = [
    ("PUT", "resize", {"size": "db-s-1vcpu-2gb", "num_nodes": 1, "storage_size_mib": 30720}),
    ("PUT", "upgrade", {"version": "17"}),
    ("PUT", "migrate", {"region": "ams3", "private_network_uuid": ""}),
    ("PUT", "firewall", {"rules": []}),
    ("PUT", "maintenance", {"day": "sunday", "hour": "04:00"}),
    ("PUT", "autoscale", {"storage": {"enabled": False}}),
    ("PUT", "do_settings", {"do_settings": {}}),
    ("PATCH", "config", {"config": {}}),
    ("POST", "users", {"name": "app", "settings": {}}),
    ("PUT", "users/doadmin", {"settings": {}}),
    ("POST", "dbs", {"name": "app"}),
    ("POST", "pools", {"name": "pool", "mode": "session", "size": 1, "db": "defaultdb", "user": "doadmin"}),
    ("POST", "replicas", {"name": "reader", "size": "db-s-1vcpu-1gb", "region": "fra1", "tags": []}),
]


@pytest.mark.parametrize("key", CREATE)
def test_junk_at_creation(unchecked, key):
    for number, value in enumerate(JUNK):
        answer = unchecked.call("POST", "/databases", unchecked.wish(f"db-{number}") | {key: value})
        assert answer.status in (201, 422), (value, answer)
        if answer.status == 422:
            assert answer.message


@pytest.mark.parametrize(("method", "part", "body"), PARTS, ids=[part for _method, part, _body in PARTS])
def test_junk_in_every_part(unchecked, method, part, body):
    path = unchecked.database("main", version="16")
    for key in body:
        for value in JUNK:
            answer = unchecked.call(method, f"{path}/{part}", {**body, key: value})
            assert answer.status < 300 or answer.status == 422, (key, value, answer)
            unchecked.world.run_timers()


@pytest.mark.parametrize(("method", "part"), [(method, part) for method, part, _body in PARTS])
def test_no_body_at_all(unchecked, method, part):
    answer = unchecked.call(method, f"{unchecked.database('main')}/{part}")
    assert answer.status < 300 or answer.status == 422, answer


@pytest.mark.parametrize(
    ("method", "part", "body"),
    [
        ("POST", "users", {"name": "app", "settings": {"pg_allow_replication": "yes"}}),
        ("PUT", "autoscale", {"storage": {"enabled": "yes"}}),
        ("PUT", "firewall", {"rules": [{"type": "droplet", "value": 7}]}),
        ("PUT", "resize", {"size": "db-s-1vcpu-2gb", "num_nodes": "1"}),
    ],
)
def test_a_type_that_is_almost_right(unchecked, method, part, body):
    path = unchecked.database("main")
    before = unchecked.world.fingerprint()
    unchecked.refused(method, f"{path}/{part}", body)
    assert unchecked.world.fingerprint() == before


def test_a_new_cluster_of_nothing(unchecked):
    assert unchecked.refused("POST", "/databases") == "name is required"
