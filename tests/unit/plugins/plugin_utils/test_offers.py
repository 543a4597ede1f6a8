# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of an account, and why some of it is not."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.offers import preflight_offers

ACCOUNT = {"account": {"token_scopes": ["*"], "token_expires_in": 7, "server_time": "2026-11-29"}}
CLUSTER = {"name": "clinic-pg", "engine": "pg", "status": "online"}


def offers(**answers: Any) -> dict[str, Any]:
    return preflight_offers({"account": ACCOUNT, **answers}, "clinic-pg")


def test_what_was_answered_is_told_by_its_name() -> None:
    told = offers(
        databases={"database_options": {"pg": {}}},
        options={"app_options": {"instance_sizes": [1], "regions": [2]}},
        apps={"apps": []},
        other_apps={"apps": [{"id": "o"}]},
        networks={"vpcs": [{"id": "v"}]},
        clusters={"database_clusters": [CLUSTER]},
        pools={"database_pools": [{"name": "p"}]},
        dbs={"database_dbs": [{"name": "d"}]},
        uptime_checks={"uptime_checks": [{"name": "u"}]},
        certificates={"certificates": [{"name": "c"}]},
        buckets={"spaces_buckets": [{"name": "b", "region": "nyc3"}]},
    )
    assert told == {
        "failed": [],
        "bucket_errors": [],
        "token_scopes": ["*"],
        "token_expires_in": 7,
        "server_time": "2026-11-29",
        "databases": {"pg": {}},
        "instance_sizes": [1],
        "app_regions": [2],
        "apps": [],
        "other_apps": [{"id": "o"}],
        "vpcs": [{"id": "v"}],
        "clusters": [CLUSTER],
        "databases_there": [{"name": "d"}],
        "uptime_checks": [{"name": "u"}],
        "certificates": [{"name": "c"}],
        "pools": [{"name": "p"}],
        "lost_secrets": [],
        "buckets": ["b"],
    }


def test_what_was_not_asked_is_not_known_and_no_failure() -> None:
    told = offers()
    assert [name for name, value in told.items() if value is None] == [
        *("databases", "instance_sizes", "app_regions", "apps", "other_apps", "vpcs", "clusters", "databases_there"),
        *("certificates", "uptime_checks", "buckets"),
    ]
    assert (told["failed"], told["pools"], told["lost_secrets"]) == ([], [], [])


def test_failures_are_told_in_order_and_that_of_the_account_alone() -> None:
    no, none = {"failed": True, "msg": "no"}, {"msg": "none"}
    assert offers(clusters=no, databases=none)["failed"] == [none, no]
    assert offers(account={"msg": "who?"}, databases=none)["failed"] == [{"msg": "who?"}]


def test_a_secret_that_would_be_lost_is_an_answer() -> None:
    told = offers(apps={"apps": [{"id": "a"}], "lost_secrets": ["web.ENCRYPTION_KEY"]}, other_apps={"apps": [{}]})
    assert (told["lost_secrets"], told["failed"], told["other_apps"]) == (["web.ENCRYPTION_KEY"], [], None)


@pytest.mark.parametrize("other", [{"name": "another"}, {"engine": "valkey"}, {"status": "creating"}])
def test_what_a_cluster_cannot_have_yet_is_not_missed(other: dict[str, str]) -> None:
    no = {"failed": True, "msg": "no"}
    assert offers(clusters={"database_clusters": [CLUSTER]}, pools=no)["failed"] == [no]
    assert offers(clusters={"database_clusters": [CLUSTER | other]}, pools=no, dbs=no)["failed"] == []


def test_buckets_that_could_not_be_looked_at_or_had() -> None:
    assert offers(buckets={}, uploads={"msg": "taken"}, assets={})["bucket_errors"] == ["taken"]
    assert offers(buckets={"msg": "no key"}, uploads={"msg": "was not begun"})["bucket_errors"] == ["no key"]
    assert offers(account={"msg": "who?"}, buckets={"msg": "was not begun"})["bucket_errors"] == []
    assert offers(buckets={"spaces_buckets": []})["buckets"] == []
