# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a deployment that software may run for: jobs before, what runs on, the way in, jobs after.

``_stage`` of a deployment's row says which has begun; what runs then is for the plane, which knows it by ``key``.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.apps.deployments.failures import Failure
from localcloud.resources.apps.spec import ROUTED, components
from localcloud.world.world import World

BEFORE, RUN, AFTER = "PRE_DEPLOY", "RUN", "POST_DEPLOY"


def jobs(deployment: JSON, stage: str) -> list[JSON]:
    return [job for _kind, job in components(deployment["spec"], "jobs") if job.get("kind") == stage]


def job_id(deployment: JSON, stage: str) -> str:
    return f"{deployment['id']}-{'before' if stage == BEFORE else 'after'}"


def key(deployment: JSON) -> str:
    """What the stage that has begun is known by to the plane."""
    stage = deployment["_stage"]
    return f"deployment/{deployment['id']}" if stage == RUN else f"job/{job_id(deployment, stage)}"


def is_routed(app: JSON, spec: JSON) -> bool:
    """Whether requests reach it, which takes an address."""
    return bool(app.get("_at")) and any(True for _ in components(spec, *ROUTED))


def route(app: JSON, deployment: JSON) -> str:
    """The way in to a deployment as the plane knows it; empty for one that needs none."""
    return f"route/{deployment['id']}" if is_routed(app, deployment["spec"]) else ""


def failure(world: World, deployment: JSON) -> Failure | None:
    """Why the stage that has begun did not come to what it should."""
    look = world.plane.look(key(deployment))
    if look.state != "failed":
        return None
    reason = {"code": look.reason.get("code", "Unknown"), "message": look.reason["message"]}
    return Failure(look.reason.get("component", ""), reason)
