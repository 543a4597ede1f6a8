# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What watches an adopted environment from outside, by what the role monitoring makes when there are people to tell."""

from __future__ import annotations

from collections.abc import Iterator

from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import roles
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch

_ITEMS = roles.ROLES / "monitoring" / "vars" / "main.yml"
# Of the load balancer, by the state that an item has there; `error budget` is nobody's default.
_FRONT = ("__monitoring_front", "__monitoring_proxies")


def check_name(name: str) -> str:
    """The check of the app's health, by the app's name."""
    return f"{name} health"


def watched(sketch: Sketch, picture: Data) -> None:
    """The check, and its alerts and policies: there are none that tell nobody. What is not known is not compared."""
    say = sketch.say
    name = str(sketch.get("app_name"))
    if "checks" not in picture:
        return
    if check_name(name) not in [row.get("name") for row in picture["checks"]]:
        sketch.differs("monitoring health", "create", say("The app is asked from outside whether it answers."))
    is_told = bool(sketch.settings.get("app_alert_emails"))
    is_balanced = sketch.get("edge_mode") == "load_balancer" and bool(sketch.get("app_domains"))
    there = {row.get("description") for row in picture.get("policies") or []}
    there |= {f"{name} {row.get('name')}" for row in picture.get("check_alerts") or []}
    for item, is_front in _alerts():
        is_there = f"{name} {item.removeprefix('monitoring ')}" in there
        is_wanted = is_told and (is_balanced or not is_front)
        if is_wanted and not is_there:
            sketch.differs(item, "create", say("The people of app_alert_emails are told."))
        elif is_there and not is_wanted:
            sketch.differs(item, "delete", say("There is nobody whom it would tell."))


def _alerts() -> Iterator[tuple[str, bool]]:
    """Names of what tells people, and whether it is about the load balancer."""
    for item in yaml_load(_ITEMS.read_text(encoding="utf-8"))["__monitoring_items"]:
        made = item.get("uptime_alert") or item.get("monitoring_alert_policy") or {}
        if made and "when" not in item:
            yield item["name"], any(word in made["state"] for word in _FRONT)
