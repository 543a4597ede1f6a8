# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several roles would do, so that one task can do all of it at the same time."""

from __future__ import annotations

DOCUMENTATION = r"""
name: role_items
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Items of roles of this collection, for one task
description:
  - A role whose work is one task of M(fisioflow.digitalocean.together) keeps its items in C(vars/main.yml), as
    C(__<role>_items). This lookup gathers those of several roles, each with the variables in force or else the role's
    own defaults, so that one task can do at the same time what one after the other would take the sum.
options:
  _terms:
    description: Names of such roles.
    type: list
    elements: string
    required: true
"""

EXAMPLES = r"""
- name: Provide both clusters at the same time
  fisioflow.digitalocean.together:
  loop: "{{ query('fisioflow.digitalocean.role_items', 'postgresql', 'valkey') }}"
  loop_control:
    label: "{{ item.name }}"
  register: clusters_result
"""

RETURN = r"""
_raw:
  description: The items of all of them, in their order. Their options can hold secrets.
  type: list
  elements: dict
"""

from contextlib import suppress
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import roles


class LookupModule(LookupBase):  # type: ignore[misc] # Ansible ships no types
    """C(query('fisioflow.digitalocean.role_items', 'postgresql', …))."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        self.set_options(var_options=variables, direct=kwargs)
        return [item for role in terms for item in self._items(role, variables or {})]

    def _items(self, role: str, variables: dict[str, Any]) -> list[dict[str, Any]]:
        """As Ansible would see them in the role: its defaults give way to everything, its variables to nothing."""
        seen = {**roles.defaults(self._loader, role), **variables, **roles.variables(self._loader, role)}
        templar = self._templar.copy_with_new_env(available_variables=seen)
        # Each input is worked out once, and not again for each item that names it.
        for name in [name for name in seen if name.startswith(f"{role}_")]:
            # What cannot be is told by the item that names it, if one does.
            with suppress(AnsibleError):
                seen[name] = templar.template(seen[name])
        items: list[dict[str, Any]] = templar.template(seen[f"__{role}_items"])
        return items
