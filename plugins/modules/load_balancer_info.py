#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which load balancers there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: load_balancer_info
short_description: List load balancers
version_added: 0.1.0
description:
  - Lists the load balancers of the account, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  type:
    description:
      - List only those of this type, such as V(GLOBAL).
    type: str
  tag:
    description:
      - List only those of Droplets with this tag.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.filters.name
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.load_balancer
"""

EXAMPLES = r"""
- name: Where the edge can be reached
  fisioflow.digitalocean.load_balancer_info:
    name: clinic-edge
  register: edges
"""

RETURN = r"""
load_balancers:
  description: The load balancers as the API gives them; empty when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 4de7ac8b-495b-4884-9a69-1050c6793cd6
      name: clinic-edge
      ip: 198.18.44.7
      size_unit: 2
      algorithm: round_robin
      status: active
      created_at: '2026-11-24T03:00:00Z'
      forwarding_rules:
        - entry_protocol: https
          entry_port: 443
          target_protocol: https
          target_port: 443
          certificate_id: ''
          tls_passthrough: true
      health_check:
        protocol: http
        port: 8080
        path: /health
        check_interval_seconds: 10
        response_timeout_seconds: 5
        unhealthy_threshold: 5
        healthy_threshold: 3
      sticky_sessions:
        type: none
      region:
        name: Frankfurt 1
        slug: fra1
        features: [backups, ipv6, metadata]
        available: true
        sizes: [s-1vcpu-1gb]
      tag: clinic-edge
      droplet_ids: []
      redirect_http_to_https: false
      enable_proxy_protocol: false
      enable_backend_keepalive: false
      http_idle_timeout_seconds: 60
      vpc_uuid: 5a4981aa-9653-4bd1-bef5-d6bff52042e4
      disable_lets_encrypt_dns_records: false
      project_id: 9cc10173-e9ea-4176-9dbc-a4cee4c4ff30
      firewall:
        deny: []
        allow: []
      type: REGIONAL
      network: EXTERNAL
      network_stack: IPV4
      tls_cipher_policy: STRONG
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import LOAD_BALANCER
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class LoadBalancerInfo(Info):
    """The load balancers."""

    kind = LOAD_BALANCER
    filters = ("type", "tag")


def main() -> None:
    """Run as an ordinary module."""
    run_module(LoadBalancerInfo)


if __name__ == "__main__":
    main()
