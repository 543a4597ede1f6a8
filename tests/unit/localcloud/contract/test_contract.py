# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API description holds for requests and for localcloud's own answers."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from localcloud import resources
from localcloud.contract.nulls import without_nulls
from localcloud.instance import foreground
from localcloud.instance.home import HomeError
from localcloud.instance.server import Server
from localcloud.ports.api import Api
from localcloud.ports.auth import default_token
from localcloud.ports.errors import ApiError
from localcloud.ports.exchange import Answer, Call
from localcloud.ports.routing import OPERATIONS
from localcloud.ports.shared import Options

SPEC = foreground.find_spec(None)
UUID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
needs_spec = pytest.mark.skipif(SPEC is None, reason="no API description at hand")

Ask = Callable[..., Answer]


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., tuple[Server, Ask]]:
    """``make(**options)`` → a server in this process, and ``ask(method, path, body)``."""

    def build(**options: Any) -> tuple[Server, Ask]:
        server = Server(tmp_path, Options(spec=SPEC, records_only=True, **options))
        api = Api(server.shared)

        def ask(method: str, path: str, body: Any = None, content_type: str = "application/json") -> Answer:
            headers = {"authorization": f"Bearer {default_token()}", "content-type": content_type}
            bare, _, query = path.partition("?")
            raw = b"" if body is None else json.dumps(body).encode()
            return asyncio.run(_answer(api, Call(method, bare, query, headers, raw, {})))

        return server, ask

    return build


async def _answer(api: Api, call: Call) -> Answer:
    return await api(call)


@needs_spec
@pytest.mark.parametrize(
    ("method", "path", "body", "where"),
    [
        ("POST", "/v2/vpcs", {"name": "a b", "region": "fra1"}, "name: 'a b' does not match"),
        ("POST", "/v2/vpcs", {"name": "a"}, "'region' is a required property"),
        ("POST", "/v2/vpcs", None, "body"),
        ("POST", "/v2/vpcs", {"name": "a", "region": 7}, "region: 7 is not of type 'string'"),
        ("GET", "/v2/vpcs?per_page=201", None, "per_page: 201 is greater than the maximum of 200"),
        ("GET", "/v2/vpcs?page=x", None, "page"),
        ("PATCH", "/v2/projects/default", {"environment": "Test"}, "'Test' is not one of"),
        ("PATCH", "/v2/projects/default", {"owner_id": 4}, "owner_id"),
    ],
)
def test_request_that_violates_it(make: Any, method: str, path: str, body: Any, where: str) -> None:
    server, ask = make()
    answer = ask(method, path, body)
    error = json.loads(answer.body)
    assert (answer.status, error["id"]) == (400, "contract_violation")
    assert where in error["message"]
    (violation,) = server.shared.contract.violations
    assert violation["what"] == "request"
    assert where in violation["problem"]
    assert len(server.shared.world.table("vpcs")) == 0


@needs_spec
@pytest.mark.parametrize(
    ("method", "path", "body", "kept"),
    [
        ("POST", "/v2/vpcs", {"name": "a", "region": "fra1", "ip_range": None}, ["name", "region"]),
        ("POST", "/v2/projects", {"name": "a", "purpose": "b", "environment": None}, ["name", "purpose"]),
        ("PATCH", "/v2/projects/default", {"name": None, "is_default": None, "description": "new"}, ["description"]),
        ("PUT", f"/v2/databases/{UUID}/firewall", {"rules": None}, []),
        ("PUT", f"/v2/databases/{UUID}/users/web", {"settings": None}, []),
        ("POST", f"/v2/apps/{UUID}/restart", {"components": None}, []),
        ("PATCH", f"/v2/databases/{UUID}/config", {"config": {"jit": None, "work_mem": 4}}, ["config", "work_mem"]),
    ],
)
def test_null_for_an_optional_field_counts_as_not_given(
    make: Any, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: Any, kept: list[str]
) -> None:
    """Clients in Go and Python send their empty pointers so; what is required is still missed."""
    seen: list[Any] = []
    resources.load()
    for key, op in list(OPERATIONS.items()):
        monkeypatch.setitem(OPERATIONS, key, dataclasses.replace(op, handler=_remember(seen)))
    server, ask = make()
    ask(method, path, body)
    assert not [violation for violation in server.shared.contract.violations if violation["what"] == "request"]
    assert _names(seen[0]) == kept


