# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials, their ages and their rotation. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import next_origin
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.credentials import (
    credentials_plan,
    password_marks,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.credentials_pages import credentials_document


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "credentials_document": credentials_document,
            "credentials_plan": credentials_plan,
            "next_origin": next_origin,
            "password_marks": password_marks,
        }
