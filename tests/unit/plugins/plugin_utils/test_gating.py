# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a version that was just deployed may stay."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.gating import gate_judged

# As inventories and -e give them: numbers may be text.
WANTED: dict[str, Any] = {
    "pages": [{"path": "/login", "statuses": [200, 307]}, {"path": "/.env", "statuses": ["403", "404"]}],
    "headers": ["X-Frame-Options"],
    "page_seconds": "3",
    "errors_percent": 5,
    "latency_ms": "2000",
    "slower": 3,
}
LOGIN = {"path": "/login", "status": 200, "milliseconds": 80.0, "headers": ["x-frame-options"], "error": ""}
ENV = {"path": "/.env", "status": 404, "milliseconds": 9.0, "headers": [], "error": ""}
GOOD: dict[str, Any] = {
    "pages": [LOGIN, ENV],
    "requests": 120,
    "failed": 0,
    "failed_percent": 0.0,
    "seconds": 30.0,
    "error": "",
    "median": 100.0,
    "p95": 200.0,
}
NOBODY = {"requests": 11, "failed": 11, "failed_percent": 100.0, "median": None, "p95": None, "error": "timed out"}


@pytest.mark.parametrize(
    ("measured", "before", "problems"),
    [
        ({}, {}, []),
        ({}, {"median": 90.0}, []),
        # A single one may have been lost, also of few.
        ({"requests": 12, "failed": 1, "failed_percent": 8.3}, {}, []),
        ({"failed": 6, "failed_percent": 5.0}, {}, []),
        (
            {"failed": 7, "failed_percent": 5.8},
            {},
            ["7 of 120 requests failed, which is 5.8 %, and 5 % are the most"],
        ),
        (NOBODY, {}, ["11 of 11 requests failed, which is 100 %, and 5 % are the most: timed out"]),
        ({"p95": 2000.0}, {}, []),
        ({"p95": 2000.5}, {}, ["95 % of the answers came within 2000.5 ms, and 2000 ms are the most"]),
        # What is better than before may stay, and what is worse may not.
        ({"failed": 7, "failed_percent": 6.0}, {"failed_percent": 40.0}, []),
        (
            {"failed": 60, "failed_percent": 50.0},
            {"failed_percent": 40.0},
            ["60 of 120 requests failed, which is 50 %, and 40 % are the most"],
        ),
        ({"p95": 2400.0}, {"p95": 6000.0}, []),
        (
            {"p95": 6000.5},
            {"p95": 6000.0},
            ["95 % of the answers came within 6000.5 ms, and 6000 ms are the most"],
        ),
        (
            {"failed": 7, "failed_percent": 5.8, "p95": 2001.0},
            {"failed_percent": 1.0, "p95": None},
            [
                "7 of 120 requests failed, which is 5.8 %, and 5 % are the most",
                "95 % of the answers came within 2001 ms, and 2000 ms are the most",
            ],
        ),
        # Three times of next to nothing is next to nothing.
        ({"median": 300.0}, {"median": 9.0}, []),
        ({"median": 360.0}, {"median": 120.0}, []),
        (
            {"median": 372.0},
            {"median": 120.0},
            ["an answer takes 372 ms, 3.1 times the 120 ms of before, and 3 times are the most"],
        ),
        ({"median": 900.0}, {"median": None}, []),
        ({"pages": [{**LOGIN, "status": 307, "headers": []}, ENV]}, {}, []),
        ({"pages": [{**LOGIN, "headers": ["server"]}]}, {}, ["/login lacks the headers X-Frame-Options"]),
        (
            {"pages": [{**ENV, "status": 200, "headers": ["x-frame-options"]}]},
            {},
            ["/.env answers 200 instead of 403 or 404"],
        ),
        ({"pages": [{**LOGIN, "status": 0, "error": "refused"}]}, {}, ["/login answers nothing (refused)"]),
        ({"pages": [{**LOGIN, "milliseconds": 3100.0}]}, {}, ["/login took 3.1 s, and 3 s are the most"]),
    ],
)
def test_what_is_wrong(measured: dict[str, Any], before: dict[str, Any], problems: list[str]) -> None:
    judged = gate_judged({**GOOD, **measured}, WANTED, before)
    assert judged["problems"] == problems
    assert judged["usual_ms"] == before.get("median")


def test_what_a_report_tells() -> None:
    assert gate_judged(GOOD, WANTED) == {
        "requests": 120,
        "failed": 0,
        "failed_percent": 0.0,
        "seconds": 30.0,
        "pages": 2,
        "problems": [],
        "median_ms": 100.0,
        "p95_ms": 200.0,
        "usual_ms": None,
    }
