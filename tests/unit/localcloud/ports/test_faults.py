# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand, as a client meets them."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from localcloud.client import AdminError
from localcloud.ports.faults import Faults, Rule, pattern_of

VPC = {"name": "net", "region": "fra1"}


def _last(api: Any, method: str) -> dict[str, Any]:
    return [entry for entry in api.admin.journal() if entry["method"] == method][-1]


@pytest.mark.parametrize(
    ("pattern", "path", "found"),
    [
        ("*", "/v2/anything/at/all", True),
        ("/v2/vpcs", "/v2/vpcs", True),
        ("/v2/vpcs", "/v2/vpcs/1", False),
        ("/v2/vpcs/*", "/v2/vpcs/1/members", True),
        ("/v2/vpcs/{vpc_id}", "/v2/vpcs/1", True),
        ("/v2/vpcs/{vpc_id}", "/v2/vpcs/1/members", False),
        (r"^/v2/(vpcs|apps)$", "/v2/apps", True),
        (r"^/v2/(vpcs|apps)$", "/v2/apps/1", False),
        ("/v2/apps/.*/deployments", "/v2/apps/1/deployments", True),
        ("/uploads*", "/uploads-bucket/a/b", True),
    ],
)
def test_paths(pattern: str, path: str, found: bool) -> None:
    assert bool(pattern_of(pattern).search(path)) is found


def test_skip_and_count() -> None:
    rule = Rule("status", skip=1, count=2)
    assert [rule.fires("api", "GET", "/") for _ in range(5)] == [False, True, True, False, False]


def test_a_rule_that_another_one_forestalls_keeps_its_count() -> None:
    faults = Faults()
    for kind in ("status", "drop"):
        faults.add({"kind": kind, "count": 1})
    faults.add({"kind": "latency", "seconds": 1})
    hits = [[rule.kind for rule in faults.hits("api", "GET", "/")] for _ in range(3)]
    assert hits == [["status", "latency"], ["drop", "latency"], ["latency"]]


def test_probability_repeats_with_its_seed() -> None:
    def draw(seed: int) -> list[bool]:
        rule = Rule("status", probability=0.5, seed=seed)
        return [rule.fires("api", "GET", "/") for _ in range(60)]

    assert draw(1) == draw(1)
    assert draw(1) != draw(2)
    assert 15 < sum(draw(1)) < 45


