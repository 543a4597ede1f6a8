# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several modules in one task: the same as in tasks of their own, at the same time."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.integration.harness.ansible import play
from tests.integration.harness.steps import Run, Step, admin, assert_sentence
from tests.localcloud_fixtures import LocalCloud

NODE: dict[str, Any] = {
    "size": "db-s-1vcpu-1gb",
    "num_nodes": 1,
    "region": "fra1",
    "maintenance_window": {"day": "sunday", "hour": "03:00"},
}
ITEMS: list[dict[str, Any]] = [
    {"name": "network", "vpc": {"name": "clinic", "region": "fra1", "ip_range": "10.20.0.0/20"}},
    {"name": "postgresql", "database_cluster": {"name": "clinic-pg", "engine": "pg", **NODE}},
    {
        "name": "valkey",
        "fisioflow.digitalocean.database_cluster": {"name": "clinic-valkey", "engine": "valkey", **NODE},
    },
    {"name": "database", "after": "postgresql", "database_db": {"cluster": "clinic-pg", "name": "fisioflow"}},
    {"name": "user", "after": ["postgresql"], "database_user": {"cluster": "clinic-pg", "name": "app"}},
    {
        "name": "pool",
        "after": ["database", "user"],
        "database_pool": {
            "cluster": "clinic-pg",
            "name": "web",
            "mode": "transaction",
            "size": 5,
            "db": "fisioflow",
            "user": "app",
        },
    },
    {"name": "uploads", "spaces_bucket": {"name": "clinic-uploads", "region": "fra1"}},
    {"name": "assets", "spaces_bucket": {"name": "clinic-assets", "region": "fra1"}},
    {"name": "project", "project": {"name": "clinic", "purpose": "Web Application"}},
    {"name": "account", "account_info": None},
    {"name": "nowhere", "vpc": {"name": "lost", "region": "nowhere"}},
    {"name": "wrong", "vpc": {"name": "wrong", "nonsense": 1}},
    {"name": "misfit", "vpc": {"name": ["wrong"]}},
]
MAY_FAIL = {"nowhere", "wrong", "misfit"}
HELD_BACK = {"name": "after nowhere", "after": "nowhere", "vpc": {"name": "never", "region": "fra1"}}
# What differs between any two runs: moments, what the API makes up, and how newer versions of ansible-core mask.
VOLATILE = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+Z|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-z](?=\.db\.)|"
    r"\$REDACTED\$|VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
)
# What differs between an item and a task in Ansible's hands; `failed` is compared by itself.
OF_LOOPS = {"item", "ansible_loop_var", "request_id", "ansible_parsed", "failed"}
PATHS = {"controller": True, "modules": False}
# As ordinary modules each item is a task in Ansible's hands, which tests/integration/test_parity.py holds against the
# controller path for all of them: here one of each fate.
HANDED_OVER = ("network", "postgresql", "database", "account", "nowhere", "misfit")


def step(name: str, items: Any, *, check: bool = False, **keywords: Any) -> Step:
    control = {"label": "{{ item.name }}", **keywords.pop("loop_control", {})}
    return Step(name, "together", {}, check=check, keywords={"loop": items, "loop_control": control, **keywords})


def comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: comparable(item)
            for key, item in value.items()
            if key not in OF_LOOPS and not key.startswith("_ansible")
        }
    if isinstance(value, list):
        return [comparable(item) for item in value]
    return VOLATILE.sub("~", value) if isinstance(value, str) else value


def by_name(run: Run, name: str) -> dict[str, dict[str, Any]]:
    return {row["item"]["name"]: row for row in run[name].result["results"]}


