# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of an app spec no input says: found by laying it beside the spec that the inputs make."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import COMPONENT_KINDS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import shape
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import normalise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.plan import lines

# What has sentences of its own (adoption_app.py), or is of the clusters, the network and the variables.
_TOLD = ("envs", "databases", "maintenance", "vpc", "log_destinations", "internal_ports")
# Where code is in a repository anyway.
_ROOT = "/"


def unread(spec: Data, wanted: Data) -> list[str]:
    """The places of `spec` that say something, and of which `wanted` says nothing."""
    said, known = lines(_alike(normalise(spec), wanted)), lines(normalise(wanted))
    return [place for place, value in said.items() if place not in known and not shape.empty(value) and value != _ROOT]


def _alike(spec: Data, wanted: Data) -> Data:
    """Without what has been told: parts and rules that are taken away as a whole among it."""
    found = _untold(spec)
    for kind in COMPONENT_KINDS:
        kept = {part["name"] for part in wanted.get(kind) or []}
        found[kind] = [_untold(part) for part in spec.get(kind) or [] if part["name"] in kept]
    ingress = spec.get("ingress") or {}
    rules = {shape.identity("rules", row) for row in wanted["ingress"]["rules"]}
    kept_rules = [row for row in ingress.get("rules") or [] if shape.identity("rules", row) in rules]
    return {**found, "ingress": {**ingress, "rules": kept_rules}}


def _untold(part: Data) -> Data:
    return {key: value for key, value in part.items() if key not in _TOLD}
