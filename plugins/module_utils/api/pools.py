# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Droplet autoscale pools: what of an answer is not for everybody's eyes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def user_data_in(value: Any) -> Iterator[str]:
    """The user data of each template in an answer, or among options: people put secrets into it."""
    if isinstance(value, list):
        for item in value:
            yield from user_data_in(item)
    elif isinstance(value, dict):
        template = value.get("droplet_template")
        if isinstance(template, dict) and isinstance(template.get("user_data"), str):
            yield template["user_data"]
        for item in value.values():
            yield from user_data_in(item)
