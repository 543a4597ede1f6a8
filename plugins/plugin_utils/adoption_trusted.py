# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may connect to an app's clusters as they are, as the input of the role trusted_sources, which is of both."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.trusted import app_addresses, trusted_rules

_EVERYBODY = ("0.0.0.0/0", "0.0.0.0")  # noqa: S104 - who is let in, not where something listens


def trusted_sources(sketch: Sketch, clusters: dict[str, Data | None], app: Data, vpc: Data) -> None:
    """Who may connect, beside the app itself."""
    say = sketch.say
    ours = {app.get("id"), *app_addresses(app), vpc.get("ip_range")}
    extra: list[Data] = []
    for row in filter(None, clusters.values()):
        rules = _rules(row)
        if _is_open(rules):
            why = say(
                "{name} takes connections from everywhere; closing it cuts off whoever is not named in "
                "trusted_sources_rules.",
                name=row["name"],
            )
            sketch.danger("open to everybody", row["name"], why)
        for rule in rules:
            if rule["value"] in {*ours, *_EVERYBODY} or rule in extra:
                continue
            # Managed databases take no IPv6, so that nobody can keep it.
            if rule["type"] == "ip_addr" and ":" in rule["value"]:
                gone = {"value": rule["value"], "name": row["name"]}
                sketch.left_out.append(say("The trusted source {value} of {name} is taken away.", **gone))
            else:
                extra.append(rule)
    sketch.set("trusted_sources_rules", extra)
    wanted = _sources(trusted_rules(app, extra, str(vpc.get("ip_range") or "")))
    names = {role: str(row["name"] if row else sketch.get(f"{role}_name")) for role, row in clusters.items()}
    for role, there in clusters.items():
        name = names[role]
        rules = _rules(there or {})
        further = [] if there is None or _is_open(rules) else [rule["value"] for rule in extra if rule not in rules]
        why = say("{name} is closed to all but the app and those who are named.", name=name)
        if further:
            [other] = [names[one] for one in names if one != role]
            why = say(
                "{name} lets {further} in as well, whom only {other} lets in now: trusted_sources_rules are of both.",
                name=name,
                further=", ".join(further),
                other=other,
            )
            sketch.danger("let in further", name, why)
        if there is None or _sources(rules) != wanted:
            sketch.differs(f"trusted sources {name}", "change" if there else "create", why)


def _rules(row: Data) -> list[Data]:
    return [{"type": rule["type"], "value": str(rule["value"])} for rule in row.get("rules") or []]


def _is_open(rules: list[Data]) -> bool:
    return not rules or any(rule["value"] in _EVERYBODY for rule in rules)


def _sources(rules: list[Data]) -> set[tuple[str, str]]:
    return {(rule["type"], str(rule["value"])) for rule in rules}
