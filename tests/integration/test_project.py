# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about projects: resources that only ever join, the role of default, and two kinds of purposes."""

from __future__ import annotations

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud

CLINIC = {"name": "clinic", "purpose": "Physiotherapy", "environment": "Production"}
UNKNOWN = "5a4981aa-9653-4bd1-bef5-d6bff52042e4"


def test_resources_join_and_stay(cloud: LocalCloud) -> None:
    # Somebody's databases, in the default project.
    cloud.admin.seed(databases=3)
    rows = cloud.admin.state()["world"]["tables"]["project_resources"]
    one, two, three = sorted(urn for urn in rows if urn.startswith("do:dbaas:"))[:3]
    run = inside(
        cloud,
        [
            Step("create: check", "project", {**CLINIC, "resources": [one]}, check=True),
            Step("create", "project", {**CLINIC, "resources": [one]}),
            Step("create: again", "project", {**CLINIC, "resources": [one]}),
            Step("more: check", "project", {**CLINIC, "resources": [three, two]}, check=True),
            Step("more", "project", {**CLINIC, "resources": [three, two]}),
            Step("more: again", "project", {**CLINIC, "resources": [one, two]}),
            Step("left out", "project", CLINIC),
            Step("missing", "project", {**CLINIC, "wait_timeout": 1, "resources": [f"do:app:{UNKNOWN}"]}),
            Step("info", "project_info", {"name": "clinic", "with_resources": True}),
            Step("absent", "project", {"name": "clinic", "state": "absent", "wait_timeout": 1}),
        ],
    )
    for name in ("create", "more"):
        assert run[f"{name}: check"].result["diff"] == run[name].result["diff"]
        assert run[f"{name}: check"].writes == run[f"{name}: again"].writes == []
    assert sorted(run["more"].result["project"]["resources"]) == [one, two, three]
    assert len(run["more"].writes) == 1
    assert "resources" not in run["left out"].result["project"]
    assert "not_found" in run["missing"].message
    assert sorted(run["info"].result["projects"][0]["resources"]) == [one, two, three]
    assert "was still in use" in run["absent"].message


def test_the_role_of_default_moves_and_never_ends(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("create", "project", {**CLINIC, "is_default": True}),
            Step("again", "project", {**CLINIC, "is_default": True}),
            Step("take away", "project", {**CLINIC, "is_default": False}),
            Step("absent", "project", {"name": "clinic", "state": "absent"}),
        ],
    )
    assert run["create"].result["project"]["is_default"] is True
    assert run["again"].writes == []
    for name in ("take away", "absent"):
        assert (run[name].status, run[name].writes) == ("failed", [])


def test_renames_by_id_and_keeps_purposes_of_both_kinds(cloud: LocalCloud) -> None:
    by_id = {"id": "{{ made.project.id }}", "name": "renamed"}
    run = inside(
        cloud,
        [
            Step("create", "project", {"name": "clinic", "purpose": "Physiotherapy"}, register="made"),
            Step("rename", "project", by_id),
            Step("own words", "project", {**by_id, "purpose": "Physiotherapy"}),
            Step("of the list", "project", {**by_id, "purpose": "Web Application"}),
            Step("again", "project", {**by_id, "purpose": "Web Application"}),
        ],
    )
    assert (run["rename"].changed, run["rename"].result["project"]["name"]) == (True, "renamed")
    assert [run[name].changed for name in ("own words", "of the list", "again")] == [False, True, False]
    assert [run[name].result["project"]["environment"] for name in ("create", "rename", "again")] == [""] * 3


def test_account_says_what_the_token_may_do(cloud: LocalCloud) -> None:
    reader = cloud.admin.token(scopes=["account:read"], expires_in=3600)
    silent = [admin("fault", "status", path="/v1/oauth/token/info", status=404)]
    run = inside(
        cloud,
        [
            Step("all", "account_info", {}),
            Step("reader", "account_info", {"api_token": reader}),
            Step("nobody knows", "account_info", {}, before=silent),
        ],
    )
    assert "vpc:create" in run["all"].result["account"]["token_scopes"]
    assert run["reader"].result["account"]["token_scopes"] == ["account:read"]
    assert 0 < run["reader"].result["account"]["token_expires_in"] <= 3600
    assert (run["nobody knows"].status, run["nobody knows"].result["account"]["token_scopes"]) == ("ok", None)
