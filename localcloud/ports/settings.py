# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be changed of a running instance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from localcloud import JSON
from localcloud.ports.shared import Shared
from localcloud.world.clock import factor, is_latency


def change(shared: Shared, wanted: JSON) -> JSON:
    """Set what is wanted; all settings as they are then. ValueError, and nothing is set, when one of them cannot be."""
    setters: dict[str, Callable[[Any], None]] = {
        "speed": lambda value: shared.world.clock.set_speed(str(value)),
        "latency_ms": lambda value: setattr(shared.settings, "latency_ms", value),
        "rate_limit": lambda value: setattr(shared.limits, "enabled", value),
        "strict": lambda value: setattr(shared.contract, "strict", value),
        "keep_state": lambda value: setattr(shared.settings, "keep_state", value),
    }
    unknown = sorted(set(wanted) - set(setters))
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; there are {', '.join(setters)}")
    # All are looked at before any is set.
    if "speed" in wanted:
        factor(str(wanted["speed"]))
    latency = wanted.get("latency_ms", 0)
    if not is_latency(latency):
        raise ValueError(f"latency_ms cannot be {latency!r}")
    for name in ("rate_limit", "strict", "keep_state"):
        if not isinstance(wanted.get(name, False), bool):
            raise ValueError(f"{name} must be true or false, not {wanted[name]!r}")
    for name, value in wanted.items():
        setters[name](value)
    return {
        "speed": shared.world.clock.speed,
        "latency_ms": shared.settings.latency_ms,
        "rate_limit": shared.limits.enabled,
        "strict": shared.contract.strict,
        "keep_state": shared.settings.keep_state,
    }
