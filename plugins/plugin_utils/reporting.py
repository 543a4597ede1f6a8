# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs changed, and what they would change: module results in, sentences out."""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import GIT_SOURCES
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN

# Instead of a value: there is none; it is an element as a whole.
ABSENT, THERE = object(), object()
# What an item of `together` has beside its module, and what stays of it in a result.
KEYS = ("name", "after", "when")


def items(result: Data) -> list[tuple[str, Data]]:
    """Label → result of each item of a loop, or the result of what is no loop without one.

    Those that were skipped are left out, and those that were not begun because of another one.
    """
    if result.get("skipped") or result.get("held_back"):
        return []
    if not isinstance(result.get("results"), list):
        return [("", result)]
    labels = [(row.get("item"), row) for row in result["results"] if not row.get("skipped")]
    named = [(label.get("name") if isinstance(label, dict) else label, row) for label, row in labels]
    return [(label if isinstance(label, str) else "", row) for label, row in named]


def by_name(result: Data) -> Data:
    """The results of a loop by the names of its items; {} for a task that was skipped."""
    rows = [(row.get(row.get("ansible_loop_var", "item")), row) for row in result.get("results", [])]
    if not all(isinstance(item, dict) and "name" in item for item, _row in rows):
        raise Failure("by_name needs the result of a loop whose items have a name each.")
    return {item["name"]: row for item, row in rows}


def of_together(result: Data) -> Data:
    """The results of a task of `together` by the names of its items; {} for any other."""
    rows = result.get("results")
    items = [row.get(row.get("ansible_loop_var", "item")) for row in rows] if isinstance(rows, list) else []
    ours = [isinstance(item, dict) and "name" in item and set(item) <= set(KEYS) for item in items]
    return by_name(result) if ours and all(ours) else {}


def flatten(results: Data) -> list[tuple[str, Data]]:
    """Name → registered result, as pairs; a loop's results become one pair per item, skipped ones are left out."""
    found = {name: items(result) for name, result in results.items() if isinstance(result, dict)}
    return [(f"{name} {label}".strip(), row) for name, rows in found.items() for label, row in rows]


def _leaves(before: Any, after: Any, path: str) -> list[tuple[str, Any, Any]]:
    """The places where two JSON values differ, as (path, before, after)."""
    if isinstance(before, dict) and isinstance(after, dict):
        found: list[tuple[str, Any, Any]] = []
        before, after = _gathered(before, after), _gathered(after, before)
        for key in [*before, *(key for key in after if key not in before)]:
            where = f"{path}.{key}" if path else str(key)
            found.extend(_leaves(before.get(key, ABSENT), after.get(key, ABSENT), where))
        return found
    if isinstance(before, list) and isinstance(after, list):
        named = [_named(before), _named(after)]
        if all(rows is not None for rows in named):
            return _leaves(named[0], named[1], path)
    return [] if before == after else [(path, before, after)]


def _gathered(one: Data, other: Data) -> Data:
    """`one`, in which elements that `other` lacks, such as `workers[mail]` of an app, are a single key."""
    found: Data = {}
    for key, value in one.items():
        places = [key[: match.end()] for match in re.finditer(r"\]", key)]
        lacking = (place for place in places if not any(there.startswith(place) for there in other))
        element = next(lacking, None)
        found[element or key] = THERE if element else value
    return found


def _named(rows: list[Any]) -> Data | None:
    """A list of things with names or keys, as a dictionary; None when it is not such a list."""
    found: Data = {}
    for row in rows:
        name = isinstance(row, dict) and (row.get("name") or row.get("key") or row.get("rule"))
        if not name or name in found:
            return None
        found[str(name)] = row
    return found


def _text(value: Any) -> str:
    if value is ABSENT or value is None:
        return "nothing"
    if isinstance(value, dict):
        return " ".join(_text(item) for item in value.values() if item not in (None, ""))
    text = str(value).lower() if isinstance(value, bool) else str(value).replace(UNKNOWN, "(yet to be created)")
    return text if len(text) <= 60 else f"{text[:57]}..."


