# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan is made of what check mode predicts, shown in three forms, and held against a later one."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.kept_plans import kept_plan_problem, plan_moves
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.plan_pages import (
    plan_headline,
    plan_page,
    plan_report,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.planning import environment_plan
from tests.unit.plugins.plugin_utils.wanted import ROOT, inputs, offers

NONE = {"digest": "", "branch": "", "commit": ""}
ABOUT = {"environment": "clinic", "account": "https://api", "owner": "team", "made_at": "2026-11-29", "release": NONE}
SIZES = offers()["instance_sizes"]
SECRET = "value-of-a-secret"
PG = {"engine": "pg", "name": "clinic-pg", "num_nodes": 1, "region": "nyc1", "size": "db-s-1vcpu-1gb", "version": 17}
APP = {"spec": {"name": "clinic", "services": [{"name": "web", "instance_size_slug": "apps-s-1vcpu-1gb",
                                                 "instance_count": 1}]}}  # fmt: skip


def result(kind: str, before: Any, after: Any, **more: Any) -> dict[str, Any]:
    """As a task registers it; with a secret where results have them, and diffs do not."""
    return {kind: {"password": SECRET}, "changed": before != after, "diff": {"before": before, "after": after}, **more}


def bigger(size: str = "db-s-1vcpu-2gb") -> dict[str, Any]:
    return {"postgresql": result("database_cluster", PG, {**PG, "size": size})}


def planned(
    results: dict[str, Any], release: dict[str, str] = NONE, stopped: str = "", **wanted: Any
) -> dict[str, Any]:
    about = {**ABOUT, "release": release}
    return environment_plan(results, about, inputs(**wanted), APP, SIZES, [], stopped)


def row(results: dict[str, Any]) -> dict[str, Any]:
    [found] = planned(results)["resources"]
    return found


def test_what_is_as_wanted_is_not_in_it_and_the_rest_is_in_the_order_of_its_names() -> None:
    users = [{**result("database_user", {}, {"name": name}), "item": name} for name in ("owner", "app")]
    results = {"valkey": result("database_cluster", PG, PG), "users": {"results": users, "changed": True}, **bigger(),
               "skipped": {"skipped": True, "changed": True}}  # fmt: skip
    assert [found["name"] for found in planned(results)["resources"]] == ["postgresql", "users app", "users owner"]


def test_a_resource_has_its_action_its_names_and_the_places_that_differ() -> None:
    assert row(bigger()) == {
        "name": "postgresql",
        "kind": "database cluster",
        "called": "clinic-pg",
        "action": "change",
        "changes": [{"attribute": "size", "before": "db-s-1vcpu-1gb", "after": "db-s-1vcpu-2gb"}],
        "why": "",
        "comes_with": ["new nodes take over: an interval without service, a longer one without a standby"],
    }
    assert row({"cdn": result("cdn_endpoint", {}, {"origin": "b.nyc3", "ttl": 60})})["action"] == "create"
    gone = row({"leftover key": result("spaces_key", {"name": "boot", "grants": [1]}, {})})
    assert (gone["action"], gone["changes"][1]) == ("delete", {"attribute": "grants", "before": [1], "after": None})
    failed = row({"postgresql": {"failed": True, "changed": False, "msg": "Could not."}})
    assert (failed["action"], failed["why"], failed["comes_with"]) == ("cannot", "Could not.", [])


def test_what_could_not_be_compared_yet_is_a_change_that_says_why() -> None:
    early = {"changed": True, "error": {"status": 400, "message": "no such cluster"}, "msg": "x"}
    assert (row({"app": early})["action"], row({"app": early})["kind"]) == ("change", "app")
    assert "no such cluster" in row({"app": early})["why"]


@pytest.mark.parametrize(
    ("kind", "path", "told"),
    [
        ("database_cluster", {"version": 18}, "no way back"),
        ("database_cluster", {"region": "ams3"}, "interval without service"),
        ("database_cluster", {"maintenance_window": {"day": "monday"}}, ""),
        ("database_config", {"config": {"max_connections": 90}}, "restart of the server, for max_connections"),
        ("database_config", {"config": {"backup_hour": 3}}, ""),
        ("app", {"spec": {"jobs[migrate].run_command": "x"}}, "migrations"),
        ("app", {"spec": {"services[web].http_port": 1}}, "a deployment"),
        ("app", {"alert_destinations": {"web/CPU": {"emails": ["a"]}}}, ""),
    ],
)
def test_what_depends_on_a_change_is_told(kind: str, path: dict[str, Any], told: str) -> None:
    sentences = row({"it": result(kind, {"engine": "pg"}, {"engine": "pg", **path})})["comes_with"]
    assert told in " ".join(sentences)
    assert bool(told) == bool(sentences)


def test_a_branch_asks_for_a_deployment_though_the_spec_is_the_same() -> None:
    branch = {**NONE, "branch": "main"}
    [found] = planned({}, branch)["resources"]
    assert (found["name"], found["action"], found["changes"][0]["after"]) == ("app", "change", "main")
    assert "a deployment" in found["comes_with"][0]
    assert len(planned({"app": result("app", {"spec": {"a": 1}}, {"spec": {"a": 2}})}, branch)["resources"]) == 1


def test_where_roles_stopped_is_told_once() -> None:
    failed = {"postgresql": {"failed": True, "msg": "Could not."}}
    assert planned(failed, stopped="Could not.")["not_compared"] == ["What the same roles do after what is impossible."]
    assert planned({}, stopped="A template broke.")["not_compared"] == ["A template broke."]
    assert planned(failed)["not_compared"] == []


def test_the_bill_is_that_of_what_is_there_and_that_of_what_is_wanted() -> None:
    bill = planned({**bigger(), "bucket": result("spaces_bucket", {"name": "b"}, {"name": "b"}),
                    "valkey": result("database_cluster", {}, {**PG, "engine": "valkey"})},
                   postgresql_size="db-s-1vcpu-2gb")["bill"]  # fmt: skip
    assert [(line["item"], line["usd"]) for line in bill["before"]["lines"]] == [
        ("App Platform", 12.0),
        ("PostgreSQL", 15.15),
        ("Spaces + CDN", 5.0),
    ]
    assert (bill["before"]["total"], bill["after"]["total"]) == (32.15, 62.45)


def test_what_stands_before_the_app_is_in_the_bill_as_long_as_it_stands() -> None:
    pool = {"config": {"min_instances": 2, "max_instances": 4}, "droplet_template": {"size": "s-1vcpu-2gb"}}
    gone = {
        "edge proxies": result("droplet_autoscale_pool", pool, {}),
        "edge load balancer": result("load_balancer", {"name": "edge", "size_unit": 2}, {}),
    }
    bill = planned({**bigger(), **gone}, edge_domains=["clinic.example"])["bill"]
    lines = {line["item"]: (line["detail"], line["usd"], line["usd_max"]) for line in bill["before"]["lines"]}
    assert lines["Load balancer"] == ("2 × node", 24, 24)
    assert lines["Edge proxies"] == ("2 to 4 × s-1vcpu-2gb", 24, 48)
    assert not [line for line in bill["after"]["lines"] if line["item"] in ("Load balancer", "Edge proxies")]


def test_the_check_that_costs_something_is_in_the_bill_of_what_is_there() -> None:
    check = result("uptime_check", {}, {"name": "clinic error budget"})
    wanted = {"monitoring_error_budget_path": "/slo"}
    for there, items in ((check, []), ({**check, "diff": {"before": {"name": "x"}, "after": {}}}, ["Uptime checks"])):
        before = planned({**bigger(), "monitoring error budget": there}, **wanted)["bill"]["before"]
        assert [line["item"] for line in before["lines"] if line["item"] == "Uptime checks"] == items
    # Only that one counts: the first is free.
    assert (
        row({"monitoring health": result("uptime_check", {}, {"name": "clinic health"})})["called"] == "clinic health"
    )


def test_of_what_could_not_be_compared_the_price_is_not_known() -> None:
    bill = planned({"postgresql": {"failed": True, "msg": "x"}})["bill"]
    assert bill["before"]["total"] is None
    assert "PostgreSQL (not known)" in bill["before"]["unpriced"]


def test_the_page_tells_all_of_it() -> None:
    rules = [
        {"type": "ip_addr", "value": "10.0.0.1", "description": ""},
        {"type": "app", "value": "known-after-creation"},
    ]
    results = {
        **bigger(),
        "pool": result("database_pool", {}, {"name": "p", "size": 15, "db": ""}),
        "leftover": result("spaces_key", {"name": "boot"}, {}),
        "rules": result("database_firewall", {"rules": rules[:1]}, {"rules": rules[1:]}),
        "app": result(
            "app", {}, {"spec": {"name": "clinic", "services[web].http_port": 1, "services[web].envs[A].value": "b"}}
        ),
        "valkey": {"failed": True, "msg": "Could not change it."},
    }
    plan = planned(results)
    page = plan_page({**plan, "not_compared": ["No key."]}).split("\n\n")
    assert page[0].splitlines()[:2] == ["+ app (app clinic)", "    spec.services[web]"]
    assert page[1:5] == [
        "- leftover (Spaces key boot)",
        "+ pool (connection pool p)\n    size  15",
        "~ postgresql (database cluster clinic-pg)\n    size: db-s-1vcpu-1gb → db-s-1vcpu-2gb\n"
        "    → new nodes take over: an interval without service, a longer one without a standby",
        "~ rules (firewall of database cluster)\n"
        "    rules: - ip_addr 10.0.0.1\n    rules: + app (known after creation)",
    ]
    assert page[5:7] == ["! valkey\n    Could not change it.", "? not compared: No key."]
    assert page[7].startswith("bill a month, in USD\n")
    headline = plan_headline(plan)
    assert headline == "Plan · clinic · 2 to create, 2 to change, 1 to delete, 1 impossible · $? → $47.15 a month"


def test_nothing_to_change_is_one_line() -> None:
    plan = planned({"postgresql": result("database_cluster", PG, PG)})
    assert plan_page(plan) == ""
    assert plan_headline(plan).startswith("Plan · clinic · nothing to change · $")


def test_markdown_has_values_whole_and_unread() -> None:
    spec = {f"envs[E{number}].value": "x" * 150 for number in range(30)}
    report = plan_report(planned({"app": result("app", {}, {"spec": {**spec, "a": "`|*b*"}}), **bigger()}))
    assert "<details><summary>31 attributes</summary>" in report
    assert "x" * 150 in report
    assert "| `spec.a` | `` `\\|*b* `` |" in report
    assert "## `~` postgresql (database cluster clinic-pg)\n\n| attribute | before | after |" in report
    assert "| total |  |" in report


def test_no_form_holds_what_only_results_hold() -> None:
    plan = planned({**bigger(), "key": result("spaces_key", {}, {"name": "k"}, spaces_key={"secret_key": SECRET})})
    for form in (json.dumps(plan), plan_page(plan), plan_report(plan)):
        assert SECRET not in form


# ── Kept plans ───────────────────────────────────────────────────────────────────────────────────────────────────────


def problem(**changes: Any) -> str:
    return kept_plan_problem(json.dumps({**planned(bigger()), **changes}), ABOUT)


def test_the_same_plan_can_be_applied_whenever_it_was_made() -> None:
    assert problem(made_at="2020-01-01") == ""
    assert plan_moves(planned(bigger()), json.dumps(planned(bigger()), ensure_ascii=False)) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be read, or is empty"),
        ("# Plan: clinic", "not JSON: the plan is the .json of the files"),
        ("[1]", "it is no plan"),
        ('{"environment": "clinic"}', "it is no plan"),
        ('{"fisioflow_plan": 0}', "a plan of another version (0, this one reads 1)"),
        ('{"fisioflow_plan": 1}', "damaged"),
    ],
)
def test_what_is_no_plan_is_told_in_one_sentence(text: str, told: str) -> None:
    assert told in kept_plan_problem(text, ABOUT)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"environment": "production"}, "a plan for production, and this is clinic"),
        ({"owner": "others"}, "a plan for another account (https://api, others)"),
        ({"account": "https://else"}, "another account"),
        ({"release": {**NONE, "branch": "main"}}, "made for branch main, and no new version is asked for"),
        ({"not_compared": ["No key."]}, "does not cover everything (No key.)"),
        ({"resources": [{"name": "a", "action": "cannot", "changes": []}]}, "impossible (a)"),
        ({"resources": [{"name": "a", "action": "burn", "changes": []}]}, "damaged"),
        ({"resources": [{"name": "a", "action": "change", "changes": [1]}]}, "damaged"),
        ({"resources": [{"name": "a", "action": "create", "changes": []}] * 2}, "damaged"),
        ({"resources": {}}, "damaged"),
    ],
)
def test_a_plan_of_something_else_is_told_in_one_sentence(changes: dict[str, Any], told: str) -> None:
    assert told in problem(**changes)


