# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: app_envs
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Env entries of an app component
description:
  - Turns variables into the list that an app spec wants. Secrets are listed without their value.
positional: secrets
options:
  _input:
    description: Variables by name.
    type: dict
    required: true
  secrets:
    description: Names of secrets.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Show the entries
  ansible.builtin.debug:
    msg: "{{ {'NODE_ENV': 'production'} | fisioflow.digitalocean.app_envs(['NEXTAUTH_SECRET']) }}"
"""

RETURN = r"""
_value:
  description: Entries with C(key), C(value), C(scope) and C(type).
  type: list
  elements: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_spec import app_envs


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"app_envs": app_envs}
