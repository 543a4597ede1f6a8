# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inputs of the app role that go into the spec as they are: what cannot stand there is told before anything is made."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import schema
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.checks import mistakes
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import clean

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


def check_app_parts(inputs: Data) -> Iterator[str]:
    for name, part in _given(inputs):
        yield from mistakes(part, inputs[name], name)


def typed_parts(inputs: Data) -> Data:
    """The inputs with numbers and flags where templates and surveys have left text."""
    return {**inputs, **{name: clean(part, inputs[name]) for name, part in _given(inputs)}}


def _given(inputs: Data) -> list[tuple[str, schema.Schema]]:
    """What is no dict or no list at all, the arguments of the role tell."""
    return [(name, part) for name, part in PARTS.items() if isinstance(inputs[name], type(part))]
