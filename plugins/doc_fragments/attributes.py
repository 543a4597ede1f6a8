# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules can do, as Ansible describes it; what all of them can do is in the fragment `common`."""

from __future__ import annotations


class ModuleDocFragment:
    """`attributes` for resources, `attributes.info` for information."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Predicts the result without sending a write request.
    support: full
  diff_mode:
    description: Shows the managed attributes before and after, without secrets.
    support: full
  idempotent:
    description: A second run with the same options reports no change and sends no write request.
    support: full
"""

    INFO = r"""
attributes:
  check_mode:
    description: Changes nothing.
    support: full
  diff_mode:
    description: Changes nothing, so there is nothing to show.
    support: N/A
  idempotent:
    description: Changes nothing.
    support: full
"""
