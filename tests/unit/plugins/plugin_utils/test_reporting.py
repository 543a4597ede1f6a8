# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes, differences, failed steps, URNs: results of modules in, words out."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import reporting
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import (
    app_source,
    by_name,
    changes,
    differences,
    gone,
    of_together,
    urns,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running import together

SAME = {"changed": False, "diff": {"before": {}, "after": {}}}


def result(before: Any, after: Any, **more: Any) -> dict[str, Any]:
    return {"changed": True, "diff": {"before": before, "after": after}, **more}


def test_what_is_as_wanted_is_not_mentioned() -> None:
    assert differences({"network": SAME, "spaces": {"changed": False, "skipped": True}}) == []


def test_missing_and_unwanted_things() -> None:
    found = differences({"network": result({}, {"name": "n"}), "old": result({"name": "o"}, {})})
    assert found == ["network: is missing", "old: should not be there"]


def test_each_attribute_that_differs_is_one_sentence() -> None:
    before = {"size": "s", "autoscale": {"storage": {"enabled": False}}, "nodes": 1}
    after = {"size": "m", "autoscale": {"storage": {"enabled": True}}, "nodes": 1}
    assert differences({"postgresql": result(before, after)}) == [
        "postgresql: size is s, should be m",
        "postgresql: autoscale.storage.enabled is false, should be true",
    ]


def test_lists_of_named_things_are_compared_by_name() -> None:
    before = {"envs": [{"key": "A", "value": "1"}, {"key": "B", "value": "2"}]}
    after = {"envs": [{"key": "B", "value": "3"}, {"key": "A", "value": "1"}]}
    assert differences({"app": result(before, after)}) == ["app: envs.B.value is 2, should be 3"]


def test_an_element_as_a_whole_is_one_sentence() -> None:
    before = {"workers[mail].name": "mail", "workers[mail].envs[A].key": "A", "services[web].envs[B].key": "B"}
    after = {"jobs[tidy].name": "tidy", "services[web].name": "web"}
    assert differences({"app": result({"spec": before}, {"spec": after})}) == [
        "app: spec.workers[mail] should not be there",
        "app: spec.services[web].envs[B] should not be there",
        "app: spec.jobs[tidy] is missing",
        "app: spec.services[web].name is nothing, should be web",
    ]


def test_a_loop_is_told_item_by_item() -> None:
    loop = {"changed": True, "results": [{**SAME, "item": "a"}, result({}, {"name": "b"}, item="b")]}
    assert differences({"users": loop}) == ["users b: is missing"]
    assert changes({"users": loop}) == ["users (b)"]


def test_changes_are_counted_as_the_recap_counts_them() -> None:
    """One for each task: a loop is one, with the items that changed."""
    loop = {"results": [{"changed": True, "item": {"name": name}} for name in "ab"] + [{"changed": False, "item": "c"}]}
    skipped = {"changed": True, "skipped": True}
    done = {"users": loop, "network": {"changed": True}, "pool": skipped, "app": SAME, "odd": "text"}
    assert changes(done) == ["users (a, b)", "network"]
    assert changes({"keys": {"results": [{"changed": True, "item": 1}]}}) == ["keys"]


def test_a_loop_over_dictionaries_is_told_by_name() -> None:
    loop = {"results": [{**result({"r": 1}, {"r": 2}), "item": {"name": "db"}}]}
    assert differences({"trusted sources": loop}) == ["trusted sources db: r is 1, should be 2"]


def test_a_list_is_told_element_by_element() -> None:
    office, app = {"type": "ip_addr", "value": "203.0.113.9"}, {"type": "app", "value": "x", "description": ""}
    assert differences({"db": result({"rules": [office, app]}, {"rules": [app, {"type": "tag", "value": "t"}]})}) == [
        "db: rules has ip_addr 203.0.113.9, which is not wanted",
        "db: rules lacks tag t",
    ]


def test_what_only_a_creation_will_tell_is_said_in_words() -> None:
    before = {"key": "DO00A", "resources": ["do:space:s"], "rules": []}
    after = {
        "key": "known-after-creation",
        "resources": ["do:space:s", "do:app:known-after-creation"],
        "rules": [{"type": "app", "value": "known-after-creation"}],
    }
    assert differences({"x": result(before, after)}) == [
        "x: key is DO00A, should be that of what is yet to be created",
        "x: resources lacks do:app:(yet to be created)",
        "x: rules lacks app (yet to be created)",
    ]


def test_a_comparison_that_failed_is_a_difference() -> None:
    assert differences({"app": {"failed": True, "msg": "no."}}) == ["app: could not be compared: no."]


def test_a_change_without_a_diff_is_still_a_difference() -> None:
    assert differences({"app": {"changed": True}}) == ["app: is not as wanted"]


def test_long_values_are_cut() -> None:
    [text] = differences({"app": result({"v": "x"}, {"v": "y" * 200})})
    assert len(text) < 100


def test_urns_of_clusters_apps_and_buckets_each_once() -> None:
    results = {
        "a": {"database_cluster": {"id": "1"}},
        "b": {"database_cluster": {"id": "1"}},
        "c": {"app": {"id": "2"}},
        "d": {"spaces_bucket": {"name": "s"}},
        "e": {"app": {}},
    }
    assert urns(results) == ["do:dbaas:1", "do:app:2", "do:space:s"]


def app(service: dict[str, object], commit: str = "") -> dict[str, object]:
    deployed = {"services": [{"name": "web", "source_commit_hash": commit}]} if commit else None
    return {"spec": {"services": [service, {"image": {"repository": "other"}}]}, "active_deployment": deployed}


def test_what_an_app_runs_in_a_few_words() -> None:
    image = {"registry": "fisioflow", "repository": "web", "digest": "sha256:" + "5f2c1a7e9b8d4c3f" * 4}
    assert app_source(app({"image": image})) == "fisioflow/web@sha256:5f2c1a7e9b8d"
    assert app_source(app({"image": {"repository": "web", "tag": "1.2"}})) == "web:1.2"
    assert app_source(app({"image": {"repository": "web"}})) == "web:latest"
    github = {"github": {"repo": "fisioflow/web", "branch": "main"}}
    assert app_source(app(github)) == "fisioflow/web main"
    assert app_source(app(github, "54d4a727f457231062439895000d45437c7bb405")) == "fisioflow/web main@54d4a727f457"
    assert app_source(app({"git": {"repo_clone_url": "https://example.com/web.git"}})) == "https://example.com/web.git"
    assert app_source({"spec": {"jobs": []}}) == ""
    assert app_source({}) == ""


def test_results_by_the_names_of_their_items() -> None:
    rows = [{"item": {"name": "a"}, "x": 1}, {"thing": {"name": "b"}, "ansible_loop_var": "thing", "x": 2}]
    assert by_name({"results": rows}) == {"a": rows[0], "b": rows[1]}
    assert by_name({"skipped": True}) == {}
    for item in ("a", {"nick": "a"}, None):
        with pytest.raises(Failure, match="by_name needs the result of a loop whose items have a name each"):
            by_name({"results": [*rows, {"item": item}]})


def looped(**items: dict[str, Any]) -> dict[str, Any]:
    return {"results": [{"item": item, "failed": False, "changed": True, **row} for item, row in items.items()]}


def test_what_failed_or_was_not_there_is_not_gone() -> None:
    deleted = {
        "app": {"changed": True, "failed": True, "msg": "it is still there after 1800 s"},
        "cdn": {"changed": True},
        "keys": looped(a={}, b={"failed": True}, c={"changed": False}),
        "project": {"changed": False},
        "network": {},
    }
    assert gone(deleted) == ["cdn", "keys (a)"]


@pytest.mark.parametrize(
    ("waited", "told"),
    [
        (looped(pg={}, valkey={}), ["clusters (pg, valkey)"]),
        # A timeout; and a failure before anything was waited for.
        (looped(pg={}, valkey={"failed": True}), ["clusters (pg)"]),
        ({}, []),
        ({"skipped": True, "results": []}, []),
    ],
)
def test_what_was_only_started_is_gone_once_it_was_waited_for(waited: dict[str, Any], told: list[str]) -> None:
    assert gone({"clusters": looped(pg={}, valkey={})}, {"clusters": waited}) == told


def test_a_task_of_together_is_as_many_results_as_it_has_items() -> None:
    rows = [{"item": {"name": "a b", "after": "c"}, "changed": True}, {"item": {"name": "c", "when": False}}]
    assert of_together({"results": rows}) == {"a b": rows[0], "c": rows[1]}
    for other in ({}, {"skipped": True}, {"results": []}, {"results": [{"item": "a"}]}):
        assert of_together(other) == {}
    # A loop of something else.
    assert of_together({"results": [{"item": {"name": "a", "id": 1}}]}) == {}
    assert reporting.KEYS == together.KEYS


def test_what_was_not_begun_because_of_another_is_told_by_that_one() -> None:
    failed = {"failed": True, "msg": "full"}
    held = {"failed": True, "held_back": True, "msg": "config was not begun: it comes after cluster, which failed."}
    assert differences({"cluster": failed, "config": held}) == ["cluster: could not be compared: full"]