def test_writes_only_and_port() -> None:
    rule = Rule("status", writes_only=True, port="spaces")
    assert [rule.fires(*at, "/") for at in (("spaces", "GET"), ("api", "PUT"), ("spaces", "PUT"))] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "status", "when": "during"},
        {"kind": "status", "status": 200},
        {"kind": "stale"},
        {"kind": "latency"},
        {"kind": "drop", "colour": "red"},
        {"kind": "drop", "path": "("},
        {"kind": "drop", "count": "1"},
        {"kind": "drop", "skip": True},
        {"kind": "drop", "probability": "often"},
        {"kind": "drop", "writes_only": "no"},
        {"kind": "drop", "method": "POTS"},
        {"kind": "drop", "method": None},
        {"kind": "drop", "port": "apis"},
        {"kind": "latency", "seconds": "1"},
        {"kind": "status", "body": {"message": "no text"}},
    ],
)
def test_rules_that_are_none(rule: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Faults().add(rule)


def test_the_admin_api_says_what_is_wrong_with_a_rule(api: Any) -> None:
    with pytest.raises(AdminError, match="kind must be one of"):
        api.admin.fault("earthquake")


def test_error_before_the_effect(api: Any) -> None:
    api.admin.fault("status", method="POST", path="/v2/vpcs", status=503, count=1)
    answer = api.call("POST", "/vpcs", VPC)
    assert (answer.status, answer.body["id"]) == (503, "service_unavailable")
    assert answer.body["request_id"] == answer.headers["x-request-id"]
    assert api.names() == []
    entry = _last(api, "POST")
    assert (entry["status"], entry["effect"], entry["fault"]) == (503, False, "status")
    assert api.call("POST", "/vpcs", VPC).status == 201


def test_error_after_the_effect(api: Any) -> None:
    api.admin.fault("status", method="POST", status=500, when="after", count=1)
    assert api.call("POST", "/vpcs", VPC).status == 500
    assert api.names() == ["net"]
    entry = _last(api, "POST")
    assert (entry["status"], entry["effect"], entry["operation"]) == (500, True, "POST /v2/vpcs")


def test_gateway_that_speaks_html(api: Any) -> None:
    api.admin.fault("status", status=502, body="<html>Bad Gateway</html>", count=1)
    answer = api.call("GET", "/vpcs")
    assert (answer.status, answer.body) == (502, "<html>Bad Gateway</html>")
    assert answer.headers["content-type"] == "text/html"


@pytest.mark.parametrize(("when", "names"), [("before", []), ("after", ["net"])])
def test_dropped_connection(api: Any, when: str, names: list[str]) -> None:
    api.admin.fault("drop", method="POST", when=when, count=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        api.call("POST", "/vpcs", VPC)
    assert api.names() == names
    entry = _last(api, "POST")
    assert (entry["status"], entry["effect"], entry["fault"]) == (0, bool(names), "drop")


def test_burst(api: Any) -> None:
    api.admin.fault("burst", count=2, seconds=3)
    answers = [api.call("GET", "/vpcs") for _ in range(3)]
    assert [answer.status for answer in answers] == [429, 429, 200]
    assert answers[0].body["id"] == "too_many_requests"
    assert (answers[0].headers["retry-after"], answers[0].headers["ratelimit-remaining"]) == ("3", "0")


def test_latency_of_a_rule_and_of_everything(api: Any) -> None:
    api.admin.fault("latency", path="/v2/account", seconds=0.2)
    started = time.monotonic()
    api.call("GET", "/account")
    assert time.monotonic() - started >= 0.2
    api.admin.settings(latency_ms=150)
    started = time.monotonic()
    api.call("GET", "/vpcs")
    assert time.monotonic() - started >= 0.15
    assert _last(api, "GET")["duration_ms"] >= 150


def test_latency_holds_nobody_else_up(api: Any) -> None:
    """As often as it takes on a slow machine: held up, a request would never overtake another."""
    api.admin.fault("latency", path="/v2/account", seconds=0.5)

    def waits() -> bool:
        return "GET /v2/account" in api.admin.status()["under_way"]

    def overtaken() -> bool:
        slow = threading.Thread(target=lambda: api.call("GET", "/account"))
        slow.start()
        before = False
        while slow.is_alive() and not before:
            before = waits() and api.call("GET", "/vpcs").status == 200 and waits()
        slow.join()
        return before

    _until(overtaken)


def test_hanging_request_goes_on_when_released(api: Any) -> None:
    rule = api.admin.fault("hang", path="/v2/vpcs", method="POST")
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(api.call("POST", "/vpcs", VPC, timeout=60).status))
    thread.start()
    _until(lambda: "POST /v2/vpcs" in api.admin.status()["under_way"])
    assert api.names() == []
    api.admin.clear_faults(rule)
    thread.join(60)
    assert answers == [201]
    assert api.names() == ["net"]


def test_hanging_request_ends_when_its_client_goes(api: Any) -> None:
    api.admin.fault("hang", path="/v2/vpcs", method="POST", when="after")
    _send_and_leave(api, "POST", "/v2/vpcs", VPC)
    _until(lambda: not api.admin.status()["under_way"])
    entry = _last(api, "POST")
    assert (entry["status"], entry["effect"], entry["fault"]) == (0, True, "hang")
    assert api.names() == ["net"]


def test_stale_reads_after_a_create(api: Any) -> None:
    api.admin.fault("stale", method="POST", path="/v2/vpcs", reads=2, count=1)
    made = api.vpc()
    assert api.call("GET", f"/vpcs/{made['id']}").status == 404
    assert api.names() == []
    assert api.names() == ["net"]


def test_stale_reads_by_the_virtual_clock(api: Any) -> None:
    made = api.vpc()
    api.admin.fault("stale", method="PATCH", seconds=60, count=1)
    api.ok("PATCH", f"/vpcs/{made['id']}", {"description": "new"})
    assert api.ok("GET", f"/vpcs/{made['id']}")["vpc"]["description"] == ""
    api.admin.advance(60)
    assert api.ok("GET", f"/vpcs/{made['id']}")["vpc"]["description"] == "new"


def test_spaces_port_has_faults_of_its_own(api: Any) -> None:
    since = api.admin.seq()
    api.admin.fault("status", port="spaces", path="/uploads/*", count=1)
    url = f"{api.cloud.spaces_url}/uploads/a%20b"
    first, second = (api.session.get(url, timeout=60) for _ in range(2))
    assert (first.status_code, second.status_code) == (503, 404)
    assert "<Code>" in first.text
    entries = api.admin.journal(since)
    assert [(entry["port"], entry["path"], entry["fault"]) for entry in entries] == [
        ("spaces", "/uploads/a b", "status"),
        ("spaces", "/uploads/a b", None),
    ]
    assert api.call("GET", "/account").status == 200


def test_dropped_connection_to_spaces(api: Any) -> None:
    api.admin.fault("drop", port="spaces", count=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        api.session.put(f"{api.cloud.spaces_url}/uploads/a", data=b"x" * 100_000, timeout=60)


def test_reset_ends_all_faults(api: Any) -> None:
    api.admin.fault("status")
    api.admin.reset()
    assert api.admin.faults() == []
    assert api.call("GET", "/vpcs").status == 200


def _send_and_leave(api: Any, method: str, path: str, body: dict[str, Any]) -> None:
    """A client that goes away as soon as its request is being worked on."""
    address = urlsplit(api.cloud.url)
    context = ssl.create_default_context(cafile=api.cloud.ca)
    raw = json.dumps(body)
    head = f"{method} {path} HTTP/1.1\r\nhost: {address.netloc}\r\nauthorization: Bearer {api.cloud.token}\r\n"
    head += f"content-type: application/json\r\ncontent-length: {len(raw)}\r\n\r\n"
    plain = socket.create_connection((address.hostname, address.port), timeout=60)
    with context.wrap_socket(plain, server_hostname=address.hostname) as secure:
        secure.sendall((head + raw).encode())
        _until(lambda: f"{method} {path}" in api.admin.status()["under_way"])


def _until(condition: Any, timeout: float = 60) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


@pytest.mark.parametrize("body", ["", "{}", "<html>Sign in</html>"])
def test_a_success_that_something_in_between_says(api: Any, body: str) -> None:
    api.admin.fault("status", path="/v2/vpcs", status=200, body=body, count=1)
    token = {"Authorization": f"Bearer {api.cloud.token}"}
    got = api.session.get(f"{api.cloud.url}/v2/vpcs", headers=token, timeout=60)
    assert (got.status_code, got.text) == (200, body)
    api.admin.fault("status", port="spaces", status=200, body=body, count=1)
    assert api.session.get(f"{api.cloud.spaces_url}/uploads", timeout=60).text == body
    assert api.names() == []


def test_an_answer_drips(api: Any) -> None:
    """Until its client has had enough: a reader that only minds the next byte would wait for all of them."""
    api.vpc()
    api.admin.fault("drip", path="/v2/vpcs", method="GET", seconds=0.001, count=1)
    assert api.names() == ["net"]
    api.admin.fault("drip", path="/v2/vpcs", method="GET", seconds=60, count=1)
    _send_and_leave(api, "GET", "/v2/vpcs", None)
    _until(lambda: not api.admin.status()["under_way"])
    assert _last(api, "GET")["fault"] == "drip"
