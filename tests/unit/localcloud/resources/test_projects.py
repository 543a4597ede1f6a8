# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects, what is in them, and moving it."""

from __future__ import annotations

from typing import Any

import pytest


def _project(api: Any, name: str = "clinic", **more: Any) -> dict[str, Any]:
    body = {"name": name, "purpose": "Web Application", "environment": "Production", **more}
    return api.ok("POST", "/projects", body)["project"]


def _database(api: Any, **more: Any) -> str:
    body = {"name": "main", "engine": "pg", "size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "fra1", **more}
    return f"do:dbaas:{api.ok('POST', '/databases', body)['database']['id']}"


def _urns(api: Any, project: str) -> list[str]:
    return [row["urn"] for row in api.ok("GET", f"/projects/{project}/resources")["resources"]]


def test_account_starts_with_a_default_project(api: Any) -> None:
    default = api.ok("GET", "/projects/default")["project"]
    assert default["is_default"] is True
    assert api.ok("GET", "/projects")["projects"] == [default]
    assert api.ok("GET", f"/projects/{default['id']}")["project"] == default


@pytest.mark.parametrize(
    ("given", "stored"),
    [("Web Application", "Web Application"), ("Physiotherapy", "Other: Physiotherapy"), ("Other: X", "Other: X")],
)
def test_free_purpose_is_stored_as_other(api: Any, given: str, stored: str) -> None:
    assert _project(api, purpose=given)["purpose"] == stored


@pytest.mark.parametrize("more", [{}, {"environment": ""}], ids=["left out", "as the Go client sends it"])
def test_project_without_environment_has_none(api: Any, more: dict[str, Any]) -> None:
    project = api.ok("POST", "/projects", {"name": "p", "purpose": "IoT", **more})["project"]
    assert "environment" not in project
    changed = api.ok("PATCH", f"/projects/{project['id']}", {"environment": "Staging"})["project"]
    assert changed["environment"] == "Staging"


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"name": "clinic", "purpose": "IoT"}, 409, "already in use"),
        ({"name": "", "purpose": "IoT"}, 422, "name"),
        ({"name": "p", "purpose": ""}, 422, "purpose"),
    ],
)
def test_creation_that_is_refused(api: Any, body: dict[str, Any], status: int, message: str) -> None:
    _project(api)
    assert message in api.refused("POST", "/projects", body, status)
    assert api.ok("GET", "/projects")["meta"]["total"] == 2


def test_put_replaces_and_patch_changes(api: Any) -> None:
    path = f"/projects/{_project(api, description='old')['id']}"
    whole = {"name": "n", "description": "", "purpose": "IoT", "environment": "Staging", "is_default": False}
    put = api.ok("PUT", path, whole)["project"]
    assert {key: put[key] for key in whole} == whole
    assert api.ok("PATCH", path, {"description": "d"})["project"]["purpose"] == "IoT"


@pytest.mark.parametrize("path", ["default", "{id}"])
def test_the_go_client_sends_null_for_what_stays(api: Any, path: str) -> None:
    id = api.ok("GET", "/projects/default")["project"]["id"]
    path = f"/projects/{path.format(id=id)}"
    before = api.ok("GET", path)["project"]
    body = {"name": None, "description": "new", "purpose": None, "environment": None, "is_default": None}
    after = api.ok("PATCH", path, body)["project"]
    assert after == {**before, "description": "new", "updated_at": after["updated_at"]}
    nothing = api.ok("PATCH", path, dict.fromkeys(body))["project"]
    assert nothing == {**after, "updated_at": nothing["updated_at"]}


@pytest.mark.parametrize(("method", "body"), [("PUT", {"name": None, "description": "new"}), ("PATCH", {"name": 5})])
def test_a_null_is_no_whole_and_a_number_no_name(described: Any, method: str, body: dict[str, Any]) -> None:
    assert described.call(method, "/projects/default", body).body["id"] == "contract_violation"
    described.admin.forget_violations()


