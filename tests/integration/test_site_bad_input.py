# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person can get wrong in an inventory or in the environment, beyond `test_preflight.py`: one sentence each.

The wrong values of a group are judged in one run, which must list all of them and nothing else, before any write.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.site.runs import SiteRun, run
from tests.localcloud_fixtures import LocalCloud

DIGEST = f"sha256:{'5f' * 32}"
IMAGE = {"registry_type": "GHCR", "registry": "fisioflow", "repository": "fisioflow"}
# group → case → (variables, what the sentence says).
Cases = dict[str, tuple[dict[str, Any], str]]
GROUPS: dict[str, Cases] = {
    "names": {
        "a range with host bits": ({"network_ip_range": "10.20.0.1/20"}, "10.20.0.1/20' is not a network"),
        "a day that is none": (
            {"postgresql_maintenance_window": {"day": "someday", "hour": "04:00"}},
            "postgresql_maintenance_window has the day 'someday'",
        ),
        "an hour that is none": (
            {"valkey_maintenance_window": {"day": "sunday", "hour": "25:00"}},
            "valkey_maintenance_window has the hour '25:00'",
        ),
        "a reserved database": ({"postgresql_database": "defaultdb"}, "postgresql_database 'defaultdb' is reserved"),
        "a reserved user": ({"postgresql_readonly_user": "pg_reader"}, "readonly_user 'pg_reader' is reserved"),
        "one user for two purposes": (
            {"postgresql_owner_user": "fisioflow_app"},
            "postgresql_owner_user and postgresql_app_user are both 'fisioflow_app'",
        ),
        "a short pool name": ({"postgresql_pool_name": "p"}, "postgresql_pool_name 'p' must have 3 to 60"),
        "one bucket for everything": ({"spaces_assets_bucket": "fisioflow-local-uploads"}, "files would be public"),
        "a TTL that is not on offer": ({"spaces_cdn_ttl": 61}, "spaces_cdn_ttl is 61; on offer: 60, 600"),
        "an origin with a path": ({"spaces_cors_origins": ["https://a.example/app"]}, "an origin looks like"),
        "a domain that is none": ({"app_domains": ["localhost"]}, "'localhost', which is not a host name"),
        "an address that is none": ({"app_alert_emails": ["ops"]}, "'ops', which is not an e-mail address"),
        "a variable of the role's own": (
            {"environment_variables": {"DATABASE_URL": "postgres://x"}},
            "DATABASE_URL is written by the environment role itself",
        ),
        "a trusted source of IPv6": (
            {"trusted_sources_rules": [{"type": "ip_addr", "value": "2001:db8::1"}]},
            "managed databases do not take IPv6",
        ),
        "a long project name": ({"project_name": "x" * 176}, "project_name has 176 characters"),
        "one name for two clusters": (
            {"valkey_name": "fisioflow-local-postgresql"},
            "every cluster needs its own name",
        ),
    },
    "more names": {
        "a public range": ({"network_ip_range": "8.8.8.0/24"}, "is not inside the private ranges"),
        "a name that is a secret too": (
            {"environment_variables": {"NEXTAUTH_SECRET": "x"}},
            "NEXTAUTH_SECRET is in environment_variables and in environment_secrets",
        ),
        "an office without an address": (
            {"trusted_sources_rules": [{"type": "ip_addr", "value": "office"}]},
            "'office', which is neither an IP address nor a range",
        ),
        "any origin": ({"spaces_cors_origins": ["*"]}, "any web site could use a clinic's upload links"),
        "a threshold out of range": (
            {"postgresql_storage_autoscale": {"enabled": True, "threshold_percent": 5, "increment_gib": 10}},
            "has threshold_percent 5; 15 to 95 is allowed",
        ),
        "a user of no SQL": ({"postgresql_backup_user": "Back Up"}, "'Back Up' is not a valid user name"),
        "a VPC name with a space": ({"network_name": "my network"}, "network_name 'my network' may only hold"),
    },
    "misspelled": {
        "a release": (
            {"image_digst": DIGEST},
            "image_digst is set, but nothing reads it; perhaps image_digest is meant",
        ),
        "a size": ({"postgresql_num_node": 2}, "perhaps postgresql_num_nodes is meant"),
    },
    "offers": {
        "a version that is not on offer": ({"postgresql_version": "9"}, "postgresql_version '9' of PostgreSQL"),
        "a size that is not on offer": ({"postgresql_size": "db-s-9vcpu-2gb"}, "postgresql_size 'db-s-9vcpu-2gb'"),
        "high availability on a small node": (
            {"valkey_num_nodes": 2},
            "valkey_num_nodes 2 is not offered with valkey_size 'db-s-1vcpu-1gb', a single-node size",
        ),
        "an app size that is not on offer": ({"app_migration_size": "apps-none"}, "'apps-none' is not on offer"),
        "scaling on memory": (
            {
                "app_autoscaling": {
                    "min_instance_count": 3,
                    "max_instance_count": 2,
                    "metrics": {"memory": {"percent": 80}},
                }
            },
            "app_autoscaling cannot scale on memory",
        ),
        "more least than most": ({}, "goes from 3 to 2 instances"),
        "a Spaces region that is none": ({"fisioflow_spaces_region": "mars1"}, "'mars1' is no region of Spaces"),
        "a digest and a tag": (
            {"app_image": {**IMAGE, "digest": DIGEST, "tag": "1"}},
            "app_image has a digest and a tag",
        ),
        "a commit of an image": ({"git_commit": "abc1234"}, "git_commit is given, but the app runs an image"),
        "a digest that is none": ({"image_digest": "latest"}, "image_digest 'latest' is not of the form sha256:"),
        "no price for the budget": ({"preflight_budget_usd": 10}, "no price is known for"),
    },
    "sources": {
        "an image and a repository": (
            {"app_git": {"repo": "fisioflow/fisioflow", "branch": "main"}},
            "app_image and app_git exclude each other",
        ),
        "no instance": ({"app_instance_count": 0}, "app_instance_count is 0; at least one instance is needed"),
        "a pool beyond the node": ({"postgresql_pool_size": 30}, "exceed the 22 connections of a 1-GiB node"),
        "a negative budget": ({"preflight_budget_usd": -1}, "preflight_budget_usd is -1; it must be positive"),
        "half a Spaces key": ({"spaces_secret_key": ""}, "go together; only one of them is set"),
        "an empty first secret": (
            {"environment_secrets": {"NEXTAUTH_SECRET": ""}},
            "NEXTAUTH_SECRET is empty, and there",
        ),
    },
    "first image": {
        "no image to begin with": ({"app_image": IMAGE}, "app_image has neither digest nor tag"),
        "scaling of a shared CPU": (
            {
                "app_autoscaling": {
                    "min_instance_count": 1,
                    "max_instance_count": 2,
                    "metrics": {"cpu": {"percent": 70}},
                }
            },
            "app_autoscaling on CPU needs a dedicated size",
        ),
        "over the budget": ({"preflight_budget_usd": 10}, "over the budget of $10.00"),
        "an app region elsewhere": (
            {"fisioflow_app_region": "fra"},
            "app_region 'fra' runs in fra1 and cannot reach a VPC in nyc1: use app_region 'nyc'",
        ),
    },
}
CASES = [pytest.param(group, case, id=case) for group, cases in GROUPS.items() for case in cases]

