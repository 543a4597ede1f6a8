# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: together
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Run several modules of this collection at the same time
description:
  - Takes a loop whose items are modules of this collection with their options, and runs them at the same time, in one
    task. Each item gives what a task of its own module gives - result, change, diff, warnings, failure - and is shown,
    counted and registered as an item of any loop.
  - An item is a dictionary. C(name) is what its result is known by. The name of a module, such as C(vpc)
    or C(fisioflow.digitalocean.vpc), has the options of that module. C(after) may name one or several items that stand
    before it in the list, and which must be done first. C(when), a truth value, leaves the item out, as it does with a
    task; what comes after it goes on.
  - An item whose C(after) names one that failed is not begun, and fails saying so. The others go on, and the task fails
    as loops do.
  - A list in which something is wrong is refused as a whole, before anything is begun.
  - There are no options. What is common to the items, such as O(ignore:api_token), is said in C(module_defaults) with
    C(group/fisioflow.digitalocean.all), or comes from the environment.
attributes:
  check_mode:
    support: full
    description: As of the items' modules. What an item needs of one that is not there yet, it predicts without.
  diff_mode:
    support: full
    description: As of the items' modules, item by item.
notes:
  - What needs the B(result) of an item, such as an id that is only known once it is made, belongs into a later task;
    P(fisioflow.digitalocean.by_name#filter) finds the results by the items' names.
  - They run at the same time, at most 16 of them, where modules of this collection run inside the controller. Elsewhere
    (another host, user or Python, C(digitalocean_in_controller=false)) they run one after the other, with the same
    results.
  - C(when), C(environment), C(no_log) and C(check_mode) of the task hold for it as a whole. V({{ omit }}) leaves out
    options.
  - An item of the result has its C(name) and C(after) only, since options may be secrets. Its options are in
    C(invocation), as for every module. Where C(when) skips the whole task, Ansible shows the items as they are with
    C(-v), as it does for any loop, and without C(-v) where a keyword of the task cannot be worked out. Where items hold
    secrets, keep C(when) to the items, and set C(no_log) where it cannot be avoided.
  - With C(until), an item that is tried again runs again, and so does what was not begun because of it.
  - C(async), and C(break_when) of a loop, are refused.
seealso:
  - plugin: fisioflow.digitalocean.by_name
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Start what takes long
  fisioflow.digitalocean.together:
  loop:
    - name: network
      vpc:
        name: clinic
        region: fra1
        ip_range: 10.20.0.0/20
    - name: postgresql
      database_cluster:
        name: clinic-pg
        engine: pg
        size: db-s-1vcpu-1gb
        num_nodes: 1
        region: fra1
    - name: database
      after: postgresql
      database_db:
        cluster: clinic-pg
        name: fisioflow
    - name: valkey
      database_cluster:
        name: clinic-valkey
        engine: valkey
        size: db-s-1vcpu-1gb
        num_nodes: 1
        region: fra1
  loop_control:
    label: "{{ item.name }}"
  register: started

- name: Show where the database is, and which network there is
  ansible.builtin.debug:
    msg: "{{ by_name.postgresql.database_cluster.connection.host }} {{ by_name.network.vpc.id }}"
  vars:
    by_name: "{{ started | fisioflow.digitalocean.by_name }}"
"""

RETURN = r"""
results:
  description: What came of each item, in their order - the result of its module, and C(item) with its name.
  type: list
  elements: dict
  returned: always
  sample:
    - item:
        name: network
      changed: true
      vpc:
        id: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
        name: clinic
"""
