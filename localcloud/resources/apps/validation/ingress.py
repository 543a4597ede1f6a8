# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ingress rules, and the deprecated routes of components that are turned into rules."""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.resources.apps.spec import ROUTED, components
from localcloud.resources.apps.validation.errors import invalid, object_of, objects, one_of, text

REDIRECT_CODES = (300, 301, 302, 303, 304, 307, 308)
HTTPS = re.compile(r"https://\S+")


def check_ingress(spec: JSON) -> None:
    ingress = object_of(spec, "ingress", "ingress")
    page = text(ingress, "custom_error_page_url", "ingress.custom_error_page_url")
    if page and not HTTPS.fullmatch(page):
        raise invalid("ingress.custom_error_page_url", f'"{page}" must be an https URL')
    routed = {component["name"] for _kind, component in components(spec, *ROUTED)}
    seen: set[tuple[str, str]] = set()
    for rule in objects(ingress, "rules", "ingress.rules"):
        _check_target(rule, routed)
        _check_match(rule, seen)
    for kind, component in components(spec, *ROUTED):
        for route in objects(component, "routes", f"{kind}.routes"):
            path = text(route, "path", f"{kind}.routes.path")
            if not path.startswith("/"):
                raise invalid(f"{kind}.routes.path", f'"{path}" must start with /')
            if (path, component["name"]) in seen:
                raise invalid(f"{kind}.routes.path", f'the route "{path}" is there more than once')
            seen.add((path, component["name"]))


def _check_target(rule: JSON, routed: set[str]) -> None:
    component = object_of(rule, "component", "ingress.rules.component")
    redirect = object_of(rule, "redirect", "ingress.rules.redirect")
    if bool(component) == bool(redirect):
        raise invalid("ingress.rules", "a rule has either a component or a redirect")
    if component:
        name = text(component, "name", "ingress.rules.component.name")
        if name not in routed:
            raise invalid("ingress.rules.component.name", f'there is no component "{name}" that takes requests')
        if component.get("preserve_path_prefix") and component.get("rewrite"):
            raise invalid("ingress.rules.component.rewrite", "rewrite and preserve_path_prefix exclude each other")
        return
    one_of(redirect, "scheme", "ingress.rules.redirect.scheme", ("http", "https"))
    code = redirect.get("redirect_code")
    if code is not None and code not in REDIRECT_CODES:
        codes = ", ".join(map(str, REDIRECT_CODES))
        raise invalid("ingress.rules.redirect.redirect_code", f"{code} is not one of {codes}")


def _check_match(rule: JSON, seen: set[tuple[str, str]]) -> None:
    field = "ingress.rules.match"
    match = object_of(rule, "match", field)
    prefix = text(object_of(match, "path", f"{field}.path"), "prefix", f"{field}.path.prefix")
    host = text(object_of(match, "authority", f"{field}.authority"), "exact", f"{field}.authority.exact")
    if prefix and not prefix.startswith("/"):
        raise invalid("ingress.rules.match.path.prefix", f'"{prefix}" must start with /')
    key = (prefix or "/", host)
    if key in seen:
        raise invalid("ingress.rules.match", f'the path "{key[0]}" is matched by more than one rule')
    seen.add(key)
