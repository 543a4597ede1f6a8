# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app as results have it: every attribute always there, no secret in it."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import scrubbed

#: What only the API can tell of an app that does not exist yet.
TOLD = (
    *("id", "owner_uuid", "project_id", "tier_slug", "created_at", "updated_at"),
    *("last_deployment_created_at", "last_deployment_active_at"),
    *("default_ingress", "live_url", "live_url_base", "live_domain"),
)
#: The attributes of the schema `app`, empty: the API leaves out what does not apply.
BLANK: Data = {
    **dict.fromkeys(TOLD, ""),
    **{f"{slot}_deployment": {} for slot in ("active", "in_progress", "pending", "pinned")},
    "domains": [],
    "dedicated_ips": [],
    "region": {},
    "vpc": {},
}


def shown(app: Data) -> Data:
    """The app for a result; {} when it is not there."""
    return {**BLANK, **scrubbed(app)} if app else {}
