# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of another environment, in an inventory that C(-e) lays one over."""

from __future__ import annotations

DOCUMENTATION = r"""
name: foreign_names
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Names of another environment than the one that is laid over the inventory
description:
  - An inventory may say the names of its network, clusters and buckets literally; one that was adopted does. With
    C(-e fisioflow_environment=pr-42) they stay as they are, and would be used, or destroyed, as those of C(pr-42).
  - Where the inventory itself says which environment it is, any name is its own, and none is told.
options:
  _terms:
    description: Names that the environment would have.
    type: list
    elements: string
  environment:
    description: Name of the environment.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Refuse names of another environment
  ansible.builtin.assert:
    that: query('fisioflow.digitalocean.foreign_names', network_name, environment=fisioflow_environment) == []
"""

RETURN = r"""
_raw:
  description: Those that do not bear the name of the environment, sorted.
  type: list
  elements: str
"""

import re
from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import load_extra_vars

LAID_OVER = "fisioflow_environment"


class LookupModule(LookupBase):  # type: ignore[misc] # Ansible ships no types
    """C(query('fisioflow.digitalocean.foreign_names', …, environment=…))."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        self.set_options(var_options=variables, direct=kwargs)
        if LAID_OVER not in load_extra_vars(self._loader):
            return []
        # As a whole word: pr-4 is not in fisioflow-pr-42.
        own = re.compile(rf"(?<![A-Za-z0-9]){re.escape(kwargs['environment'])}(?![A-Za-z0-9])")
        return sorted({str(name) for name in terms if not own.search(str(name))})
