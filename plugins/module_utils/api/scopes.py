# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which scope of the token a call needs: by the kind of resource that it is about."""

from __future__ import annotations

import re

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds


def needed(method: str, path: str) -> str:
    """The scope that a call needs, such as `database:update` for a PUT below /v2/databases; "" when no kind tells."""
    found = [
        (kind, match[1] or "")
        for kind in kinds.ALL
        if kind.path and (match := re.fullmatch(f"{_pattern(kind)}(/.*)?", path.partition("?")[0]))
    ]
    if not found:
        return ""
    kind, below = max(found, key=lambda pair: pair[0].path.count("/"))
    post = kind.posts.get(below.rpartition("/")[2], "update") if below else "create"
    return kind.needs({"GET": "read", "POST": post, "DELETE": "delete"}.get(method, "update"))


def _pattern(kind: kinds.Kind) -> str:
    return kind.path.replace("{parent}", "[^/]+")
