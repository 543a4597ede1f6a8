# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: app_source
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: What an app runs, in a few words
description:
  - Names the image and its digest or tag, or the repository, its branch and the commit that is deployed.
  - Of several services the first one counts.
options:
  _input:
    description: An app as the module M(fisioflow.digitalocean.app) returns it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Say what runs
  ansible.builtin.debug:
    msg: "{{ app_result.app | fisioflow.digitalocean.app_source }}"
"""

RETURN = r"""
_value:
  description:
    - Such as C(fisioflow/web@sha256:5f2c1a7e9b8d) or C(fisioflow/web main@54d4a727f457).
    - Empty for an app that has no service.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import app_source


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"app_source": app_source}
