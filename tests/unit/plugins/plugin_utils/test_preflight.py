# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each reason not to start has its sentence; what is right has none."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.preflight import preflight_problems
from tests.unit.plugins.plugin_utils.wanted import inputs, offers, profile


def problems(changes: dict[str, Any] | None = None, offered: dict[str, Any] | None = None) -> list[str]:
    return preflight_problems({"inputs": inputs(**(changes or {})), "problems": []}, offers(**(offered or {})))


def test_a_plan_that_is_right_has_no_problem() -> None:
    assert problems() == []


def test_an_origin_may_be_local_or_have_a_port_or_a_star() -> None:
    hosts = ("app.example.com", "localhost:3000", "127.0.0.1:3000", "[::1]:3000", "*.ondigitalocean.app", "a_b.example")
    assert problems({"spaces_cors_origins": [f"https://{host}" for host in hosts]}) == []


AUTOSCALING = {"min_instance_count": 2, "max_instance_count": 4, "metrics": {"cpu": {"percent": 70}}}
SCALED = {"app_instance_size": "apps-d-1vcpu-1gb", "app_autoscaling": AUTOSCALING}
DIGEST = f"sha256:{'b' * 64}"
GIT = {"provider": "github", "repo": "fisioflow/app", "branch": "main"}
IMAGE = {"registry_type": "GHCR", "repository": "r", "digest": DIGEST}
WINDOW = {"day": "sunday", "hour": "04:00"}

# What is wrong, and words of the sentence about it.
EDGE: dict[str, Any] = {
    "edge_mode": "load_balancer",
    "edge_domains": ["clinic.example"],
    "dns_zone": "clinic.example",
    "edge_origin_secret": True,
    "preflight_budget_usd": 0,
}

