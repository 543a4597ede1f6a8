# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person can get wrong in an inventory or in the environment: one sentence each, before any write.

What is wrong in one group is told together. Each group, and each way of having no access, is a host of one real run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds
from tests.integration.site.cases import refusals
from tests.integration.site.proofs import told
from tests.integration.site.runs import run
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
    "more names, and misspelled ones": {
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
# What its types do not allow: Ansible's own words, or those of the region that nobody has.
TYPES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "wrong types, and a variable that is none": (
        {
            "postgresql_num_nodes": "two",
            "spaces_cors_origins": {"a": 1},
            "valkey_eviction_policy": "lru",
            "network_region": "{{ nowhere }}",
        },
        [
            "postgresql_num_nodes",
            "spaces_cors_origins",
            "value of valkey_eviction_policy must be one of",
            "network_region: cannot be evaluated",
            "nowhere",
        ],
    ),
    "an edge that is none": ({"edge_mode": "loadbalancer"}, [" 1 problem(s) ", "value of edge_mode must be one of"]),
    "an unknown region": ({"fisioflow_region": "sao1"}, ["postgresql_region 'sao1' of PostgreSQL is not on offer"]),
}
ALL_SCOPES = {
    f"{kind}:{verb}"
    for kind in {kind.scope for kind in kinds.ALL if kind.scope}
    for verb in ("create", "read", "update", "delete", "view_credentials", "create_credentials", "assign_resource")
}


def access(cloud: LocalCloud) -> dict[str, tuple[dict[str, str], list[str]]]:
    """Case → what the host connects with, and what is told of it."""

    def token(scopes: set[str] = ALL_SCOPES, **options: Any) -> dict[str, str]:
        return {"digitalocean_api_token": cloud.admin.token(scopes=sorted(scopes), **options)}

    plain = cloud.url.replace("https", "http")
    expired = token(expires_in=5)
    cloud.admin.advance(10)
    return {
        "an expired token": (expired, ["401"]),
        "a token with a line break": ({"digitalocean_api_token": "dop_v1_a\nb"}, ["contains white space"]),
        "a token that may do nothing": (token(set()), ["403"]),
        "a token that expires before the end, and a Spaces key that is none": (
            {**token(expires_in=600), "spaces_access_key": "DO00NONE"},
            ["the token expires in", "Spaces"],
        ),
        "a token that may only read, and a wrong Spaces secret": (
            {**token({"account:read", "app:read", "database:read", "vpc:read"}), "spaces_secret_key": "wrong"},
            ["the token lacks these scopes: app:create, app:update", "Spaces"],
        ),
        "a token without one scope, and a Spaces endpoint where nobody is": (
            {**token(ALL_SCOPES - {"database:create"}), "spaces_url": "https://127.0.0.1:9"},
            ["the token lacks this scope: database:create", "Spaces"],
        ),
        # What the token may not read, is told by its scopes alone.
        "a token that may look for little": (
            token(ALL_SCOPES - {"vpc:read", "database:read"}),
            ["the token lacks these scopes: database:read, vpc:read"],
        ),
        "an address without TLS": (
            {"digitalocean_api_url": plain},
            [f"The api_url {plain} must start with https://: the token would travel in clear otherwise."],
        ),
        "an address where nobody is": ({"digitalocean_api_url": "https://127.0.0.1:9"}, ["127.0.0.1"]),
        "an authority that is not there": ({"digitalocean_ca_path": "/none.pem"}, ["/none.pem does not exist"]),
        # Names of buckets are unique over all customers.
        "buckets of somebody else, and elsewhere": (
            {"spaces_uploads_bucket": "taken-0001", "spaces_assets_bucket": "colleague-0001"},
            ["taken-0001", "colleague-0001"],
        ),
    }


def test_each_mistake_is_told_in_one_sentence_before_any_write(cloud: LocalCloud, tmp_path: Path) -> None:
    cloud.admin.seed(buckets=1, foreign_buckets=1)
    groups = {group: [sentence for _, sentence in cases.values()] for group, cases in GROUPS.items()}
    wrong = {group: _all(cases) for group, cases in GROUPS.items()}
    alone = access(cloud)
    types = {case: variables for case, (variables, _) in TYPES.items()}
    said = refusals(cloud, tmp_path, "site", wrong | types | {case: given for case, (given, _) in alone.items()})
    for group, sentences in groups.items():
        told(said[group], *sentences)
    for case, (_, sentences) in alone.items():
        told(said[case], *sentences)
    for case, (_, words) in TYPES.items():
        assert said[case].startswith("Nothing was created."), said[case]
        assert [word for word in words if word not in said[case]] == [], said[case]


def _all(cases: Cases) -> dict[str, Any]:
    return {name: value for variables, _ in cases.values() for name, value in variables.items()}


def test_it_is_told_to_the_reader_of_a_plain_run(cloud: LocalCloud) -> None:
    """All of it in one list, and the run ends red; by the API's clock, whatever the controller's says."""
    cloud.admin.advance(30 * 86400)
    wrong = {
        "app_name": "F",
        "postgresql_app_user": "doadmin",
        "postgresql_num_nodes": 2,
        "valkey_num_nodes": 2,
        "app_region": "fra",
        "preflight_budget_usd": 10,
        "spaces_uploads_bucket": "Bad_Name",
        "trusted_sources_rules": [{"type": "ip_addr", "value": "0.0.0.0/0"}],
    }
    done = run(cloud, variables=wrong)
    assert (done.played.returncode, done.writes) == (2, [])
    printed = " ".join(done.printed.split())
    for words in (
        "Nothing was created.",
        "app_name 'F' is not a valid app name",
        "postgresql_app_user 'doadmin' is reserved",
        "'fisioflow-local-postgresql' would have 2 nodes",
        "from 2026-11-30 for all, since 2026-10-15 in accounts that never had one",
        "set postgresql_engine to advanced_pg (profile high_availability)",
        "valkey_num_nodes 2 is not offered with valkey_size 'db-s-1vcpu-1gb', a single-node size",
        "app_region 'fra' runs in fra1 and cannot reach a VPC in nyc1: use app_region 'nyc'",
        "over the budget of $10.00",
        "'Bad_Name' is not a valid bucket name",
        "opens the databases to everybody",
    ):
        assert words in printed, done.printed[-4000:]


ENVIRONMENTS: dict[str, tuple[tuple[str, ...], str]] = {
    "no token": (("DO_API_TOKEN", "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"), "token"),
    "no authority": (
        ("DIGITALOCEAN_CA_PATH", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
        "certificate",
    ),
}


@pytest.mark.parametrize("missing", ENVIRONMENTS)
def test_what_the_shell_lacks_is_told(missing: str, cloud: LocalCloud) -> None:
    names, words = ENVIRONMENTS[missing]
    # The default instance of the checkout must not help out.
    done = run(cloud, env={**dict.fromkeys(names, ""), "LOCALCLOUD_HOME": str(cloud.home / "nothing")})
    assert (done.ok, done.writes) == (False, [])
    told(done.messages[0], words)


def test_a_wrong_type_of_a_secret_does_not_show_it(cloud: LocalCloud, tmp_path: Path) -> None:
    """From a file: Ansible itself prints what stands on the command line."""
    (tmp_path / "vault.yml").write_text("environment_secrets: sentinel-of-a-secret\n", encoding="utf-8")
    done = run(cloud, "site", "-vvvv", "-e", f"@{tmp_path / 'vault.yml'}")
    assert (done.ok, done.writes) == (False, [])
    assert "environment_secrets is not of type dict" in " ".join(done.printed.split())
    assert "sentinel" not in done.printed