def test_default_moves_but_is_never_lost(api: Any) -> None:
    project = _project(api)
    old = api.ok("GET", "/projects/default")["project"]
    assert "cannot be unset" in api.refused("PATCH", "/projects/default", {"is_default": False})
    api.ok("PATCH", f"/projects/{project['id']}", {"is_default": True})
    assert api.ok("GET", "/projects/default")["project"]["id"] == project["id"]
    assert api.ok("GET", f"/projects/{old['id']}")["project"]["is_default"] is False
    assert "default" in api.refused("DELETE", f"/projects/{project['id']}", status=412)


@pytest.mark.parametrize("content_type", [None, "text/plain"])
def test_deletion_wants_the_type_of_a_body_that_it_has_not(api: Any, content_type: str | None) -> None:
    """As on the real account: pydo, which sends none, is answered 415."""
    url = f"{api.cloud.url}/v2/projects/{_project(api)['id']}"
    headers = {"Authorization": f"Bearer {api.cloud.token}"} | ({"Content-Type": content_type} if content_type else {})
    answer = api.session.delete(url, headers=headers, timeout=60)
    assert (answer.status_code, answer.reason, answer.content) == (415, "Unsupported Media Type", b"")
    assert api.session.get(url, headers=headers, timeout=60).status_code == 200
    headers["Content-Type"] = "application/json; charset=utf-8"
    assert api.session.delete(url, headers=headers, timeout=60).status_code == 204


def test_resources_start_in_the_default_project_or_where_they_are_told(api: Any) -> None:
    project = _project(api)
    one, two = _database(api), _database(api, name="two", project_id=project["id"])
    assert _urns(api, "default") == [one]
    assert _urns(api, project["id"]) == [two]


def test_assigning_moves(api: Any) -> None:
    project, urn = _project(api), _database(api)
    path = f"/projects/{project['id']}/resources"
    (row,) = api.ok("POST", path, {"resources": [urn]})["resources"]
    assert (row["urn"], row["status"]) == (urn, "assigned")
    assert row["links"]["self"] == f"https://api.digitalocean.com/v2/databases/{urn.rpartition(':')[2]}"
    assert api.ok("POST", path, {"resources": [urn]})["resources"][0]["status"] == "already_assigned"
    assert _urns(api, "default") == []
    assert _urns(api, project["id"]) == [urn]
    assert api.ok("GET", path)["resources"][0]["status"] == "ok"


def test_what_does_not_exist_is_reported(api: Any) -> None:
    project = _project(api)
    wanted = ["do:app:3fa85f64-5717-4562-b3fc-2c963f66afa6", "do:space:none"]
    rows = api.ok("POST", f"/projects/{project['id']}/resources", {"resources": wanted})["resources"]
    assert [row["status"] for row in rows] == ["not_found", "not_found"]
    assert _urns(api, project["id"]) == []


def test_resource_that_the_token_may_not_read_is_not_shown(api: Any) -> None:
    _database(api)
    token = api.admin.token(["project:read"])
    assert api.call("GET", "/projects/default/resources", token=token).body["resources"] == []
    token = api.admin.token(["project:read", "database:read"])
    assert len(api.call("GET", "/projects/default/resources", token=token).body["resources"]) == 1


def test_resource_that_the_token_may_not_read_cannot_be_assigned(api: Any) -> None:
    project, urn = _project(api), _database(api)
    body = {"resources": [urn]}
    token = api.admin.token(["project:assign_resource"])
    answer = api.call("POST", f"/projects/{project['id']}/resources", body, token=token)
    assert [row["status"] for row in answer.body["resources"]] == ["not_found"]
    assert _urns(api, "default") == [urn]


def test_project_with_resources_stays(api: Any) -> None:
    project = _project(api)
    urn = _database(api, project_id=project["id"])
    path = f"/projects/{project['id']}"
    assert "resources" in api.refused("DELETE", path, status=412)
    api.ok("POST", "/projects/default/resources", {"resources": [urn]})
    assert api.call("DELETE", path).status == 204
    api.refused("GET", path, status=404)


def test_deleted_resource_leaves_its_project(api: Any) -> None:
    urn = _database(api)
    api.ok("DELETE", f"/databases/{urn.rpartition(':')[2]}")
    api.admin.advance(1)
    assert _urns(api, "default") == []