INPUTS: list[tuple[dict[str, Any], str]] = [
    ({"app_name": "F"}, "app_name 'F' is not a valid app name"),
    ({"app_name": "a" * 33}, "2 to 32 of a-z"),
    ({"app_name": "clinic-"}, "last a letter or digit"),
    ({"postgresql_name": "Has Space"}, "postgresql_name 'Has Space' is not a valid cluster name"),
    ({"valkey_name": "fisioflow-local-postgresql"}, "every cluster needs its own name"),
    ({"network_name": "my net"}, "network_name 'my net'"),
    ({"project_name": "p" * 176}, "176 characters"),
    ({"project_purpose": "p" * 256}, "project_purpose has 256 characters"),
    ({"spaces_uploads_bucket": "Up"}, "not a valid bucket name"),
    ({"spaces_uploads_bucket": "192.168.0.1"}, "not a valid bucket name"),
    ({"spaces_assets_bucket": "fisioflow-local-uploads"}, "patients' files would be public"),
    ({"spaces_cdn_ttl": 100}, "spaces_cdn_ttl is 100; on offer: 60"),
    ({"spaces_access_key": ""}, "only one of them is set"),
    ({"spaces_cors_origins": ["*"]}, "any web site"),
    ({"spaces_cors_origins": ["app.example.com/"]}, "an origin looks like https://"),
    ({"spaces_cors_origins": ["https://."]}, "holds 'https://.'; an origin looks like https://"),
    ({"spaces_cors_origins": ["https://p"]}, "holds 'https://p'; an origin looks like https://"),
    ({"spaces_cors_origins": ["https://*"]}, "holds 'https://*'; an origin looks like https://"),
    ({"spaces_region": "sfo"}, "spaces_region 'sfo' is no region of Spaces, which looks like nyc3."),
    ({"spaces_region": "sfo"}, "perhaps sfo2 or sfo3 is meant."),
    ({"postgresql_database": "defaultdb"}, "'defaultdb' is reserved"),
    ({"postgresql_database": "Fisio Flow"}, "not a valid database name"),
    ({"postgresql_app_user": "doadmin"}, "postgresql_app_user 'doadmin' is reserved"),
    ({"postgresql_app_user": "pg_app"}, "'pg_app' is reserved"),
    ({"postgresql_app_user": "fisioflow_owner"}, "least privilege needs a user for each purpose"),
    ({"postgresql_pool_name": "p"}, "must have 3 to 60 characters"),
    ({"network_ip_range": "10.20.0.1/20"}, "host bits must be zero"),
    ({"network_ip_range": "8.8.0.0/20"}, "not inside the private ranges"),
    ({"network_ip_range": "fd00::/64"}, "'fd00::/64' is not a network such as"),
    ({"network_ip_range": "10.0.0.0/8"}, "/8 prefix; DigitalOcean allows /16 to /28"),
    ({"postgresql_maintenance_window": {**WINDOW, "day": "domingo"}}, "the day 'domingo'"),
    ({"valkey_maintenance_window": {**WINDOW, "hour": "4am"}}, "the hour '4am'"),
    ({"postgresql_storage_autoscale": {"enabled": True, "threshold_percent": 5, "increment_gib": 10}}, "15 to 95"),
    ({"postgresql_storage_autoscale": {"enabled": True, "threshold_percent": 80, "increment_gib": 5}}, "10 to 500"),
    ({"environment_variables": {"MY-VAR": "x"}}, "'MY-VAR' is not a valid name"),
    ({"environment_variables": {"DATABASE_URL": "x"}}, "DATABASE_URL is written by the environment role"),
    ({"environment_variables": {"NEXT_PUBLIC_APP_URL": "https://x.example"}}, "give it to the build of the image"),
    (
        {"environment_variables": {"SENTRY_DSN": "x"}, "environment_optional_secrets": {"SENTRY_DSN": True}},
        "decide whether it is a secret",
    ),
    ({"environment_optional_secrets": {"DIRECT_URL": True}}, "DIRECT_URL is written by the environment role itself"),
    ({"app_git": {"repo": "owner/name", "branch": "main"}, "app_image": {}}, "app_git.repo is 'owner/name', which is"),
    ({"environment_variables": {"SMTP_USER": "your_email@gmail.com"}}, "environment_variables.SMTP_USER is 'your_"),
    ({"app_run_command": ""}, "app_run_command is empty, so that nothing writes environment_ca_file"),
    ({"environment_secrets": {"ENCRYPTION_KEY": False}}, "set the one that the data was encrypted with"),
    ({"environment_variables": {"NEXTAUTH_SECRET": "x"}}, "decide whether it is a secret"),
    ({"trusted_sources_rules": [{"type": "ip_addr", "value": "0.0.0.0/0"}]}, "opens the databases to everybody"),
    ({"trusted_sources_rules": [{"type": "ip_addr", "value": "2001:db8::1"}]}, "do not take IPv6"),
    ({"trusted_sources_rules": [{"type": "ip_addr", "value": "office"}]}, "neither an IP address nor a range"),
    (
        {"trusted_sources_rules": [{"type": "ip", "value": "203.0.113.7"}]},
        "a rule of the type 'ip'; there are app, droplet, ip_addr, k8s, tag; perhaps ip_addr is meant.",
    ),
    ({"trusted_sources_rules": [{"value": "203.0.113.7"}]}, "a rule of the type None; there are app, droplet"),
    ({"trusted_sources_rules": [{"type": "tag"}]}, "a rule of the type tag without a value"),
    ({"trusted_sources_rules": [{"type": "tag", "value": "t"}] * 91}, "has 91 rules"),
    ({"app_alert_emails": ["ops"]}, "'ops', which is not an e-mail address"),
    ({"app_domains": ["https://clinic.example"]}, "not a host name"),
    ({"postgresql_pool_size": 20}, "exceed the 22 connections of a 1-GiB node"),
    ({"app_git": GIT}, "app_image and app_git exclude each other"),
    ({"app_image": {}}, "one of them is needed"),
    ({"app_image": {"registry_type": "GHCR", "tag": "1"}}, "needs registry_type and repository"),
    ({"app_image": {"registry_type": "GHCR", "repository": "r", "digest": DIGEST, "tag": "1"}}, "a digest and a tag"),
    ({"app_image": {"registry_type": "GHCR", "repository": "r"}}, "no app yet to keep the image of"),
    ({"app_readiness_check": {"http_pth": "/"}}, "app_readiness_check.http_pth is no field of an app spec: perhaps h"),
    ({"app_liveness_check": {"period_seconds": "soon"}}, "app_liveness_check.period_seconds must be an integer, not"),
    ({"app_termination": {"drain_secs": 5}}, "perhaps drain_seconds is meant"),
    ({"app_alerts": [{"rule": "RESTART_COUNT"}, {"ruel": "X"}]}, "app_alerts[1].ruel is no field of an app spec"),
    ({"app_git": {**GIT, "deploy_on_psh": True}, "app_image": {}}, "perhaps deploy_on_push is meant"),
    ({"app_image": {**IMAGE, "credentials": "x"}}, "app_image.credentials is no field of an app spec"),
    ({"app_release_digest": "latest"}, "image_digest 'latest' is not of the form"),
    ({"app_image": {}, "app_git": GIT, "app_release_digest": DIGEST}, "the app is built from git"),
    ({"app_release_branch": "main"}, "the app runs an image"),
    ({"app_image": {}, "app_git": GIT, "app_release_commit": "HEAD"}, "not a commit hash"),
    ({"app_image": {}, "app_git": {"repo": "a/b"}}, "app_git needs branch"),
    ({"environment_secrets": {"NEXTAUTH_SECRET": False}}, "environment_secrets.NEXTAUTH_SECRET is empty"),
    ({"edge_mode": "load_balancer"}, "edge_mode is load_balancer, which needs a domain"),
    ({**EDGE, "edge_origin_secret": False}, "edge_origin_secret is not set"),
    ({**EDGE, "dns_zone": "other.example"}, "app_domains holds clinic.example, which is not in the zone other.example"),
    ({**EDGE, "edge_proxies_min": 4}, "edge_proxies_min is 4 and edge_proxies_max 3"),
    ({**EDGE, "edge_proxy_cpu": 80.0}, "edge_proxy_cpu is 80.0; it is a share"),
    ({**EDGE, "edge_domains": ["clinic.example"] * 2}, "app_domains holds a name twice"),
    ({**EDGE, "dns_ttl": 5}, "dns_ttl is 5; DigitalOcean takes 30 seconds or more"),
    ({**EDGE, "dns_issuers": ["letsencrypt.org; x"]}, "dns_issuers holds 'letsencrypt.org; x'"),
    ({**EDGE, "dns_resolver": "resolver.example"}, "dns_resolver is 'resolver.example'; it is an IPv4 address"),
    ({**EDGE, "dns_resolver": "192.0.2.1:99999"}, "dns_resolver is '192.0.2.1:99999'"),
    ({**EDGE, "edge_nodes": 0}, "edge_nodes is 0; it goes from 1 to 100"),
    ({**EDGE, "edge_proxy_port": 99999}, "edge_proxy_port is 99999; it goes from 1 to 65535"),
    ({**EDGE, "edge_timeout_seconds": 0}, "edge_timeout_seconds is 0; it goes from 1 to 600"),
    ({**EDGE, "edge_drain_seconds": -5}, "edge_drain_seconds is -5"),
    ({**EDGE, "edge_health_path": "health"}, "edge_health_path is 'health', which is no path"),
    ({**EDGE, "edge_probe_path": "/a b {x}"}, "edge_probe_path is '/a b {x}', which is no path"),
    ({**EDGE, "edge_permissions_policy": "camera=()\nrespond 200"}, "edge_permissions_policy may hold no line break"),
    ({**EDGE, "dns_at_digitalocean": False}, "dns_at_digitalocean is false, and Let's Encrypt issues"),
    ({**EDGE, "preflight_budget_usd": 60}, "Load balancer 12.00, Edge proxies 18.00"),
    ({**EDGE, "edge_proxy_size": "c-60-intel"}, "no price is known for Edge proxies (2 to 3 × c-60-intel)"),
    ({"preflight_budget_usd": 40}, "up to $47.15 a month, over the budget of $40.00"),
    ({"preflight_budget_usd": -1}, "it must be positive"),
]