def _remember(seen: list[Any]) -> Any:
    def handler(request: Any) -> Any:
        seen.append(request.json)
        raise ApiError(404, "seen")

    return handler


def _names(value: Any) -> list[str]:
    """The keys of an object and of those in it."""
    return [name for key, item in value.items() for name in (key, *(_names(item) if isinstance(item, dict) else ()))]


@needs_spec
def test_null_for_what_is_required_is_refused(make: Any) -> None:
    server, ask = make()
    answer = ask("POST", "/v2/vpcs", {"name": "a", "region": None})
    assert answer.status == 400
    assert "region: None" in server.shared.contract.violations[0]["problem"]


def test_null_that_says_something_stays() -> None:
    text = {"type": "string"}
    schema = {
        "allOf": [
            {"properties": {"needed": text, "left": text}, "required": ["needed"]},
            {"oneOf": [{"properties": {"either": text}, "required": ["either"]}, {"properties": {"either": text}}]},
        ],
        "properties": {
            "cleared": {"type": "string", "nullable": True},
            "shown": {"allOf": [{"readOnly": True}, {"type": "string", "nullable": True}]},
            "rows": {"items": {"properties": {"a": text}}},
        },
    }
    given = dict.fromkeys(["needed", "shown", "left", "either", "cleared", "unknown"]) | {"rows": [{"a": None}]}
    assert without_nulls([schema], given) == {"needed": None, "cleared": None, "unknown": None, "rows": [{}]}
    full = {"needed": "x", "rows": [{"a": "b"}]}
    assert without_nulls([schema], full) is full


@needs_spec
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v2/vpcs/not-a-uuid", None),
        ("DELETE", "/v2/vpcs/1", None),
        ("PATCH", "/v2/vpcs/nonsense", {"name": "ok"}),
        ("GET", "/v2/projects/my-project", None),
        ("GET", "/v2/databases/my-cluster", None),
        ("PUT", "/v2/databases/my-cluster/resize", {"size": "db-s-1vcpu-2gb", "num_nodes": 1}),
        ("GET", "/v2/apps/my-app", None),
        ("GET", "/v2/apps/my-app/deployments", None),
        ("GET", "/v2/cdn/endpoints/cdn", None),
    ],
)
def test_an_id_that_is_no_uuid_is_not_found(make: Any, method: str, path: str, body: Any) -> None:
    server, ask = make()
    answer = ask(method, path, body)
    assert (answer.status, json.loads(answer.body)["id"]) == (404, "not_found")
    assert not server.shared.contract.violations


@needs_spec
def test_form_instead_of_json(make: Any) -> None:
    _server, ask = make()
    answer = ask("POST", "/v2/vpcs", {"name": "a", "region": "fra1"}, content_type="application/x-www-form-urlencoded")
    assert "application/x-www-form-urlencoded" in json.loads(answer.body)["message"]


@needs_spec
def test_not_strict_only_records(make: Any) -> None:
    server, ask = make(strict=False)
    assert ask("PATCH", "/v2/projects/default", {"owner_id": 4}).status == 200
    assert len(server.shared.contract.violations) == 1


def _replace(monkeypatch: pytest.MonkeyPatch, method: str, path: str, handler: Any) -> None:
    resources.load()
    op = OPERATIONS[method, path]
    monkeypatch.setitem(OPERATIONS, (method, path), dataclasses.replace(op, handler=handler))


