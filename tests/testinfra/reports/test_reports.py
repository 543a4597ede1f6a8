# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports only look: the environment is as it was, with nobody else's things in it."""

from __future__ import annotations

from typing import Any


def test_the_environment_is_there(account: Any) -> None:
    assert [row["spec"]["name"] for row in account.rows("/v2/apps", "apps")] == ["fisioflow-local"]
    droplets = [row["name"] for row in account.rows("/v2/droplets", "droplets")]
    assert [name for name in droplets if not name.startswith("fisioflow-local-edge-")] == []
