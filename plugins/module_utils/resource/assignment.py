# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources and the project to which each belongs: in exactly one, so that assigning to one takes it out of another."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import PROJECT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Look
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.waiting import WaitingResource

# Seconds. Projects learn of a resource that has just been created a little later than others do.
CONSISTENT_WITHIN = 15


def assign(module: WaitingResource, project_id: str, urns: list[str]) -> list[str]:
    """Assign resources, and believe only what the API confirms: `URN: status` of each that it did not take."""
    begun, patience = module.clock.now(), min(CONSISTENT_WITHIN, module.params["wait_timeout"])

    def look() -> Look[list[str]]:
        # Assigning is by its nature repeatable: the second time it is already so.
        answer = module.api.post(
            f"{PROJECT.location(project_id)}/resources",
            {"resources": urns},
            Promise("resources", list),
            repeatable=True,
        )
        refused = [
            f"{row.get('urn')}: {row.get('status')}"
            for row in answer.get("resources") or []
            if row.get("status") not in ("ok", "assigned", "already_assigned")
        ]
        unknown = any(row.endswith(": not_found") for row in refused)
        return Look(refused, "incomplete", not unknown or module.clock.now() - begun >= patience)

    return module.wait_until(look, goal="complete", timeout=patience + 1, next_step="Run again to keep waiting.")


def move(module: WaitingResource, project_id: str, urn: str) -> None:
    """Assign the one resource that `module` is about."""
    if refused := assign(module, project_id, [urn]):
        status = refused[0].rpartition(": ")[2]
        raise Failure(
            f"Could not move {module.subject} to project {project_id}: the API answered {status}. Check "
            "project_id and run again."
        )
