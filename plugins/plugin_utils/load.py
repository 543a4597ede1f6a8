# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What locust has measured, held against thresholds, as data.

{"requests", "failures", "errors_percent", "p95_ms", "requests_per_second",
 "pages": [{"name", "requests", "failures", "p50_ms", "p95_ms", "max_ms"}],
 "reasons": [{"page", "why", "count"}],        of failures, most frequent first
 "findings": [{"metric", "value", "limit"}]}   `latency` in ms, `errors` in per cent, `requests` when there are none
"""

from __future__ import annotations

import csv
import io
import re

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# What a failure's text may tell: the status, or the kind of error; never an address with what was asked for.
REASONS = (re.compile(r"\b(\d{3}) "), re.compile(r"^(\w+)"))
MOST_REASONS = 10


def load_measured(stats: str, failures: str, limits: Data) -> Data:
    """See the top of this file. `stats` and `failures`: locust's files of these names (CSV). `limits`: by metric."""
    rows = list(csv.DictReader(io.StringIO(stats)))
    total = next((row for row in rows if row["Name"] == "Aggregated"), {})
    requests, failed = int(total.get("Request Count") or 0), int(total.get("Failure Count") or 0)
    made: Data = {
        "requests": requests,
        "failures": failed,
        "errors_percent": round(100 * failed / requests, 2) if requests else 0.0,
        "p95_ms": _milliseconds(total.get("95%")),
        "requests_per_second": round(float(total.get("Requests/s") or 0), 1),
        "pages": [_page(row) for row in rows if row["Name"] != "Aggregated"],
        "reasons": _reasons(failures),
    }
    return {**made, "findings": _findings(made, limits)}


def _findings(made: Data, limits: Data) -> list[Data]:
    if not made["requests"]:
        return [{"metric": "requests", "value": 0, "limit": 1}]
    values = {"latency": made["p95_ms"], "errors": made["errors_percent"]}
    return [
        {"metric": name, "value": value, "limit": float(limits[name])}
        for name, value in values.items()
        if value > float(limits[name])
    ]


def _page(row: Data) -> Data:
    return {
        "name": row["Name"],
        "requests": int(row["Request Count"]),
        "failures": int(row["Failure Count"]),
        "p50_ms": _milliseconds(row["50%"]),
        "p95_ms": _milliseconds(row["95%"]),
        "max_ms": round(float(row["Max Response Time"]), 1),
    }


def _milliseconds(text: str | None) -> float:
    """Of what was never asked locust tells N/A."""
    return 0.0 if not text or text == "N/A" else float(text)


def _reasons(failures: str) -> list[Data]:
    found = [
        {"page": row["Name"], "why": _why(row["Error"]), "count": int(row["Occurrences"])}
        for row in csv.DictReader(io.StringIO(failures))
    ]
    return sorted(found, key=lambda row: -int(row["count"]))[:MOST_REASONS]


def _why(error: str) -> str:
    return next((match[1] for reason in REASONS if (match := reason.search(error))), "unknown")
