# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may connect to the databases."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data


def app_addresses(app: Data | None) -> list[str]:
    """The addresses that the app's connections come from: in its VPC, and dedicated public ones."""
    app = app or {}
    private = [row["ip"] for row in (app.get("vpc") or {}).get("egress_ips") or [] if row.get("ip")]
    public = [row["ip"] for row in app.get("dedicated_ips") or [] if row.get("ip") and row.get("status") == "ASSIGNED"]
    return [*private, *public]


def trusted_rules(app: Data | None, extra: list[Data] | None = None, network_range: str = "") -> list[Data]:
    """The exact rules of a cluster, as `[{type, value}]`.

    The rule `app` covers the app's public egress (of one outside of the VPC), the addresses cover its way through the
    VPC. Until it has one there, the whole `network_range` stays, so that nobody is locked out.
    """
    app = app or {}
    rules: list[Data] = [{"type": "app", "value": app["id"]}] if app.get("id") else []
    private = (app.get("vpc") or {}).get("egress_ips")
    rules += [{"type": "ip_addr", "value": address} for address in app_addresses(app)]
    if network_range and not private:
        rules.append({"type": "ip_addr", "value": network_range})
    rules += [{key: rule[key] for key in ("type", "value", "description") if rule.get(key)} for rule in extra or []]
    seen: dict[tuple[str, str], Data] = {}
    for rule in rules:
        seen.setdefault((rule["type"], str(rule["value"])), rule)
    return list(seen.values())


def reachable(firewalls: dict[str, list[Data]], app: Data, wanted: list[Data], network_range: str = "") -> list[Data]:
    """Who may connect to which cluster, and what becomes of that: `[{cluster, type, value, who, action}]`.

    `firewalls` are the rules of each cluster as they are, `wanted` those that shall be. `action` is `stays`, `added` or
    `removed`. A cluster without rules lets everybody in, which is a row of its own.
    """
    rows: list[Data] = []
    shall = {_source(rule): rule for rule in wanted}
    for cluster, rules in firewalls.items():
        there = {_source(rule): rule for rule in rules}
        if not there:
            told = {"type": "everybody", "value": "0.0.0.0/0", "who": "whoever has a password, from everywhere"}
            rows.append({"cluster": cluster, **told, "action": "removed"})
        for key in [*there, *(key for key in shall if key not in there)]:
            rule = {**there.get(key, {}), **shall.get(key, {})}
            action = "removed" if key not in shall else "stays" if key in there else "added"
            who = _who(rule, app, network_range)
            told = {"type": rule["type"], "value": str(rule["value"]), "who": who, "action": action}
            rows.append({"cluster": cluster, **told})
    return rows


def _who(rule: Data, app: Data, network_range: str) -> str:
    """In words."""
    value = str(rule["value"])
    if rule["type"] == "app":
        return "the app, from its public addresses" if value == app.get("id") else "another app"
    if value in app_addresses(app):
        return "the app, from this address of its own"
    if network_range and value == network_range:
        return "everybody in the private network"
    return str(rule.get("description") or "not told by a description")


def _source(rule: Data) -> tuple[str, str]:
    """A single address is a range of one, and tags know no capitals."""
    return rule["type"], str(rule["value"]).removesuffix("/32").lower()


def unreconcilable(app: Data, name: str, wanted: list[Data]) -> str:
    """Why nobody can say who shall be let in, as a sentence; empty when it can be said."""
    if not app.get("id"):
        return f"There is no app {name}, whose databases these would be: correct app_name, or deploy it first."
    if app.get("in_progress_deployment") or app.get("pending_deployment"):
        return f"A deployment of {name} is under way, by which its addresses may change: run again when it is over."
    if not wanted:
        return "There would be no trusted source left, and an empty list lets everybody in."
    return ""


def closed_again(now: list[Data], opened: list[Data], network_range: str) -> bool:
    """Whether a cluster has the rules `now` that it had before its network was let in, which made them `opened`."""
    before = [rule for rule in opened if rule["value"] != network_range]
    return _comparable(now) == _comparable(before)


def _comparable(rules: list[Data]) -> list[tuple[str, str, str]]:
    return sorted((rule["type"], str(rule["value"]), rule.get("description") or "") for rule in rules)
