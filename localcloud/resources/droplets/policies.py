# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a Droplet is backed up. The backups themselves are made by the virtual clock: backups.py."""

from __future__ import annotations

from datetime import timedelta

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.world.world import World

HOURS = [0, 4, 8, 12, 16, 20]
DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
LENGTH = 4
RETENTION = {"daily": 7, "weekly": 28}


def checked(given: JSON | None) -> JSON:
    """The whole policy; daily when nothing is said. The words of the refusals are guesses."""
    given = given or {}
    plan = given.get("plan") or "daily"
    if plan not in RETENTION:
        raise ApiError(422, f"backup plan {plan} is not supported")
    policy: JSON = {"plan": plan}
    if plan == "weekly":
        policy["weekday"] = given.get("weekday") or "SUN"
        if policy["weekday"] not in DAYS:
            raise ApiError(422, "backup policy: weekday must be one of SUN, MON, TUE, WED, THU, FRI, SAT")
    elif given.get("weekday"):
        raise ApiError(422, "backup policy: a daily plan has no weekday")
    policy["hour"] = given.get("hour") or 0
    if policy["hour"] not in HOURS:
        raise ApiError(422, "backup policy: hour must be one of 0, 4, 8, 12, 16, 20")
    return {**policy, "window_length_hours": LENGTH, "retention_period_days": RETENTION[plan]}


def seconds_until(world: World, policy: JSON) -> float:
    """Until the next window begins."""
    now = world.now()
    start = now.replace(hour=policy["hour"], minute=0, second=0, microsecond=0)
    # Monday is 0 to Python, and 1 here.
    while start <= now or ("weekday" in policy and DAYS[(start.weekday() + 1) % 7] != policy["weekday"]):
        start += timedelta(days=1)
    return (start - now).total_seconds()


def next_window(world: World, policy: JSON | None) -> JSON | None:
    """``{start, end}``; null without backups."""
    if policy is None:
        return None
    start = world.now() + timedelta(seconds=seconds_until(world, policy))
    return {"start": world.timestamp(start), "end": world.timestamp(start + timedelta(hours=LENGTH))}
