#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: how a service encrypts."""

from __future__ import annotations

DOCUMENTATION = r"""
module: tls_info
short_description: Look on the wire how a service encrypts
version_added: 0.1.0
description:
  - Connects to a service as its clients do, tells the version of TLS and the certificate that it has, and what it does
    for who comes without TLS.
author:
  - FisioFlow contributors (@fisioflow)
options:
  host:
    description:
      - Its name, which the certificate must bear.
    type: str
    required: true
  port:
    description:
      - Its port.
    type: int
    default: 443
  protocol:
    description:
      - What is spoken there. V(https) also looks at C(Strict-Transport-Security), and at port 80.
    type: str
    choices: [https, postgresql, tls]
    default: https
  address:
    description:
      - Where to connect instead of where DNS says. Empty for that.
    type: str
    default: ''
  authority:
    description:
      - The certificate authority as PEM. Empty for O(ca_path), or that of the system.
    type: str
    default: ''
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.http_latency_info
"""

EXAMPLES = r"""
- name: How does the clinic encrypt?
  fisioflow.digitalocean.tls_info:
    host: clinic.example
  register: looked
"""

RETURN = r"""
tls:
  description: What was seen.
  returned: success
  type: dict
  contains:
    reachable:
      description: Whether anybody answered there.
      type: bool
    verified:
      description: Whether its certificate is for that name, of that authority, and valid.
      type: bool
    why:
      description: Why it is not reachable or not verified; empty when it is.
      type: str
    version:
      description: The version of TLS that both chose.
      type: str
    cipher:
      description: The cipher that both chose.
      type: str
    names:
      description: Names in the certificate.
      type: list
      elements: str
    not_after:
      description: When the certificate ends.
      type: str
    days_left:
      description: Days until then; V(null) when it is not known.
      type: int
    hsts_seconds:
      description: How long browsers shall come by https alone; V(null) when nothing says so.
      type: int
    plain_text:
      description: Whether who does not encrypt is V(refused) (or sent on to https) or V(accepted); else V(unknown).
      type: str
  sample:
    host: clinic.example
    port: 443
    reachable: true
    verified: true
    why: ''
    version: TLSv1.3
    cipher: TLS_AES_256_GCM_SHA384
    names: [clinic.example, www.clinic.example]
    not_after: '2027-02-22T03:00:00Z'
    days_left: 89
    hsts_seconds: 31536000
    plain_text: refused
"""

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import TLS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.tls import trust
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire.service import Service

# Seconds: it is one connection, and who is not let in waits for nothing.
PATIENCE = 5.0


class TlsInfo(Module):
    """A service, looked at from outside."""

    kind = TLS
    options = {
        "host": {"type": "str", "required": True},
        "port": {"type": "int", "default": 443},
        "protocol": {"type": "str", "choices": ["https", "postgresql", "tls"], "default": "https"},
        "address": {"type": "str", "default": ""},
        "authority": {"type": "str", "default": ""},
    }

    def run(self) -> Data:
        """Who cannot be reached is told, and no failure."""
        params = self.params
        authority = trust(params["ca_path"], params["authority"])
        timeout = min(PATIENCE, float(params["timeout"]))
        service = Service(params["host"], params["port"], params["protocol"], params["address"], authority, timeout)
        return {"changed": False, self.kind.name: service.told()}


def main() -> None:
    """Run as an ordinary module."""
    run_module(TlsInfo)


if __name__ == "__main__":
    main()
