# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module against something that answers in the API's place: nothing is concluded from it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation, Module, execute
from tests.unit.plugins.module_utils.scripted import answer, api, scripted

MODULES = "ansible_collections.fisioflow.digitalocean.plugins.modules"
ID = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30"
# Those of Spaces have a transport of their own (tests/integration/test_spaces_bad_input.py,
# tests/integration/plane/test_dumps.py); others do not ask the API.
ELSEWHERE = {
    "configuration_bundle",
    "configuration_bundle_info",
    "database_dump",
    "database_dump_info",
    "database_restore",
    "database_restored_table",
    "spaces_bucket",
    "spaces_bucket_info",
    "spaces_replication",
    "spaces_restore",
    "spaces_round_trip_info",
    "http_answer_info",
    "http_gate_info",
    "http_latency_info",
    "tls_info",
    "procedure_lock",
    "report",
    "together",
}
NAMES = sorted({path.stem for path in Path(import_module(MODULES).__path__[0]).glob("*.py")} - ELSEWHERE)
# What each is told to be about; of what is left out, by id and by name.
MEANT: dict[str, Any] = {
    "name": "clinic",
    "origin": "clinic.fra1.digitaloceanspaces.com",
    "cluster_id": ID,
    "app_id": ID,
    "check_id": ID,
    "sink_name": "clinic",
    "description": "clinic",
}
HTML = "<!DOCTYPE html><html>Sign in</html>"
STRANGE = [
    answer(200),
    answer(204),
    answer(200, {"message": "ok"}),
    answer(200, HTML),
    answer(404, HTML),
    answer(404, {}),
    answer(200, []),
    answer(200, "null"),
]


class Stranger:
    """A transport at whose other end is not the API."""

    url = "https://api.test"

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.writes: list[str] = []

    def send(self, method: str, path: str, **_more: Any) -> Any:
        if method != "GET":
            self.writes.append(f"{method} {path}")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def module_class(name: str) -> type[Module]:
    found: type[Module] = getattr(import_module(f"{MODULES}.{name}"), "".join(map(str.title, name.split("_"))))
    return found


def run(name: str, stranger: Any, **options: Any) -> dict[str, Any]:
    cls = module_class(name)
    account = api(stranger)

    spec = cls.argument_spec()["argument_spec"]
    params = {key: option.get("default") for key, option in spec.items()}
    params |= {key: value for key, value in (MEANT | options).items() if key in spec}
    if params.get("app_id"):
        params["app"] = None
    return execute(scripted(cls, account), Invocation(params))


def states(name: str) -> list[str]:
    return list(module_class(name).argument_spec()["argument_spec"].get("state", {}).get("choices") or ["present"])


CALLS = [(name, state) for name in NAMES for state in states(name)]


@pytest.mark.parametrize("strange", STRANGE, ids=repr)
@pytest.mark.parametrize(("name", "state"), CALLS)
def test_no_module_concludes_from_silence(name: str, state: str, strange: Any) -> None:
    stranger = Stranger(strange)
    result = run(name, stranger, state=state, region="fra1", engine=None)
    assert result.get("failed"), result
    assert (stranger.writes, result["changed"]) == ([], False)
    assert "Nothing is concluded from such an answer" in result["msg"]
    assert "defect" not in result["msg"]


def rows(name: str) -> list[dict[str, Any]]:
    """The sample of a module's documentation, and the same with something odd in each place."""
    cls = module_class(name)
    told = yaml.safe_load(import_module(f"{MODULES}.{name}").RETURN)
    sample = next((part["sample"] for key, part in told.items() if key.startswith(cls.kind.name)), None)
    sample = sample[0] if isinstance(sample, list) else sample
    if not isinstance(sample, dict):
        return []
    return [{**sample, key: odd} for key in sample for odd in (None, 7, "x", ["x"], {"x": {}}, [None], True)]


@pytest.mark.parametrize(("name", "state"), CALLS)
def test_an_odd_answer_is_not_called_a_defect_of_the_module(name: str, state: str) -> None:
    kind = module_class(name).kind
    for row in rows(name):
        row = {**row, "id": ID} if "id" in row else row
        body = {kind.one or "x": row, kind.many or "y": [row], "id": ID}
        result = run(name, Stranger(answer(200, body)), state=state, id=ID, wait_timeout=1)
        assert "defect" not in str(result.get("msg")), (row, result["msg"])
        assert "Traceback" not in str(result)
