# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that ask a running instance for something, as they are typed; in this process, since that is faster."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from localcloud import cli
from localcloud.instance import home
from localcloud.instance.report import describe

Typed = Callable[..., str]
# Variables of an instance with software behind its records.
WITH_SOFTWARE = {"LOCALCLOUD_RESOLVER", "DATABASE_CLIENT_ADDRESSES"}

STATUS = {
    "api_url": "a",
    "spaces_url": "b",
    "speed": "real",
    "pid": 1,
    "clock": "",
    "rows": {},
    "journal": 0,
    "latency_ms": 0,
    "rtt_ms": 0,
    "faults": 0,
    "broken": {},
    "runs": [],
    "records": {},
    "page_url": "c",
    "alerts": [],
    "contract": {"on": False},
}


@pytest.fixture
def typed(api: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """``typed("fault latency --seconds 1")``: what is said, to either side; the exit status must be as expected."""
    monkeypatch.setenv("LOCALCLOUD_HOME", str(api.cloud.home))

    def run(line: str, status: int = 0) -> str:
        try:
            ended = cli.main(shlex.split(line))
        except SystemExit as error:
            ended = int(str(error.code))
        said = capsys.readouterr()
        assert ended == status, said
        return said.out + said.err

    return run


def test_a_fault_comes_and_goes(api: Any, typed: Typed) -> None:
    assert typed("fault") == "No rules.\n"
    said = typed("fault status --status 500 --method GET --path /v2/account --count 1")
    (rule,) = api.admin.faults()
    assert said == f"Rule {rule['id']} is set; `localcloud fault clear {rule['id']}` removes it.\n"
    assert "status  method=GET path=/v2/account status=500 count=1" in typed("fault")
    assert [api.call("GET", "/account").status for _ in range(2)] == [500, 200]
    assert "fired 1 of" in typed("fault")
    typed("fault latency --seconds 0.01")
    assert typed(f"fault clear {rule['id']}") == "1 rule removed.\n"
    typed("fault burst --writes-only")
    assert typed("fault clear") == "2 rules removed.\n"
    assert api.admin.faults() == []


@pytest.mark.parametrize(
    ("line", "status", "message"),
    [
        ("fault explode", 2, "invalid choice: 'explode'"),
        ("fault latency", 1, "latency needs seconds"),
        ("fault --path /v2/vpcs", 1, "a rule has a kind and no number"),
        ("fault clear --path /v2/vpcs", 1, "a rule has a kind and no number"),
        ("fault status 3", 1, "a rule has a kind and no number"),
        ("clock yesterday", 2, "'yesterday' is no span of time (90, 15m, 36h, 8d)"),
        ("journal --since x", 2, "invalid int value: 'x'"),
    ],
)
def test_a_mistake_is_one_line(api: Any, typed: Typed, line: str, status: int, message: str) -> None:
    said = typed(line, status)
    assert message in said
    assert said.startswith("localcloud")
    assert said.count("\n") == 1
    assert api.admin.faults() == []


def test_the_clock_goes_forward(api: Any, typed: Typed) -> None:
    before = typed("clock")
    assert typed("clock 2d")[:10] > before[:10]
    assert typed("clock")[:10] == api.admin.status()["clock"][:10]


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("90s", 90), ("+1.5h", 5400), ("15m", 900), ("8d", 691_200)])
def test_spans(text: str, seconds: float) -> None:
    from localcloud.commands import span

    assert span(text) == seconds


def test_the_journal_is_read(api: Any, typed: Typed) -> None:
    since = api.admin.seq()
    api.vpc("a")
    api.call("GET", "/vpcs?page=1")
    lines = typed(f"journal --since {since}").splitlines()
    assert [line.split()[1] for line in lines] == ["201", "200"]
    assert lines[1].endswith("GET    /v2/vpcs?page=1")
    assert typed(f"journal --since {since} --last 1") == lines[1] + "\n"
    assert typed(f"journal --since {since} --writes") == lines[0] + "\n"
    assert [entry["method"] for entry in json.loads(typed(f"journal --since {since} --json"))] == ["POST", "GET"]
    assert typed("journal --clear") == "The journal is empty.\n"
    assert typed("journal") == "Nothing was asked.\n"


