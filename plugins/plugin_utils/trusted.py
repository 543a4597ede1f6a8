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


def closed_again(now: list[Data], opened: list[Data], network_range: str) -> bool:
    """Whether a cluster has the rules `now` that it had before its network was let in, which made them `opened`."""
    before = [rule for rule in opened if rule["value"] != network_range]
    return _comparable(now) == _comparable(before)


def _comparable(rules: list[Data]) -> list[tuple[str, str, str]]:
    return sorted((rule["type"], str(rule["value"]), rule.get("description") or "") for rule in rules)
