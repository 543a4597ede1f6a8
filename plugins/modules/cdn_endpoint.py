#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a CDN endpoint in front of a bucket."""

from __future__ import annotations

DOCUMENTATION = r"""
module: cdn_endpoint
short_description: Manage the CDN in front of a bucket of Spaces
version_added: 0.1.0
description:
  - Creates, changes and deletes a CDN endpoint, which serves the public objects of a bucket from places near the
    reader, and removes objects from its caches.
  - The API takes five requests in ten seconds over all CDN endpoints of an account. The module waits when they are used
    up, for as long as O(timeout) allows.
author:
  - FisioFlow contributors (@fisioflow)
options:
  origin:
    description:
      - The host name of the bucket, such as V(clinic-assets.fra1.digitaloceanspaces.com); C(host) in the result of
        M(fisioflow.digitalocean.spaces_bucket). There is one endpoint for each.
    type: str
    required: true
  ttl:
    description:
      - How long an object stays in the caches, in seconds. The API takes an hour when it is left out at creation.
    type: int
    choices: [60, 600, 3600, 86400, 604800]
  custom_domain:
    description:
      - A name of your own under which the objects are served, together with O(certificate_id). Empty to do without.
    type: str
  certificate_id:
    description:
      - The id of the certificate for O(custom_domain), or V(needs-cloudflare-cert) for one that the CDN makes itself.
        Empty to do without.
      - A certificate of Let's Encrypt gets another id when it is renewed. Left out, the one that is there stays.
    type: str
  certificate_name:
    description:
      - The name of the certificate for O(custom_domain), which stays the same when it is renewed.
    type: str
  purge:
    description:
      - Paths to remove from the caches, on every run that says so, such as V(logo.png), V(css/*) or V(*) for all.
      - An endpoint that is made by this run has cached nothing yet.
    type: list
    elements: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.cdn_endpoint_info
  - module: fisioflow.digitalocean.spaces_bucket
  - module: fisioflow.digitalocean.certificate
"""

EXAMPLES = r"""
- name: A CDN in front of the assets
  fisioflow.digitalocean.cdn_endpoint:
    origin: clinic-assets.fra1.digitaloceanspaces.com
    ttl: 3600
  register: cdn

- name: Under a name of our own
  fisioflow.digitalocean.cdn_endpoint:
    origin: clinic-assets.fra1.digitaloceanspaces.com
    custom_domain: assets.clinic.example
    certificate_name: clinic

- name: Forget the old style sheets
  fisioflow.digitalocean.cdn_endpoint:
    origin: clinic-assets.fra1.digitaloceanspaces.com
    purge: [css/*]

- name: Remove the CDN, not the bucket
  fisioflow.digitalocean.cdn_endpoint:
    origin: clinic-assets.fra1.digitaloceanspaces.com
    state: absent
"""

RETURN = r"""
cdn_endpoint:
  description:
    - The endpoint as the API gives it; an empty dictionary when it is not there.
    - C(custom_domain) and C(certificate_id) are empty when there are none.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 19f06b6a-3ace-4315-b086-499a0e521b76
    origin: clinic-assets.fra1.digitaloceanspaces.com
    endpoint: clinic-assets.fra1.cdn.digitaloceanspaces.com
    created_at: '2026-11-24T03:00:00Z'
    ttl: 3600
    custom_domain: ''
    certificate_id: ''
"""

import re

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import CDN_TTLS, is_spaces_region
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import CDN_ENDPOINT, CERTIFICATE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Plan, Resource, Step
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.address import DOMAIN

# The API description: 50 files in 20 seconds.
MOST_FILES = 50


def domain(value: str | None) -> str:
    """None is the same as an empty one, and host names have no case."""
    return (value or "").lower()


class CdnEndpoint(Resource):
    """An endpoint, found by the bucket behind it."""

    kind = CDN_ENDPOINT
    options = {"purge": {"type": "list", "elements": "str"}, "certificate_name": {"type": "str"}}
    rules = {"mutually_exclusive": [("certificate_id", "certificate_name")]}
    attributes = {
        "origin": Attribute(required=True, fixed="create another endpoint"),
        "ttl": Attribute("int", choices=list(CDN_TTLS)),
        "custom_domain": Attribute(normal=domain),
        "certificate_id": Attribute(normal=compare.text),
    }
    computed = dict.fromkeys(("id", "endpoint", "created_at"), UNKNOWN)

    def enrich(self, resource: Data) -> Data:
        """The API leaves out what is not set."""
        return {"custom_domain": "", "certificate_id": "", **resource}

    def wanted(self, current: Data | None) -> Data:
        """With the id of the certificate in the place of its name."""
        name = self.params["certificate_name"]
        return {**super().wanted(current), **({"certificate_id": self.id_of(CERTIFICATE, name)} if name else {})}

    def check(self, current: Data | None, wanted: Data) -> None:
        """What the API refuses, in words that say what to do."""
        host = re.fullmatch(rf"[a-z0-9.-]+\.([a-z0-9]+)\.{re.escape(DOMAIN)}", self.params["origin"])
        if host is None or not is_spaces_region(host[1]):
            raise Failure(
                f'The origin "{self.params["origin"]}" is not the host name of a bucket, nothing was done: '
                f"give one such as clinic-assets.fra1.{DOMAIN}."
            )
        whole = {**(current or {}), **wanted}
        if bool(whole.get("custom_domain")) != bool(whole.get("certificate_id")):
            raise Failure(
                f"The custom domain of {self.subject} takes a certificate and a certificate a custom domain, "
                "nothing was done: set both custom_domain and certificate_id, or both to ''."
            )

    def body(self, wanted: Data) -> Data:
        """Without what is empty."""
        return {name: value for name, value in wanted.items() if value}

    @changes("ttl", "custom_domain", "certificate_id")
    def put(self, change: Change) -> Data | None:
        """All three, so that none is lost; an empty one only to take it away."""
        values = {name: value for name, value in change.values.items() if value or name in change.differing}
        return self.enrich(self.unwrap(self.api.put(self.location(change.current), values, self.kind.promise)))

    def plan_present(self, current: Data | None) -> Plan:
        """Purging is a step of its own, of which the diff shows only that it happens."""
        plan = super().plan_present(current)
        paths = self.params["purge"] or []
        if current and paths:
            told = f"without {', '.join(paths)}"
            purge = Step("purge the cache of", lambda now: self._purge(now, paths))
            plan.also({"cache": "as it is"}, {"cache": told}, purge)
        return plan

    def _purge(self, current: Data, paths: list[str]) -> None:
        for first in range(0, len(paths), MOST_FILES):
            files = {"files": paths[first : first + MOST_FILES]}
            self.api.request("DELETE", f"{self.location(current)}/cache", files)


def main() -> None:
    """Run as an ordinary module."""
    run_module(CdnEndpoint)


if __name__ == "__main__":
    main()
