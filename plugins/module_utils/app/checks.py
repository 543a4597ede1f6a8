# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mistakes in an app spec that the API would not name, or would swallow.

Everything else is left to ``POST /v2/apps/propose``, which is asked before a spec is applied. What is here passes the
API's schema silently (an unknown scaling metric, a name twice) or would be misread by the comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import COMPONENT_KINDS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import routes as app_routes
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import shape
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.mistakes import mistakes
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.schema import SPEC
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.spec import components

# Kind of component → the metrics that it can scale on.
METRICS = {kind: SPEC[kind][0]["autoscaling"]["metrics"] for kind in COMPONENT_KINDS if "autoscaling" in SPEC[kind][0]}


def check(spec: Data, current: Data | None = None) -> None:
    """Raise Failure with a sentence per mistake of a wanted spec; `current` is the one that the app has."""
    refuse_wrapped(spec)
    found = list(mistakes(SPEC, spec, "spec", current))
    if not found:
        found = [*_names(spec), *_routes(spec), *_scaling(spec)]
    if found:
        raise Failure(" ".join(found))


def refuse_wrapped(spec: Data) -> None:
    """Refuse the whole of a file in which the spec stands below a key of its own."""
    if isinstance(spec.get("spec"), dict) and "name" not in spec:
        raise Failure(
            "spec holds another spec, as deploy templates do, which write the app spec below `spec:`. Give what stands "
            "below it, such as \"{{ (lookup('file', 'deploy.template.yaml') | from_yaml).spec }}\"."
        )


def _names(spec: Data) -> Iterator[str]:
    """Components and databases share one set of names; an env or a domain stands once."""
    names = Counter(str(item["name"]) for kind in (*COMPONENT_KINDS, "databases") for item in spec.get(kind) or [])
    for name, times in names.items():
        if times > 1:
            yield f"spec has {times} components called {name}: each needs a name of its own."
    lists = [("spec", "domains", spec.get("domains")), ("spec", "envs", spec.get("envs"))]
    for component in components(spec):
        where = f"component {component['name']}"
        lists += [(where, key, component.get(key)) for key in ("envs", "log_destinations")]
    for where, key, items in lists:
        for name, times in Counter(shape.identity(key, item) for item in items or []).items():
            if times > 1:
                yield f"{where} has {name} {times} times in {key}: keep one of them."


def _routes(spec: Data) -> Iterator[str]:
    """A request goes to one component: routes of two may not match the same, nor a rule and a route of another one."""
    rules = (spec.get("ingress") or {}).get("rules") or []
    targets = [(shape.identity("rules", rule), (rule.get("component") or {}).get("name")) for rule in rules]
    goes_to = dict(targets)
    for component in components(spec):
        for rule in app_routes.of_component(component):
            path, name = shape.identity("rules", rule), component["name"]
            if goes_to.setdefault(path, name) != name:
                other = f"component {goes_to[path]}" if goes_to[path] else "a redirect"
                yield f"spec gives the route {path} of component {name} to {other} as well: keep one of them."


def _scaling(spec: Data) -> Iterator[str]:
    """Autoscaling excludes a fixed count, and knows few metrics."""
    for kind, offered in METRICS.items():
        for component in spec.get(kind) or []:
            scaling = component.get("autoscaling")
            if not scaling:
                continue
            name = component["name"]
            if component.get("instance_count") is not None:
                yield f"Component {name} has both instance_count and autoscaling: leave one of them out."
            for metric in scaling.get("metrics") or {}:
                if metric not in offered:
                    hint = " (an alert on MEM_UTILIZATION can watch memory instead)" if "mem" in metric else ""
                    yield (f"Component {name} cannot scale on {metric}: {kind} scale on {', '.join(offered)}{hint}.")


def not_kept(proposed: Data, wanted: Data) -> list[str]:
    """Which parts of a wanted spec the API's own completed version of it does not have: typos, mostly.

    Both normalised. Names paths such as ``services[web].helth_check``; empty when everything arrived.
    """
    return sorted(_lost("", "spec", proposed, wanted))


def _lost(where: str, context: str, proposed: Any, wanted: Any) -> Iterator[str]:
    for key, value in wanted.items():
        path = f"{where}.{key}" if where else key
        there = proposed.get(key)
        if shape.empty(value):
            continue
        if isinstance(value, dict):
            if there is None and key not in shape.PRESENCE and not _all_default(key, value):
                yield path
            elif isinstance(there, dict):
                yield from _lost(path, key, there, value)
        elif shape.is_named(key, value):
            named = {shape.identity(key, item): item for item in there or []}
            for item in value:
                label = shape.identity(key, item)
                if label in named:
                    yield from _lost(f"{path}[{label}]", key, named[label], item)
                else:
                    yield f"{path}[{label}]"
        elif there is None and not _is_default(context, key, value):
            yield path


def _is_default(context: str, key: str, value: Any) -> bool:
    default = shape.DEFAULTS.get(context, {}).get(key)
    return shape.empty(value) or (default is not None and shape.same_scalar(context, key, default, value))


def _all_default(context: str, value: Data) -> bool:
    return all(
        _all_default(key, item) if isinstance(item, dict) else _is_default(context, key, item)
        for key, item in value.items()
    )
