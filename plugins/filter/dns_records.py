# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: dns_records
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: DNS records that the domains of an app need
description:
  - Names the host that DNS has to point each of the app's own domains at, and how far App Platform is with it.
options:
  _input:
    description: An app as the module M(fisioflow.digitalocean.app) returns it.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Say what to set
  ansible.builtin.debug:
    msg: "{{ app_result.app | fisioflow.digitalocean.dns_records }}"
"""

RETURN = r"""
_value:
  description: One for each domain; none before the app has an address.
  type: list
  elements: dict
  contains:
    domain:
      description: Host name to set a CNAME for.
      type: str
    target:
      description: What it has to be a CNAME of.
      type: str
    phase:
      description: V(ACTIVE) once the domain works.
      type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.answering import dns_records


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"dns_records": dns_records}
