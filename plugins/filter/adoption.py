# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An environment that was made by hand, as an inventory. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption import (
    adopted,
    adopted_app,
    adopted_parts,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_pages import adoption_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_picture import adopted_picture
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_written import (
    adopted_secret_names,
    adopted_settings,
    adopted_vault,
)


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "adopted": adopted,
            "adopted_app": adopted_app,
            "adopted_parts": adopted_parts,
            "adopted_picture": adopted_picture,
            "adopted_secret_names": adopted_secret_names,
            "adopted_settings": adopted_settings,
            "adopted_vault": adopted_vault,
            "adoption_document": adoption_document,
        }