@pytest.mark.parametrize(
    ("kept", "now", "told"),
    [
        ({}, bigger(), "is by now to be changed, which the plan does not say (size: db-s-1vcpu-1gb → db-s-1vcpu-2gb)."),
        (bigger(), {}, "was to be changed, and by now nothing of it differs."),
        (
            bigger(),
            bigger("db-s-2vcpu-4gb"),
            "size was db-s-1vcpu-1gb → db-s-1vcpu-2gb, and is by now db-s-1vcpu-1gb → db-s-2vcpu-4gb.",
        ),
        (
            bigger(),
            {"postgresql": result("database_cluster", {}, PG)},
            "was to be changed, and is by now to be created.",
        ),
        (
            bigger(),
            {"postgresql": {"failed": True, "msg": "No."}},
            "was to be changed, and is by now impossible (No).",
        ),
    ],
)
def test_what_has_moved_is_named(kept: dict[str, Any], now: dict[str, Any], told: str) -> None:
    assert plan_moves(planned(now), json.dumps(planned(kept))) == [f"postgresql: {told}"]


def test_what_cannot_be_compared_any_more_is_named() -> None:
    assert plan_moves({**planned({}), "not_compared": ["No key."]}, json.dumps(planned({}))) == [
        "not compared by now: No key."
    ]


