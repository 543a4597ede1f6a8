# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may connect to the databases. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.trusted import (
    closed_again,
    reachable,
    trusted_rules,
    unreconcilable,
)


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "closed_again": closed_again,
            "reachable": reachable,
            "trusted_rules": trusted_rules,
            "unreconcilable": unreconcilable,
        }
