# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small specs that once failed, or came to something else than they say: they run through, and are unchanged at once.

In this process, since what counts here is what the module and the API make of a spec.
"""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.module import Invocation, execute
from ansible_collections.fisioflow.digitalocean.plugins.modules.app import App
from tests.localcloud_fixtures import LocalCloud

Json = dict[str, Any]
GITHUB = {"github": {"repo": "example/x", "branch": "main"}}


def run(cloud: LocalCloud, *, check: bool = False, **options: Any) -> Json:
    """The result of the module, with the writes that it sent and the warnings that it gave."""
    given = {"api_token": cloud.token, "api_url": cloud.url, "ca_path": cloud.ca, **options}
    validated = ArgumentSpecValidator(**App.argument_spec()).validate(given)
    assert not validated.error_messages
    warnings: list[str] = []
    seq = cloud.admin.seq()
    invocation = Invocation(validated.validated_parameters, check_mode=check, diff=True, warn=warnings.append)
    result = execute(App, invocation)
    return {**result, "warnings": warnings, "writes": cloud.admin.writes(seq)}


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


@pytest.mark.parametrize("case", CASES)
def test_a_case_runs_through_and_is_unchanged_at_once(cloud: LocalCloud, case: str) -> None:
    name = f"case-{case}"[:32].rstrip("-")
    last: Json = {}
    for options in CASES[case]:
        last = {**options, "name": name}
        predicted = run(cloud, check=True, **last)
        assert (predicted.get("failed"), predicted["writes"]) == (None, []), predicted.get("msg")
        result = run(cloud, **last)
        assert result.get("failed") is None, result["msg"]
        assert (predicted["changed"], predicted["diff"]) == (True, result["diff"])
        assert result["changed"]
        again = run(cloud, **last)
        assert (again["changed"], again["writes"]) == (False, [])
        for secret in last.get("secrets", {}).values():
            assert secret not in str([predicted, result, again])
    if case in ROUTES:
        assert targets(again["app"]["spec"]) == ROUTES[case]
    told = [text for text in result["warnings"] if "will not be reached from outside" in text]
    assert bool(told) == (case == "routes-taken-over"), result["warnings"]
