# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status of an instance in words."""

from __future__ import annotations

from localcloud import JSON

# Table → what one of its rows is to whoever uses DigitalOcean. Others are how localcloud keeps things.
THINGS = {
    "vpcs": "VPC",
    "projects": "project",
    "databases": "database cluster",
    "apps": "app",
    "spaces_buckets": "Spaces bucket",
    "spaces_keys": "Spaces key",
    "cdn_endpoints": "CDN endpoint",
    "tags": "tag",
}


def headline(status: JSON) -> str:
    """One line: where it is."""
    return f"API {status['api_url']} · Spaces {status['spaces_url']} · speed {status['speed']} · pid {status['pid']}"


def describe(status: JSON) -> str:
    """A few lines: what it holds and checks, and what was asked for that makes it unlike the real one."""
    held = [_counted(status["rows"].get(table, 0), word) for table, word in THINGS.items() if status["rows"].get(table)]
    oddities = [f"{status['latency_ms']:g} ms added to each"] if status["latency_ms"] else []
    if status["rtt_ms"]:
        oddities.append(f"{status['rtt_ms']:g} ms a round trip")
    if status["faults"]:
        oddities.append(f"{_counted(status['faults'], 'fault rule')} (`localcloud fault`)")
    lines = [
        headline(status),
        f"page       {status['page_url']}",
        f"account    {', '.join(held) or 'nothing'}",
        f"requests   {', '.join([str(status['journal']), *oddities])}",
        f"clock      {status['clock']}",
        f"contract   {_checked(status['contract'])}",
    ]
    lines += [f"broken     {name}: {why}" for name, why in status["broken"].items()]
    for thing in status["runs"]:
        why = f": {thing['reason']}" if thing["reason"] else ""
        lines.append(f"{thing['state']:<11}{thing['key']}{why}")
        lines += [f"{'':<13}{line}" for line in thing["lines"]]
    lines += [f"fires      {_told(event)}" for event in status["alerts"]]
    lines += [f"record     {kind}: {why}" for kind, why in status["records"].items()]
    return "\n".join(lines)


def _told(event: JSON) -> str:
    value = "" if event["value"] is None else f" ({event['value']:g}, threshold {event['threshold']:g})"
    return f"{event['name']}: {event['type']} of {event['about']}{value} since {event['at']}"


def _checked(contract: JSON) -> str:
    if not contract["on"]:
        return "not checked: no API description at hand (`make description`, --spec or LOCALCLOUD_SPEC)"
    mode = "refused" if contract["strict"] else "recorded only"
    found = _counted(contract["violations"], "violation") if contract["violations"] else "no violations"
    hint = " (`localcloud violations`)" if contract["violations"] else ""
    return f"{found}{hint}; what breaks it is {mode}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
