#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: what an address answers."""

from __future__ import annotations

DOCUMENTATION = r"""
module: http_answer_info
short_description: See what an address answers
version_added: 0.1.0
description:
  - Asks an address once, as a browser does, and tells status and headers, and what its certificate holds.
  - No redirect is followed, and a certificate that is not trusted is an answer like others.
author:
  - FisioFlow contributors (@fisioflow)
options:
  url:
    description:
      - The address, which may be one of plain HTTP.
    type: str
    required: true
  resolver:
    description:
      - Address of a resolver that knows where the name leads, with its port when that is not 53; by default that of
        this machine.
    type: str
    default: ""
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
"""

EXAMPLES = r"""
- name: Is the clinic's page on its way by TLS only?
  fisioflow.digitalocean.http_answer_info:
    url: http://clinic.example/
  register: plain

- name: It is when that leads elsewhere
  ansible.builtin.debug:
    msg: "{{ plain.http_answer.headers.location | default(plain.http_answer.error) }}"
"""

RETURN = r"""
http_answer:
  description: What was answered.
  returned: success
  type: dict
  contains:
    status:
      description: Its status; 0 when nobody answered.
      type: int
    headers:
      description: Its headers by their names in small letters.
      type: dict
    tls:
      description:
        - C(version), C(cipher), C(names), C(not_after) and C(days_left) of the connection and its certificate; V(null)
          when there is none that is trusted.
      type: dict
    error:
      description: Why nobody answered; empty when somebody did.
      type: str
  sample:
    url: https://clinic.example/
    status: 200
    headers: {strict-transport-security: max-age=31536000}
    tls:
      version: TLSv1.3
      cipher: TLS_AES_256_GCM_SHA384
      names: [clinic.example]
      not_after: '2027-01-25T03:00:00Z'
      days_left: 62
    error: ""
"""


from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import HTTP_ANSWER
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.tls import trust
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire.http import ask


class HttpAnswerInfo(Module):
    """One question."""

    kind = HTTP_ANSWER
    options = {"url": {"type": "str", "required": True}, "resolver": {"type": "str", "default": ""}}

    def run(self) -> Data:
        """Who does not answer is told, and no failure."""
        authority = trust(self.params["ca_path"])
        timeout = min(30.0, self.params["timeout"])
        told = ask(self.params["url"], trust=authority, timeout=timeout, resolver=self.params["resolver"])
        return {"changed": False, self.kind.name: told}


def main() -> None:
    """Run as an ordinary module."""
    run_module(HttpAnswerInfo)


if __name__ == "__main__":
    main()