CERTIFICATE = {"name": "clinic-edge", "dns_names": ["clinic.example"]}


@pytest.mark.parametrize(
    ("changes", "there", "words"),
    [
        ({}, [], ""),
        ({}, [CERTIFICATE], ""),
        ({"edge_mode": "app_platform"}, [{**CERTIFICATE, "dns_names": ["old.example"]}], ""),
        (
            {"edge_certificate": "clinic-edge"},
            [{**CERTIFICATE, "dns_names": ["www.old.example", "old.example"]}],
            "app_domains has changed, and the certificate 'clinic-edge' is for old.example, www.old.example: set "
            "edge_certificate to a new name, such as clinic-edge-clinic-example, and edge_certificate_replaces to "
            "clinic-edge",
        ),
        ({"edge_lets_encrypt": False}, [], "which the account does not have"),
        ({"edge_lets_encrypt": False}, [{**CERTIFICATE, "dns_names": []}], ""),
    ],
)
def test_a_certificate_is_seen_to_before_the_app_changes(
    changes: dict[str, Any], there: list[dict[str, Any]], words: str
) -> None:
    """Later the run would end with an app that has a domain to which nothing leads."""
    found = problems({**EDGE, **changes}, {"certificates": there})
    assert [text for text in found if words in text] if words else found == []


@pytest.mark.parametrize(("changes", "words"), INPUTS, ids=[words for _, words in INPUTS])
def test_a_mistake_is_told(changes: dict[str, Any], words: str) -> None:
    found = problems(changes)
    assert [text for text in found if words in text], found
    assert len(found) == 1, found


