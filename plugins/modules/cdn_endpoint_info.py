#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: which CDN endpoints there are."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cdn_endpoint_info
short_description: List CDN endpoints
version_added: 0.1.0
description:
  - Lists the CDN endpoints of the account, all of them or those that the filters leave.
author:
  - FisioFlow contributors (@fisioflow)
options:
  origin:
    description:
      - Only the endpoint in front of the bucket with this host name.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.filters.id
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.cdn_endpoint
"""

EXAMPLES = r"""
- name: Where the assets are served
  fisioflow.digitalocean.cdn_endpoint_info:
    origin: clinic-assets.fra1.digitaloceanspaces.com
  register: cdn
"""

RETURN = r"""
cdn_endpoints:
  description:
    - The endpoints as the API gives them; empty when none matches.
    - C(custom_domain) and C(certificate_id) are empty when there are none.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 19f06b6a-3ace-4315-b086-499a0e521b76
      origin: clinic-assets.fra1.digitaloceanspaces.com
      endpoint: clinic-assets.fra1.cdn.digitaloceanspaces.com
      created_at: '2026-11-24T03:00:00Z'
      ttl: 3600
      custom_domain: ''
      certificate_id: ''
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import CDN_ENDPOINT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.info import Info
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module


class CdnEndpointInfo(Info):
    """The endpoints."""

    kind = CDN_ENDPOINT

    def enrich(self, resource: Data) -> Data:
        """The API leaves out what is not set."""
        return {"custom_domain": "", "certificate_id": "", **resource}


def main() -> None:
    """Run as an ordinary module."""
    run_module(CdnEndpointInfo)


if __name__ == "__main__":
    main()
