#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: what databases are on offer."""

from __future__ import annotations

DOCUMENTATION = r"""
module: database_options_info
short_description: Tell which database engines, versions, sizes and regions are on offer
version_added: 0.1.0
description:
  - Tells what a managed database cluster can be made of today. What is on offer changes, so look before you create.
author:
  - FisioFlow contributors (@fisioflow)
options:
  engine:
    description:
      - Only this engine, such as V(pg).
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.database_cluster
"""

EXAMPLES = r"""
- name: What is on offer for PostgreSQL
  fisioflow.digitalocean.database_options_info:
    engine: pg
  register: offer

- name: Is version 17 among it?
  ansible.builtin.assert:
    that: "'17' in offer.database_options.pg.versions"
"""

RETURN = r"""
database_options:
  description:
    - For each engine its regions, its versions, and its layouts, that is which sizes go with how many nodes, and until
      when each version is offered and supported.
  returned: success
  type: dict
  sample:
    pg:
      regions: [ams3, fra1, nyc1]
      versions: ['15', '16', '17']
      layouts:
        - num_nodes: 1
          sizes: [db-s-1vcpu-1gb, db-s-1vcpu-2gb]
        - num_nodes: 2
          sizes: [db-s-1vcpu-2gb]
      version_availability:
        - version: '17'
          end_of_life: '2029-11-08T00:00:00Z'
          end_of_availability: '2029-05-08T00:00:00Z'
          default: true
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_OPTIONS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module


class DatabaseOptionsInfo(Module):
    """The offer: one document of the API, regrouped by engine."""

    kind = DATABASE_OPTIONS
    options = {"engine": {"type": "str"}}

    def run(self) -> Data:
        """Fails when the engine that is asked for is not on offer at all."""
        answer = self.api.get(DATABASE_OPTIONS.path, DATABASE_OPTIONS.promise)
        availability = answer.get("version_availability") or {}
        offers = {
            engine: {**offer, "version_availability": availability.get(engine) or []}
            for engine, offer in answer[DATABASE_OPTIONS.one].items()
        }
        engine = self.params["engine"]
        if engine is not None and engine not in offers:
            raise Failure(f"There is no database engine {engine}: on offer are {', '.join(sorted(offers))}.")
        return {"changed": False, DATABASE_OPTIONS.name: offers if engine is None else {engine: offers[engine]}}


def main() -> None:
    """Run as an ordinary module."""
    run_module(DatabaseOptionsInfo)


if __name__ == "__main__":
    main()
