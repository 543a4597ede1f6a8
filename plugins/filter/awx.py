# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX is to have. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.awx_made import (
    awx_credential_type,
    awx_procedures,
    awx_schedules,
    awx_variables,
)


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "awx_credential_type": awx_credential_type,
            "awx_procedures": awx_procedures,
            "awx_schedules": awx_schedules,
            "awx_variables": awx_variables,
        }
