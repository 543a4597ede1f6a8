# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is left."""

from __future__ import annotations

from typing import Any


def test_the_account_is_empty(account: Any) -> None:
    assert account.rows("/v2/apps", "apps") == []
    assert account.rows("/v2/databases", "databases") == []
    assert account.rows("/v2/cdn/endpoints", "endpoints") == []
    assert [row["name"] for row in account.rows("/v2/vpcs", "vpcs") if not row["default"]] == []
    assert [row["name"] for row in account.rows("/v2/projects", "projects") if not row["is_default"]] == []
    assert [row["name"] for row in account.rows("/v2/spaces/keys", "keys") if row["name"].startswith("fisio")] == []
    assert account.s3().list_buckets()["Buckets"] == []
