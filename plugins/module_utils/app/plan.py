# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a wanted spec and the app as it is to the spec that has to be sent, with its before and after."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import checks as app_checks
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import diff as app_diff
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import fingerprints
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import secrets as app_secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import spec as app_spec
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import masked


@dataclass
class SpecPlan:
    """What shall become of an app's spec."""

    # The wanted spec in its normal form, without the secrets' values.
    wanted: Data
    # The whole spec to send, with secrets in clear where they are new: never to be shown.
    spec: Data
    changed: bool
    # The slots of secrets whose present value is lost by that.
    lost: set[str]
    # Sentences about new secrets that are easy to guess.
    weak: list[str]
    # For a diff, by place: the part that is spoken of, and whatever differs; words in place of secrets.
    before: Data
    after: Data


def plan_spec(current: Data | None, wanted: Data, secrets: Data, *, predict: bool = False) -> SpecPlan:
    """Lay `wanted` over `current` (the spec as the API gives it, None to create) with the values of `secrets`.

    Raises Failure for a spec that cannot be, before anything is written. To `predict`, the spec is not for sending: it
    lacks the fingerprints of new secrets.
    """
    app_checks.check(wanted, current)
    now = None if current is None else app_spec.normalise(current)
    values = {
        str(name): value if isinstance(value, str) else json.dumps(value)
        for name, value in secrets.items()
        if value not in (None, "")
    }
    goal = app_spec.normalise(wanted, now or {})
    given = app_secrets.prepare(now, goal, values)
    found = app_secrets.resolve(now, app_spec.overlay(fingerprints.without(now), goal), given, values, predict)
    before = masked(copy.deepcopy(now or {}), set())
    after = masked(copy.deepcopy(found.spec), found.renewed)
    return SpecPlan(
        goal,
        found.spec,
        found.changed,
        found.lost,
        found.weak,
        app_diff.lines(app_diff.view(before, goal, after)) if now is not None else {},
        app_diff.lines(app_diff.view(after, goal, before)),
    )


def same(one: Data | None, two: Data | None) -> bool:
    """Whether two specs of the API are the same one, however they are written."""
    return app_spec.normalise(one or {}) == app_spec.normalise(two or {})


def contains(value: Any, text: str) -> bool:
    """Whether a text stands anywhere in a value."""
    if isinstance(value, dict):
        return any(contains(item, text) for item in value.values())
    if isinstance(value, list):
        return any(contains(item, text) for item in value)
    return isinstance(value, str) and text in value
