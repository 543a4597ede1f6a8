# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One VPC as the inventory wants it."""

from __future__ import annotations

from typing import Any


def test_the_network_is_there(account: Any, only: Any) -> None:
    vpc = only(account.rows("/v2/vpcs", "vpcs"), name="fisioflow-local")
    assert (vpc["region"], vpc["ip_range"]) == ("nyc1", "10.20.0.0/20")
