# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: preflight_problems
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Every reason not to start a run
description:
  - Holds the inputs of all roles against each other and against what the account is offered.
  - Nothing is written and nothing is asked for; the offers are an argument.
positional: offers
options:
  _input:
    description: What the lookup P(fisioflow.digitalocean.role_inputs#lookup) returns.
    type: dict
    required: true
  offers:
    description:
      - What the account offers and holds - C(databases), C(instance_sizes), C(app_regions), C(token_scopes),
        C(token_expires_in), C(apps), C(vpcs), C(clusters), and in C(failed) and C(bucket_errors) why some of it is not
        known.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Refuse to start
  ansible.builtin.assert:
    that: desired | fisioflow.digitalocean.preflight_problems(offers) | length == 0
"""

RETURN = r"""
_value:
  description: One sentence for each problem, none when the run may start.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.preflight import preflight_problems


class FilterModule:
    """Registers the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"preflight_problems": preflight_problems}
