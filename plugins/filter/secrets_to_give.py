# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: secrets_to_give
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Which secrets a service gets of those that it can do without
description:
  - Keeps those that have a value, and those that the service has already, whose value is then left as it is.
positional: app, service
options:
  _input:
    description: Values by name; empty for those that were not provided.
    type: dict
    required: true
  app:
    description: The app as it is, or an empty dictionary.
    type: dict
    required: true
  service:
    description: Name of the service.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show which providers the app works with
  ansible.builtin.debug:
    msg: "{{ {'OPENAI_API_KEY': key, 'SENTRY_DSN': ''} | fisioflow.digitalocean.secrets_to_give(app, 'web') | list }}"
"""

RETURN = r"""
_value:
  description: The secrets to give, by name.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_spec import secrets_to_give


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"secrets_to_give": secrets_to_give}