def test_another_value_of_a_secret_that_is_new_is_noticed_and_not_told() -> None:
    place = "services[web].envs[KEY].value"
    renewed = {"app": result("app", {"spec": {place: "(secret)"}}, {"spec": {place: "(secret, new value)"}})}

    def made(results: dict[str, Any], **secrets: str) -> dict[str, Any]:
        return environment_plan(results, ABOUT, inputs(), APP, SIZES, [], "", secrets)

    plan = made(renewed, KEY=SECRET, OTHER="a")
    assert len(plan["secrets"]) == 8
    assert SECRET not in json.dumps(plan)
    assert plan_moves(made(renewed, KEY=SECRET, OTHER="b"), json.dumps(plan)) == []
    assert plan_moves(made(renewed, KEY="else"), json.dumps(plan)) == [
        "a secret that the plan calls new has by now another value than when it was made."
    ]
    # Who plans without the secrets keeps what the app has.
    assert made(bigger(), KEY=SECRET)["secrets"] == made(bigger())["secrets"] == ""


@pytest.mark.parametrize(("given", "file"), [({}, ""), ({"plan": None}, ""), ({"plan": "a.json"}, "a.json")])
def test_a_plan_is_asked_for_by_its_file(given: dict[str, Any], file: str) -> None:
    assert asked(given) == file


def test_a_plan_that_is_given_without_a_file_is_no_run_without_one() -> None:
    """`-e plan=$PLAN` where nobody has set it."""
    assert asked({"plan": ""}) != ""


def asked(given: dict[str, Any]) -> str:
    wired = yaml.safe_load((ROOT / "inventories/common/names.yml").read_text(encoding="utf-8"))["procedure_plan"]
    return str(Templar(loader=DataLoader(), variables=given).template(trust_as_template(wired)))


def test_a_plan_can_be_told_in_portuguese() -> None:
    plan = planned(bigger())
    assert "a alterar · US$ " in plan_headline(plan, "pt_BR")
    assert "fatura por mês, em USD" in plan_page(plan, "pt_BR")
    assert "| atributo | antes | depois |" in plan_report(plan, "pt_BR")