def _sentences(name: str, before: Any, after: Any) -> list[str]:
    if not before:
        return [f"{name}: is missing"]
    if not after:
        return [f"{name}: should not be there"]
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return [f"{name}: is not as wanted"]
    found: list[str] = []
    for path, old, new in _leaves(before, after, ""):
        if isinstance(old, list) and isinstance(new, list):
            found.extend(f"{name}: {path} has {_text(item)}, which is not wanted" for item in old if item not in new)
            found.extend(f"{name}: {path} lacks {_text(item)}" for item in new if item not in old)
        else:
            if THERE in (old, new):
                found.append(f"{name}: {path} {'is missing' if new is THERE else 'should not be there'}")
                continue
            wanted = "that of what is yet to be created" if new == UNKNOWN else _text(new)
            found.append(f"{name}: {path} is {_text(old)}, should be {wanted}")
    return found


def differences(results: Data) -> list[str]:
    """One sentence per attribute that is not as wanted, from results that check mode predicted with a diff."""
    sentences: list[str] = []
    for name, result in flatten(results):
        if result.get("failed"):
            sentences.append(f"{name}: could not be compared: {result.get('msg', 'unknown reason')}")
            continue
        if not result.get("changed"):
            continue
        diffs = result.get("diff") or []
        found: list[str] = []
        for diff in diffs if isinstance(diffs, list) else [diffs]:
            found.extend(_sentences(name, diff.get("before") or {}, diff.get("after") or {}))
        sentences.extend(found or [f"{name}: is not as wanted"])
    return sentences


def changes(results: Data) -> list[str]:
    """The names of what a run changed: one for each task, as Ansible's recap counts, with the items of a loop."""
    rows = {name: items(result) for name, result in results.items() if isinstance(result, dict)}
    return _told({name: [label for label, row in of if row.get("changed")] for name, of in rows.items()})


def gone(results: Data, awaited: Data | None = None) -> list[str]:
    """The names of what deletions have seen gone. Of names in `awaited` only what was waited for to its end is."""
    found, ends = {}, {**results, **(awaited or {})}
    for name, result in results.items():
        over = [label for label, row in items(ends[name]) if not row.get("failed")]
        deleted = [label for label, row in items(result) if row.get("changed") and not row.get("failed")]
        found[name] = [label for label in deleted if label in over]
    return _told(found)


def _told(labels: dict[str, list[str]]) -> list[str]:
    """`name (label, label)`, of names that have labels; "" is one that needs no telling."""
    named = {name: ", ".join(filter(None, of)) for name, of in labels.items() if of}
    return [f"{name} ({words})" if words else name for name, words in named.items()]


# Result key → type in a URN and the attribute that identifies the resource.
URNS = {
    "database_cluster": ("dbaas", "id"),
    "app": ("app", "id"),
    "spaces_bucket": ("space", "name"),
    "load_balancer": ("loadbalancer", "id"),
    "domain": ("domain", "name"),
}


def urns(results: Data) -> list[str]:
    """The URNs of all clusters, apps, buckets, load balancers and domains in the results, each once."""
    found: list[str] = []
    for _name, result in flatten(results):
        for key, (kind, identity) in URNS.items():
            resource = result.get(key)
            if isinstance(resource, dict) and resource.get(identity):
                found.append(f"do:{kind}:{resource[identity]}")
    return list(dict.fromkeys(found))


# Characters of a digest or a commit that people compare by.
SHORT = 12


def app_source(app: Data) -> str:
    """What the first service of an app runs: `fisioflow/web@sha256:5f2c1a7e9b8d`, `fisioflow/web main@54d4a727f457`."""
    services = (app.get("spec") or {}).get("services") or []
    service: Data = services[0] if services else {}
    image = service.get("image")
    if image:
        name = "/".join(part for part in (image.get("registry"), image.get("repository")) if part)
        digest = image.get("digest") or ""
        short = digest[: digest.find(":") + 1 + SHORT]
        return f"{name}@{short}" if short else f"{name}:{image.get('tag') or 'latest'}"
    source: Data = next((service[kind] for kind in GIT_SOURCES if service.get(kind)), {})
    deployed = ((app.get("active_deployment") or {}).get("services") or [{}])[0].get("source_commit_hash") or ""
    words = [source.get("repo") or source.get("repo_clone_url"), source.get("branch")]
    return " ".join(word for word in words if word) + (f"@{deployed[:SHORT]}" if deployed else "")


def too_early(result: Data) -> str:
    """Why check mode could not compare an app whose foundation it has only predicted; empty when it could."""
    if not result.get("error") or result.get("failed"):
        return ""
    return f"The app cannot be compared before what its spec names is there ({result['error']['message']})."