@needs_spec
@pytest.mark.parametrize(
    ("handler", "where"),
    [
        (lambda request: {"account": {"droplet_limit": "many"}}, "droplet_limit: 'many' is not of type 'integer'"),
        (lambda request: {"account": None}, "account: None"),
        (lambda request: None, "Missing response data"),
    ],
)
def test_answer_that_violates_it(make: Any, monkeypatch: pytest.MonkeyPatch, handler: Any, where: str) -> None:
    _replace(monkeypatch, "GET", "/v2/account", handler)
    server, ask = make()
    answer = ask("GET", "/v2/account")
    assert (answer.status, json.loads(answer.body)["id"]) == (500, "contract_violation")
    (violation,) = server.shared.contract.violations
    assert violation["what"] == "answer"
    assert where in violation["problem"]


@needs_spec
def test_body_where_none_is_declared(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _replace(monkeypatch, "DELETE", "/v2/vpcs/{vpc_id}", lambda request: {"deleted": True})
    server, ask = make()
    assert ask("DELETE", "/v2/vpcs/3fa85f64-5717-4562-b3fc-2c963f66afa6").status == 500
    assert "no body is declared" in server.shared.contract.violations[0]["problem"]


@needs_spec
def test_status_that_is_not_declared(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    op = OPERATIONS["GET", "/v2/account"]
    monkeypatch.setitem(OPERATIONS, ("GET", "/v2/account"), dataclasses.replace(op, status=202))
    server, ask = make()
    assert ask("GET", "/v2/account").status == 500
    assert "202" in server.shared.contract.violations[0]["problem"]


def _raise(error: Exception) -> Any:
    raise error


@needs_spec
@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 422, 429, 500, 503])
def test_any_error_is_within_it(make: Any, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    _replace(monkeypatch, "GET", "/v2/account", lambda request: _raise(ApiError(status, "no")))
    server, ask = make()
    assert ask("GET", "/v2/account").status == status
    assert not server.shared.contract.violations


def test_fault_in_a_handler_is_a_500_in_the_usual_shape(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _replace(monkeypatch, "GET", "/v2/account", lambda request: _raise(KeyError("oops")))
    _server, ask = make()
    answer = ask("GET", "/v2/account")
    error = json.loads(answer.body)
    assert (answer.status, error["id"]) == (500, "server_error")
    assert "oops" not in error["message"]


def test_without_a_description_nothing_is_checked(tmp_path: Path) -> None:
    server = Server(tmp_path, Options(spec=None, records_only=True))
    assert server.shared.status()["contract"]["on"] is False
    call = Call("POST", "/v2/vpcs", "", {"authorization": f"Bearer {default_token()}"}, b'{"name": "a b"}', {})
    answer = asyncio.run(_answer(Api(server.shared), call))
    assert answer.status == 422


def test_description_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HomeError, match="there is no API description"):
        foreground.find_spec(tmp_path / "none.json")
    monkeypatch.setenv("LOCALCLOUD_SPEC", str(tmp_path / "none.json"))
    with pytest.raises(HomeError, match=r"none\.json"):
        foreground.find_spec(None)


@pytest.mark.parametrize("text", ["{", "[]", '{"paths": {}}', '{"components": {"schemas": {}}, "paths": {}}'])
def test_file_that_is_no_description(tmp_path: Path, text: str) -> None:
    spec = tmp_path / "other.json"
    spec.write_text(text)
    with pytest.raises(ValueError, match=r"other\.json is no description"):
        Server(tmp_path, Options(spec=spec, records_only=True))


@needs_spec
def test_each_relaxation_has_a_reason(make: Any) -> None:
    server, _ask = make()
    assert all(len(reason) > 20 for reason in server.shared.contract.relaxed)
    assert len(set(server.shared.contract.relaxed)) == len(server.shared.contract.relaxed)


@needs_spec
def test_accept_is_no_parameter(make: Any) -> None:
    server, _ask = make()
    call = Call("GET", "/v2/apps", "", {"authorization": f"Bearer {default_token()}", "accept": "*/*"}, b"", {})
    assert asyncio.run(_answer(Api(server.shared), call)).status == 200
