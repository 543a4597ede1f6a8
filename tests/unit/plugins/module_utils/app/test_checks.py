# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes that the API would swallow are named before anything is sent."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.checks import check, not_kept


def web(**attributes):
    return {"name": "clinic", "services": [{"name": "web", **attributes}]}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (web(autoscaling={"max_instance_count": 3}, instance_count=1), "web has both instance_count and autoscaling"),
        (web(autoscaling={"metrics": {"memory": {"percent": 80}}}), "web cannot scale on memory: services scale"),
        (
            {"workers": [{"name": "w", "autoscaling": {"metrics": {"requests_per_second": {"per_instance": 5}}}}]},
            "w cannot scale on requests_per_second: workers scale on cpu",
        ),
        ({"jobs": [{"name": "j", "autoscaling": {"max_instance_count": 2}}]}, "spec.jobs[j].autoscaling is no field"),
        ({"services": [{"name": "a"}], "workers": [{"name": "a"}]}, "2 components called a"),
        ({"services": [{"name": "db"}], "databases": [{"name": "db"}]}, "2 components called db"),
        (web(envs=[{"key": "A"}, {"key": "A"}]), "component web has A 2 times in envs"),
        ({"envs": [{"key": "A"}, {"key": "A"}]}, "spec has A 2 times in envs"),
        ({"domains": [{"domain": "a.example"}, {"domain": "A.example."}]}, "spec has a.example 2 times in domains"),
        ({"services": {"name": "web"}}, "spec.services must be a list of dicts, not dict."),
        ({"services": ["web"]}, "spec.services must be a list of dicts, not of str."),
        ({"domains": ["a.example"]}, "spec.domains must be a list of dicts, not of str."),
        (web(routes="/x"), "spec.services[web].routes must be a list of dicts, not str."),
        (web(image="clinic:latest"), "spec.services[web].image must be a dict, not str."),
        (web(autoscaling=3), "spec.services[web].autoscaling must be a dict, not int."),
        ({"ingress": "x"}, "spec.ingress must be a dict"),
        ({"ingress": {"rules": [{}, {"match": "/x"}]}}, "spec.ingress.rules[1].match must be a dict"),
        ({"ingress": {"rules": [{"match": {"path": "/x"}}]}}, "spec.ingress.rules[0].match.path must be a dict"),
        ({"ingress": {"rules": [{"component": "web"}]}}, "spec.ingress.rules[0].component must be a dict"),
        ({"services": [{"image": {}}]}, "An element of spec.services has no name"),
        (web(envs=[{"value": "1"}]), "An element of spec.services[web].envs has no key"),
        (web(envs={"A": "1"}), "spec.services[web].envs must be a list of dicts"),
    ],
)
def test_a_mistake_is_named(spec, words):
    with pytest.raises(Failure) as refusal:
        check(spec)
    assert words in str(refusal.value)


def test_all_mistakes_are_named_at_once():
    spec = web(autoscaling={"metrics": {"memory": {}}}, instance_count=2, envs=[{"key": "A"}, {"key": "A"}])
    with pytest.raises(Failure) as refusal:
        check(spec)
    assert str(refusal.value).count(":") >= 3


def test_what_is_right_passes():
    check({**web(autoscaling={"metrics": {"cpu": {}}}, envs=[{"key": "A"}]), "alerts": [{"rule": "X"}, {"rule": "X"}]})
    check({"name": "clinic", "services": None, "ingress": [], "envs": []})


def test_a_typo_is_found_by_what_the_api_makes_of_the_spec():
    wanted = {
        "name": "clinic",
        "servces": [{"name": "web"}],
        "services": [
            {"name": "web", "helth_check": {"http_path": "/"}, "http_port": 8080, "envs": [{"key": "A"}, {"key": "B"}]}
        ],
        "egress": {"type": "AUTOASSIGN"},
        "ingress": {"rules": [{"match": {"path": {"prefix": "/x", "sufix": "y"}}, "component": {"name": "web"}}]},
        "disable_edge_cache": False,
    }
    proposed = {
        "name": "clinic",
        "services": [{"name": "web", "envs": [{"key": "A"}]}],
        "ingress": {"rules": [{"match": {"path": {"prefix": "/x"}}, "component": {"name": "web"}}]},
    }
    assert not_kept(proposed, wanted) == [
        "ingress.rules[/x].match.path.sufix",
        "servces",
        "services[web].envs[B]",
        "services[web].helth_check",
    ]
    assert not_kept(proposed, proposed) == []
