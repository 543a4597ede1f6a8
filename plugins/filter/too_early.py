# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: too_early
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Why an app could not be compared yet
description:
  - Check mode makes nothing, so the API refuses a spec that names a pool, a user or a cluster which the run would make
    first.
options:
  _input:
    description: Result of the module M(fisioflow.digitalocean.app), or an empty dictionary.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Say what was not compared
  ansible.builtin.debug:
    msg: "{{ app_result | fisioflow.digitalocean.too_early }}"
"""

RETURN = r"""
_value:
  description: A sentence, empty when the app was compared.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import too_early


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"too_early": too_early}
