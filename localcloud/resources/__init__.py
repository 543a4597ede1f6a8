# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DigitalOcean's resources: each registers its operations, timers and tables when it is imported.

None knows which software, if any, stands behind it.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil

log = logging.getLogger("localcloud")


def load() -> dict[str, str]:
    """Import all of them. Which could not be imported, and why: one that is broken does not take the others down."""
    broken = {}
    for module in pkgutil.walk_packages(__path__, f"{__name__}.", onerror=lambda _name: None):
        try:
            importlib.import_module(module.name)
        except Exception as error:
            broken[module.name] = f"{type(error).__name__}: {error}"
            log.exception("%s is left out", module.name)
    return broken
