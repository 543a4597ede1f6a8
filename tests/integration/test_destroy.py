# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`playbooks/destroy.yml` on an environment that is there: what it refuses, foretells, leaves, and may need."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from localcloud import resources
from localcloud.ports.routing import OPERATIONS
from tests import readme
from tests.integration.site.cases import refusals
from tests.integration.site.outside import NAME, app, call, clusters, play, s3, told
from tests.integration.site.runs import NO_SPACES_KEY
from tests.localcloud_fixtures import LocalCloud

resources.load()
DESTROY = "playbooks/destroy"
# What programs are told (set_stats), printed.
STATS = {"ANSIBLE_SHOW_CUSTOM_STATS": "true"}
KEYS = pytest.mark.parametrize("env", [{}, NO_SPACES_KEY], ids=["a Spaces key", "no Spaces key"])


def test_destroy_refuses_what_is_not_meant(environment: LocalCloud, tmp_path: Path) -> None:
    cases = {
        "no name": ({}, "To do so, add -e confirm=local."),
        "another name": ({"confirm": "production"}, "This inventory is local, not production"),
        "no word of the data": ({"confirm": "local"}, "add -e destroy_data=true"),
        "neither yes nor no": ({"confirm": "local", "destroy_data": "perhaps"}, "destroy_data"),
        "other capitals": (
            {"confirm": "local", "teardown_postgresql": f"{NAME}-PostgreSQL"},
            f'but there is "{NAME}-postgresql", nothing was done',
        ),
    }
    said = refusals(environment, tmp_path, DESTROY, {case: variables for case, (variables, _) in cases.items()})
    for case, (_, words) in cases.items():
        assert words in " ".join(said[case].split())


@pytest.mark.parametrize(("count", "body"), [(1, ""), (None, '{"databases": []}')], ids=["once nothing", "always none"])
def test_destroy_concludes_nothing_from_an_api_that_says_nothing(
    environment: LocalCloud, body: str, count: int | None
) -> None:
    """An empty 200 in the place of the list once took both clusters; a list that is behind shows none either."""
    environment.admin.fault("status", method="GET", path="/v2/databases", status=200, body=body, count=count)
    run = play(environment, DESTROY, confirm="local")
    environment.admin.clear_faults()
    # Network and project know the clusters by id, whatever the list says.
    assert "add -e destroy_data=true" in told(run)
    assert (run.returncode, run.write_list) == (2, [])
    assert len(call(environment, "/v2/databases")["databases"]) == 2


def test_what_fails_at_its_first_look_says_that_nothing_is_gone(cloud: LocalCloud) -> None:
    cloud.admin.fault("status", method="GET", path="/v2/vpcs", status=403)
    run = play(cloud, DESTROY, env=STATS, confirm="local", destroy_data=True)
    assert (run.returncode, run.write_list) == (2, [])
    [shown] = re.findall(r"\n\n(.*)\n\nFAILED: ", run.printed)
    assert shown == "Destroying · local · FAILED"
    assert "None" not in run.printed.split()
    assert {"data_destroyed: false", "gone: []", "ok: false"} <= set(re.split(r"  +|\n", run.printed))


@KEYS
def test_destroy_foretells_what_goes(environment: LocalCloud, env: dict[str, str]) -> None:
    run = play(environment, DESTROY, "--check", env=env, confirm="local", destroy_data=True)
    assert (run.returncode, run.write_list) == (0, [])
    assert "Destroyed · local · would go" in run.printed
    [goes] = re.findall(r"\nwould go: (.*?)\n(?=\S|\n)", run.printed, re.DOTALL)
    assert ("buckets (fisioflow-local-uploads, fisioflow-local-assets)" in " ".join(goes.split())) == (not env)
    assert {"app", "cdn", "project", "network"} <= set(" ".join(goes.split()).split(", "))
    assert ("not looked at: the buckets" in run.printed) == bool(env)


@KEYS
def test_destroy_refuses_while_objects_would_be_lost(environment: LocalCloud, env: dict[str, str]) -> None:
    """After a destruction that stopped half-way, say: no database stands before the buckets any more."""
    keys = call(environment, "/v2/spaces/keys")["keys"]
    s3(environment).put_object(Bucket=f"{NAME}-uploads", Key="patient", Body=b"x-ray")
    call(environment, f"/v2/databases/{clusters(environment)['pg']}", "DELETE")
    run = play(environment, DESTROY, env=env, confirm="local")
    assert run.returncode == 2
    assert 'it is not empty (it holds "patient"); add -e destroy_data=true to delete everything' in told(run)
    assert app(environment)
    assert call(environment, "/v2/spaces/keys")["keys"] == keys
    assert env or run.write_list == []