def test_violations_are_read(api: Any, typed: Typed) -> None:
    if not api.admin.status()["contract"]["on"]:
        assert "`make description`" in typed("violations")
        return
    assert typed("violations") == "No violations.\n"
    api.call("POST", "/vpcs", {"name": "a b", "region": "fra1"})
    assert typed("violations").startswith("request of POST /v2/vpcs: name: 'a b' does not match")
    assert json.loads(typed("violations --json"))[0]["path"] == "/v2/vpcs"
    assert "1 violation (`localcloud violations`)" in typed("status")
    typed("violations --clear")
    assert api.admin.violations() == []


def test_status_speaks_of_what_a_user_has(api: Any, typed: Typed) -> None:
    api.vpc("a")
    api.admin.settings(latency_ms=1)
    api.admin.fault("latency", seconds=0)
    said = typed("status")
    assert "account    1 VPC, 1 project" in said
    assert "1 ms added to each, 1 fault rule (`localcloud fault`)" in said
    kept = set(api.admin.status()["rows"]) - {"vpcs", "projects"}
    assert "tokens" in kept
    assert not any(name in said for name in kept)


def test_status_of_an_instance_without_a_description() -> None:
    assert "`make description`" in describe(STATUS)


def test_status_tells_what_runs_where_and_what_does_not() -> None:
    runs = [
        {"key": "dns/server", "state": "up", "reason": "", "lines": ["dig @127.80.0.1"]},
        {"key": "droplet/7", "state": "failed", "reason": "no Caddyfile", "lines": []},
    ]
    event = {"name": "slow", "type": "uptime latency", "about": "app", "value": 2300.5, "threshold": 2000, "at": "now"}
    said = describe({**STATUS, "runs": runs, "records": {"valkey": "no wheel"}, "alerts": [event]})
    assert said.splitlines()[-5:] == [
        "up         dns/server",
        "             dig @127.80.0.1",
        "failed     droplet/7: no Caddyfile",
        "fires      slow: uptime latency of app (2300.5, threshold 2000) since now",
        "record     valkey: no wheel",
    ]


def test_what_is_said_behind_the_records_can_be_read(typed: Typed) -> None:
    assert typed("logs") == "Nothing was said.\n"
    assert typed("hosts") == "# No name leads to this machine.\n"
    assert "there is no log of valkey/1" in typed("logs valkey/1", 1)


# -- env ---------------------------------------------------------------------------------------------------------------


def _shell(script: str, environment: dict[str, str]) -> dict[str, str]:
    done = subprocess.run(["sh", "-c", f"{script}\nenv"], env=environment, capture_output=True, text=True, check=True)
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


def test_env_exports_its_home_and_all_names_that_unset_knows(api: Any, typed: Typed) -> None:
    found = json.loads(typed("env --json"))
    assert found["LOCALCLOUD_HOME"] == str(api.cloud.home)
    assert set(found) == set(home.VARIABLES) - WITH_SOFTWARE


def test_unset_takes_all_back(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {"PATH": "/usr/bin:/bin", "SSL_CERT_FILE": "/etc/my own.pem", "DIGITALOCEAN_TOKEN": "real"}
    for name in home.VARIABLES[:-1]:
        monkeypatch.delenv(name, raising=False)
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    exports = typed("env")
    assert "real" not in exports
    inside = _shell(exports, before)
    assert inside["DIGITALOCEAN_TOKEN"].startswith("dop_v1_")
    for name, value in inside.items():
        monkeypatch.setenv(name, value)
    # Once more from inside changes nothing of what is kept.
    assert home.BEFORE not in typed("env")
    after = _shell(typed("env --unset"), inside)
    ignored = {"PWD", "SHLVL", "_", "OLDPWD"}
    assert {name: value for name, value in after.items() if name not in ignored} == before


def test_unset_needs_no_instance(typed: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("LOCALCLOUD_HOME", str(tmp_path / "nothing"))
    assert "unset DIGITALOCEAN_API_URL" in typed("env --unset")
