# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of an instance in words."""

from __future__ import annotations

from typing import Any


def headline(status: dict[str, Any]) -> str:
    """One line: where it is."""
    return f"API {status['api_url']} · Spaces {status['spaces_url']} · speed {status['speed']} · pid {status['pid']}"


def describe(status: dict[str, Any]) -> str:
    """A few lines: what it checks and holds."""
    contract = status["contract"]
    if contract["on"]:
        mode = "strict" if contract["strict"] else "only recorded"
        checked = f"on ({mode}), {contract['violations']} violations, {contract['source']}"
    else:
        checked = "off: no API description at hand (--spec or LOCALCLOUD_SPEC)"
    rows = ", ".join(f"{count} {name}" for name, count in status["rows"].items())
    lines = [
        headline(status),
        f"contract   {checked}",
        f"clock      {status['clock']}, {status['timers']} things under way",
        f"account    {rows}",
        f"requests   {status['journal']}, latency {status['latency_ms']:g} ms, {status['faults']} fault rules",
    ]
    lines += [f"broken     {name}: {why}" for name, why in status["broken"].items()]
    return "\n".join(lines)