OFFERS: list[tuple[dict[str, Any], str]] = [
    ({"postgresql_region": "mars1"}, "'mars1' of PostgreSQL is not on offer; on offer: fra1, nyc"),
    ({"postgresql_version": "14"}, "'14' of PostgreSQL is not on offer; on offer: 15, 16, 17"),
    ({"valkey_version": "7"}, "'7' of Valkey is not on offer; on offer: 8"),
    ({"postgresql_size": "db-s-1vcpu-64gb"}, "postgresql_size 'db-s-1vcpu-64gb' of PostgreSQL is not on offer"),
    ({"postgresql_num_nodes": 2}, "'db-s-1vcpu-1gb', a single-node size; with 2 nodes: db-s-1vcpu-2gb, db-s-2vcpu-4gb"),
    ({"valkey_num_nodes": 5}, "Valkey comes with 1, 2 nodes"),
    ({"postgresql_region": "fra1"}, "a VPC does not span regions"),
    ({"app_instance_size": "apps-x"}, "app_instance_size 'apps-x' is not on offer"),
    ({"app_migration_size": "apps-y"}, "app_migration_size 'apps-y' is not on offer"),
    ({"app_region": "ams"}, "app_region 'ams' is not on offer; on offer: fra, nyc"),
    ({"app_region": "fra"}, "runs in fra1 and cannot reach a VPC in nyc1: use app_region 'nyc'"),
    ({"app_instance_count": 0}, "at least one instance"),
    ({"app_instance_size": "apps-s-1vcpu-1gb-fixed", "app_instance_count": 2}, "runs a single instance only"),
    ({"app_instance_size": "apps-s-1vcpu-1gb-fixed", "app_autoscaling": AUTOSCALING}, "a single instance only"),
    ({"app_instance_size": "apps-s-1vcpu-1gb-fixed", "app_most_instances": 2}, "app_most_instances is 2, but"),
    ({"app_instance_count": 3, "app_most_instances": 2}, "app_most_instances is 2; 3 to 250 is allowed, or 0"),
    ({**SCALED, "app_most_instances": 5}, "app_most_instances is 5; 2 to 4 is allowed"),
    ({"app_autoscaling": AUTOSCALING}, "on CPU needs a dedicated size"),
    ({"app_autoscaling": {**AUTOSCALING, "metrics": {"memory": 80}}}, "cannot scale on memory"),
    ({"app_autoscaling": {**AUTOSCALING, "metrics": {"cpuu": {}}}}, "cannot scale on cpuu: App Platform knows cpu, "),
    ({"app_autoscaling": {**AUTOSCALING, "max_instances": 9}}, "perhaps max_instance_count is meant"),
    ({"app_autoscaling": {**AUTOSCALING, "metrics": {}}}, "names no metric"),
    ({"app_autoscaling": {**AUTOSCALING, "min_instance_count": 5}}, "goes from 5 to 4"),
]


@pytest.mark.parametrize(("changes", "words"), OFFERS, ids=[words for _, words in OFFERS])
def test_what_is_not_on_offer_is_told(changes: dict[str, Any], words: str) -> None:
    found = problems({"preflight_budget_usd": 0, **changes})
    assert [text for text in found if words in text], found


def test_numbers_may_be_text_as_templates_leave_them() -> None:
    scaling = {"min_instance_count": "2", "max_instance_count": "4", "metrics": {"cpu": {"percent": "70"}}}
    dedicated = {"preflight_budget_usd": 0, "app_instance_size": "apps-d-1vcpu-1gb"}
    assert problems({**dedicated, "app_autoscaling": scaling}) == []
    assert problems({**dedicated, "app_autoscaling": {**scaling, "max_instance_count": "many"}}) == [
        'app_autoscaling.max_instance_count must be an integer, not "many".'
    ]


def test_a_vpc_region_that_no_app_reaches_names_those_that_work() -> None:
    [text] = [text for text in problems({"network_region": "nyc3"}) if "cannot reach" in text]
    assert "no app region reaches nyc3; use one of fra1, nyc1." in text


def test_missing_scopes_are_told_at_once() -> None:
    [text] = problems(offered={"token_scopes": ["account:read", "app:*"]})
    assert text.startswith("the token lacks these scopes: cdn:create, cdn:read")
    assert "app:" not in text.split("scopes:")[1]


@pytest.mark.parametrize("scopes", [None, ["*"], ["read", "write"]])
def test_a_token_without_custom_scopes_may_do_everything(scopes: list[str] | None) -> None:
    assert problems(offered={"token_scopes": scopes}) == []


def test_a_token_that_ends_before_the_run_is_told() -> None:
    assert problems(offered={"token_expires_in": 60}) == ["the token expires in 60 s; a run may take 3600 s."]


ONE_BIG = {"postgresql_size": "gd-4vcpu-16gb", "postgresql_num_nodes": 1}


@pytest.mark.parametrize("budget", [60, 0])
def test_an_unknown_price_stops_the_run_and_says_what_to_paste(budget: int) -> None:
    unknown = {**profile("high_availability"), **ONE_BIG, "preflight_budget_usd": budget}
    [text] = problems(unknown)
    assert "no price is known for PostgreSQL (1 × gd-4vcpu-16gb): look it up" in text
    snippet = text.split(" as ")[1].split(" (for one")[0]
    assert yaml.safe_load(snippet) == {"preflight_prices": {"advanced_pg": {"gd-4vcpu-16gb": "USD"}}}
    # What was pasted and not filled in prices nothing.
    assert "is 'USD'; it must be a number of US dollars" in " ".join(problems({**unknown, **yaml.safe_load(snippet)}))
    priced = {"preflight_budget_usd": 0, "preflight_prices": {"advanced_pg": {"gd-4vcpu-16gb": 260}}}
    assert problems({**unknown, **priced}) == []


def test_a_release_behind_a_load_balancer_is_not_judged_without_its_secret() -> None:
    """The app would refuse whoever asks it; what deploys nothing asks nobody."""
    there = {"clusters": None, "vpcs": None}
    release = {**EDGE, "edge_origin_secret": False, "preflight_provisioning": False}
    [text] = problems({**release, "preflight_deploying": True}, there)
    assert text.startswith("edge_origin_secret is not set, and the app refuses whoever comes past the load balancer")
    assert problems({**release, "preflight_deploying": False}, there) == []
    assert problems({**release, "edge_origin_secret": True, "preflight_deploying": True}, there) == []
    assert (
        problems({"edge_origin_secret": False, "preflight_provisioning": False, "preflight_deploying": True}, there)
        == []
    )