_runs: dict[str, SiteRun] = {}
pytestmark = pytest.mark.xdist_group("site-bad-input")


def refused(done: SiteRun, *sentences: str) -> list[str]:
    """Refused before any write, with these problems and no other; their whole sentences."""
    assert not done.ok
    assert done.writes == []
    assert "Traceback" not in done.printed
    assert len(done.messages) == 1, done.messages
    first, *numbered = done.messages[0].strip().splitlines()
    assert first == f"Nothing was created. {len(sentences)} problem(s) to solve first:", done.messages[0]
    for sentence in sentences:
        assert [line for line in numbered if sentence in line], (sentence, numbered)
    for line in numbered:
        assert re.fullmatch(r"\d+\. .*[.]", line), line
    return numbered


@pytest.mark.parametrize(("group", "case"), CASES)
def test_a_wrong_value_is_told_in_one_sentence(group: str, case: str, cloud: LocalCloud) -> None:
    if group not in _runs:
        variables = {name: value for wrong, _ in GROUPS[group].values() for name, value in wrong.items()}
        _runs[group] = run(cloud, variables=variables)
    told = refused(_runs[group], *(sentence for _, sentence in GROUPS[group].values()))
    assert len([line for line in told if GROUPS[group][case][1] in line]) == 1


def expired(cloud: LocalCloud) -> dict[str, str]:
    token = cloud.admin.token(expires_in=5)
    cloud.admin.advance(10)
    return {"DO_API_TOKEN": token}


