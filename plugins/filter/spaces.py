# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys of Spaces, and the CDN in front of one. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import (
    spaces_keys_held,
    spaces_keys_in_use,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.purging import (
    purge_paths,
    purge_problems,
    purge_verdict,
)


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "purge_paths": purge_paths,
            "purge_problems": purge_problems,
            "purge_verdict": purge_verdict,
            "spaces_keys_in_use": spaces_keys_in_use,
            "spaces_keys_held": spaces_keys_held,
        }
