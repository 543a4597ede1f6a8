# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person can get wrong, as real runs: one list of clear sentences, and not a single write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.harness.ansible import Played
from tests.integration.harness.playbooks import playbook
from tests.localcloud_fixtures import LocalCloud

Case = tuple[dict[str, Any], list[str]]

CASES: dict[str, Case] = {
    "everything at once": (
        {
            "app_name": "F",
            "postgresql_num_nodes": 2,
            "valkey_num_nodes": 2,
            "app_region": "fra",
            "preflight_budget_usd": 10,
            "spaces_uploads_bucket": "Bad_Name",
            "trusted_sources_rules": [{"type": "ip_addr", "value": "0.0.0.0/0"}],
        },
        [
            "app_name 'F' is not a valid app name",
            "'fisioflow-local-postgresql' would have 2 nodes",
            "from 2026-11-30 for all, since 2026-10-15 in accounts that never had one",
            "set postgresql_engine to advanced_pg (profile high_availability)",
            "valkey_num_nodes 2 is not offered with valkey_size 'db-s-1vcpu-1gb', a single-node size",
            "app_region 'fra' runs in fra1 and cannot reach a VPC in nyc1: use app_region 'nyc'",
            "over the budget of $10.00",
            "'Bad_Name' is not a valid bucket name",
            "opens the databases to everybody",
        ],
    ),
    "wrong types": (
        {"postgresql_num_nodes": "two", "spaces_cors_origins": {"a": 1}, "valkey_eviction_policy": "lru"},
        ["postgresql_num_nodes", "spaces_cors_origins", "value of valkey_eviction_policy must be one of"],
    ),
    "an unknown variable": ({"fisioflow_region": "{{ nowhere }}"}, ["network_region: cannot be evaluated", "nowhere"]),
    "an unknown region": ({"fisioflow_region": "sao1"}, ["postgresql_region 'sao1' of PostgreSQL is not on offer"]),
    "a reserved user": ({"postgresql_app_user": "doadmin"}, ["postgresql_app_user 'doadmin' is reserved"]),
}


def refused(run: Played, *words: str) -> None:
    printed = " ".join(run.printed.split())
    assert run.returncode != 0
    assert run.write_list == []
    for text in (*words, "Nothing was created."):
        assert text in printed, run.printed[-4000:]
    assert "Traceback" not in printed


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_inputs(cloud: LocalCloud, case: Case) -> None:
    variables, words = case
    # By the API's clock, whatever the controller's says.
    cloud.admin.advance(30 * 86400)
    refused(playbook(cloud, "site", variables=variables), *words)


def no_token(cloud: LocalCloud) -> tuple[dict[str, str], list[str]]:
    return dict.fromkeys(("DO_API_TOKEN", "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"), ""), ["1 problem"]


def unknown_token(cloud: LocalCloud) -> tuple[dict[str, str], list[str]]:
    return {"DO_API_TOKEN": f"dop_v1_{'0' * 64}"}, ["1 problem", "401"]


def narrow_token(cloud: LocalCloud) -> tuple[dict[str, str], list[str]]:
    scopes = ["account:read", "app:read", "database:read", "vpc:read"]
    return {"DO_API_TOKEN": cloud.admin.token(scopes=scopes)}, ["the token lacks these scopes: app:create, app:update"]


def dying_token(cloud: LocalCloud) -> tuple[dict[str, str], list[str]]:
    return {"DO_API_TOKEN": cloud.admin.token(expires_in=600)}, ["the token expires in"]


def nothing_listens(cloud: LocalCloud) -> tuple[dict[str, str], list[str]]:
    return {"DIGITALOCEAN_API_URL": "https://127.0.0.1:9"}, ["1 problem", "127.0.0.1"]


def foreign_authority(cloud: LocalCloud) -> tuple[dict[str, str], list[str]]:
    names = ("DIGITALOCEAN_CA_PATH", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    return dict.fromkeys(names, ""), ["1 problem", "certificate"]


@pytest.mark.parametrize(
    "broken", [no_token, unknown_token, narrow_token, dying_token, nothing_listens, foreign_authority]
)
def test_access(cloud: LocalCloud, broken: Callable[[LocalCloud], tuple[dict[str, str], list[str]]]) -> None:
    env, words = broken(cloud)
    # The default instance of the checkout must not help out.
    run = playbook(cloud, "site", env={**env, "LOCALCLOUD_HOME": str(cloud.home / "nothing")})
    refused(run, *words)


def test_a_wrong_type_of_a_secret_does_not_show_it(cloud: LocalCloud, tmp_path: Path) -> None:
    """From a file: Ansible itself prints what stands on the command line."""
    (tmp_path / "vault.yml").write_text("environment_secrets: sentinel-of-a-secret\n", encoding="utf-8")
    run = playbook(cloud, "site", "-vvvv", "-e", f"@{tmp_path / 'vault.yml'}")
    refused(run, "environment_secrets is not of type dict")
    assert "sentinel" not in run.printed
