#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: what Docker needs to pull from a container registry."""

from __future__ import annotations

DOCUMENTATION = r"""
module: container_registry_credentials_info
short_description: Get credentials with which Docker may pull from a registry
version_added: 0.1.0
description:
  - Gets a C(config.json) for Docker whose token may only read. DigitalOcean makes another one each time, which does
    not expire, so keep it rather than ask again.
  - The token of the API needs the scopes C(registry:read) and C(registry:update).
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name of the registry.
    type: str
    required: true
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
seealso:
  - module: fisioflow.digitalocean.container_registry
"""

EXAMPLES = r"""
- name: What a machine needs to pull
  fisioflow.digitalocean.container_registry_credentials_info:
    name: clinic-images
  register: pull
  no_log: true

- name: Put it where Docker looks
  ansible.builtin.copy:
    dest: "{{ docker_folder | default('/etc/docker-clinic') }}/config.json"
    content: "{{ pull.container_registry_credentials.docker_config | to_json }}"
    mode: "0600"
  no_log: true
  when: docker_folder is defined
"""

RETURN = r"""
container_registry_credentials:
  description:
    - What Docker needs. C(docker_config) is only there when the task has C(no_log=true).
  returned: success
  type: dict
  sample:
    name: clinic-images
    docker_config:
      auths:
        registry.digitalocean.com:
          auth: VALUE_SPECIFIED_IN_NO_LOG_PARAMETER
"""

from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import (
    CONTAINER_REGISTRY,
    CONTAINER_REGISTRY_CREDENTIALS,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module


def _auths(data: Any) -> Iterator[str]:
    """The credentials in an answer, by their place."""
    servers = data.get("auths") if isinstance(data, dict) else None
    for server in servers.values() if isinstance(servers, dict) else ():
        if isinstance(server, dict):
            yield from (value for value in server.values() if isinstance(value, str))


class ContainerRegistryCredentialsInfo(Module):
    """One question."""

    kind = CONTAINER_REGISTRY_CREDENTIALS
    options = {"name": {"type": "str", "required": True}}
    reveals = {"docker_config": "run the task once more"}
    finders = (_auths,)

    def run(self) -> Data:
        """In check mode nothing is asked, since the answer is a new token."""
        name = self.params["name"]
        if self.check_mode:
            return {"changed": False, self.kind.name: {"name": name}}
        try:
            answer = self.api.get(f"{CONTAINER_REGISTRY.location(name)}/docker-credentials", self.kind.promise)
        except NotFound:
            raise Failure(f'There is no container registry "{name}": create it first, or correct its name.') from None
        return {"changed": False, self.kind.name: {"name": name, "docker_config": answer}}


def main() -> None:
    """Run as an ordinary module."""
    run_module(ContainerRegistryCredentialsInfo)


if __name__ == "__main__":
    main()
