# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name that was changed is told before it makes a second thing, with what would stay behind."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.preflight import preflight_problems
from tests.unit.plugins.plugin_utils.wanted import inputs, offers

NETWORK = {"id": "5a49", "name": "fisioflow-local", "region": "nyc1", "ip_range": "10.20.0.0/20"}
POSTGRESQL = {"name": "fisioflow-local-postgresql", "engine": "pg", "version": "17", "size": "db-s-1vcpu-1gb",
              "num_nodes": 1, "region": "nyc1", "private_network_uuid": "5a49"}  # fmt: skip
VALKEY = {**POSTGRESQL, "name": "fisioflow-local-valkey", "engine": "valkey", "version": "8"}
APP = {
    "vpc": {"id": "5a49"},
    "spec": {
        "name": "fisioflow-local",
        "region": "nyc",
        "databases": [{"name": "db", "cluster_name": "fisioflow-local-postgresql"}],
        "services": [{"name": "web", "envs": [{"key": "DO_SPACES_BUCKET", "value": "fisioflow-local-uploads"}]}],
    },
}
FOREIGN = {"spec": {"name": "shop", "databases": [{"name": "db", "cluster_name": "shop"}]}}
BUILT: dict[str, Any] = {
    "vpcs": [NETWORK],
    "clusters": [POSTGRESQL, VALKEY],
    "apps": [APP],
    "databases_there": [{"name": "defaultdb"}, {"name": "fisioflow"}],
    "buckets": ["fisioflow-local-uploads", "fisioflow-local-assets"],
}
RENAMED = {
    "network_name": "minha-local",
    "postgresql_name": "minha-local-postgresql",
    "valkey_name": "minha-local-valkey",
    "app_name": "minha-local",
    "spaces_uploads_bucket": "minha-local-uploads",
}
NO_APP = {"apps": [], "other_apps": [FOREIGN, APP]}


def problems(changes: dict[str, Any], there: dict[str, Any]) -> list[str]:
    wanted = inputs(**{"postgresql_database": "fisioflow", **changes})
    return preflight_problems({"inputs": wanted, "problems": []}, offers(**{**BUILT, **there}))


def test_what_keeps_its_names_is_no_problem() -> None:
    assert problems({}, {}) == []
    nothing = {"vpcs": [], "clusters": [], "databases_there": None, "apps": [], "other_apps": [FOREIGN]}
    assert problems({}, nothing) == []


def test_a_whole_environment_of_another_name_is_one_problem() -> None:
    [text] = problems(RENAMED, {**NO_APP, "databases_there": None})
    for behind in (
        "the VPC 'fisioflow-local', the cluster 'fisioflow-local-postgresql', the cluster 'fisioflow-local-valkey', "
        "the app 'fisioflow-local' would stay behind and go on costing",
        "Set fisioflow_name and fisioflow_environment (or network_name) back",
    ):
        assert behind in text
    assert "choose a free range" not in text


def test_another_environment_has_another_range() -> None:
    new = {**RENAMED, "network_ip_range": "10.99.0.0/20"}
    assert problems(new, {**NO_APP, "databases_there": None}) == []


@pytest.mark.parametrize(
    ("changes", "there", "words"),
    [
        (
            {"postgresql_name": "other"},
            {"databases_there": None},
            "'other' would be a new, empty cluster, and 'fisioflow-local-postgresql' (PostgreSQL, in the same network)",
        ),
        ({"valkey_name": "other"}, {}, "Set valkey_name to 'fisioflow-local-valkey'; a cluster that is meant to take"),
        (
            {"app_name": "other"},
            NO_APP,
            "app_name 'other' would be a second app, and 'fisioflow-local', which uses the same databases or network,",
        ),
        (
            {"postgresql_database": "clinic"},
            {},
            "'clinic' would be a new, empty database, and the data in 'fisioflow' would stay behind",
        ),
        (
            {"spaces_uploads_bucket": "other-uploads"},
            {},
            "and the patients' files in 'fisioflow-local-uploads', which the app uses, would stay behind",
        ),
    ],
)
def test_one_name_that_was_changed(changes: dict[str, Any], there: dict[str, Any], words: str) -> None:
    [text] = problems(changes, there)
    assert words in text
    assert "renames nothing" in text


@pytest.mark.parametrize(
    ("changes", "there"),
    [
        ({"postgresql_name": "other"}, {"clusters": [{**POSTGRESQL, "name": "other"}, POSTGRESQL, VALKEY]}),
        ({"postgresql_database": "clinic"}, {"databases_there": [{"name": "clinic"}, {"name": "fisioflow"}]}),
        ({"postgresql_database": "clinic"}, {"databases_there": [{"name": "defaultdb"}]}),
        ({"spaces_uploads_bucket": "other-uploads"}, {"buckets": ["fisioflow-local-uploads", "other-uploads"]}),
        ({"app_name": "other"}, {"apps": [], "other_apps": [FOREIGN]}),
    ],
)
def test_who_means_another_one_has_made_it_first(changes: dict[str, Any], there: dict[str, Any]) -> None:
    assert problems(changes, there) == []


RESTORED = {**POSTGRESQL, "name": "restored", "created_at": "2026-11-02T04:00:00Z"}
OLD = {**POSTGRESQL, "created_at": "2026-10-01T04:00:00Z"}


def moved(to: str) -> dict[str, Any]:
    databases = [{"name": "db", "cluster_name": to}]
    app = {**APP, "spec": {**APP["spec"], "databases": databases}}  # type: ignore[dict-item]
    return {"apps": [app], "clusters": [OLD, RESTORED, VALKEY]}


def test_an_app_is_not_taken_back_to_the_cluster_that_a_restored_one_has_replaced() -> None:
    [text] = problems({}, moved("restored"))
    assert "'fisioflow-local-postgresql' is an older cluster than 'restored', which the app works with" in text
    assert "Set postgresql_name to 'restored'" in text
    assert problems({"preflight_leave_cluster": "restored"}, moved("restored")) == []
    assert problems({"preflight_leave_cluster": "*"}, moved("restored")) == []
    # The way there, and a cluster that has gone since.
    new = {"postgresql_name": "restored", "app_postgresql_cluster": "restored"}
    assert problems(new, moved("fisioflow-local-postgresql")) == []
    assert problems({}, {**moved("restored"), "clusters": [OLD, VALKEY]}) == []


def test_a_release_moves_no_app_to_another_cluster() -> None:
    [text] = problems({"preflight_provisioning": False}, {**moved("restored"), "clusters": None, "vpcs": None})
    assert "the app works with the cluster 'restored', and postgresql_name is 'fisioflow-local-postgresql'" in text
