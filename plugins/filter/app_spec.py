# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: app_spec
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: App spec of FisioFlow from the inputs of the app role
description:
  - Assembles the spec as the API wants it.
  - Keeps the image or branch that runs unless a release asks for another.
positional: envs, running
options:
  _input:
    description: Inputs of the app role by name.
    type: dict
    required: true
  envs:
    description: Environment of the components, C(service) and C(migration).
    type: dict
    required: true
  running:
    description: The app as it is.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show the spec
  ansible.builtin.debug:
    msg: "{{ inputs | fisioflow.digitalocean.app_spec(envs, app) }}"
"""

RETURN = r"""
_value:
  description: The app spec.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_spec import app_spec


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"app_spec": app_spec}
