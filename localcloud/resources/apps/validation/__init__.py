# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether App Platform would take a spec: the same answer for propose, create and update.

The first problem is the answer, as with the real API. Contract validation has checked types already when a description
of the API is at hand; without one this is all there is, so nothing here trusts the shape of what came in.
"""

from __future__ import annotations

from typing import Any

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.resources.apps.validation.alerts import check_alerts
from localcloud.resources.apps.validation.components import check_components, check_name
from localcloud.resources.apps.validation.databases import check_databases
from localcloud.resources.apps.validation.envs import check_envs
from localcloud.resources.apps.validation.errors import invalid, text
from localcloud.resources.apps.validation.health import check_health
from localcloud.resources.apps.validation.ingress import check_ingress
from localcloud.resources.apps.validation.logs import check_logs
from localcloud.resources.apps.validation.network import check_domains, check_egress, check_region, check_vpc
from localcloud.resources.apps.validation.scaling import check_scaling
from localcloud.world.world import World

__all__ = ["check_spec", "invalid"]


def check_spec(world: World, spec: Any, app: JSON | None = None) -> JSON:
    """The spec itself, if it is one. ``app``: the record that it is to replace. ApiError 400 otherwise."""
    if not isinstance(spec, dict):
        raise ApiError(400, "spec is required")
    try:
        check_name(text(spec, "name", "name"), "name")
        check_region(spec)
        check_components(spec)
        check_scaling(spec)
        check_health(spec)
        check_logs(spec)
        check_databases(world, spec)
        check_envs(world, spec)
        check_alerts(spec)
        check_ingress(spec)
        check_egress(spec)
        check_domains(world, spec, app["id"] if app else None)
        check_vpc(world, spec, app["spec"]["region"] if app else None)
    except (TypeError, AttributeError) as error:
        # A value of a type that no rule above looked at before using it.
        raise ApiError(400, f"the app spec could not be decoded: {error}") from error
    return spec
