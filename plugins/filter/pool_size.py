# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: pool_size
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Connections that a pool may take on a PostgreSQL size
description:
  - A node allows 25 connections per GiB of memory minus 3. What is not left to direct clients belongs to the pool.
positional: direct
options:
  _input:
    description: Size of the node, such as V(db-s-1vcpu-1gb).
    type: str
    required: true
  direct:
    description: Connections that are left to clients that bypass the pool.
    type: int
    default: 0
"""

EXAMPLES = r"""
- name: Tell the size of the pool
  ansible.builtin.debug:
    msg: "{{ 'db-s-1vcpu-2gb' | fisioflow.digitalocean.pool_size(7) }}"  # 40
"""

RETURN = r"""
_value:
  description: Size of the pool, at least 1.
  type: int
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import pool_size


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"pool_size": pool_size}