def test_a_release_waits_for_no_price_unless_there_is_a_budget() -> None:
    release = {**profile("high_availability"), **ONE_BIG, "preflight_provisioning": False}
    assert problems({**release, "preflight_budget_usd": 0}, {"clusters": None, "vpcs": None}) == []
    [text] = problems({**release, "preflight_budget_usd": 60}, {"clusters": None, "vpcs": None})
    assert "no price is known" in text


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        ({"postgres": {"db-s-1vcpu-1gb": 15}}, "preflight_prices.postgres prices nothing; there are advanced_pg, "),
        ({"valky": {"db-s-1vcpu-1gb": 15}}, "preflight_prices.valky prices nothing; perhaps valkey is meant"),
        ({"pg": 15}, "preflight_prices.pg is 15; it must hold sizes with their price, as preflight_prices: {pg: {"),
        ({"pg": {"db-s-1vcpu-1g": 15}}, "preflight_prices.pg.db-s-1vcpu-1g prices nothing: that size is not on offer"),
        ({"app": {"apps-s-1vcpu-1gb": "cheap"}}, "preflight_prices.app.apps-s-1vcpu-1gb is 'cheap'; it must be a"),
        ({"spaces": -5}, "preflight_prices.spaces is -5; it must be a number of US dollars"),
        ({"spaces": True}, "preflight_prices.spaces is True"),
    ],
)
def test_a_price_that_prices_nothing_is_told(prices: dict[str, Any], words: str) -> None:
    [text] = problems({"preflight_prices": prices})
    assert words in text


@pytest.mark.parametrize("name", ["essential", "resilient", "high_availability"])
def test_the_profiles_have_no_problem_after_the_change_of_plans(name: str) -> None:
    plan = {**profile(name), "preflight_budget_usd": 500}
    assert problems(plan, {"server_time": "2026-12-01T00:00:00Z"}) == []


STANDBY = {"postgresql_size": "db-s-1vcpu-2gb", "postgresql_num_nodes": 2, "preflight_budget_usd": 0}
AFTER = "2026-11-30T00:00:00Z"
WHY = "new Standard clusters (pg, mysql) have no standby, no read-only node and at most 4 GiB, from 2026-11-30 for all"
# What the options would be if they listed what new clusters get, and no more.
SHRUNK = {**offers()["databases"]}
SHRUNK["pg"] = {**SHRUNK["pg"], "layouts": SHRUNK["pg"]["layouts"][:1]}


@pytest.mark.parametrize("databases", [offers()["databases"], SHRUNK], ids=["listed", "shrunk"])
def test_a_standby_of_a_new_standard_cluster_is_refused_with_when_and_why(databases: dict[str, Any]) -> None:
    [text] = problems(STANDBY, {"server_time": AFTER, "databases": databases})
    assert text.startswith("'fisioflow-local-postgresql' would have 2 nodes (postgresql_num_nodes, postgresql_size)")
    assert f"{WHY}, since 2026-10-15 in accounts that never had one" in text
    assert "set postgresql_engine to advanced_pg (profile high_availability)" in text


def test_a_standby_is_no_problem_before_that_day_nor_where_nothing_is_made() -> None:
    assert problems(STANDBY) == []
    assert problems(STANDBY, {"server_time": AFTER, "clusters": None}) == []


@pytest.mark.parametrize("databases", [offers()["databases"], SHRUNK], ids=["listed", "shrunk"])
def test_a_cluster_keeps_what_its_age_gives_it(databases: dict[str, Any]) -> None:
    old = {**POSTGRESQL, "size": "db-s-1vcpu-2gb", "num_nodes": 1, "created_at": "2026-11-24T03:00:00Z"}
    built = {**BUILT, "server_time": "2026-12-24T00:00:00Z", "databases": databases}
    assert problems(STANDBY, {**built, "clusters": [old, VALKEY]}) == []
    [text] = problems(STANDBY, {**built, "clusters": [{**old, "created_at": AFTER}, VALKEY]})
    assert WHY in text


def test_a_move_to_the_advanced_edition_is_told_with_what_it_lacks() -> None:
    [text] = problems({**profile("high_availability"), "valkey_num_nodes": 1, "preflight_budget_usd": 0}, BUILT)
    fact = "postgresql_engine is 'advanced_pg', but the cluster 'fisioflow-local-postgresql' stays 'pg'"
    assert text.startswith(f"{fact}: set it to 'pg'; no run moves")
    for word in ("CREATE EXTENSION", "uuid-ossp", "options=", "authority of its own"):
        assert word in text
    back = {**BUILT, "clusters": [{**POSTGRESQL, "engine": "advanced_pg"}, VALKEY]}
    assert "CREATE EXTENSION" not in problems({}, back)[0]


