# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which component gets which requests, when a spec speaks of routes and the app has rules already."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.checks import check
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.plan import plan_spec
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.routes import cut_off


def to(name, path="/", **more):
    return {"match": {"path": {"prefix": path}}, "component": {"name": name, **more}}


def site(name, *paths, **more):
    """A component with routes; without paths it has the key `routes` only when it is given."""
    return {"name": name, **({"routes": [{"path": path} for path in paths]} if paths else {}), **more}


def app(services, sites=(), rules=None):
    spec = {"name": "clinic", "services": services, "static_sites": list(sites)}
    return {**spec, "ingress": {"rules": rules}} if rules is not None else spec


def rules(current, wanted):
    """What is sent, by path; None when nothing changes. The platform fills in what is left open."""
    plan = plan_spec(current, wanted, {})
    if not plan.changed:
        return None
    sent = plan.spec.get("ingress", {}).get("rules", [])
    routed = [*plan.spec.get("services", []), *plan.spec.get("static_sites", [])]
    there = {**plan.spec, "ingress": {"rules": sent or [to(routed[0]["name"])]}}
    assert not plan_spec(there, wanted, {}).changed, "a second run changes nothing"
    return {rule["match"]["path"]["prefix"]: rule["component"] for rule in sent}


@pytest.mark.parametrize(
    ("current", "wanted", "sent"),
    [
        pytest.param(
            app([site("api")], rules=[to("api")]),
            app([site("api")], [site("front", "/")]),
            {"/": {"name": "front"}},
            id="over the rule that the platform made",
        ),
        pytest.param(
            app([site("web"), site("admin")], rules=[to("web"), to("admin", "/admin")]),
            app([site("web"), site("admin", "/")]),
            {"/": {"name": "admin"}},
            id="over a rule of another component",
        ),
        pytest.param(
            app([site("web")], [site("front")], [to("web", rewrite="/v2", preserve_path_prefix=False)]),
            app([site("web")], [site("front", "/")]),
            {"/": {"name": "front"}},
            id="without what the rule did for the other component",
        ),
        pytest.param(
            app([site("api")], [site("web")], [to("api", "/api"), to("web")]),
            app([site("api", "/api")]),
            {"/api": {"name": "api"}},
            id="a component goes, others have routes",
        ),
        pytest.param(
            app([site("api")], [site("web")], [to("api", "/api"), to("web")]),
            app([site("api", "/api")], [site("site", "/")]),
            {"/api": {"name": "api"}, "/": {"name": "site"}},
            id="a component is renamed",
        ),
        pytest.param(
            app([site("web")], rules=[to("web")]), app([site("site")]), {}, id="the only one is renamed, without routes"
        ),
        pytest.param(
            app([site("web")], [site("docs")], [to("web"), to("docs", "/docs")]),
            app([site("web")], [site("docs", routes=[])]),
            {"/": {"name": "web"}},
            id="an empty list removes",
        ),
        pytest.param(
            app([site("api")], [site("front")], [to("front")]),
            app([site("api")], [site("front", routes=[])]),
            {},
            id="an empty list gives up even the whole app",
        ),
        pytest.param(
            app([site("web")], rules=[to("web"), to("web", "/b")]),
            app([site("web", routes=[])]),
            {},
            id="an empty list of the only one leaves it to the platform",
        ),
        pytest.param(
            app([site("web")], rules=[to("web")]), app([site("web", routes=[])]), None, id="which would route it again"
        ),
        pytest.param(
            app([site("web")], [site("docs")], [to("web")]), app([site("web")], [site("docs", routes=[])]), None,
            id="nothing to remove",
        ),
        pytest.param(
            app([site("web")], [site("docs")], [to("web"), to("docs", "/docs")]),
            app([site("web", "/")]),
            {"/": {"name": "web"}},
            id="rules of others stay, but not of those that go",
        ),
        pytest.param(
            app([site("web")], [site("docs")], [to("web"), to("docs", "/docs")]),
            {"name": "clinic", "services": [site("web", "/app")]},
            {"/app": {"name": "web"}, "/docs": {"name": "docs"}},
            id="rules of others stay",
        ),
        pytest.param(
            app([site("web")], [site("docs")], [to("web"), to("docs", "/docs")]),
            {"name": "clinic", "ingress": {}},
            {},
            id="an empty ingress leaves it to the platform",
        ),
        pytest.param(
            app([site("web")], rules=[to("web")]), {"name": "clinic", "ingress": {}}, None, id="which has done so"
        ),
    ],
)  # fmt: skip
def test_a_given_route_holds(current, wanted, sent):
    assert rules(current, wanted) == sent


def test_what_a_route_leaves_out_of_the_rule_of_its_own_component_stays():
    current = app([site("web")], rules=[{**to("web"), "cors": {"allow_methods": ["GET"]}}])
    assert not plan_spec(current, app([site("web", "/")]), {}).changed


def test_on_creation_an_empty_list_of_routes_is_nothing():
    assert "ingress" not in plan_spec(None, app([site("web", routes=[])]), {}).spec


def test_a_component_that_is_cut_off_is_told_unless_that_is_meant():
    before = app([site("api")], rules=[to("api")])
    for wanted, lost in [
        (app([site("api")], [site("front", "/")]), ["api"]),
        (app([site("api", routes=[])], [site("front", "/")]), []),
        (app([site("api", "/api")], [site("front", "/")]), []),
        (app([], [site("front", "/")]), []),
        (app([site("api")], [site("front")], [to("front")]), []),
    ]:
        assert cut_off(before, plan_spec(before, wanted, {}).spec, wanted) == lost


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (app([site("a", "/x")], [site("b", "/x")]), "the route /x of component b to component a as well"),
        (app([site("a", "/x"), site("b")], rules=[to("b", "/x")]), "route /x of component a to component b as well"),
        (app([site("a", "/x")], rules=[{"match": {"path": {"prefix": "/x"}}, "redirect": {"uri": "/y"}}]),
         "the route /x of component a to a redirect as well"),
    ],
)  # fmt: skip
def test_two_claims_on_one_path_are_refused(spec, words):
    with pytest.raises(Failure, match=words):
        check(spec)
    check(app([site("a", "/x")], rules=[to("a", "/x")]))
