# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures that every test may use."""

from __future__ import annotations

import pytest

from tests.localcloud_fixtures import cloud, localcloud, localcloud_factory, localcloud_with_software, plane_cloud

__all__ = ["cloud", "localcloud", "localcloud_factory", "localcloud_with_software", "plane_cloud"]

# The reason that tests of the API description give when they are skipped.
NO_DESCRIPTION = "no API description at hand"


def pytest_unconfigure(config: pytest.Config) -> None:
    """After the last line of a run: how much of it was not tested, and how to have it tested."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    skipped = sum(NO_DESCRIPTION in str(report.longrepr) for report in reporter.stats.get("skipped", []))
    if skipped:
        reporter.write_line(
            f"{skipped} tests of the API description were skipped, since there is none: `make description` fetches it."
        )