@pytest.mark.parametrize(
    ("engine", "config", "words"),
    [
        ("advanced_pg", {"backup_hour": 6, "pg_parameters": {}}, "postgresql_config has backup_hour, which advanced_"),
        ("pg", {"pg_parameters": {"work_mem": "4096"}}, "postgresql_config has pg_parameters, which is of adv"),
    ],
)
def test_the_configuration_has_the_shape_of_its_edition(engine: str, config: dict[str, Any], words: str) -> None:
    plan = {"postgresql_size": "gd-2vcpu-8gb"} if engine == "advanced_pg" else {}
    [text] = problems({**plan, "postgresql_engine": engine, "postgresql_config": config, "preflight_budget_usd": 0})
    assert words in text


def test_the_budget_must_bear_what_autoscaling_may_cost() -> None:
    scaling = {"min_instance_count": 1, "max_instance_count": 3, "metrics": {"cpu": {"percent": 70}}}
    plan = {"app_autoscaling": scaling, "app_instance_size": "apps-d-1vcpu-1gb"}
    [text] = problems({**plan, "preflight_budget_usd": 75})
    assert "over the budget of $75.00" in text
    assert problems({**plan, "preflight_budget_usd": 200}) == []


def test_all_problems_come_in_one_list() -> None:
    found = problems({"app_name": "F", "postgresql_version": "9", "preflight_budget_usd": 1})
    assert len(found) == 3


def test_what_could_not_be_asked_for_is_told_and_its_checks_are_left_out() -> None:
    unknown = {**dict.fromkeys(offers()), "failed": [{"msg": "no route"}]}
    assert problems({"app_name": "F"}, unknown)[0] == "no route"
    assert len(problems({"app_name": "F"}, unknown)) == 2


def test_what_a_missing_scope_forbids_is_told_once() -> None:
    refused = {"msg": "forbidden.", "error": {"status": 403}}
    scopes = sorted({*inputs()["preflight_scopes"]} - {"vpc:read"})
    lacking = {"failed": [refused, {"msg": "no route."}], "token_scopes": scopes}
    assert problems(offered=lacking) == ["no route.", "the token lacks this scope: vpc:read."]
    assert problems(offered={"failed": [refused]}) == ["forbidden."]


def test_buckets_that_cannot_be_had_are_told_unless_name_or_region_cannot_be() -> None:
    taken = {"bucket_errors": ["taken."]}
    assert problems(offered=taken) == ["taken."]
    assert problems({"spaces_region": "sfo"}, taken)[0].startswith("spaces_region 'sfo' is no region")
    assert len(problems({"spaces_region": "sfo"}, taken)) == 1
    assert len(problems({"spaces_uploads_bucket": "Bad_Name"}, taken)) == 1


def test_a_region_that_nothing_knows_yet_is_doubted_only_where_it_does_not_work() -> None:
    assert problems({"spaces_region": "mem1"}) == []
    silent, doubted = problems({"spaces_region": "nyc1"}, {"bucket_errors": ["https://nyc1… cannot be reached."]})
    assert silent.endswith("cannot be reached.")
    assert doubted.startswith("spaces_region is 'nyc1'. Spaces is known to be in ams3,")
    assert doubted.endswith("perhaps nyc3 is meant.")


def test_new_regions_need_no_new_code() -> None:
    regions = [{"slug": "mem", "data_centers": ["mem1"]}, *offers()["app_regions"]]
    databases = {engine: {**row, "regions": ["mem1"]} for engine, row in offers()["databases"].items()}
    everywhere = {f"{name}_region": "mem1" for name in ("network", "postgresql", "valkey", "spaces")}
    found = problems({**everywhere, "app_region": "mem"}, {"app_regions": regions, "databases": databases})
    assert found == []


def test_the_word_of_another_product_is_answered_with_the_right_one() -> None:
    assert "app_region 'nyc1' is not on offer; on offer: fra, nyc; perhaps nyc is meant." in problems(
        {"app_region": "nyc1"}
    )
    [text, *_] = problems({"postgresql_region": "nyc"})
    assert text.endswith("perhaps nyc1 or nyc3 is meant.")


def test_another_spelling_of_where_the_app_is_does_not_ask_to_delete_it() -> None:
    there = {"vpcs": [NETWORK], "clusters": [POSTGRESQL, VALKEY], "apps": [{"spec": {"region": "nyc"}}]}
    assert "delete" not in " ".join(problems({"app_region": "nyc1"}, there))
    assert "or delete the app" in " ".join(problems({"app_region": "fra"}, there))


@pytest.mark.parametrize("clusters", [[], ["pg"]], ids=["new", "there"])
def test_an_engine_that_is_none_is_one_problem(clusters: list[str]) -> None:
    there = (
        {"clusters": [POSTGRESQL, VALKEY], "vpcs": [NETWORK], "apps": [{"spec": {"region": "nyc"}}]} if clusters else {}
    )
    told = ["postgresql: value of postgresql_engine must be one of: pg, advanced_pg, got: postgres."]
    for plan in ({}, {**profile("high_availability"), "valkey_num_nodes": 1}):
        wanted = inputs(**plan)
        del wanted["postgresql_engine"]
        assert preflight_problems({"inputs": wanted, "problems": told}, offers(**there)) == told


