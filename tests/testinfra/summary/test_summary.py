# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A summary only tells."""

from __future__ import annotations

from typing import Any


def test_nothing_was_created(account: Any) -> None:
    assert account.rows("/v2/apps", "apps") == []
