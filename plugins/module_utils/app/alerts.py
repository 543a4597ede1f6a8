# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told of an app's alerts.

Alerts are part of the spec, their recipients are not: those of each alert are set by a call of its own.
An alert gets its id with the deployment that brought it, so recipients are set after the deployment. An alert is known
to the user as ``RULE`` (of the app) or ``component/RULE``.
"""

from __future__ import annotations

import hashlib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import components


def label(alert: Data) -> str:
    """The name under which people know an alert."""
    component = alert.get("component_name")
    rule = str((alert.get("spec") or {}).get("rule") or "")
    return f"{component}/{rule}" if component else rule


def expected(spec: Data) -> list[str]:
    """The labels of the alerts that a spec asks for and does not switch off."""
    owners = [("", spec), *((f"{component.get('name')}/", component) for component in components(spec))]
    return sorted(
        {
            f"{prefix}{alert.get('rule')}"
            for prefix, owner in owners
            for alert in owner.get("alerts") or []
            if not alert.get("disabled")
        }
    )


def normal(destinations: Data | None) -> Data:
    """Recipients as sets: addresses in lower case, webhooks by URL and channel."""
    destinations = destinations or {}
    hooks = [
        {"url": str(hook.get("url") or ""), "channel": str(hook.get("channel") or "")}
        for hook in destinations.get("slack_webhooks") or []
    ]
    return {
        "emails": sorted({str(email).lower() for email in destinations.get("emails") or []}),
        "slack_webhooks": sorted(hooks, key=lambda hook: (hook["url"], hook["channel"])),
    }


def body(alert: Data, wanted: Data) -> Data | None:
    """The request that gives an alert the wanted recipients; None when it has them. What `wanted` leaves out stays."""
    current = normal(alert)
    given = {key: value for key, value in wanted.items() if value is not None}
    target = {**current, **{key: value for key, value in normal(given).items() if key in given}}
    return None if target == current else target


def masked(destinations: Data) -> Data:
    """Recipients for a diff or a result: a webhook's URL is a secret, so only a short digest of it tells two apart."""
    hooks = [
        {"channel": hook.get("channel", ""), "url": f"(secret {_digest(hook.get('url', ''))})"}
        for hook in destinations.get("slack_webhooks") or []
    ]
    return {**destinations, "slack_webhooks": hooks}


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:6]


def view(alerts: list[Data], labels: list[str], wanted: Data) -> tuple[Data, Data]:
    """Before and after of the recipients, by alert label, for a diff.

    `alerts` are those that exist, `labels` those that will. An alert that does not exist yet starts without recipients.
    """
    given = [key for key in ("emails", "slack_webhooks") if wanted.get(key) is not None]
    goal = {key: masked(normal(wanted))[key] for key in given}
    before: Data = {}
    for alert in alerts:
        there = {key: masked(normal(alert))[key] for key in given}
        # Of two alerts of one rule, the one that differs tells.
        if label(alert) in labels and before.get(label(alert), goal) == goal:
            before[label(alert)] = there
    return before, dict.fromkeys(labels, goal)
