# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: run_results
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: What the tasks of this run registered
description:
  - Every role of this collection registers what it provides in a variable named C(<role>_<thing>_result). This lookup
    collects them, so that a summary or a comparison need not know the roles.
  - Of a task of M(fisioflow.digitalocean.together), each item is one of them, by its own name. Of two of the same name
    it is the later one, a change when either is one.
  - Results can hold secrets. Hand them to a filter, never to the user.
options:
  _terms:
    description: Prefixes of variables to leave out.
    type: list
    elements: string
  names:
    description: Whether to return the names of the variables, and not what is in them.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Tell what changed so far
  ansible.builtin.debug:
    msg: "{{ lookup('fisioflow.digitalocean.run_results') | fisioflow.digitalocean.changes }}"
"""

RETURN = r"""
_raw:
  description: One dictionary, from what a result is about to the result. With O(names), one list.
  type: list
  elements: dict
"""

from typing import Any

from ansible.plugins.lookup import LookupBase

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import of_together

ENDING = "_result"


class LookupModule(LookupBase):  # type: ignore[misc] # Ansible ships no types
    """C(lookup('fisioflow.digitalocean.run_results'))."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        self.set_options(var_options=variables, direct=kwargs)
        ours = {
            name: value
            for name, value in (variables or {}).items()
            if name.endswith(ENDING) and not name.startswith(("_", "ansible_", *terms))
        }
        if self.get_option("names"):
            return [list(ours)]
        found: dict[str, Any] = {}
        for name, value in ours.items():
            if isinstance(value, dict):
                for subject, result in (
                    of_together(value) or {name.removesuffix(ENDING).replace("_", " "): value}
                ).items():
                    found[subject] = _since(found.get(subject, {}), result)
        return [found]


def _since(earlier: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """What came of something by now: what one task has changed and a later one finds so is a change of this run."""
    changed = earlier.get("changed") and not result.get("changed")
    return {**result, "changed": True, "diff": earlier.get("diff", {})} if changed else result
