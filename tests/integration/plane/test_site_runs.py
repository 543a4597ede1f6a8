# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole environment, built by `site.yml` and opened as a visitor does: load balancer, proxies, app, stores."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.integration.harness.ansible import Played
from tests.integration.harness.playbooks import PROVIDED, playbook
from tests.integration.harness.visitor import DOMAIN, Visitor
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud, emptied

pytestmark = pytest.mark.xdist_group("plane")

OTHER = f"sha256:{'2b' * 32}"
# What a visitor, or somebody who should not be one, asks for → what he gets.
ANSWERS = {"/api/ping": 200, "/": 307, "/login": 200, "/.env": 404, "/.git/config": 404}
HEADERS = ("strict-transport-security", "x-content-type-options", "x-frame-options", "referrer-policy")


@dataclass
class Built:
    api: Api
    first: Played
    visitor: Visitor


@pytest.fixture(scope="module")
def built(localcloud_with_software: LocalCloud) -> Iterator[Built]:
    with emptied(localcloud_with_software) as cloud:
        api = Api(cloud)
        first = playbook(cloud, "site", env=PROVIDED)
        assert first.returncode == 0, first.printed[-6000:]
        balancers = api.ok("GET", "/load_balancers")["load_balancers"]
        yield Built(api, first, Visitor(cloud, balancers[0]["ip"]))
        api.session.close()


def test_a_visitor_gets_what_the_application_has(built: Built) -> None:
    found = {path: built.visitor.ask(path)[0].status for path in ANSWERS}
    assert found == ANSWERS
    response, body = built.visitor.ask("/api/health")
    health: dict[str, Any] = json.loads(body)
    assert health["status"] == "healthy"
    assert {name: check["status"] for name, check in health["checks"].items()} == dict.fromkeys(
        ("database", "redis", "memory"), "healthy"
    )
    assert [name for name in HEADERS if not response.headers.get(name)] == []
    plain, _body = built.visitor.ask("/login", tls=False)
    assert (plain.status, plain.headers["location"]) == (307, f"https://{DOMAIN}/login")


def test_an_unchanged_run_changes_nothing(built: Built) -> None:
    again = playbook(built.api.cloud, "site", env=PROVIDED)
    assert (again.returncode, again.recap["changed"], again.write_list) == (0, 0, []), again.printed[-4000:]


def test_no_visitor_notices_a_deployment(built: Built) -> None:
    over = threading.Event()
    asking = threading.Thread(target=built.visitor.keep_asking, args=(over,))
    asking.start()
    try:
        played = playbook(built.api.cloud, "playbooks/deploy", env=PROVIDED, variables={"image_digest": OTHER})
    finally:
        over.set()
        asking.join()
    assert played.returncode == 0, played.printed[-4000:]
    assert len(built.visitor.answers) > 20
    assert set(built.visitor.answers) == {200}


def test_the_domain_changes_where_proxies_of_the_old_one_run(built: Built) -> None:
    """Who was made for other names refuses these: the new way is asked for once proxies of the new ones are there."""
    changed = {"app_domains": ["clinic.example"], "edge_certificate": "clinic"}
    replaces = {"edge_certificate_replaces": "fisioflow-local-edge"}
    played = playbook(built.api.cloud, "site", env=PROVIDED, variables={**changed, **replaces})
    assert played.returncode == 0, played.printed[-4000:]
    answers = {built.visitor.ask("/api/ping", domain="clinic.example")[0].status for _time in range(6)}
    assert answers == {200}


def test_nothing_runs_after_destroy(built: Built) -> None:
    """With the domain and the certificate that it has by now. The zone that it had before is people's to take away."""
    built.api.ok("DELETE", f"/domains/{DOMAIN}")
    given = {"confirm": "local", "destroy_data": True, "app_domains": ["clinic.example"], "edge_certificate": "clinic"}
    gone = playbook(built.api.cloud, "playbooks/destroy", env=PROVIDED, variables=given)
    assert gone.returncode == 0, gone.printed[-4000:]
    kinds = {run["key"].partition("/")[0] for run in built.api.admin.status()["runs"]}
    assert kinds & {"postgresql", "valkey", "pools", "deployment", "route", "droplet", "load_balancer", "cdn"} == set()
    assert built.api.ok("GET", "/tags")["tags"] == []
