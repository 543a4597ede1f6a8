# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an app spec looks like: tables, and the two forms in which the API writes the same thing.

Everything here is knowledge about DigitalOcean, nothing is procedure: which lists hold named things, which attributes
exclude each other, which values the API fills in. Which fields there are says schema.py. Sources: the API
description (``app_spec``), the vendor's Go client for the defaults of health checks, the product documentation for
legacy sizes.

A *context* is the name under which a dict is found: ``services`` for one service, ``health_check`` for its check.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import (
    COMPONENT_KINDS,
    GIT_SOURCES,
    OLD_APP_SIZES,
)

#: list name → the attribute that names its elements. Order never matters in these lists.
NAMED: dict[str, str] = {
    **dict.fromkeys((*COMPONENT_KINDS, "databases", "log_destinations"), "name"),
    "domains": "domain",
    "envs": "key",
    "headers": "key",
    "alerts": "rule",
    "rules": "match",
}
#: lists that may hold one identity twice (two thresholds of one rule, a rule per authority): matched by occurrence.
REPEATABLE = ("alerts", "rules")
#: lists of plain values whose order means nothing.
UNORDERED = ("internal_ports", "allow_origins", "allow_methods", "allow_headers", "expose_headers", "features")

#: context → groups of attributes of which one excludes the others.
EXCLUSIVE: dict[str, tuple[tuple[str, ...], ...]] = {
    **dict.fromkeys(COMPONENT_KINDS, ((*GIT_SOURCES, "image"), ("autoscaling", "instance_count"))),
    "static_sites": (GIT_SOURCES, ("error_document", "catchall_document")),
    "image": (("tag", "digest"),),
    "rules": (("component", "redirect"),),
    "component": (("preserve_path_prefix", "rewrite"),),
    "log_destinations": (("papertrail", "datadog", "logtail", "open_search"),),
    "open_search": (("endpoint", "cluster_name"),),
}
#: context → attribute → attributes that make no sense beside it (but it does beside them).
DROPS: dict[str, dict[str, tuple[str, ...]]] = {
    **{
        kind: {"image": ("dockerfile_path", "build_command", "source_dir", "environment_slug")}
        for kind in COMPONENT_KINDS
    },
    "image": {"digest": ("deploy_on_push",)},
}
#: context → attribute → (some of its values, the attributes that cannot be beside them).
FORBIDS: dict[str, dict[str, tuple[tuple[tuple[Any, ...], tuple[str, ...]], ...]]] = {
    "image": {
        "registry_type": (
            (("DOCR",), ("registry", "registry_credentials")),
            (("DOCKER_HUB", "GHCR"), ("deploy_on_push",)),
        )
    },
    "jobs": {"kind": ((("PRE_DEPLOY", "POST_DEPLOY", "FAILED_DEPLOY"), ("schedule",)),)},
    "databases": {"engine": ((("REDIS", "VALKEY", "MONGODB", "KAFKA", "OPENSEARCH"), ("db_name", "db_user")),)},
    "maintenance": {"enabled": (((False,), ("archive",)),)},
}
#: context → attribute → the attributes that go with its present value, since another one makes it another thing.
ANOTHER: dict[str, dict[str, tuple[str, ...]]] = {
    "image": {"registry_type": ("registry_credentials",)},
    "databases": {"engine": ("version",)},
    "component": {"name": ("preserve_path_prefix", "rewrite")},
}
#: dicts that mean something by being there, even with nothing but defaults in them.
PRESENCE = ("cpu", "datadog", "logtail", "basic_auth")
#: dicts that are sets of named things, like the named lists: exactly what is given.
EXACT = ("metrics",)

_INSTANCES = {"instance_count": 1, "instance_size_slug": "apps-s-1vcpu-0.5gb"}
_TERMINATION = {"drain_seconds": 15, "grace_period_seconds": 120}
#: context → what an absent attribute means. False, 0, "", [] and {} mean absent everywhere.
DEFAULTS: dict[str, Data] = {
    "services": {**_INSTANCES, "http_port": 8080, "protocol": "HTTP"},
    "workers": _INSTANCES,
    "jobs": {**_INSTANCES, "kind": "POST_DEPLOY"},
    "static_sites": {"index_document": "index.html", "error_document": "404.html"},
    "envs": {"scope": "RUN_AND_BUILD_TIME", "type": "GENERAL"},
    "image": {"tag": "latest"},
    "egress": {"type": "AUTOASSIGN"},
    "redirect": {"scheme": "https", "redirect_code": 302},
    "path": {"prefix": "/"},
    "cpu": {"percent": 80},
    "open_search": {"index_name": "logs"},
    "termination": _TERMINATION,
    "health_check": {"period_seconds": 10, "timeout_seconds": 1, "success_threshold": 1, "failure_threshold": 9},
    "liveness_health_check": {
        "initial_delay_seconds": 5,
        "period_seconds": 10,
        "timeout_seconds": 1,
        "success_threshold": 1,
        "failure_threshold": 18,
    },
}
#: enumerations of which one value says "not said".
_UNSAID_KEYS = ("type", "kind", "engine", "scope", "rule", "operator", "window")


def identity(listname: str, element: Data) -> str:
    """The name by which an element of a named list is known; ingress rules are known by what they match."""
    if listname == "rules":
        return f"{_matched(element, 'authority')}{_matched(element, 'path') or '/'}"
    name = str(element.get(NAMED[listname], ""))
    return name.lower().rstrip(".") if listname == "domains" else name


def _matched(rule: Data, what: str) -> str:
    match = rule.get("match")
    found = match.get(what) if isinstance(match, dict) else None
    if not isinstance(found, dict):
        return ""
    # Hosts are matched exactly as a rule, paths by their prefix.
    usual, other = ("exact", "prefix") if what == "authority" else ("prefix", "exact")
    return str(found.get(usual) or "") or (f"({other}) {found[other]}" if found.get(other) else "")


def is_named(listname: str, value: Any) -> bool:
    return listname in NAMED and isinstance(value, list) and all(isinstance(item, dict) for item in value)


def empty(value: Any) -> bool:
    """Whether a value means the same as none at all (the API leaves such values out of its answers)."""
    return value is None or value is False or value in ("", 0) or value == [] or value == {}


def unsaid(key: str, value: Any) -> bool:
    """Whether a value says that nothing is said: null, or ``UNSPECIFIED…`` and ``UNSET`` of an enumeration."""
    return value is None or (key in _UNSAID_KEYS and str(value).startswith(("UNSPECIFIED", "UNSET")))


def same_scalar(context: str, key: str, one: Any, two: Any) -> bool:
    """Whether two scalars mean the same: ``3`` and ``"3"``, ``true`` and ``"true"``, both names of one size."""
    if context == "envs" and key == "value":
        return str(one) == str(two)
    if key == "instance_size_slug":
        return bool(OLD_APP_SIZES.get(str(one), one) == OLD_APP_SIZES.get(str(two), two))
    if key == "domain":
        return identity("domains", {"domain": one}) == identity("domains", {"domain": two})
    if isinstance(one, str) and isinstance(two, str):
        return one == two
    if isinstance(one, bool) or isinstance(two, bool):
        return str(one).lower() == str(two).lower()
    try:
        return float(one) == float(two)
    except (TypeError, ValueError):
        return bool(one == two)
