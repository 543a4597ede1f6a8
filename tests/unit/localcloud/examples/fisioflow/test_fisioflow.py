# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in as it is without its stores, in a process of its own. With them: tests/integration/plane."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpcore
import pytest

from localcloud.dataplane.ground import free_address
from localcloud.examples.fisioflow.budget import Budget
from localcloud.examples.fisioflow.database import libpq
from localcloud.examples.fisioflow.trouble import Trouble

ROOT = Path(__file__).resolve().parents[5]
PORT = 3000
Ask = Callable[..., httpcore.Response]


@contextmanager
def running(**env: str) -> Iterator[Ask]:
    address = free_address([PORT])
    command = [sys.executable, "-m", "localcloud.examples.fisioflow"]
    given = {"PYTHONPATH": str(ROOT), "HOSTNAME": address, "PORT": str(PORT), **env}
    with httpcore.ConnectionPool() as pool, subprocess.Popen(command, env=given, cwd="/") as process:

        def ask(path: str, body: Any = None, **headers: str) -> httpcore.Response:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            content = None if body is None else json.dumps(body).encode()
            return pool.request(
                "GET" if body is None else "POST",
                f"http://{address}:{PORT}{path}",
                headers={"Host": "fisioflow.example", **given},
                content=content,
            )

        try:
            deadline = time.monotonic() + 30
            while True:
                try:
                    ask("/api/ping")
                    break
                except httpcore.ConnectError:
                    assert process.poll() is None
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            yield ask
        finally:
            process.terminate()


def body(answer: httpcore.Response) -> Any:
    return json.loads(answer.content)


def header(answer: httpcore.Response, name: str) -> str:
    return dict(answer.headers).get(name.encode(), b"").decode()


def test_it_answers_what_is_looked_at_after_a_deployment() -> None:
    with running(STATUS_CHECK_TOKEN="secret", CORS_ORIGINS="https://fisioflow.example") as ask:
        home = ask("/")
        assert (home.status, header(home, "location")) == (307, "/login")
        assert header(home, "strict-transport-security").startswith("max-age=31536000")
        assert header(ask("/login", Origin="https://fisioflow.example"), "access-control-allow-origin")
        assert not header(ask("/login", Origin="https://else.example"), "access-control-allow-origin")
        assert {ask(path).status for path in ("/.env", "/.git/config")} == {404}
        health = ask("/api/health")
        assert (health.status, body(health)["status"]) == (200, "unhealthy")
        assert body(health)["checks"]["redis"]["status"] == "mock"
        assert ask("/api/status").status == 401
        assert body(ask("/api/status", Authorization="Bearer secret"))["checks"]
        assert "DATABASE_URL" in body(ask("/api/ping"))["missing"]


def test_login_is_limited_and_the_limit_is_each_visitors_own() -> None:
    with running() as ask:
        assert ask("/api/patients").status == 401
        answers = [ask("/api/login", {"name": "Ana"}, X_Forwarded_For="203.0.113.1, 127.0.0.1") for _ in range(6)]
        assert [answer.status for answer in answers] == [200] * 5 + [429]
        session = header(answers[0], "set-cookie").partition(";")[0]
        assert ask("/api/login", {"name": "Rui"}, X_Forwarded_For="203.0.113.2").status == 200
        assert "Ana" in ask("/dashboard", Cookie=session).content.decode()
        assert ask("/api/uploads", {"type": "image/png"}, Cookie=session).status == 503


def test_whoever_comes_past_the_edge_is_refused_but_for_checks() -> None:
    with running(ORIGIN_SECRET="old", ORIGIN_SECRET_NEXT="new") as ask:
        assert [ask("/login", X_Origin_Secret=text).status for text in ("", "old", "new")] == [403, 200, 200]
        assert ask("/api/ping").status == 200


def test_trouble_is_made_by_who_holds_the_token_and_spends_the_error_budget() -> None:
    with running(STATUS_CHECK_TOKEN="secret", RATE_LIMIT_ENABLED="false") as ask:
        assert ask("/api/trouble", {"make": "errors=1"}).status == 401
        assert ask("/api/trouble", {"make": "flood"}, Authorization="Bearer secret").status == 400
        assert ask("/api/trouble", {"make": "errors=1"}, Authorization="Bearer secret").status == 200
        assert {ask("/login").status for _ in range(20)} == {500}
        assert ask("/api/trouble", {"make": ""}, Authorization="Bearer secret").status == 200
        assert ask("/login").status == 200
        assert ask("/api/health/slo").status == 503


def test_few_answers_spend_no_budget() -> None:
    budget = Budget()
    for status in [500] * 19:
        budget.note(status)
    assert not budget.spent()
    budget.note(200)
    assert budget.spent()


def test_a_url_of_prisma_becomes_one_of_libpq(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text("x")
    url = f"postgresql://a:b@h:25061/p?sslmode=require&pgbouncer=true&connection_limit=5&sslcert={authority}"
    assert libpq(url) == (
        f"postgresql://a:b@h:25061/p?sslmode=verify-full&sslrootcert={authority}&connect_timeout=5".replace(
            str(authority), str(authority).replace("/", "%2F")
        ),
        False,
    )
    assert libpq("postgresql://h/d?sslmode=require")[0].endswith("sslmode=require&connect_timeout=5")


def test_trouble_that_nobody_knows_is_refused_and_the_old_one_goes_on() -> None:
    trouble = Trouble("slow=2")
    with pytest.raises(ValueError, match="not by flood"):
        trouble.make("errors,flood")
    assert trouble.now == {"slow": 2}