def module_of(item: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    [(key, options)] = ((key, value) for key, value in item.items() if key not in ("name", "after", "when"))
    return key.rpartition(".")[2], options or {}


@pytest.mark.parametrize("path", PATHS)
def test_each_item_gives_what_a_task_of_its_own_gives(path: str, cloud: LocalCloud, tmp_path: Path) -> None:
    variables = {"digitalocean_in_controller": PATHS[path]}
    items = ITEMS if PATHS[path] else [item for item in ITEMS if item["name"] in HANDED_OVER]
    # Newer versions of ansible-core show the arguments on request only.
    env = {"ANSIBLE_INJECT_INVOCATION": "true"}
    alone = [
        Step(f"{how}: {item['name']}", *module_of(item), check=how == "check")
        for how in ("check", "make", "again")
        for item in (items if how != "check" else items[:2])
    ]
    # The first network of a region is its default one, and clusters make one when there is none.
    first = Step("first", "vpc", {"name": "first", "region": "fra1", "ip_range": "10.10.0.0/20"})
    apart = play(cloud, tmp_path / "apart", [first, *alone], env=env)
    written = [call for name, outcome in apart.outcomes.items() if name != "first" for call in outcome.write_list]
    cloud.admin.reset()
    steps = [
        first,
        step("check", items[:2], check=True),
        step("make", [*items, HELD_BACK]),
        step("again", [*items, HELD_BACK]),
    ]
    run = play(cloud, tmp_path / "together", steps, env=env, variables=variables)
    for how in ("check", "make", "again"):
        found = by_name(run, how)
        for item in items if how != "check" else items[:2]:
            name = item["name"]
            task = apart[f"{how}: {name}"]
            assert comparable(found[name]) == comparable(task.result), f"{how}: {name}"
            assert ("msg" in found[name]) == (task.status == "failed") == (name in MAY_FAIL)
            # Options may be secrets; they are in `invocation`, where the module has masked them.
            assert found[name]["item"] == {key: item[key] for key in ("name", "after") if key in item}
    assert list(found) == [item["name"] for item in (*items, HELD_BACK)]
    assert (run["make"].status, run["make"].message) == ("failed", "One or more items failed")
    assert (run["make"].changed, run["again"].changed, run["again"].write_list) == (True, False, [])
    assert sorted(map(comparable, run["make"].write_list)) == sorted(map(comparable, written))
    held = by_name(run, "make")[HELD_BACK["name"]]
    assert held["msg"] == "after nowhere was not begun: it comes after nowhere, which failed."
    assert held["changed"] is False


def test_what_takes_long_takes_its_time_together(cloud: LocalCloud, tmp_path: Path) -> None:
    """All that comes after nothing is asked for before the first of it is there."""
    cloud.admin.settings(speed="50x")
    run = play(cloud, tmp_path, [step("make", ITEMS[:5])])
    calls = [f"{row['method']} {row['path']}" for row in run.good("make").calls]
    asked = [number for number, call in enumerate(calls) if call == "POST /v2/databases"]
    looks = {
        call: number for number, call in enumerate(calls) if re.fullmatch(r"GET /v2/databases/[-0-9a-f]{36}", call)
    }
    assert (len(asked), len(looks)) == (2, 2)
    # Neither cluster was online before the other one was asked for.
    assert max(asked) < min(looks.values())
    # What comes after one of them waits for it.
    [database] = [call for call in calls if re.fullmatch(r"POST /v2/databases/[-0-9a-f]{36}/dbs", call)]
    cluster = database.replace("POST", "GET").removesuffix("/dbs")
    assert len([call for call in calls[: calls.index(database)] if call == cluster]) > 2


def test_equal_reads_are_sent_once(cloud: LocalCloud, tmp_path: Path) -> None:
    """Twelve items that look into one list."""
    items = [{"name": f"net {number}", "vpc": {"name": f"net-{number}", "region": "fra1"}} for number in range(12)]
    # Also from a loop that is a template.
    of_items = step("again", "{{ wanted }}", vars={"wanted": items})
    run = play(cloud, tmp_path, [step("make", items), of_items])
    calls = [f"{row['method']} {row['path']}" for row in run.good("again").calls]
    assert run["again"].result["changed"] is False
    assert calls == ["GET /v2/vpcs"]


def test_defaults_environment_and_omit_reach_the_items(cloud: LocalCloud, tmp_path: Path) -> None:
    no_token = dict.fromkeys(("DO_API_TOKEN", "DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN"), "")
    items = [
        {"name": "one", "vpc": {"name": "one", "region": "fra1", "description": "{{ omit }}", "timeout": 8}},
        {
            "name": "two",
            "vpc": {"name": "{{ prefix }}-two", "region": "fra1", "ip_range": "{{ nothing | default(omit) }}"},
        },
    ]
    defaults = {"module_defaults": {"group/fisioflow.digitalocean.all": {"timeout": 7}}}
    run = play(
        cloud,
        tmp_path,
        [step("make", items, environment={"DO_API_TOKEN": "{{ token }}"}, vars={"prefix": "net"})],
        env={**no_token, "ANSIBLE_INJECT_INVOCATION": "true"},
        play_keywords=defaults,
        variables={"token": cloud.token},
    )
    one, two = run.good("make").result["results"]
    assert (one["invocation"]["module_args"]["timeout"], two["invocation"]["module_args"]["timeout"]) == (8, 7)
    assert (two["vpc"]["name"], one["vpc"]["description"]) == ("net-two", "")


@pytest.mark.parametrize("path", PATHS)
def test_no_secret_is_shown_however_much_is_told(path: str, cloud: LocalCloud, tmp_path: Path) -> None:
    secret, plain = "sentinel4item2secret", "sentinel5plain6secret"
    digest = {"registry_type": "DOCR", "repository": "clinic", "digest": f"sha256:{'1a' * 32}"}
    web = {"name": "web", "image": digest, "envs": [{"key": "SESSION", "type": "SECRET", "scope": "RUN_TIME"}]}
    spec = {"region": "fra", "services": [web]}
    bad = {**spec, "services": [{**web, "envs": [{"key": "A", "type": "SECRET", "value": plain}]}]}
    items = [
        {"name": "app", "app": {"name": "clinic", "spec": spec, "secrets": {"web.SESSION": secret}}},
        {"name": "token", "account_info": {"api_token": cloud.token}},
        {"name": "plain", "app": {"name": "plain", "spec": bad}},
        {"name": "unknown", "app": {"name": "x", "spec": spec, "secrets": {"web.A": secret}, "nonsense": secret}},
        {"name": "misfit", "app": {"name": "x", "spec": spec, "secrets": [secret]}},
        {"name": "held", "after": "misfit", "account_info": {"api_token": cloud.token}},
        {"name": "key", "spaces_key": {"name": "key", "grants": [{"permission": "fullaccess"}]}},
    ]
    # What is refused as a whole shows nothing either.
    refused = [{"name": "a", "app": {"name": "x", "spec": bad}}, {"name": "b", "ap": {"secrets": {"web.A": secret}}}]
    run = play(
        cloud,
        tmp_path,
        [step("make", items), step("refused", refused)],
        variables={"digitalocean_in_controller": PATHS[path]},
        verbosity=3,
        env={"ANSIBLE_INJECT_INVOCATION": "true"},
    )
    state = json.dumps(cloud.admin.state())
    assert secret in state or "EV[" in state
    found = by_name(run, "make")
    assert "msg" not in found["app"], found["app"]["msg"]
    assert "secret_key" not in found["key"]["spaces_key"]
    assert any("secret_key" in str(warning) for warning in run["make"].result["warnings"])
    for value in (secret, plain, cloud.token):
        assert value not in run.printed
        assert value not in json.dumps([outcome.result for outcome in run.outcomes.values()])


def test_a_secret_that_is_told_once_is_in_results_that_are_hidden(cloud: LocalCloud, tmp_path: Path) -> None:
    key = {"name": "key", "spaces_key": {"name": "key", "grants": [{"permission": "fullaccess"}]}}
    used = Step(
        "used",
        "spaces_bucket",
        {
            "name": "clinic-uploads",
            "region": "fra1",
            "access_key": "{{ (made | fisioflow.digitalocean.by_name).key.spaces_key.access_key }}",
            "secret_key": "{{ (made | fisioflow.digitalocean.by_name).key.spaces_key.secret_key }}",
        },
    )
    run = play(cloud, tmp_path, [step("make", [key], no_log=True, register="made"), used], verbosity=3)
    assert run.good("used").changed
    [secret] = {row["spaces_key"]["secret_key"] for row in run["make"].result["results"]}
    assert secret not in run.printed


def test_every_item_is_an_event(cloud: LocalCloud, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    env = {"ANSIBLE_CALLBACKS_ENABLED": "capture,events", "CAPTURE_EVENTS": str(file)}
    items = [*ITEMS[:2], ITEMS[9], ITEMS[10]]
    play(cloud, tmp_path, [step("make", items)], env=env)
    events = [json.loads(line) for line in file.read_text().splitlines()]
    told = [(event["event"], event["result"].get("item", {}).get("name")) for event in events]
    assert [(event, name) for event, name in told if event != "diff"] == [
        ("item ok", "network"),
        ("item ok", "postgresql"),
        ("item ok", "account"),
        ("item failed", "nowhere"),
        ("failed", None),
    ]
    labels = {event["result"].get("_ansible_item_label") for event in events if event["event"] == "item ok"}
    assert labels in ({"network", "postgresql", "account"}, {None})
    changed = [event["result"].get("changed") for event in events if event["event"].startswith("item")]
    assert changed == [True, True, False, False]


@pytest.mark.parametrize("path", PATHS)
def test_what_is_tried_again_runs_again_and_so_does_what_it_held_back(
    path: str, cloud: LocalCloud, tmp_path: Path
) -> None:
    full = json.dumps({"id": "unprocessable_entity", "message": "no capacity"})
    busy = [admin("fault", "status", method="POST", path="/v2/vpcs", status=422, count=1, body=full)]
    items = [{"name": "a", "vpc": {"name": "a", "region": "fra1"}}, {"name": "b", "after": "a", "account_info": {}}]
    again = Step(
        "make",
        "together",
        {},
        before=busy,
        keywords={
            "loop": items,
            "register": "made",
            "until": "made is success",
            "retries": 2,
            "delay": 0,
        },
    )
    run = play(cloud, tmp_path, [again], variables={"digitalocean_in_controller": PATHS[path]})
    a, b = run.good("make").result["results"]
    assert (a["attempts"], a["changed"], b["attempts"]) == (2, True, 1)
    assert b["account"]


def refusals() -> dict[str, tuple[dict[str, Any], str]]:
    good = {"name": "a", "vpc": {"name": "a", "region": "fra1"}}
    two = [good, {"name": "b", "vpc": {"name": "b", "region": "fra1"}}]
    return {
        "unknown module": ({"loop": [good, {"name": "b", "vcp": {}}]}, "vcp is no module of"),
        "later item": ({"loop": [{**good, "after": "b"}, two[1]]}, "a comes after b, which must then stand before it"),
        "when": ({"loop": two, "when": "item.name == 'a'"}, "The when of this task holds for all items"),
        "environment": (
            {"loop": two, "environment": {"X": "{{ item.name }}"}},
            "The environment of this task",
        ),
        "no_log": ({"loop": two, "no_log": "{{ item.name == 'a' }}"}, "Nothing was begun"),
        "break_when": ({"loop": two, "loop_control": {"break_when": ["true"]}}, "A break_when cannot end this loop"),
        "no loop": ({}, "needs a loop"),
        "with": ({"with_items": two}, "needs a loop"),
        "async": ({"loop": two, "async": 30}, "does not support async"),
        "several": ({"loop": [{**good, "app": {}}]}, "it has several modules (vpc, app)"),
    }


def test_what_cannot_be_done_is_refused_before_anything_is_begun(cloud: LocalCloud, tmp_path: Path) -> None:
    cases = refusals()
    steps = [Step(name, "together", {}, keywords=keywords) for name, (keywords, _words) in cases.items()]
    steps.append(Step("options", "together", {"api_token": "x"}, keywords={"loop": [{"name": "a", "vpc": {}}]}))
    run = play(cloud, tmp_path, steps)
    for name, (_keywords, words) in {**cases, "options": ({}, "takes no options")}.items():
        rows = run[name].result.get("results", [run[name].result])
        failed = [row for row in rows if "msg" in row]
        assert (run[name].status, run[name].write_list) == ("failed", []), name
        if name == "no_log":
            # Hidden, of all items or of those that say so, by the version of ansible-core.
            continue
        assert words in failed[0]["msg"], failed
        if name != "async":
            assert_sentence(failed[0]["msg"])
            assert all(row["msg"] == "Nothing was begun: see what the first item says." for row in failed[1:])


def test_a_host_that_is_elsewhere_is_reached_for(cloud: LocalCloud, tmp_path: Path) -> None:
    run = play(cloud, tmp_path, [step("make", [{"name": "a", "account_info": None}])], hosts="remote")
    assert run["make"].status == "unreachable"
