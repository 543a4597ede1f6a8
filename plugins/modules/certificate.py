#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a TLS certificate of load balancers and CDN endpoints."""

from __future__ import annotations

DOCUMENTATION = r"""
module: certificate
short_description: Manage a TLS certificate for load balancers and CDN endpoints
version_added: 0.1.0
description:
  - Has a certificate issued by Let's Encrypt, or hands one of your own over, and deletes it.
  - Nothing of a certificate can change, and the API takes each name once. A new one therefore gets a name of its own,
    and takes the place of the old one with O(replaces), so that there is no moment without a certificate.
  - One of Let's Encrypt is renewed by DigitalOcean, and has another C(id) afterwards. Look it up by its name in each
    run.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name. With O(id) it is not looked at.
    type: str
    required: true
  id:
    description:
      - The id. Without it the certificate is found by its name.
    type: str
  type:
    description:
      - Who makes it. It follows from O(dns_names) or O(leaf_certificate) when it is left out.
    type: str
    choices: [lets_encrypt, custom]
  dns_names:
    description:
      - The host names for Let's Encrypt, V(*.clinic.example) for all below one. Each must be in a domain of the account
        for which DigitalOcean's name servers answer.
    type: list
    elements: str
  leaf_certificate:
    description:
      - The certificate of your own, as PEM. It is compared by its fingerprint.
    type: str
  private_key:
    description:
      - Its private key, as PEM. Only needed to hand it over, and never compared, as the API does not tell it.
    type: str
  certificate_chain:
    description:
      - The certificates between it and the authority, as PEM. Handed over with it, and never compared.
    type: str
  sha1_fingerprint:
    description:
      - The fingerprint that the certificate must have. It follows from O(leaf_certificate).
    type: str
  replaces:
    description:
      - The name of the certificate in whose place this one comes. All load balancers and CDN endpoints that use it are
        moved to this one as soon as it is verified, whatever O(wait) says, and it is deleted.
      - When there is none of that name, nothing is left to do. What was interrupted is finished by the next run.
      - The token needs the scopes to read and update load balancers and CDN endpoints for it.
    type: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.certificate_info
  - module: fisioflow.digitalocean.domain
  - module: fisioflow.digitalocean.load_balancer
  - module: fisioflow.digitalocean.cdn_endpoint
"""

EXAMPLES = r"""
- name: A certificate of Let's Encrypt
  fisioflow.digitalocean.certificate:
    name: clinic
    dns_names: [clinic.example, www.clinic.example]
  register: edge

- name: One more name, without a moment in which the load balancer has none
  fisioflow.digitalocean.certificate:
    name: clinic-2
    dns_names: [clinic.example, www.clinic.example, api.clinic.example]
    replaces: clinic

- name: Remove it, once nothing uses it
  fisioflow.digitalocean.certificate:
    name: clinic-2
    state: absent
"""

RETURN = r"""
certificate:
  description:
    - The certificate as the API gives it; an empty dictionary when it is not there.
    - C(days_left) is how many days it lasts, negative when it has expired, null while it is not issued.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 892071a0-bb95-49bc-8021-3afd67a210bf
    name: clinic
    not_after: '2027-02-22T00:23:00Z'
    sha1_fingerprint: dfcc9f57d86bf58e321c2c6c31c7a971be244ac7
    created_at: '2026-11-24T03:00:00Z'
    dns_names: [clinic.example, www.clinic.example]
    state: verified
    type: lets_encrypt
    days_left: 89
"""

from functools import partial

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import certificates
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, capital
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import CERTIFICATE
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import Attribute
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Plan, Resource, Step

ANOTHER = "make one of another name, and set replaces to the name of this one"
SECRET = {"type": "str", "no_log": True}
PEMS = ("private_key", "leaf_certificate", "certificate_chain")


