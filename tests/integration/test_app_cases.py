# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small specs that once failed, or came to something else than they say: they work, and are unchanged at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.harness.inside import one
from tests.localcloud_fixtures import LocalCloud

Json = dict[str, Any]
GITHUB = {"github": {"repo": "example/x", "branch": "main"}}


def web(**more: Any) -> Json:
    return {"name": "web", **GITHUB, **more}


def api(**more: Any) -> Json:
    return {"name": "api", **GITHUB, **more}


def targets(spec: Json) -> list[tuple[str, str]]:
    return [(rule["match"]["path"]["prefix"], rule["component"]["name"]) for rule in spec["ingress"]["rules"]]


GHCR = {"registry_type": "GHCR", "registry": "example", "repository": "x", "tag": "v1"}
DOCR = {"registry_type": "DOCR", "repository": "x", "tag": "v1"}
PAPERTRAIL = {"name": "logs", "papertrail": {"endpoint": "logs.example:1"}}
# case → the options of its tasks.
CASES: dict[str, list[Json]] = {
    "booleans-and-ports-as-text": [
        {"spec": {"services": [web(http_port="3000", internal_ports=["9090"],
                                   github={**GITHUB["github"], "deploy_on_push": "true"})]}},
    ],
    "image-to-docr": [
        {"spec": {"services": [{"name": "web", "image": GHCR}]}, "secrets": {"registry_credentials": "user:token"}},
        {"spec": {"services": [{"name": "web", "image": DOCR}]}},
    ],
    "image-from-docr": [
        {"spec": {"services": [{"name": "web", "image": {**DOCR, "deploy_on_push": {"enabled": True}}}]}},
        {"spec": {"services": [{"name": "web", "image": GHCR}]}},
    ],
    "job-of-another-kind": [
        {"spec": {"services": [web()], "jobs": [{"name": "job", **GITHUB, "kind": "SCHEDULED",
                                                 "schedule": {"cron": "0 3 * * *"}}]}},
        {"spec": {"services": [web()], "jobs": [{"name": "job", **GITHUB, "kind": "PRE_DEPLOY"}]}},
    ],
    "database-of-another-engine": [
        {"spec": {"services": [web()], "databases": [
            {"name": "db", "engine": "PG", "production": "true", "version": 17, "cluster_name": "case-pg",
             "db_name": "clinic", "db_user": "clinic"}]}},
        {"spec": {"services": [web()], "databases": [
            {"name": "db", "engine": "VALKEY", "production": True, "cluster_name": "case-valkey"}]}},
    ],
    "log-destination-to-logtail": [
        {"spec": {"services": [web(log_destinations=[PAPERTRAIL])]}},
        {"spec": {"services": [web(log_destinations=[{"name": "logs", "logtail": {}}])]},
         "secrets": {"web.log_destinations.logs.token": "secret-token"}},
    ],
    "tokens-in-clear": [
        {"spec": {"services": [web(log_destinations=[
            {"name": "logs", "open_search": {"endpoint": "https://logs.example:1", "basic_auth": {"user": "u"}}},
            {"name": "own", "endpoint": "https://logs.example:2", "headers": [{"key": "Authorization"}]}])],
            "ingress": {"secure_header": {"key": "X-Origin"}}},
         "secrets": {"web.log_destinations.logs.password": "secret-password",
                     "web.log_destinations.own.headers.Authorization": "secret-header",
                     "ingress.secure_header.value": "secret-origin"}},
    ],
    "redirect-authority": [
        {"spec": {"services": [web()], "ingress": {"rules": [
            {"match": {"path": {"prefix": "/old"}}, "redirect": {"authority": "www.example.com", "redirect_code": 301}},
            {"match": {"path": {"prefix": "/"}}, "component": {"name": "web"}}]}}},
    ],
    "routes-component-dropped": [
        {"spec": {"services": [api(routes=[{"path": "/api"}])], "static_sites": [web(routes=[{"path": "/"}])]}},
        {"spec": {"services": [api(routes=[{"path": "/api"}])], "static_sites": []}},
    ],
    "routes-component-renamed": [
        {"spec": {"services": [api(routes=[{"path": "/api"}])], "static_sites": [web(routes=[{"path": "/"}])]}},
        {"spec": {"services": [api(routes=[{"path": "/api"}])],
                  "static_sites": [{**web(routes=[{"path": "/"}]), "name": "site"}]}},
    ],
    "routes-taken-over": [
        {"spec": {"services": [api()]}},
        {"spec": {"services": [api()], "static_sites": [{"name": "front", "routes": [{"path": "/"}], **GITHUB}]}},
    ],
    "routes-given-up": [
        {"spec": {"services": [api(routes=[{"path": "/api"}]), web(routes=[{"path": "/"}])]}},
        {"spec": {"services": [api(routes=[]), web()]}},
    ],
}  # fmt: skip
# case → where requests go in the end.
ROUTES = {
    "routes-component-dropped": [("/api", "api")],
    "routes-component-renamed": [("/api", "api"), ("/", "site")],
    "routes-taken-over": [("/", "front")],
    "routes-given-up": [("/", "web")],
}


def make_databases(cloud: LocalCloud) -> None:
    """Clusters for the case that needs them."""
    size = {"size": "db-s-1vcpu-1gb", "region": "nyc1", "num_nodes": 1}
    for module, options in (
        ("database_cluster", {"name": "case-pg", "engine": "pg", "version": "17", **size}),
        ("database_db", {"cluster": "case-pg", "name": "clinic"}),
        ("database_user", {"cluster": "case-pg", "name": "clinic"}),
        ("database_cluster", {"name": "case-valkey", "engine": "valkey", "version": "8", **size}),
    ):
        made = one(cloud, module, **options)
        assert made["changed"], made.get("msg")


@pytest.mark.parametrize("case", CASES)
def test_a_case_runs_through_and_is_unchanged_at_once(cloud: LocalCloud, case: str) -> None:
    name = f"case-{case}"[:32].rstrip("-")
    last: Json = {}
    if case.startswith("database-"):
        make_databases(cloud)
    for options in CASES[case]:
        last = {**options, "name": name}
        predicted = one(cloud, "app", check=True, **last)
        assert (predicted.get("failed"), predicted["writes"]) == (None, []), predicted.get("msg")
        result = one(cloud, "app", **last)
        assert result.get("failed") is None, result["msg"]
        assert (predicted["changed"], predicted["diff"]) == (True, result["diff"])
        assert result["changed"]
        again = one(cloud, "app", **last)
        assert (again["changed"], again["writes"]) == (False, [])
        for secret in last.get("secrets", {}).values():
            assert secret not in str([predicted, result, again])
    if case in ROUTES:
        assert targets(again["app"]["spec"]) == ROUTES[case]
    told = [text for text in result["warnings"] if "will not be reached from outside" in text]
    assert bool(told) == (case == "routes-taken-over"), result["warnings"]
