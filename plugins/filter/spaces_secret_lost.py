# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: spaces_secret_lost
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Whether nobody has the secret of a Spaces key
description:
  - The API shows the secret of a key once. When the app does not hold it, only a new key helps.
positional: service, access_key
options:
  _input:
    description: The app as it is, or an empty dictionary.
    type: dict
    required: true
  service:
    description: Name of the service that uses the key.
    type: str
    required: true
  access_key:
    description: The key that exists.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Tell whether the key must be replaced
  ansible.builtin.debug:
    msg: "{{ app | fisioflow.digitalocean.spaces_secret_lost('web', key.access_key) }}"
"""

RETURN = r"""
_value:
  description: Whether the key must be replaced.
  type: bool
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_spec import spaces_secret_lost


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"spaces_secret_lost": spaces_secret_lost}
