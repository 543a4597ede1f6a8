# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: procedure_lock
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Keep other runs away from an environment until this one is over
description:
  - The run holds the lock until its process ends, however it ends. Nothing has to be given back, and what is left of a
    run that was killed holds nobody up.
  - It keeps away the runs of one user on one machine, whatever checkout they come from. Runs of other users, other
    machines and other containers are not seen.
  - It always runs on the control node, whatever the task's connection is.
options:
  environment:
    description: What is locked, by a name that everybody gives it.
    type: str
    required: true
  place:
    description: What tells environments of one name apart, such as the URL of the API.
    type: str
    default: ""
  account:
    description:
      - Who owns what is worked on, such as the UUID of a team. Runs of different ones are not in each other's way; one
        without it is in the way of all.
    type: str
    default: ""
  procedure:
    description: What this run does, to tell others who are kept away.
    type: str
    required: true
attributes:
  check_mode:
    support: full
    description: Takes no lock, and heeds none.
  diff_mode:
    support: none
    description: A lock is nothing that is provided.
notes:
  - The lock is a file in the folder C(fisioflow) of C(ANSIBLE_HOME). It stays there, and holds when its process lives.
"""

EXAMPLES = r"""
- name: Keep others away
  fisioflow.digitalocean.procedure_lock:
    environment: clinic-staging
    procedure: restore
"""

RETURN = r"""
lock:
  description: The file, which is there when the lock was taken.
  type: str
  returned: when not in check mode
  sample: /home/ops/.ansible/fisioflow/clinic-staging-e3b0c442.lock
"""
