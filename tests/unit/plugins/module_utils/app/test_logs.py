# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a log is told without what must not be shown; one that cannot be read hides nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.logs import LINES, WIDTH, tail, with_logs
from tests.unit.plugins.masked import MASKED
from tests.unit.plugins.module_utils.scripted import Script, answer, api, error

FAILURES = [
    {"component": "migrate", "step": "deploy/components/migrate/wait", "code": "X", "message": "no"},
    {"component": "migrate", "step": "deploy/components/migrate/clean", "code": "X", "message": "no"},
    {"component": "", "step": "deploy/finalize", "code": "Y", "message": "no"},
]
PATH = "GET /v2/apps/a/deployments/d/components/{}/logs"


def read(exchanges: list[Any], failures: list[dict[str, str]]) -> tuple[list[dict[str, Any]], list[Any]]:
    script = Script(exchanges)
    module: Any = SimpleNamespace(api=api(script), params={})
    found = with_logs(module, "a", {"id": "d"}, failures)
    script.done()
    return found, [query for _, query, _ in script.sent]


@pytest.mark.parametrize(
    "reply",
    [
        error(404),
        error(403),
        answer(200, {"historic_urls": [], "live_url": ""}),
        answer(200, {"historic_urls": None, "live_url": "wss://logs.example/x"}),
        answer(200, {"historic_urls": "https://not-a-list", "live_url": 7}),
        answer(200, {"historic_urls": ["https://127.0.0.1:1/nobody-listens"]}),
    ],
)
def test_a_log_that_cannot_be_read_hides_nothing(reply: Any) -> None:
    found, asked = read([(PATH.format("migrate"), reply)], FAILURES)
    assert found == FAILURES
    assert asked == [{"type": "DEPLOY"}], "one log is asked for once"


def test_a_build_has_a_log_of_its_own() -> None:
    build = [{"component": "web", "step": "build/components/web", "code": "", "message": ""}]
    assert read([(PATH.format("web"), error(404))], build)[1] == [{"type": "BUILD"}]


def test_the_end_is_told_without_colours_and_logins() -> None:
    lines = [f"web line {number}" for number in range(100)]
    text = "\n".join([*lines, "", "\x1b[31mP1001\x1b[0m: postgresql://app:s3cret@db:25060/x", "x" * 9999, "  "])
    told = tail(text)
    assert len(told) == LINES
    assert told[-3:] == ["web line 99", "P1001: postgresql://***@db:25060/x", "x" * WIDTH]
    assert tail("") == []


@pytest.mark.parametrize(("line", "told"), MASKED)
def test_what_is_nobodys_to_read_is_masked(line: str, told: str) -> None:
    assert tail(f"before\n{line}\nafter") == ["before", told, "after"]


def test_a_key_of_many_lines_and_what_would_be_cut_off_are_masked() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----"
    assert tail(f"a\n{key}\nb") == ["a", "***", "b"]
    assert tail("x" * (WIDTH - 5) + " maria@clinic.example") == ["x" * (WIDTH - 5) + " ***"]
