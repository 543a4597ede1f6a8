# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module of this collection can do, as Ansible describes it."""
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
  action_group:
    description: Use C(group/fisioflow.digitalocean.all) in C(module_defaults) to set the common options once.
    support: full
    membership:
      - fisioflow.digitalocean.all
notes:
  - Where the connection is local, the module runs inside the controller, which is many times faster; with C(async),
    another user, another Python or a remote host it runs as an ordinary module. Set the variable
    C(digitalocean_in_controller=false) to always run it as one. The results are the same.
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
  action_group:
    description: Use C(group/fisioflow.digitalocean.all) in C(module_defaults) to set the common options once.
    support: full
    membership:
      - fisioflow.digitalocean.all
notes:
  - Where the connection is local, the module runs inside the controller, which is many times faster; with C(async),
    another user, another Python or a remote host it runs as an ordinary module. Set the variable
    C(digitalocean_in_controller=false) to always run it as one. The results are the same.
"""
