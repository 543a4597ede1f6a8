# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: spaces_keys_in_use
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: The Spaces keys that an app works with
description:
  - Finds E(DO_SPACES_KEY) in the app's spec, and in that of the deployment that runs while another one is made.
positional: service
options:
  _input:
    description: The app as it is, or an empty dictionary.
    type: dict
    required: true
  service:
    description: Name of the service that uses the key.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the keys that must not be deleted
  ansible.builtin.debug:
    msg: "{{ app | fisioflow.digitalocean.spaces_keys_in_use('web') }}"
"""

RETURN = r"""
_value:
  description: Access key ids, each once.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_spec import spaces_keys_in_use


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"spaces_keys_in_use": spaces_keys_in_use}
