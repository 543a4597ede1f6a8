# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a version that was just deployed may stay: the application's own checks and its criteria to go back."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# Milliseconds below which nobody notices how many times longer an answer takes.
NOTICED = 300.0


def gate_judged(measured: Data, wanted: Data, before: Data | None = None) -> Data:
    """`{requests, failed, failed_percent, median_ms, p95_ms, usual_ms, seconds, pages, problems}`, for reports.

    `pages` is how many were asked once, `usual_ms` the median of `before`. Arguments: `gate_problems`.
    """
    short = {name: measured[name] for name in ("requests", "failed", "failed_percent", "seconds")}
    times = {"median_ms": measured["median"], "p95_ms": measured["p95"], "usual_ms": (before or {}).get("median")}
    return {**short, **times, "pages": len(measured["pages"]), "problems": gate_problems(measured, wanted, before)}


def gate_problems(measured: Data, wanted: Data, before: Data | None = None) -> list[str]:
    """What is wrong with a version by what http_gate_info has measured, as clauses with figures; [] when nothing is.

    `measured` is its `http_gate`, `before` the one of what ran before ({} for none). `wanted` has `pages`, each
    `{path, statuses}`; `headers`, the names of those that the first page that answers 200 must have; `page_seconds`
    within which each page answers; and of all requests the limits `errors_percent`, `latency_ms` (of 95 % of the
    answers), which what ran before may exceed and raise, and `slower` (so many times the usual one). Numbers may be
    text.
    """
    return [*_page_problems(measured["pages"], wanted), *_load_problems(measured, wanted, before or {})]


def _page_problems(answers: list[Data], wanted: Data) -> list[str]:
    statuses = {page["path"]: [int(status) for status in page["statuses"]] for page in wanted["pages"]}
    problems = []
    for answer in answers:
        path, status, right = answer["path"], answer["status"], statuses[answer["path"]]
        if not status:
            problems.append(f"{path} answers nothing ({answer['error']})")
        elif status not in right:
            problems.append(f"{path} answers {status} instead of {' or '.join(map(str, right))}")
        elif answer["milliseconds"] > float(wanted["page_seconds"]) * 1000:
            took = answer["milliseconds"] / 1000
            problems.append(f"{path} took {took:.1f} s, and {float(wanted['page_seconds']):g} s are the most")
    page = next((answer for answer in answers if answer["status"] == 200), None)
    lacking = [name for name in wanted["headers"] if page and name.lower() not in page["headers"]]
    return [*problems, *([f"{page['path']} lacks the headers {', '.join(lacking)}"] if page and lacking else [])]


def _load_problems(measured: Data, wanted: Data, before: Data) -> list[str]:
    problems, count, failed = [], measured["requests"], measured["failed"]
    # What heals an app that fails or is slow may still be beyond the limits: to go back from it would be worse.
    most_failed = max(float(wanted["errors_percent"]), before.get("failed_percent") or 0.0)
    most_ms = max(float(wanted["latency_ms"]), before.get("p95") or 0.0)
    # A single one may have been lost on its way.
    if failed > 1 and measured["failed_percent"] > most_failed:
        why = f": {measured['error']}" if measured["error"] else ""
        most = f"and {most_failed:g} % are the most"
        problems.append(f"{failed} of {count} requests failed, which is {measured['failed_percent']:g} %, {most}{why}")
    if measured["p95"] is not None and measured["p95"] > most_ms:
        most = f"and {most_ms:g} ms are the most"
        problems.append(f"95 % of the answers came within {measured['p95']:g} ms, {most}")
    usual, now = before.get("median"), measured["median"]
    if usual and now and now > NOTICED and now > float(wanted["slower"]) * usual:
        most = f"and {float(wanted['slower']):g} times are the most"
        problems.append(f"an answer takes {now:g} ms, {now / usual:.1f} times the {usual:g} ms of before, {most}")
    return problems