ACCESS: dict[str, tuple[Callable[[LocalCloud], dict[str, str]], str]] = {
    "an expired token": (expired, "401"),
    "a token with a line break": (lambda _cloud: {"DO_API_TOKEN": "dop_v1_a\nb"}, "contains white space"),
    "an address without TLS": (
        lambda cloud: {"DIGITALOCEAN_API_URL": cloud.url.replace("https", "http")},
        "must start with https://",
    ),
    "an authority that is not there": (
        lambda _cloud: {"DIGITALOCEAN_CA_PATH": "/none.pem"},
        "/none.pem does not exist",
    ),
    "no such host": (lambda _cloud: {"DIGITALOCEAN_API_URL": "https://nowhere.invalid"}, "cannot be reached"),
    "a token that may do nothing": (lambda cloud: {"DO_API_TOKEN": cloud.admin.token(scopes=[])}, "403"),
    "a token without one scope": (
        lambda cloud: {"DO_API_TOKEN": cloud.admin.token(scopes=sorted(ALL_SCOPES - {"database:create"}))},
        "the token lacks this scope: database:create",
    ),
    # What the token may not read, is told by its scopes alone.
    "a token that may not look for networks": (
        lambda cloud: {"DO_API_TOKEN": cloud.admin.token(scopes=sorted(ALL_SCOPES - {"vpc:read"}))},
        "the token lacks this scope: vpc:read",
    ),
    "a token that may not look for databases": (
        lambda cloud: {"DO_API_TOKEN": cloud.admin.token(scopes=sorted(ALL_SCOPES - {"database:read"}))},
        "the token lacks this scope: database:read",
    ),
    "a Spaces key that is none": (lambda _cloud: {"SPACES_ACCESS_KEY_ID": "DO00NONE"}, "Spaces"),
    "a wrong Spaces secret": (lambda _cloud: {"SPACES_SECRET_ACCESS_KEY": "wrong"}, "Spaces"),
    "a Spaces endpoint that is not there": (lambda _cloud: {"SPACES_ENDPOINT_URL": "https://127.0.0.1:9"}, "Spaces"),
}
ALL_SCOPES = {
    f"{kind}:{verb}"
    for kind in ("account", "app", "cdn", "database", "project", "spaces_key", "vpc")
    for verb in ("create", "read", "update", "delete", "view_credentials", "create_credentials", "assign_resource")
}


@pytest.mark.parametrize("broken", ACCESS)
def test_wrong_access_is_told_in_one_sentence(broken: str, cloud: LocalCloud) -> None:
    make, sentence = ACCESS[broken]
    # The default instance of the checkout must not help out.
    refused(run(cloud, env={**make(cloud), "LOCALCLOUD_HOME": "/nonexistent"}), sentence)


def test_a_bucket_name_that_somebody_else_has(cloud: LocalCloud) -> None:
    """Bucket names are unique over all customers."""
    cloud.admin.seed(foreign_buckets=1)
    refused(run(cloud, variables={"spaces_uploads_bucket": "taken-0001"}), "taken-0001")


def test_a_bucket_that_is_in_another_region(cloud: LocalCloud) -> None:
    cloud.admin.seed(buckets=1)
    refused(run(cloud, variables={"spaces_uploads_bucket": "colleague-0001"}), "colleague-0001")
