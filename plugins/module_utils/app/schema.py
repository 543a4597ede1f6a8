# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The structure of an app spec: which fields there are, and of which type, by their place.

A place is a dict of its fields, a list with what its elements are, or a type: `str`, `int`, `float`, `bool`. Sources:
the API description (schema ``app_spec``; a test walks it and holds this table against it), and the vendor's Go client
for what that leaves out (app-level ``envs`` and ``alerts``, ``schedule``, ``secure_header``, …; the test names each).
"""

from __future__ import annotations

import json
import math
from typing import Any

from ansible.module_utils.parsing.convert_bool import BOOLEANS_FALSE, BOOLEANS_TRUE

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import GIT_SOURCES

Schema = Any


def _all(kind: Schema, *names: str) -> dict[str, Schema]:
    """Fields of one type."""
    return dict.fromkeys(names, kind)


ENV = _all(str, "key", "value", "scope", "type")
ALERT = {**_all(str, "rule", "operator", "window"), "disabled": bool, "value": float}
IMAGE = {
    **_all(str, "registry_type", "registry", "registry_credentials", "repository", "tag", "digest"),
    "deploy_on_push": {"enabled": bool},
}
GIT = {
    **_all({"repo": str, "branch": str, "deploy_on_push": bool}, *GIT_SOURCES),
    "git": _all(str, "repo_clone_url", "branch"),
}
_LOG_DESTINATION = {
    "name": str,
    "papertrail": {"endpoint": str},
    "datadog": {"endpoint": str, "api_key": str},
    "logtail": {"token": str},
    "open_search": {
        **_all(str, "endpoint", "cluster_name", "index_name"),
        "basic_auth": {"user": str, "password": str},
    },
    "endpoint": str,
    "tls_insecure": bool,
    "headers": [{"key": str, "value": str}],
}
_CORS = {
    "allow_origins": [_all(str, "exact", "prefix", "regex")],
    **_all([str], "allow_methods", "allow_headers", "expose_headers"),
    "max_age": str,
    "allow_credentials": bool,
}
_SERVED = {"routes": [{"path": str, "preserve_path_prefix": bool}], "cors": _CORS}
_COMPONENT = {
    **_all(str, "name", "dockerfile_path", "build_command", "run_command", "source_dir", "environment_slug"),
    **GIT,
    "image": IMAGE,
    "envs": [ENV],
    "log_destinations": [_LOG_DESTINATION],
}
_INSTANCES = {**_COMPONENT, "instance_count": int, "instance_size_slug": str, "alerts": [ALERT]}
CHECK = {
    **_all(int, "initial_delay_seconds", "period_seconds", "timeout_seconds"),
    **_all(int, "success_threshold", "failure_threshold", "port"),
    "http_path": str,
}
_LIMITS = _all(int, "min_instance_count", "max_instance_count")
_CPU = {"cpu": {"percent": int}}
AUTOSCALING = {
    **_LIMITS,
    "metrics": {**_CPU, "requests_per_second": {"per_instance": int}, "request_duration": {"p95_milliseconds": int}},
}
TERMINATION = _all(int, "drain_seconds", "grace_period_seconds")
_GRACE = {"grace_period_seconds": int}

_SERVICE = {
    **_INSTANCES,
    **_SERVED,
    "http_port": int,
    "protocol": str,
    "internal_ports": [int],
    "autoscaling": AUTOSCALING,
    "health_check": {**CHECK, "path": str},
    "liveness_health_check": CHECK,
    "termination": TERMINATION,
    "inactivity_sleep": {"after_seconds": int, "loading_page": {"enabled": bool, "custom_url": str}},
}
_WORKER = {
    **_INSTANCES,
    "autoscaling": {**_LIMITS, "metrics": _CPU},
    "liveness_health_check": CHECK,
    "termination": _GRACE,
}
_JOB = {
    **_INSTANCES,
    **_all(str, "kind", "timeout"),
    "schedule": _all(str, "cron", "time_zone"),
    "termination": _GRACE,
}
_STATIC_SITE = {
    **_COMPONENT,
    **_SERVED,
    **_all(str, "index_document", "error_document", "catchall_document", "output_dir"),
}
_FUNCTIONS = {
    **_all(str, "name", "source_dir"),
    **GIT,
    **_SERVED,
    "envs": [ENV],
    "alerts": [ALERT],
    "log_destinations": [_LOG_DESTINATION],
}
_DATABASE = {
    **_all(str, "name", "engine", "version", "cluster_name", "db_name", "db_user", "size"),
    "production": bool,
    "num_nodes": int,
}
_RULE = {
    "match": _all(_all(str, "prefix", "exact"), "path", "authority"),
    "component": {"name": str, "preserve_path_prefix": bool, "rewrite": str},
    "redirect": {**_all(str, "uri", "authority", "scheme"), **_all(int, "port", "redirect_code")},
    "cors": _CORS,
}
SPEC: dict[str, Schema] = {
    **_all(str, "name", "region"),
    **_all(bool, "disable_edge_cache", "disable_email_obfuscation", "enhanced_threat_control_enabled"),
    "features": [str],
    "envs": [ENV],
    "alerts": [ALERT],
    "services": [_SERVICE],
    "workers": [_WORKER],
    "jobs": [_JOB],
    "static_sites": [_STATIC_SITE],
    "functions": [_FUNCTIONS],
    "databases": [_DATABASE],
    "domains": [{**_all(str, "domain", "type", "zone", "certificate", "minimum_tls_version"), "wildcard": bool}],
    "ingress": {
        "rules": [_RULE],
        "secure_header": {"key": str, "value": str, "remove_header": bool},
        **_all(str, "custom_error_page_url", "load_balancer"),
        "load_balancer_size": int,
    },
    "egress": {"type": str},
    "maintenance": {"enabled": bool, "archive": bool, "offline_page_url": str},
    "vpc": {"id": str, "egress_ips": [{"ip": str}]},
}

#: type → what a sentence calls it.
WORDS = {str: "text", int: "an integer", float: "a number", bool: "true or false", dict: "a dict", list: "a list"}


def part(schema: Schema, key: str) -> Schema:
    """What is known of a field of a place; None for one that is not known."""
    return schema.get(key) if isinstance(schema, dict) else None


def element(schema: Schema) -> Schema:
    """What is known of the elements of a list."""
    return schema[0] if isinstance(schema, list) else None


def typed(schema: Schema, value: Any) -> Any:
    """A scalar in the type that the API wants: YAML, templates and extra variables write one type for another.

    What cannot be brought into that type stays as it is.
    """
    if schema is str:
        return value if isinstance(value, str) else json.dumps(value)
    if schema is bool:
        word = value.strip().lower() if isinstance(value, str) else value
        return True if word in BOOLEANS_TRUE else False if word in BOOLEANS_FALSE else value
    if schema in (int, float) and not isinstance(value, bool):
        return _number(schema, value)
    return value


def _number(schema: Schema, value: Any) -> Any:
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return value
    if number.is_integer():
        return int(number)
    return number if schema is float and math.isfinite(number) else value


def fits(schema: Schema, value: Any) -> bool:
    """Whether a scalar is of the type of its place, or can be brought into it."""
    if schema in (int, float) and isinstance(value, bool):
        return False
    return isinstance(typed(schema, value), (int, float) if schema is float else schema)
