#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: whether a bucket keeps what it is given."""

from __future__ import annotations

DOCUMENTATION = r"""
module: spaces_round_trip_info
short_description: Prove that a bucket keeps what it is given
version_added: 0.1.0
description:
  - Puts a small object of a random name into a bucket, reads it by a presigned URL, and deletes it with its version.
  - With a CDN endpoint, it is asked for there twice, for which the object is one for everybody meanwhile.
  - In check mode nothing is tried.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - Name of the bucket.
    type: str
    required: true
  region:
    description:
      - Region of the bucket.
    type: str
    required: true
  cdn:
    description:
      - Host name of the CDN endpoint before the bucket; empty to leave it out.
    type: str
    default: ""
  resolver:
    description:
      - Address of a resolver that knows where that name leads, with its port when that is not 53; by default that of
        this machine.
    type: str
    default: ""
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.spaces
  - fisioflow.digitalocean.attributes.info
"""

EXAMPLES = r"""
- name: Does the Space keep what it is given?
  fisioflow.digitalocean.spaces_round_trip_info:
    name: clinic-uploads
    region: fra1
  register: tried
"""

RETURN = r"""
spaces_round_trip:
  description: What came of it; empty in check mode.
  returned: success
  type: dict
  contains:
    milliseconds:
      description: How long putting and reading took.
      type: float
    anonymous:
      description: The status for who asks without a signature.
      type: int
    cdn:
      description: Of each of the two questions C(status), C(kept) (what the CDN says of its cache) and C(error).
      type: list
      elements: dict
  sample:
    milliseconds: 84.2
    anonymous: 403
    cdn: []
"""


from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import SPACES_ROUND_TRIP
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.tls import trust
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import client as spaces
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire.space import round_trip


class SpacesRoundTripInfo(Module):
    """One object, for a moment."""

    kind = SPACES_ROUND_TRIP
    options = {
        "name": {"type": "str", "required": True},
        "region": {"type": "str", "required": True},
        "cdn": {"type": "str", "default": ""},
        "resolver": {"type": "str", "default": ""},
        **spaces.options(),
    }

    def run(self) -> Data:
        """Put, read, delete."""
        if self.check_mode:
            return {"changed": False, self.kind.name: {}}
        authority = trust(self.params["ca_path"])
        bucket, cdn, resolver = (self.params[name] for name in ("name", "cdn", "resolver"))
        reached = spaces.connect(self.params, self.secrets, self.clock, self.tell_of_delay, self.invocation.broker)
        told = round_trip(reached, bucket, cdn, authority, min(30.0, self.params["timeout"]), resolver)
        return {"changed": False, self.kind.name: told}


def main() -> None:
    """Run as an ordinary module."""
    run_module(SpacesRoundTripInfo)


if __name__ == "__main__":
    main()
