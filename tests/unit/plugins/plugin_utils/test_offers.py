# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of an account, and why some of it is not."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.offers import ASKED, preflight_offers

SKIPPED = {"changed": False, "skipped": True, "skip_reason": "Conditional result was False"}
ACCOUNT = {"account": {"token_scopes": ["*"], "token_expires_in": 7, "server_time": "2026-11-29"}}
NOTHING: dict[str, Any] = dict.fromkeys((*ASKED, "buckets", "new_buckets"), SKIPPED)


def offers(**answers: Any) -> dict[str, Any]:
    return preflight_offers({**NOTHING, "account": ACCOUNT, **answers})


def test_what_was_answered_is_told_by_its_name() -> None:
    told = offers(
        databases={"database_options": {"pg": {}}},
        app_options={"app_options": {"instance_sizes": [1], "regions": [2]}},
        apps={"apps": []},
        other_apps={"apps": [{"id": "o"}]},
        networks={"vpcs": [{"id": "v"}]},
        clusters={"database_clusters": [{"id": "c"}]},
        pools={"database_pools": [{"name": "p"}]},
        dbs={"database_dbs": [{"name": "d"}]},
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
        "clusters": [{"id": "c"}],
        "databases_there": [{"name": "d"}],
        "pools": [{"name": "p"}],
        "lost_secrets": [],
        "buckets": ["b"],
    }


def test_what_was_not_asked_is_not_known_and_no_failure() -> None:
    told = offers()
    assert [name for name, value in told.items() if value is None] == [
        *("databases", "instance_sizes", "app_regions", "apps", "other_apps", "vpcs", "clusters", "databases_there"),
        "buckets",
    ]
    assert (told["failed"], told["pools"], told["lost_secrets"]) == ([], [], [])


def test_failures_are_told_in_order_and_that_of_the_account_alone() -> None:
    no, none = {"failed": True, "msg": "no"}, {"msg": "none"}
    assert offers(clusters=no, databases=none)["failed"] == [none, no]
    assert offers(account={"msg": "who?"}, databases=none)["failed"] == [{"msg": "who?"}]


def test_a_secret_that_would_be_lost_is_an_answer() -> None:
    lost = {"failed": True, "msg": "refused", "lost_secrets": ["web.ENCRYPTION_KEY"]}
    told = offers(permanent=lost)
    assert (told["lost_secrets"], told["failed"]) == (["web.ENCRYPTION_KEY"], [])
    assert offers(permanent={"msg": "boom"})["failed"] == [{"msg": "boom"}]


def test_buckets_that_could_not_be_looked_at_or_had() -> None:
    each = {"results": [{"msg": "taken"}, {"changed": True}, {**SKIPPED, "msg": "skipped"}]}
    assert offers(buckets={"msg": "no key"}, new_buckets=each)["bucket_errors"] == ["no key", "taken"]
    assert offers(buckets={"spaces_buckets": []})["buckets"] == []
