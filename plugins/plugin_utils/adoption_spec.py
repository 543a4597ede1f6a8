# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app spec as somebody wrote it by hand, brought into the API's own form.

Nothing is left out in silence: whatever has no place in a spec, or cannot be read as what it should be, is a sentence.
No sentence holds a value, which may be a secret.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import COMPONENT_KINDS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import routes, schema
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

# Around a spec in the answers of the API and of doctl, and in a template of a "Deploy to DigitalOcean" button.
_WRAPPED = ("spec", "app")
_PARTS = {*COMPONENT_KINDS, "databases"}


class _Loader(yaml.SafeLoader):
    """Remembers keys that stand twice in one place, of which YAML keeps the last."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [str(getattr(key, "value", "")) for key, _value in node.value]
        twice = {key for key in keys if keys.count(key) > 1 and key != "<<"}
        self.twice = getattr(self, "twice", set()) | {(key, node.start_mark.line + 1) for key in twice}
        return super().construct_mapping(node, deep)


def _mapping(loader: Any, node: Any) -> Any:
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_spec(text: str, say: Words) -> tuple[Data, list[str]]:
    """The spec of a file in YAML or JSON, and what of the file it does not hold, in sentences. Raises Failure."""
    found, told = _documents(text, say)
    specs = [spec for spec in map(_unwrapped, found) if spec]
    if not specs:
        raise Failure("There is no app spec in the file: it should have services, workers, jobs or static_sites.")
    if len(specs) > 1:
        told.append(say("The file holds {count} app specs; the first one was read.", count=len(specs)))
    return tidy_spec(specs[0], told, say), told


def tidy_spec(given: Data, told: list[str], say: Words) -> Data:
    """A spec in the API's form, with `routes` as ingress rules; `told` grows by what it lacks of `given`."""
    spec: Data = {}
    for key, value in given.items():
        tidied = _tidy(schema.part(schema.SPEC, str(key)), value, str(key), told, say)
        if tidied is not None:
            spec[str(key)] = tidied
    for kind in _PARTS & spec.keys():
        spec[kind] = [_named(kind, number, part, told, say) for number, part in enumerate(spec[kind])]
    return routes.to_ingress(spec, None)


def _documents(text: str, say: Words) -> tuple[list[Any], list[str]]:
    loader: Any = None
    try:
        loader, found = _Loader(text), []
        while loader.check_data():
            found.append(loader.get_data())
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise Failure(f"The file is neither YAML nor JSON{where}: correct it, or give another one.") from None
    twice = sorted(getattr(loader, "twice", set()), key=lambda row: (row[1], row[0]))
    return found, [
        say("{key} stands twice below line {line}; the last one counts.", key=key, line=line) for key, line in twice
    ]


def _unwrapped(found: Any) -> Data:
    """The spec in a document; {} for none."""
    if isinstance(found, list):
        return next((spec for spec in map(_unwrapped, found) if spec), {})
    if not isinstance(found, dict):
        return {}
    if _PARTS & found.keys():
        return found
    return next((spec for key in _WRAPPED if (spec := _unwrapped(found.get(key)))), {})


def _tidy(where: schema.Schema, value: Any, place: str, told: list[str], say: Words) -> Any:
    """A part of a spec in the form of its place, None for one that has none."""
    if value is None:
        return None
    if where is None:
        told.append(say("{place} is no field of an app spec and was left out.", place=place))
        return None
    if isinstance(where, list):
        return _tidy_list(where, value, place, told, say)
    if isinstance(where, dict):
        if not isinstance(value, dict):
            told.append(say("{place} should be a dictionary, and was left out.", place=place))
            return None
        found = {str(key): _tidy(where.get(str(key)), item, f"{place}.{key}", told, say) for key, item in value.items()}
        return {key: item for key, item in found.items() if item is not None}
    if isinstance(value, (dict, list)) or not schema.fits(where, value):
        told.append(say("{place} should be {form}, and was left out.", place=place, form=say.name(schema.WORDS[where])))
        return None
    return schema.typed(where, value)


def _tidy_list(where: list[Any], value: Any, place: str, told: list[str], say: Words) -> list[Any] | None:
    key = place.rpartition(".")[2]
    if isinstance(value, dict):
        value = _rows(key, value)
    if isinstance(value, (str, int, float, bool)):
        value = [value]
    if key == "envs":
        value = [_env(row) for row in value]
    tidied = [_tidy(where[0], item, f"{place}[{_label(item, number)}]", told, say) for number, item in enumerate(value)]
    found = [item for item in tidied if item is not None]
    if key == "envs":
        names = [row.get("key") for row in found]
        twice = sorted({str(name) for name in names if names.count(name) > 1})
        told.extend(
            say("{place} has {name} more than once; the last one counts.", place=place, name=name) for name in twice
        )
        found = list({row.get("key"): row for row in found}.values())
    return found


def _label(item: Any, number: int) -> str:
    row = item if isinstance(item, dict) else {}
    return str(row.get("name") or row.get("key") or row.get("domain") or number)


def _rows(key: str, value: Data) -> list[Any]:
    """A dictionary in the place of a list: of its elements by their names, or one element without the list."""
    if key == "envs" and "key" not in value:
        return [{"key": name, "value": item} for name, item in value.items()]
    if value and all(isinstance(item, dict) for item in value.values()) and "name" not in value:
        return [{"name": name, **item} for name, item in value.items()]
    return [value]


def _env(row: Any) -> Any:
    """`KEY=value` or `KEY: value`, as other tools write it."""
    if isinstance(row, str):
        key, value = (*re.split(r"=|:\s", row, maxsplit=1), "")[:2]
        return {"key": key.strip(), "value": value}
    if isinstance(row, dict) and "key" not in row and "name" in row:
        return {"key": row["name"], **{name: item for name, item in row.items() if name != "name"}}
    return row


def _named(kind: str, number: int, part: Data, told: list[str], say: Words) -> Data:
    if part.get("name"):
        return part
    name = f"{kind.removesuffix('s').replace('_', '-')}-{number + 1}"
    told.append(say("{kind}[{number}] has no name; it is called {name} here.", kind=kind, number=number, name=name))
    return {"name": name, **part}
