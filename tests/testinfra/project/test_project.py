# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The project holds what the run provided."""

from __future__ import annotations

from typing import Any


def test_the_cluster_is_in_the_project(account: Any, only: Any) -> None:
    project = only(account.rows("/v2/projects", "projects"), name="fisioflow-local")
    assert project["environment"] == "Development"
    urns = [row["urn"] for row in account.rows(f"/v2/projects/{project['id']}/resources", "resources")]
    assert urns == [f"do:dbaas:{account.cluster('postgresql')['id']}"]