def test_what_the_engine_has_to_do_with_is_all_that_is_left_out() -> None:
    wanted = inputs(valkey_version="7", preflight_budget_usd=-1)
    del wanted["postgresql_engine"]
    found = preflight_problems({"inputs": wanted, "problems": ["no choice."]}, offers())
    assert len(found) == 3, found


def test_a_cluster_keeps_what_new_ones_do_not_get() -> None:
    """Sold out, or over for new clusters: what is there and stays as it is needs no offer."""
    layouts = [{"num_nodes": 1, "sizes": ["db-s-1vcpu-1gb", "db-s-1vcpu-2gb"]}]
    offered = {"databases": {**offers()["databases"], "pg": {**offers()["databases"]["pg"], "layouts": layouts}}}
    wanted = {"postgresql_size": "db-s-1vcpu-2gb", "postgresql_num_nodes": 2, "preflight_budget_usd": 0}
    [text] = problems(wanted, offered)
    assert text == "postgresql_num_nodes is 2; PostgreSQL comes with 1 node."
    there = {**POSTGRESQL, "size": "db-s-1vcpu-2gb", "num_nodes": 2}
    assert problems(wanted, {**offered, "clusters": [there], "vpcs": [NETWORK]}) == []


def test_a_value_of_a_wrong_type_is_told_once_and_breaks_nothing() -> None:
    desired = {"inputs": inputs(postgresql_num_nodes=None, spaces_cdn_ttl=None), "problems": ["a type is wrong."]}
    assert "a type is wrong." in preflight_problems(desired, offers())


def test_a_mistake_of_ours_is_not_swallowed() -> None:
    desired = {"inputs": {**inputs(), "app_name": None}, "problems": []}
    with pytest.raises(TypeError):
        preflight_problems(desired, offers())


def test_an_existing_app_keeps_its_secrets_and_its_image() -> None:
    changes = {
        "environment_secrets": {"NEXTAUTH_SECRET": False},
        "app_image": {"registry_type": "GHCR", "repository": "r"},
    }
    spec = {"region": "nyc", "services": [{"name": "web", "envs": [{"key": "NEXTAUTH_SECRET", "type": "SECRET"}]}]}
    assert problems(changes, {"apps": [{"id": "x", "spec": spec}]}) == []


def test_an_existing_app_cannot_keep_a_secret_that_it_never_had() -> None:
    changes = {"environment_secrets": {"ENCRYPTION_KEY": False}}
    [text] = problems(changes, {"apps": [{"id": "x", "spec": {"region": "nyc", "services": [{"name": "web"}]}}]})
    assert text.startswith("environment_secrets.ENCRYPTION_KEY is empty, and the app has no earlier value: set the one")


def test_a_secret_that_the_app_must_keep_cannot_be_left_out_of_the_inventory() -> None:
    envs = [{"key": name, "type": "SECRET"} for name in ("NEXTAUTH_SECRET", "ENCRYPTION_KEY")]
    there = {"apps": [{"id": "x", "spec": {"region": "nyc", "services": [{"name": "web", "envs": envs}]}}]}
    [text] = problems({}, there)
    assert text.startswith("environment_secrets lacks ENCRYPTION_KEY, which the app has and must keep: name it again")
    assert problems({"environment_secrets": {"ENCRYPTION_KEY": False, "NEXTAUTH_SECRET": False}}, there) == []
    assert problems({"app_permanent_secrets": []}, there) == []


def test_a_secret_that_the_app_must_keep_is_told_once_with_the_way_out() -> None:
    [text] = problems(offered={"lost_secrets": ["web.ENCRYPTION_KEY", "worker.ENCRYPTION_KEY"]})
    assert text.startswith("environment_secrets.ENCRYPTION_KEY is not the value that the app has")
    assert "or unset it (inventories/common/secrets.yml takes it from vault_encryption_key or FISIOFLOW_E" in text


NETWORK = {"id": "5a49", "name": "fisioflow-local", "region": "nyc1", "ip_range": "10.20.0.0/20"}
OTHER = {"id": "c22d", "name": "office", "region": "nyc1", "ip_range": "10.30.0.0/16"}
POSTGRESQL = {
    "name": "fisioflow-local-postgresql",
    "engine": "pg",
    "version": "17",
    "size": "db-s-1vcpu-1gb",
    "region": "nyc1",
    "storage_size_mib": 30720,
    "private_network_uuid": "5a49",
}
VALKEY = {**POSTGRESQL, "name": "fisioflow-local-valkey", "engine": "valkey", "version": "8"}
BUILT = {"vpcs": [OTHER, NETWORK], "clusters": [POSTGRESQL, VALKEY], "apps": [{"spec": {"region": "nyc"}}]}
ANOTHER = "; no run moves what is there."

