# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inputs of the app role that go into the spec as they are: what cannot stand there is told before anything is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils import app_schema as schema
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app_mistakes import mistakes

PARTS: dict[str, schema.Schema] = {
    "app_image": schema.IMAGE,
    "app_git": {**schema.GIT["git"], **schema.GIT["github"], "provider": str},
    "app_autoscaling": schema.AUTOSCALING,
    "app_readiness_check": schema.CHECK,
    "app_liveness_check": schema.CHECK,
    "app_termination": schema.TERMINATION,
    "app_alerts": [schema.ALERT],
    "app_deployment_alerts": [schema.ALERT],
}


def check_app_parts(inputs: dict[str, Any]) -> Iterator[str]:
    for name, part in PARTS.items():
        # What is no dict or no list at all, the arguments of the role tell.
        if isinstance(inputs[name], type(part)):
            yield from mistakes(part, inputs[name], name)