class Certificate(Resource):
    """A certificate: there or not, and in the place of another one."""

    kind = CERTIFICATE
    options = {"id": {"type": "str"}, "replaces": {"type": "str"}, **dict.fromkeys(PEMS, SECRET)}
    rules = {
        "mutually_exclusive": [("dns_names", name) for name in PEMS],
        "required_by": {"private_key": ["leaf_certificate"], "certificate_chain": ["leaf_certificate"]},
    }
    attributes = {
        "name": Attribute(required=True, fixed=ANOTHER),
        "type": Attribute(choices=["lets_encrypt", "custom"], fixed=ANOTHER),
        "dns_names": Attribute("list", elements="str", normal=compare.set_of(compare.lower), fixed=ANOTHER),
        "sha1_fingerprint": Attribute(normal=compare.lower, fixed=ANOTHER),
    }
    computed = dict.fromkeys(
        ("id", "not_after", "created_at", "state", "days_left", "dns_names", "sha1_fingerprint"), UNKNOWN
    )
    ready = frozenset({"verified"})
    failed = frozenset({"error"})

    def state(self, resource: Data) -> str:
        """Its own word for it."""
        return str(resource.get("state") or "")

    def enrich(self, resource: Data) -> Data:
        """With its end in days."""
        return certificates.told(resource)

    def wanted(self, current: Data | None) -> Data:
        """With what follows from a certificate of the user's own."""
        wanted, leaf = super().wanted(current), self.params["leaf_certificate"]
        if leaf:
            wanted["sha1_fingerprint"] = certificates.fingerprint(leaf)
        if leaf or "dns_names" in wanted:
            wanted.setdefault("type", "custom" if leaf else "lets_encrypt")
        return wanted

    def check(self, current: Data | None, wanted: Data) -> None:
        """What a new one is made of."""
        if self.params["replaces"] == self.params["name"]:
            raise self.refusal("change", "replaces names the certificate itself; give the new one another name")
        kind = wanted.get("type")
        needed = PEMS[:2] if kind == "custom" else ("dns_names",)
        missing = [name for name in needed if not self.params[name]]
        if current is None and missing:
            told = "dns_names, or leaf_certificate and private_key" if kind is None else ", ".join(missing)
            raise Failure(f"{capital(self.subject)} does not exist: to create it, set also {told}.")

    def body(self, wanted: Data) -> Data:
        """The texts in the place of the fingerprint."""
        texts = {name: self.params[name] for name in PEMS if self.params[name]}
        return {**{name: value for name, value in wanted.items() if name != "sha1_fingerprint"}, **texts}

    def failure(self, resource: Data) -> str:
        """The API tells no reason; these are those that there are."""
        return (
            f"{capital(self.subject)} went into the state error: Let's Encrypt could not prove that "
            f"{', '.join(resource['dns_names'])} is DigitalOcean's to answer for. See that the registrar names "
            "ns1.digitalocean.com and its like, and that CAA records allow letsencrypt.org; then delete it with "
            "state: absent, and run again."
        )

    def plan_present(self, current: Data | None) -> Plan:
        """And then in the place of the one that it replaces."""
        plan, name = super().plan_present(current), self.params["replaces"]
        rows = self.api.rows(self.kind.path, self.kind.many, self.kind.tells) if name else []
        for old in (row for row in rows if row["name"] == name):
            users = [certificates.name_of(*user) for user in certificates.users(self.api, old["id"])]
            told = f"{name}, used by {', '.join(users)}" if users else name
            step = Step(f"move what uses {name} to", partial(self._replace, old["id"]))
            plan.also({"replaces": told}, {"replaces": ""}, step)
        return plan

    def _replace(self, old: str, current: Data) -> Data:
        """Move its users, those that have come meanwhile too, and delete it when the API sees that none is left."""
        new = self.settle(current)
        for kind, row in certificates.users(self.api, old):
            self.when_free(partial(certificates.move, self.api, kind, row, old, new["id"]))
        self.when_free(partial(self.api.delete, self.kind.location(old)), deletes=True)
        return new


def main() -> None:
    """Run as an ordinary module."""
    run_module(Certificate)


if __name__ == "__main__":
    main()