# What an environment that is there cannot become, and the sentence about it.
FIXED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        {"network_ip_range": "10.40.0.0/20"},
        {},
        "network_ip_range is '10.40.0.0/20', but the VPC 'fisioflow-local' keeps '10.20.0.0/20': "
        f"set it to '10.20.0.0/20'{ANOTHER}",
    ),
    (
        {"postgresql_version": "16"},
        {},
        "postgresql_version is '16', but the cluster 'fisioflow-local-postgresql' cannot go down from '17': "
        f"set it to '17'{ANOTHER}",
    ),
    (
        {},
        {"clusters": [{**POSTGRESQL, "size": "db-s-1vcpu-2gb"}]},
        "postgresql_size is 'db-s-1vcpu-1gb', but the nodes of 'fisioflow-local-postgresql' cannot get smaller than "
        f"'db-s-1vcpu-2gb': set it to 'db-s-1vcpu-2gb'{ANOTHER}",
    ),
    (
        {"postgresql_storage_size_mib": 10240, "postgresql_storage_autoscale": {"enabled": False}},
        {},
        f"cannot go down from 30720: set it to 30720{ANOTHER}",
    ),
    (
        {"postgresql_network_id": "c22d"},
        {},
        "postgresql_network_id is 'c22d', but the cluster 'fisioflow-local-postgresql' cannot leave the VPC '5a49': "
        f"set it to '5a49'{ANOTHER}",
    ),
    ({"network_name": "office", "network_ip_range": "10.30.0.0/16"}, {"clusters": [VALKEY]}, "leave the VPC 'fisio"),
    ({"network_name": "new", "network_ip_range": "10.40.0.0/20"}, {"clusters": [VALKEY]}, "network_name is 'new', but"),
    (
        {"network_name": "new", "network_ip_range": "10.20.4.0/24"},
        {"clusters": []},
        "10.20.4.0/24 overlaps 10.20.0.0/20",
    ),
    (
        {"valkey_name": "mine"},
        {"clusters": [{**POSTGRESQL, "name": "mine"}]},
        "'mine' is that of a pg cluster, not of Valkey",
    ),
    (
        {},
        {"apps": [{"spec": {"region": "fra"}}]},
        "app_region is 'nyc', but the app 'fisioflow-local' cannot leave 'fra': "
        "set it to 'fra', or delete the app, which is then made anew.",
    ),
]


@pytest.mark.parametrize(("changes", "built", "words"), FIXED, ids=[words for _, _, words in FIXED])
def test_what_can_never_change_is_told(changes: dict[str, Any], built: dict[str, Any], words: str) -> None:
    found = problems(changes, {**BUILT, **built})
    assert [text for text in found if words in text], found
    assert len(found) == 1, found


def test_a_disk_that_grew_by_itself_is_no_problem() -> None:
    autoscale = {"enabled": True, "threshold_percent": 80, "increment_gib": 10}
    growing = {"postgresql_storage_size_mib": 10240, "postgresql_storage_autoscale": autoscale}
    assert problems(growing, BUILT) == []


def test_another_region_is_told_of_each_thing_that_stays() -> None:
    regions = dict.fromkeys(("network_region", "postgresql_region", "valkey_region"), "fra1")
    found = problems({**regions, "app_region": "fra"}, BUILT)
    assert [text.split(" is ")[0] for text in found] == ["app_region", *regions]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"network_ip_range": "10.20.0.0/20"},
        {"postgresql_network_id": "5a49", "valkey_network_id": "5a49"},
        {"postgresql_storage_size_mib": 40960},
    ],
)
def test_what_stays_as_it_is_or_grows_is_no_problem(changes: dict[str, Any]) -> None:
    assert problems(changes, BUILT) == []
    older = [{**POSTGRESQL, "version": "9"}, VALKEY]
    assert problems(changes, {**BUILT, "clusters": older}) == []


@pytest.mark.parametrize(
    ("changes", "sizes", "words"),
    [
        ({}, [15], ""),
        ({"postgresql_pool_name": "new"}, [15], "of its 15 connections 7 are left beside 'pool0' with 15"),
        ({"postgresql_pool_name": "new", "postgresql_pool_size": 7}, [15], ""),
        ({"postgresql_pool_name": "new", "postgresql_pool_size": 8}, [10, 5], "shrink what is there by 1 "),
        ({"postgresql_pool_name": "new", "postgresql_size": "db-s-1vcpu-2gb", "postgresql_pool_size": 32}, [15], ""),
        ({"postgresql_pool_name": "new"}, [], ""),
    ],
)
def test_another_pool_must_find_connections_left(changes: dict[str, Any], sizes: list[int], words: str) -> None:
    name = "pool{}" if changes else inputs()["postgresql_pool_name"]
    pools = [{"name": name.format(at), "size": size} for at, size in enumerate(sizes)]
    found = problems({"preflight_budget_usd": 0, **changes}, {**BUILT, "pools": pools})
    assert words in found[0] if words else found == [], found


def test_where_a_cluster_is_counts_only_when_the_networks_are_known() -> None:
    assert problems({"network_name": "new"}, {**BUILT, "vpcs": None}) == []
