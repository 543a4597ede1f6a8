# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: droplets
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Droplets as hosts
description:
  - Makes a host of each Droplet of the account, or of those that the filters leave, in groups of your own making.
  - The file that configures it must be called C(droplets.yml) or C(droplets.yaml), or end in C(.droplets.yml) or
    C(.droplets.yaml).
  - A host is called as its Droplet. Of several Droplets with one name, each host has its id behind the name.
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [fisioflow.digitalocean.droplets]
  api_token:
    description: A token that may read Droplets, and tags, VPCs and images to see those. Better not in the file.
    type: str
    env:
      - name: DO_API_TOKEN
      - name: DIGITALOCEAN_TOKEN
      - name: DIGITALOCEAN_ACCESS_TOKEN
  api_url:
    description: The address of the API.
    type: str
    default: https://api.digitalocean.com
    env:
      - name: DIGITALOCEAN_API_URL
  ca_path:
    description: The certificate authorities that may have signed it, when they are not the machine's.
    type: path
    env:
      - name: DIGITALOCEAN_CA_PATH
  timeout:
    description: How long a request may take with all its retries, in seconds.
    type: int
    default: 120
  tag:
    description: Only Droplets that carry this tag.
    type: str
  regions:
    description: Only Droplets in these regions.
    type: list
    elements: str
  statuses:
    description: Only Droplets in these states, such as V(active).
    type: list
    elements: str
  address:
    description:
      - Which of its addresses becomes C(ansible_host). A Droplet that has none of that kind is a host without it.
    type: str
    choices: [public, private, ipv6]
    default: public
  prefix:
    description:
      - What the variables of a host begin with; what they hold is what M(fisioflow.digitalocean.droplet_info) shows.
    type: str
    default: droplet_
"""

EXAMPLES = r"""
# droplets.yml: all that carry the tag clinic, by their private addresses, for a controller in their network
plugin: fisioflow.digitalocean.droplets
tag: clinic
address: private
statuses: [active]
keyed_groups:
  - key: droplet_tags
    prefix: tag
  - key: droplet_region
    prefix: region
groups:
  small: droplet_memory <= 1024
compose:
  ansible_user: "'root'"
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: .cache/inventory
cache_timeout: 300
"""

from collections import Counter
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Api, Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.droplets import flat
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError, Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DROPLET
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.transport import RestTransport
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import AGENT

ADDRESSES = {"public": "ipv4_address", "private": "ipv4_address_private", "ipv6": "ipv6_address"}
ENDINGS = tuple(f"droplets.{ending}" for ending in ("yml", "yaml"))


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):  # type: ignore[misc] # Ansible ships no types
    """Droplets as hosts."""

    NAME = "fisioflow.digitalocean.droplets"

    def verify_file(self, path: str) -> bool:
        """Whether the file's name says that it is for this plugin."""
        name = path.rpartition("/")[2]
        return super().verify_file(path) and (name in ENDINGS or name.endswith(tuple(f".{end}" for end in ENDINGS)))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Fill the inventory, from the cache where there is one that may be used."""
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        key = self.get_cache_key(path)
        remembers = self.get_option("cache")
        droplets = self._cache.get(key) if remembers and cache else None
        if droplets is None:
            droplets = self._asked()
            if remembers:
                self._cache[key] = droplets
        self._add(droplets)

    def _asked(self) -> list[Data]:
        """The Droplets of the account, in the words of the modules. Raises AnsibleParserError with one sentence."""
        token, tag = str(self.get_option("api_token") or ""), self.get_option("tag")
        if self.templar.is_template(token):
            token = str(self.templar.template(token))
        secrets = Secrets({token})
        try:
            url, ca_path = self.get_option("api_url"), self.get_option("ca_path")
            transport = RestTransport(token=token, url=url, ca_path=ca_path, agent=AGENT)
            api = Api(transport, timeout=self.get_option("timeout"), secrets=secrets)
            rows = api.rows(DROPLET.path, DROPLET.many, DROPLET.tells, {"tag_name": tag} if tag else {})
        except Failure as failure:
            told = failure.sentence("list the Droplets") if isinstance(failure, ApiError) else str(failure)
            raise AnsibleParserError(str(secrets.mask(told))) from None
        return [flat(row) for row in rows]

    def _add(self, droplets: list[Data]) -> None:
        wanted = {"region": self.get_option("regions"), "status": self.get_option("statuses")}
        shown = [row for row in droplets if all(not some or row[name] in some for name, some in wanted.items())]
        names = Counter(row["name"] for row in shown)
        strict, prefix = self.get_option("strict"), self.get_option("prefix")
        for row in shown:
            host = row["name"] if names[row["name"]] == 1 else f"{row['name']}-{row['id']}"
            self.inventory.add_host(host)
            variables = {f"{prefix}{name}": value for name, value in row.items()}
            for name, value in variables.items():
                self.inventory.set_variable(host, name, value)
            if address := row[ADDRESSES[self.get_option("address")]]:
                self.inventory.set_variable(host, "ansible_host", address)
                variables["ansible_host"] = address
            self._set_composite_vars(self.get_option("compose"), variables, host, strict=strict)
            self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
            self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)
