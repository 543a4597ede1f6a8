# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource module manages: its attributes, and the calls that change them in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.compare import (
    Normal,
    extract,
    merge,
    plain,
)


@dataclass(frozen=True)
class Attribute:
    """One managed attribute. The option, the API's attribute and the key in the diff have the same name.

    What is left out is left alone, so that the option has no default. A dict that the user gives is laid over what is
    there (keys left out are left alone), unless `whole`.
    """

    # The option, in the words of AnsibleModule: `options` are its suboptions.
    type: str = "str"
    elements: str = ""
    choices: Sequence[Any] = ()
    options: Data | None = None
    required: bool = False
    no_log: bool | None = None
    # The form in which two values are compared and shown.
    normal: Normal = plain
    # It counts when the resource is made, and is not looked at any more.
    only_at_creation: bool = False
    # It cannot change after creation: the sentence that tells the way out.
    fixed: str = ""
    # Without it the resource cannot be created (it may be left out for one that exists).
    needed: bool = False
    # The create call takes it. Otherwise it is set right after creation by the call that changes it.
    at_creation: bool = True
    whole: bool = False
    # It costs a request of its own: the result has it only when the user speaks about it. `enrich` adds it then.
    on_demand: bool = False

    @property
    def option(self) -> Data:
        """The option's part of an argument spec."""
        said: Data = {
            "elements": self.elements,
            "choices": list(self.choices),
            "options": self.options,
            "required": self.required,
        }
        no_log = {} if self.no_log is None else {"no_log": self.no_log}
        return {"type": self.type, **{word: value for word, value in said.items() if value}, **no_log}

    def view(self, current: Any, wanted: Any) -> tuple[Any, Any]:
        """What is there of it and what shall be, in normal form."""
        return self.normal(current if self.whole else extract(current, wanted)), self.normal(wanted)

    def after(self, current: Any, wanted: Any) -> Any:
        """The complete value once `wanted` is applied."""
        return wanted if self.whole else merge(current, wanted)


@dataclass(frozen=True)
class Change:
    """What an updater gets: the resource as it is, and values as they shall be."""

    current: Data
    # All attributes of the updater that have a value, changed or not: what a replacing PUT must send.
    values: Data
    # Those that differ: what a PATCH needs to send.
    differing: Data


@dataclass(frozen=True)
class Updater:
    """A method that changes some attributes in place; see `changes`."""

    names: tuple[str, ...]
    method: Callable[[Any, Change], Data | None]
    one_by_one: bool = False

    def calls(self) -> list[Updater]:
        """One for each call that it may lead to."""
        return [Updater((name,), self.method) for name in self.names] if self.one_by_one else [self]


def changes(*names: str, one_by_one: bool = False) -> Callable[[Callable[[Any, Change], Data | None]], Updater]:
    """Mark a method as the call that changes these attributes. Methods are called in the order of their definition.

    It is called once for all of its attributes that differ, or with `one_by_one` once for each, in the order of the
    names. The method returns the changed resource, or None when the API does not answer with it.
    """
    return lambda method: Updater(names, method, one_by_one)


def patches(*names: str) -> Updater:
    """PATCH the resource with those of these attributes that differ: it leaves the others alone."""
    return Updater(
        names,
        lambda module, change: module.unwrap(
            module.api.patch(module.location(change.current), change.differing, module.kind.promise)
        ),
    )


def puts(*names: str, below: str = "", answered: bool = True) -> Updater:
    """PUT all of these attributes, as what is not sent is lost: at the resource's address, or `below` it.

    Not `answered` by the resource: it is read again.
    """

    def put(module: Any, change: Change) -> Data | None:
        path = f"{module.location(change.current)}{below and '/'}{below}"
        answer = module.api.put(path, change.values, *([module.kind.promise] if answered else []))
        return dict(module.unwrap(answer)) if answered else None

    return Updater(names, put)


def replaces(*names: str) -> Updater:
    """PUT the whole resource with these attributes as they shall be, so that what nobody here knows is kept."""

    def put(module: Any, change: Change) -> Data | None:
        whole = {name: value for name, value in {**change.current, **change.values}.items() if name != module.kind.key}
        return dict(module.unwrap(module.api.put(module.location(change.current), whole, module.kind.promise)))

    return Updater(names, put)
