# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every input of the named roles, before any of them has run.

Ansible validates a role's arguments when the role starts, which is too late when an earlier role has created something
by then. This lookup reads the roles' own argument specs and defaults, so that one task can judge all inputs at once.
"""

from __future__ import annotations

DOCUMENTATION = r"""
name: role_inputs
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Inputs of roles of this collection, resolved and validated
description:
  - Resolves every input that the argument specs of the named roles declare, from the variables in force or else from
    the role's defaults, and validates them the way Ansible would when the role starts.
  - Inputs that are marked C(no_log) are returned only with O(secrets). Their place is taken by V(true) or V(false), for
    given or not; a dictionary keeps its keys.
options:
  _terms:
    description: Names of roles of this collection.
    type: list
    elements: string
    required: true
  secrets:
    description:
      - Whether inputs that are marked C(no_log) are returned as they are. Hand them to a module, never to the user.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show what the network role would be given
  ansible.builtin.debug:
    msg: "{{ lookup('fisioflow.digitalocean.role_inputs', 'network') }}"
"""

RETURN = r"""
_raw:
  description: One dictionary.
  type: list
  elements: dict
  contains:
    inputs:
      description:
        - Input name to value, all roles together (their names carry the role's prefix). One that is not among its
          choices is left out.
      type: dict
    problems:
      description:
        - One sentence per input that is missing, of a wrong type or not among its choices, or a secret that is an
          example's placeholder, or that names what there is not.
      type: list
      elements: str
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from ansible.errors import AnsibleError, AnsibleTemplateError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.lookup import LookupBase

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.arguments import misfits
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import roles
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.credentials import rotate_problems
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.provided import secret_problems

# How Ansible's validator says that a value is no number: in words of Python.
NO_NUMBER = re.compile(r"argument '(\w+)' is of type \w+ and we were unable to convert to (int|float)")
# What is wrong with a role's inputs that their types do not tell, by the role; of inputs that are of their types.
JUDGES: dict[str, Callable[[dict[str, Any]], Iterable[str]]] = {
    "credentials": lambda given: rotate_problems(
        given["credentials_rotate"], given["credentials_balanced"], given["credentials_next_origin"]
    ),
}
UNDEFINED = re.compile(r"'(\w+)' is undefined")


def presence(value: Any) -> Any:
    """What may be told of a secret: whether it is there."""
    if isinstance(value, dict):
        return {key: bool(item) for key, item in value.items()}
    return bool(value)


def _must_be_a_number(name: str, kind: str, value: Any) -> str:
    called = "a whole number" if kind == "int" else "a number"
    return f"{name} is {value!r}, and must be {called}{' of USD' if name.endswith('_usd') else ''}."


class LookupModule(LookupBase):  # type: ignore[misc] # Ansible ships no types
    """C(lookup('fisioflow.digitalocean.role_inputs', 'network', …))."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        self.set_options(var_options=variables, direct=kwargs)
        inputs: dict[str, Any] = {}
        problems: list[str] = []
        for role in terms:
            found, wrong = self._role(role, variables or {}, secrets=bool(kwargs.get("secrets")))
            inputs.update(found)
            problems.extend(wrong)
        return [{"inputs": inputs, "problems": problems}]

    def _role(self, role: str, variables: dict[str, Any], *, secrets: bool) -> tuple[dict[str, Any], list[str]]:
        spec, defaults = roles.options(role), roles.defaults(self._loader, role)
        given: dict[str, Any] = {}
        problems: list[str] = []
        settled: set[str] = set()
        for name in spec:
            source = variables[name] if name in variables else defaults.get(name)
            if source is None:
                continue
            given[name], unresolved = self._resolve(name, source, hidden=bool(spec[name].get("no_log")))
            # Ansible's validator ends in an error of Python's over some of these.
            wrong = unresolved or misfits({name: spec[name]}, given)
            if wrong and spec[name].get("type") == "float" and isinstance(given[name], str):
                # The value says more, and no number is a secret.
                wrong = [f"{role}: {_must_be_a_number(name, 'float', given[name])}"]
            if wrong:
                given.pop(name, None)
                settled.add(name)
                problems.extend(wrong)
        checked = ArgumentSpecValidator({name: rule for name, rule in spec.items() if name not in settled}).validate(
            given
        )
        problems.extend(f"{role}: {self._sentence(text, spec, given)}" for text in checked.error_messages)
        parameters = checked.validated_parameters
        if role in JUDGES and not problems:
            problems.extend(JUDGES[role](parameters))
        for name, rule in spec.items():
            if rule.get("no_log"):
                problems.extend(secret_problems(name, parameters.get(name)))
        return {
            name: presence(parameters.get(name)) if rule.get("no_log") and not secrets else parameters.get(name)
            for name, rule in spec.items()
            # Of a value that is no choice at all nothing else can be told: the checks that need it are left out.
            if not rule.get("choices") or parameters.get(name) in (None, *rule["choices"])
        }, problems

    def _resolve(self, name: str, source: Any, *, hidden: bool) -> tuple[Any, list[str]]:
        """The value, and a sentence for each part of it that has none. The name of a variable is no secret."""
        try:
            return self._templar.template(source), []
        except (AnsibleTemplateError, AnsibleError) as error:
            parts = source.items() if isinstance(source, dict) else ()
            inside = [text for key, value in parts for text in self._resolve(f"{name}.{key}", value, hidden=hidden)[1]]
            why = "its value is hidden" if hidden else str(error).splitlines()[0]
            if undefined := UNDEFINED.search(str(error)):
                why = f"the variable {undefined[1]} is undefined: set it, a secret in the vault file of the inventory"
            return None, inside or [f"{name}: cannot be evaluated ({why})."]

    @staticmethod
    def _sentence(text: str, spec: dict[str, Any], given: dict[str, Any]) -> str:
        """The validator's message, without the value where the input is secret."""
        for name, rule in spec.items():
            if rule.get("no_log") and name in text:
                return f"{name} is not of type {rule.get('type', 'str')}."
        if found := NO_NUMBER.match(text):
            return _must_be_a_number(found[1], found[2], given[found[1]])
        return text if text.endswith(".") else f"{text}."
