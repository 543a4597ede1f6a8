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
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.nearest import nearest
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import routes, shape
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import components
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.schema import SPEC, WORDS, Schema, fits
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN

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
        for rule in routes.of_component(component):
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


# ── What cannot stand where it stands ────────────────────────────────────────────────────────────────────────────────


def mistakes(schema: Schema, value: Any, where: str, current: Any = None) -> Iterator[str]:
    """A sentence for each. `where` names the place, in the end by its field: ``spec.services``.

    What the app has there at the moment, `current`, the API knows even if `schema` does not.
    """
    if shape.empty(value) or value == UNKNOWN:
        return
    if isinstance(schema, dict):
        yield from _fields(schema, value, where, current if isinstance(current, dict) else {})
    elif isinstance(schema, list):
        yield from _elements(schema[0], value, where, current if isinstance(current, list) else [])
    elif isinstance(value, (dict, list)):
        yield f"{where} must be {WORDS[schema]}, not {WORDS[type(value)]}."
    elif not fits(schema, value):
        yield f'{where} must be {WORDS[schema]}, not "{value}".'


def _fields(schema: dict[str, Schema], value: Any, where: str, current: dict[str, Any]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} must be a dict, not {type(value).__name__}."
        return
    # Which metrics there are is told in words of their own (`_scaling`).
    lenient = where.endswith(".metrics")
    for key, item in value.items():
        if key in schema:
            yield from mistakes(schema[key], item, f"{where}.{key}", current.get(key))
        elif key not in current and not lenient:
            meant = nearest(str(key), schema)
            hint = f"perhaps {meant} is meant" if meant else f"there are {', '.join(sorted(schema))}"
            yield f"{where}.{key} is no field of an app spec: {hint}."


def _elements(schema: Schema, value: Any, where: str, current: list[Any]) -> Iterator[str]:
    kind = dict if isinstance(schema, dict) else None
    wrong = [item for item in value if kind and not isinstance(item, kind)] if isinstance(value, list) else []
    if wrong or not isinstance(value, list):
        what = f"of {type(wrong[0]).__name__}" if wrong else type(value).__name__
        yield f"{where} must be a list{' of dicts' if kind else ''}, not {what}."
        return
    listname = where.rsplit(".", 1)[-1]
    name = shape.NAMED.get(listname)
    known = {shape.identity(listname, item): item for item in current} if shape.is_named(listname, current) else {}
    for number, item in enumerate(value):
        if name and listname not in shape.REPEATABLE and not item.get(name):
            yield f"An element of {where} has no {name}."
            continue
        label = shape.identity(listname, item) if name and listname != "rules" else str(number)
        there = known.get(shape.identity(listname, item)) if name else None
        yield from mistakes(schema, item, f"{where}[{label}]", there)
