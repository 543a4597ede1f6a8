# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The spec as App Platform stores and returns it.

Filled in by the API description: ``region`` (the default of ``GET /v2/apps/regions``; an update keeps the app's),
``http_port`` 8080, ``instance_count`` 1 (not of jobs), ``instance_size_slug``, env ``scope`` RUN_AND_BUILD_TIME, job
``kind`` POST_DEPLOY, image ``tag`` latest, autoscaling ``cpu.percent`` 80. Filled in by what users read back
(second-hand): ``ingress.rules``, one per deprecated route, or ``/`` to the first component that takes requests, and
``features: [buildpack-stack=ubuntu-22]`` for what buildpacks build. Left out: whatever is false, 0, empty or null, env
``type`` GENERAL and ``UNSPECIFIED`` words, since protocol buffers do not write defaults. Nothing is reordered.
"""

from __future__ import annotations

import copy
from typing import Any

from localcloud import JSON
from localcloud.resources.apps.catalogue import DEFAULT_REGION, DEFAULT_SIZE
from localcloud.resources.apps.spec import ROUTED, components, git_source
from localcloud.resources.apps.validation.scaling import METRICS

BUILDPACK_STACK = "buildpack-stack=ubuntu-22"
HTTP_PORT = 8080

# The zero values of the enums of the spec.
_ZERO_WORDS = {"GENERAL", "UNSET", "UNSPECIFIED", "UNSPECIFIED_RULE", "UNSPECIFIED_OPERATOR", "UNSPECIFIED_WINDOW"}
_ENUMS = {"type", "scope", "kind", "engine", "rule", "operator", "window"}
# Required by the API description, so written even when empty.
_ALWAYS = {"prefix", "exact", "name", "key", "domain"}


def canonical(spec: JSON, region: str | None = None) -> JSON:
    """A completed copy. ``region`` is that of the app as it is, for a spec that names none."""
    result: JSON = _without_zeros(copy.deepcopy(spec))
    result.setdefault("region", region or DEFAULT_REGION)
    _complete_vpc(result)
    for kind, component in components(result):
        _complete_component(kind, component)
    _complete_envs(result)
    _complete_ingress(result)
    _complete_features(result)
    return result


def _without_zeros(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_zeros(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept: JSON = {}
    for name, item in value.items():
        if name in _ENUMS and isinstance(item, str) and item in _ZERO_WORDS:
            continue
        if isinstance(item, dict) or (name in _ALWAYS and item is not None) or item not in (None, False, 0, "", []):
            kept[name] = _without_zeros(item)
    return kept


def _complete_vpc(spec: JSON) -> None:
    """Egress addresses are the platform's to give: what a client sends back is ignored."""
    vpc_id = (spec.pop("vpc", None) or {}).get("id")
    if vpc_id:
        spec["vpc"] = {"id": vpc_id}


def _complete_component(kind: str, component: JSON) -> None:
    if kind == "services":
        component.setdefault("http_port", HTTP_PORT)
    if kind in ("services", "workers", "jobs"):
        component.setdefault("instance_size_slug", DEFAULT_SIZE)
        if not component.get("autoscaling"):
            component.pop("autoscaling", None)
            if kind != "jobs":  # one that runs to its end has no instances to count
                component.setdefault("instance_count", 1)
    if kind == "jobs":
        component.setdefault("kind", "POST_DEPLOY")
    image = component.get("image")
    if image and not image.get("digest"):
        image.setdefault("tag", "latest")
    metrics = (component.get("autoscaling") or {}).get("metrics") or {}
    for metric, settings in metrics.items():
        name, _low, _high, default = METRICS[kind][metric]
        if default is not None:
            settings.setdefault(name, default)
    _complete_envs(component)


def _complete_envs(owner: JSON) -> None:
    for env in owner.get("envs") or []:
        env.setdefault("scope", "RUN_AND_BUILD_TIME")


def _complete_ingress(spec: JSON) -> None:
    rules: list[JSON] = (spec.get("ingress") or {}).get("rules") or []
    routed = [component for _kind, component in components(spec, *ROUTED)]
    routes = [(component["name"], route) for component in routed for route in component.pop("routes", None) or []]
    for rule in rules:
        target = rule.get("component") or {}
        # The description has it as a string, everybody else as a flag.
        if target.pop("preserve_path_prefix", False) in (True, "true"):
            target["preserve_path_prefix"] = True
    if not rules:
        # Rules that were given win over the deprecated form.
        rules = [_rule(name, route["path"], bool(route.get("preserve_path_prefix"))) for name, route in routes]
    if not rules and routed:
        rules = [_rule(routed[0]["name"], "/")]
    if rules:
        spec["ingress"] = {**(spec.get("ingress") or {}), "rules": rules}


def _rule(component: str, prefix: str, preserve: bool = False) -> JSON:
    target: JSON = {"name": component}
    if preserve:
        target["preserve_path_prefix"] = True
    return {"match": {"path": {"prefix": prefix}}, "component": target}


def _complete_features(spec: JSON) -> None:
    built = any(git_source(c) and not c.get("dockerfile_path") for _kind, c in components(spec) if _kind != "functions")
    features = spec.get("features") or []
    if built and not any(feature.startswith("buildpack-stack=") for feature in features):
        spec["features"] = [*features, BUILDPACK_STACK]