def test_destroy_tells_what_else_project_and_network_hold(environment: LocalCloud) -> None:
    [project] = [row for row in call(environment, "/v2/projects")["projects"] if row["name"] == NAME]
    [network] = [row for row in call(environment, "/v2/vpcs")["vpcs"] if row["name"] == NAME]
    made = call(
        environment,
        "/v2/databases",
        "POST",
        {
            "name": "theirs",
            "engine": "valkey",
            "version": "8",
            "size": "db-s-1vcpu-1gb",
            "region": network["region"],
            "num_nodes": 1,
            "project_id": project["id"],
            "private_network_uuid": network["id"],
        },
    )["database"]
    run = play(environment, DESTROY, confirm="local", destroy_data=True)
    printed = told(run)
    assert run.returncode == 2
    assert "Destroying · local · partly gone" in printed
    kept = f"The project {NAME} still holds do:dbaas:{made['id']}. The network {NAME} still holds theirs do:dbaas:"
    assert f"{kept}{made['id']}. Move or delete that, and run again." in printed
    assert "stays: the empty VPC" not in printed
    [report] = re.findall(r"^report: (.*)", run.printed, re.MULTILINE)
    assert f"\nFailed: {kept}" in (environment.home.parent / report).read_text(encoding="utf-8")
    figures = json.loads((environment.home.parent / report).with_suffix(".json").read_text(encoding="utf-8"))
    assert (figures["ok"], figures["data_destroyed"], figures["gone"][1]) == (False, True, "app")
    assert figures["failure"].startswith(kept)
    assert call(environment, f"/v2/vpcs/{network['id']}")["vpc"]["default"] == network["default"]


def test_the_account_s_default_project_is_left_with_what_is_not_ours(environment: LocalCloud) -> None:
    """As an adopted environment has it: the project is nobody's own, and cannot be deleted."""
    [project] = [row for row in call(environment, "/v2/projects")["projects"] if row["name"] == NAME]
    call(environment, f"/v2/projects/{project['id']}", "PATCH", {"is_default": True})
    call(environment, "/v2/domains", "POST", {"name": "theirs.example"})
    foretold = play(environment, DESTROY, "--check", confirm="local", destroy_data=True)
    assert foretold.returncode == 0, foretold.printed[-3000:]
    assert f"would stay: the project {NAME}, the account's default" in foretold.printed
    run = play(environment, DESTROY, confirm="local", destroy_data=True)
    assert run.returncode == 0, run.printed[-3000:]
    assert "Destroyed · local · gone" in run.printed
    assert f"\nstays: the project {NAME}, the account's default" in run.printed
    [kept] = [row for row in call(environment, "/v2/projects")["projects"] if row["is_default"]]
    held = call(environment, f"/v2/projects/{kept['id']}/resources")["resources"]
    assert (kept["id"], [row["urn"] for row in held]) == (project["id"], ["do:domain:theirs.example"])
    again = play(environment, DESTROY, confirm="local", destroy_data=True)
    assert (again.returncode, again.write_list) == (0, []), again.printed[-3000:]


def test_a_token_that_would_stop_half_way_is_refused_before_anything_goes(environment: LocalCloud) -> None:
    lacking = {"cdn:delete", "database:delete", "vpc:delete"}
    env = {"DO_API_TOKEN": environment.admin.token(scopes=sorted(readme.scopes("destroy") - lacking))}
    run = play(environment, DESTROY, env=env, confirm="local", destroy_data=True)
    assert (run.returncode, run.write_list) == (2, [])
    assert "Nothing was changed: the token lacks these scopes: cdn:delete, database:delete, vpc:delete." in told(run)


def test_the_scopes_of_destroy_are_enough_and_none_too_many(environment: LocalCloud) -> None:
    """Without a Spaces key of its own, which takes most; asked for as the README tells them."""
    scopes = readme.scopes("destroy")
    since = environment.admin.seq()
    env = {"DO_API_TOKEN": environment.admin.token(scopes=sorted(scopes)), **NO_SPACES_KEY}
    run = play(environment, DESTROY, env=env, confirm="local", destroy_data=True)
    assert run.returncode == 0, run.printed[-3000:]
    by_name = {operation.name: operation.scopes for operation in OPERATIONS.values()}
    # Whether a region is on offer is asked too, and left to the API where the token may not ask.
    used = [by_name.get(row["operation"], ()) for row in environment.admin.journal(since) if row["status"] != 403]
    assert {scope for asked in used for scope in asked} == scopes
