# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the app spec against the official description, and what it is for: typos and types at every place."""

from __future__ import annotations

import copy
import json

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import overlay
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.checks import check
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.schema import SPEC, fits, typed
from localcloud.instance.foreground import find_spec

COMPONENTS = ("services", "workers", "jobs", "static_sites", "functions")
TYPES = {"string": str, "integer": int, "number": float, "boolean": bool}
# In the vendor's Go client (godo 1.201.0, apps.gen.go) and not in the description; `*` is any component.
GODO = {
    *("alerts", "envs", "features", "ingress.load_balancer", "ingress.load_balancer_size", "ingress.secure_header"),
    *("databases.size", "databases.num_nodes", "domains.certificate"),
    *("ingress.rules.match.authority.prefix", "ingress.rules.match.path.exact"),
    *("services.alerts", "workers.alerts", "jobs.alerts", "jobs.schedule", "jobs.timeout"),
    *("services.inactivity_sleep", "services.health_check.path"),
    *(f"{kind}.log_destinations.{key}" for kind in COMPONENTS for key in ("endpoint", "tls_insecure", "headers")),
}
# A flag by the prose, in the Go client and for routes; typed string in the description (digest §15.9).
FLAG = "ingress.rules.component.preserve_path_prefix"


def merge(one, two):
    return {key: merge(one[key], two[key]) if isinstance(one.get(key), dict) and isinstance(two.get(key), dict)
            else two.get(key, one.get(key)) for key in {**one, **two}}  # fmt: skip


class Description:
    def __init__(self, path):
        self.schemas = json.loads(path.read_text())["components"]["schemas"]

    def form(self, schema):
        """A schema in the form of the table."""
        if "$ref" in schema:
            return self.form(self.schemas[schema["$ref"].rsplit("/", 1)[-1]])
        if schema.get("type") == "array":
            return [self.form(schema["items"])]
        found = {key: self.form(value) for key, value in schema.get("properties", {}).items()}
        scalar = TYPES.get(schema.get("type"))
        for part in [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])]:
            form = self.form(part)
            if isinstance(form, dict):
                found = merge(found, form)
            else:
                scalar = scalar or form
        return found or scalar


def flat(form, place=""):
    """Place → its type, `list` and `dict` included."""
    if isinstance(form, list):
        inner = {} if form[0] in TYPES.values() else flat(form[0], place)
        return {**inner, place: (list, form[0] if not inner else dict)}
    if isinstance(form, dict):
        found = {place: dict} if place else {}
        for key, value in form.items():
            found |= flat(value, f"{place}.{key}".lstrip("."))
        return found
    return {place: form}


def test_the_table_is_the_official_description_and_what_the_go_client_has_besides():
    path = find_spec(None)
    if path is None:
        pytest.skip("no API description at hand")
    described = flat(Description(path).form({"$ref": "#/components/schemas/app_spec"}))
    ours = flat(SPEC)
    assert len(described) > 350
    assert described.pop(FLAG) is str
    assert {place: kind for place, kind in described.items() if ours.get(place) != kind} == {}
    beside = set(ours) - set(described) - {FLAG}
    assert {place for place in beside if not any(f"{place}.".startswith(f"{known}.") for known in GODO)} == set()
    assert {known for known in GODO if known not in beside} == set(), "the description has it by now"


def places(form, path=()):
    """The path to each scalar of the table."""
    if isinstance(form, list):
        yield from places(form[0], (*path, 0))
    elif isinstance(form, dict):
        for key, value in form.items():
            yield from places(value, (*path, key))
    else:
        yield path, form


IDENTITIES = {"services": "name", "workers": "name", "jobs": "name", "static_sites": "name", "functions": "name",
              "databases": "name", "log_destinations": "name", "domains": "domain", "envs": "key",
              "headers": "key", "alerts": "rule"}  # fmt: skip


def spec_with(path, value, listname=""):
    """A spec, or a part of one, that has a value at one place."""
    if not path:
        return value
    key, *rest = path
    inner = spec_with(rest, value, key)
    if key == 0:
        named = {IDENTITIES[listname]: "web"} if listname in IDENTITIES else {}
        return [{**named, **inner}] if rest else [inner]
    return {key: inner}


def at(spec, path):
    for key in path:
        spec = spec[key]
    return spec


ALL = list(places(SPEC))
WORDS = {int: ("8080", 8080), bool: ("true", True), float: ("2.5", 2.5), str: (12, "12")}


def test_text_becomes_what_the_api_wants_at_every_place():
    """Extra variables and surveys of AWX give text only."""
    wrong = {}
    for path, kind in ALL:
        if {"egress_ips", "routes"} & set(path):
            continue  # neither is left where it was
        given, wanted = WORDS[kind]
        spec = spec_with(path, given)
        check(copy.deepcopy(spec))
        found = at(overlay.normalise(spec), path)
        if (found, type(found)) != (wanted, type(wanted)):
            wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize("word", ["yes", "On", "1", 1, "True"])
def test_a_flag_may_be_any_word_that_ansible_takes_for_true(word):
    spec = overlay.normalise(spec_with(("services", 0, "github", "deploy_on_push"), word))
    assert spec["services"][0]["github"]["deploy_on_push"] is True


def test_what_is_of_another_type_is_refused_at_every_place():
    for path, kind in ALL:
        for value in [{"a": 1}, [1], *(["no such word"] if kind is not str else [])]:
            with pytest.raises(Failure, match=r" must be (text|an integer|a number|true or false), not "):
                check(spec_with(path, value))


def test_a_typo_is_refused_at_every_place_with_the_right_field():
    for path, _ in ALL:
        if path[-1] == 0 or "metrics" in path[-2:]:
            continue
        typo = f"{path[-1][:-1]}{path[-1][-1] * 2}"
        with pytest.raises(Failure, match=rf"{typo} is no field of an app spec: perhaps {path[-1]} is meant\."):
            check(spec_with((*path[:-1], typo), "x"))


def test_a_field_like_no_other_is_refused_with_what_there_is():
    with pytest.raises(Failure, match=r"^spec\.egress\.xyzzy is no field of an app spec: there are type\.$"):
        check({"name": "clinic", "egress": {"xyzzy": 1}})


def test_a_redirect_names_its_authority_as_text_and_a_match_as_a_dict():
    rules = [{"match": {"authority": {"exact": "a.example"}}, "redirect": {"authority": "www.example.com"}}]
    check({"name": "clinic", "ingress": {"rules": rules}})
    with pytest.raises(Failure, match=r"rules\[0\]\.match\.authority must be a dict, not str"):
        check({"name": "clinic", "ingress": {"rules": [{"match": {"authority": "a.example"}}]}})


@pytest.mark.parametrize("value", [10**400, str(10**400), "1e400", "nan"])
def test_a_number_beyond_all_measure_stays_as_it_is(value):
    assert typed(int, value) == typed(float, value) == value
    assert fits(int, value) is isinstance(value, int)
