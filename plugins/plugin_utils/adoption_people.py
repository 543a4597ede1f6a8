# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told of an app's alerts as it is. A webhook's address is a secret, which no inventory holds."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import alerts
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.planning import leaves


def people(sketch: Sketch, app: Data) -> None:
    """The recipients of all its alerts together, since the role app tells the same ones of each."""
    say = sketch.say
    if "alerts" not in app:
        sketch.left_out.append(say("Who is told of alerts is not known: name people in app_alert_emails."))
        return
    emails = list(dict.fromkeys(email for row in app["alerts"] for email in row["emails"]))
    sketch.settings["app_alert_emails"] = emails
    sketch.channels = list(dict.fromkeys(hook["channel"] for row in app["alerts"] for hook in row["slack_webhooks"]))
    if sketch.channels:
        sketch.left_out.append(
            say(
                "Alerts go to {channels} of Slack by webhooks, whose addresses are secrets and stand in no "
                "inventory: set FISIOFLOW_SLACK_URL and FISIOFLOW_SLACK_CHANNEL, or site.yml takes them away.",
                channels=", ".join(sketch.channels),
            )
        )
    if not emails and not sketch.channels:
        sketch.danger(
            "nobody is told",
            "alerts",
            say("Nobody is told when something goes wrong: name people in app_alert_emails."),
        )


def recipients_differ(sketch: Sketch, app: Data, spec: Data, is_deployed: bool) -> list[str]:
    """The places of recipients that change with the inventory, by the code that would change them.

    `spec` is the one to have. Alerts of it that there are not yet come with its deployment.
    """
    if "alerts" not in app:
        return []
    wanted = {"emails": sketch.settings["app_alert_emails"], "slack_webhooks": []}
    there = [alerts.label(row) for row in app["alerts"]]
    labels = [label for label in alerts.expected(spec) if is_deployed or label in there]
    before, after = alerts.view(app["alerts"], labels, wanted)
    return [place for place, old, new in leaves("alert_destinations", before, after) if old != new]


def terraform_alerts(block: Data) -> list[Data] | None:
    """The alerts of an app's block with their recipients, without webhooks; None where it tells of no recipients."""
    rows = [("", row) for row in block.get("alert") or []]
    for kind in ("service", "worker", "job", "function"):
        rows += [(str(part.get("name")), row) for part in block.get(kind) or [] for row in part.get("alert") or []]
    if any("destinations" not in row for _name, row in rows):
        return None
    return [
        {
            "spec": {"rule": row.get("rule")},
            "component_name": name,
            **alerts.masked(alerts.normal(next(iter(row["destinations"] or []), {}))),
        }
        for name, row in rows
    ]
