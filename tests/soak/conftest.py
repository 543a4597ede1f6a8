# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long proofs, which no gate waits for: `make soak`, before a release. Their figures are printed as Markdown."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.integration.site.fixtures import baseline, environment, unchanged
from tests.localcloud_fixtures import LocalCloud

__all__ = ["baseline", "environment", "unchanged"]

# What a row of the table is made of, as a property of its test: so it gets from a worker to the main process.
FIGURES = "figures"


@pytest.fixture
def figures(
    request: pytest.FixtureRequest, localcloud: LocalCloud, record_property: Callable[[str, object], None]
) -> Callable[[str], None]:
    """Call it with how the proof ended, to have it told with what it took."""
    since, start = localcloud.admin.seq(), time.monotonic()

    def tell(end: str) -> None:
        proof = request.node.name.removeprefix("test_").replace("_", " ")
        calls = localcloud.admin.journal(since)
        faults = sum(1 for call in calls if call["fault"])
        writes = len(localcloud.admin.writes(since))
        record_property(FIGURES, [proof, end, len(calls), writes, faults, round(time.monotonic() - start)])

    return tell


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    rows = [value for report in reports for name, value in report.user_properties if name == FIGURES]
    if rows:
        terminalreporter.write_line("\n| proof | how it ended | requests | writes | faults | seconds |")
        terminalreporter.write_line("|---|---|---:|---:|---:|---:|")
        for row in sorted(rows):
            terminalreporter.write_line(f"| {' | '.join(str(cell) for cell in row)} |")
