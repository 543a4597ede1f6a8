#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a load balancer."""

from __future__ import annotations

DOCUMENTATION = r"""
module: load_balancer
short_description: Manage a load balancer
version_added: 0.1.0
description:
  - Creates, changes and deletes a load balancer in front of Droplets, or a global one in front of others, and waits
    until it is active.
  - It cannot have App Platform behind it. Only Droplets and, for a global one, regional load balancers can be targets.
  - The API only replaces a load balancer as a whole. The module reads it right before, and what an option leaves out
    stays as it is.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name, unique in the account. Together with O(id), a name that differs renames it.
    type: str
    required: true
  id:
    description:
      - The id. Without it the load balancer is found by its name.
    type: str
  type:
    description:
      - V(REGIONAL), which the API takes when it is left out, speaks HTTP and TLS; V(REGIONAL_NETWORK) passes TCP and
        UDP on as they are; V(GLOBAL) stands before regional ones. Cannot change.
    type: str
    choices: [REGIONAL, REGIONAL_NETWORK, GLOBAL]
  region:
    description:
      - The datacentre region, such as V(fra1). Needed to create one that is not global; cannot change.
    type: str
  size_unit:
    description:
      - How many nodes it has, from 1 to 100; each has a price. The API changes it once an hour. What else is to change
        is changed before, so that only the size has to wait.
    type: int
  droplet_ids:
    description:
      - The Droplets behind it, at most ten, and no others. An empty list takes all away. For more, use O(tag).
    type: list
    elements: int
  tag:
    description:
      - All Droplets with this tag are behind it, those that get it later as well.
    type: str
  forwarding_rules:
    description:
      - What it listens to, and where that goes, and nothing else. The order has no meaning. Needed to create one that
        is not global.
      - A rule is known by its entry protocol and port. What it leaves out stays as it is in the rule that is there.
    type: list
    elements: dict
    suboptions:
      entry_protocol:
        description: What clients speak.
        type: str
        required: true
        choices: [http, https, http2, http3, tcp, udp]
      entry_port:
        description: The port for clients.
        type: int
        required: true
      target_protocol:
        description: What the Droplets speak.
        type: str
        required: true
        choices: [http, https, http2, tcp, udp]
      target_port:
        description: The port of the Droplets.
        type: int
        required: true
      certificate_id:
        description: The id of the certificate with which it ends TLS.
        type: str
      certificate_name:
        description: Its name, which stays the same when it is renewed; the id does not.
        type: str
      tls_passthrough:
        description: Whether TLS is passed on to the Droplets as it is.
        type: bool
  health_check:
    description:
      - How it finds out which Droplets can take requests.
    type: dict
    suboptions:
      protocol:
        description: What it speaks. The API takes V(http) when it is left out at creation.
        type: str
        choices: [http, https, tcp]
      port:
        description: The port that it asks, V(80) by default.
        type: int
      path:
        description: The path that it asks for, V(/) by default; not for V(tcp).
        type: str
      check_interval_seconds:
        description: Seconds between two checks.
        type: int
      response_timeout_seconds:
        description: Seconds to wait for an answer.
        type: int
      unhealthy_threshold:
        description: After how many failures in a row a Droplet gets no more requests.
        type: int
      healthy_threshold:
        description: After how many successes in a row it gets some again.
        type: int
  sticky_sessions:
    description:
      - Whether a client stays with its Droplet, by a cookie.
    type: dict
    suboptions:
      type:
        description: V(none) or V(cookies).
        type: str
        choices: [cookies, none]
      cookie_name:
        description: The name of the cookie, needed for V(cookies).
        type: str
      cookie_ttl_seconds:
        description: Its lifetime in seconds, needed for V(cookies).
        type: int
  firewall:
    description:
      - Who may reach it. A list that is left out stays as it is.
    type: dict
    suboptions:
      allow:
        description: Addresses that may, as V(ip:192.0.2.1) or V(cidr:192.0.2.0/24). With any, all others may not.
        type: list
        elements: str
      deny:
        description: Addresses that may not, in the same form.
        type: list
        elements: str
  redirect_http_to_https:
    description:
      - Whether it answers requests on port 80 with the address on port 443.
    type: bool
  enable_proxy_protocol:
    description:
      - Whether Droplets are told the client's address by the PROXY protocol, which they must understand then.
    type: bool
  enable_backend_keepalive:
    description:
      - Whether connections to Droplets are kept for further requests.
    type: bool
  http_idle_timeout_seconds:
    description:
      - How long an idle connection stays, from 30 to 600 seconds.
    type: int
  tls_cipher_policy:
    description:
      - Which ciphers it takes. V(STRONG) takes modern ones only.
    type: str
    choices: [DEFAULT, STRONG]
  disable_lets_encrypt_dns_records:
    description:
      - Whether it leaves alone the DNS records of domains in its certificates of Let's Encrypt.
    type: bool
  project_id:
    description:
      - The project to which it belongs. The API takes the default one when it is left out at creation.
    type: str
  vpc_uuid:
    description:
      - The id of the VPC in which it is. The API takes the default one of the region. Cannot change.
    type: str
  network:
    description:
      - V(INTERNAL) gives it an address in its VPC only. The API takes V(EXTERNAL) when it is left out. Cannot change.
    type: str
    choices: [EXTERNAL, INTERNAL]
  network_stack:
    description:
      - Which addresses it has. The API takes V(IPV4) when it is left out. Cannot change.
    type: str
    choices: [IPV4, DUALSTACK]
  domains:
    description:
      - The names of a global one, and no others.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name in full.
        type: str
        required: true
      is_managed:
        description: Whether DigitalOcean keeps its DNS, so that the records are made.
        type: bool
      certificate_id:
        description: The id of its certificate.
        type: str
      certificate_name:
        description: The name of its certificate, which stays the same when it is renewed; the id does not.
        type: str
  glb_settings:
    description:
      - How a global one passes requests on. Needed to create one.
    type: dict
    suboptions:
      target_protocol:
        description: What its targets speak.
        type: str
        choices: [http, https, http2]
      target_port:
        description: The port of its targets.
        type: int
      cdn:
        description: Its cache.
        type: dict
        suboptions:
          is_enabled:
            description: Whether it caches.
            type: bool
      region_priorities:
        description: The regions, each with a number. The lowest is preferred. The dictionary is replaced as a whole.
        type: dict
      failover_threshold:
        description: At which percentage of failures the next region is taken.
        type: int
  target_load_balancer_ids:
    description:
      - The ids of the load balancers behind a global one, and no others.
    type: list
    elements: str
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.load_balancer_info
"""

EXAMPLES = r"""
- name: HTTPS for all Droplets with a tag
  fisioflow.digitalocean.load_balancer:
    name: clinic-edge
    region: fra1
    tag: clinic-edge
    forwarding_rules:
      - entry_protocol: http
        entry_port: 80
        target_protocol: http
        target_port: 8080
      - entry_protocol: https
        entry_port: 443
        target_protocol: http
        target_port: 8080
        certificate_name: clinic
    health_check:
      port: 8080
      path: /health
    redirect_http_to_https: true
    tls_cipher_policy: STRONG
  register: edge

- name: A second node, and the office alone
  fisioflow.digitalocean.load_balancer:
    name: clinic-edge
    size_unit: 2
    firewall:
      allow: [cidr:203.0.113.0/24]

- name: The world before it
  fisioflow.digitalocean.load_balancer:
    name: clinic-world
    type: GLOBAL
    glb_settings:
      target_protocol: http
      target_port: 80
    domains:
      - name: clinic.example
    target_load_balancer_ids: ["{{ edge.load_balancer.id }}"]

- name: Remove that first
  fisioflow.digitalocean.load_balancer:
    name: clinic-world
    state: absent

- name: And what stood behind it
  fisioflow.digitalocean.load_balancer:
    name: clinic-edge
    state: absent
"""

RETURN = r"""
load_balancer:
  description:
    - The load balancer as the API gives it, with empty values for what its type has not; an empty dictionary when it
      is not there.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 4de7ac8b-495b-4884-9a69-1050c6793cd6
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

from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import load_balancers, offers
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, Invalid, capital
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import CERTIFICATE, LOAD_BALANCER, REGION
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource

ANOTHER = "create another one, and move what points to this one"
# What one of another type has: a result has one shape.
BLANK: Data = {
    "ipv6": "",
    "size": "",
    "region": {},
    "vpc_uuid": "",
    "forwarding_rules": [],
    "domains": [],
    "glb_settings": {},
    "target_load_balancer_ids": [],
}
NUMBER = {"type": "int"}
TEXT = {"type": "str"}
CERTIFICATE_BY = {"certificate_id": TEXT, "certificate_name": TEXT}
SWITCH = {"type": "bool"}


def word(*choices: str, required: bool = False) -> Data:
    """The option that is one of these."""
    return {"type": "str", "choices": list(choices), **({"required": True} if required else {})}


def laid_over(there: list[Data] | None, given: list[Data], *key: str) -> list[Data]:
    """Each of the given over the one of the same key which is there, so that what it leaves out stays."""
    known = {tuple(item.get(name) for name in key): item for item in there or []}
    return [{**known.get(tuple(item.get(name) for name in key), {}), **item} for item in given]


class LoadBalancer(Resource):
    """A load balancer, which the API only replaces as a whole."""

    kind = LOAD_BALANCER
    options = {"id": TEXT}
    rules = {"mutually_exclusive": [("droplet_ids", "tag")]}
    attributes = {
        "name": Attribute(required=True),
        "type": Attribute(choices=["REGIONAL", "REGIONAL_NETWORK", "GLOBAL"], fixed=ANOTHER),
        "region": Attribute(normal=load_balancers.slug, fixed=ANOTHER),
        "vpc_uuid": Attribute(fixed=ANOTHER),
        "network": Attribute(choices=["EXTERNAL", "INTERNAL"], fixed=ANOTHER),
        "network_stack": Attribute(choices=["IPV4", "DUALSTACK"], fixed=ANOTHER),
        "size_unit": Attribute("int"),
        "droplet_ids": Attribute("list", elements="int", normal=compare.set_of()),
        "tag": Attribute(normal=compare.text),
        "forwarding_rules": Attribute(
            "list",
            elements="dict",
            options={
                "entry_protocol": word("http", "https", "http2", "http3", "tcp", "udp", required=True),
                "entry_port": {**NUMBER, "required": True},
                "target_protocol": word("http", "https", "http2", "tcp", "udp", required=True),
                "target_port": {**NUMBER, "required": True},
                **CERTIFICATE_BY,
                "tls_passthrough": SWITCH,
            },
            normal=compare.set_of(
                compare.record(
                    **dict.fromkeys(("entry_protocol", "entry_port", "target_protocol", "target_port"), compare.plain),
                    certificate_id=compare.text,
                    tls_passthrough=bool,
                )
            ),
        ),
        "health_check": Attribute(
            "dict",
            options={
                "protocol": word("http", "https", "tcp"),
                "port": NUMBER,
                "path": TEXT,
                "check_interval_seconds": NUMBER,
                "response_timeout_seconds": NUMBER,
                "unhealthy_threshold": NUMBER,
                "healthy_threshold": NUMBER,
            },
        ),
        "sticky_sessions": Attribute(
            "dict",
            options={"type": word("cookies", "none"), "cookie_name": TEXT, "cookie_ttl_seconds": NUMBER},
        ),
        "firewall": Attribute(
            "dict",
            options={name: {"type": "list", "elements": "str"} for name in ("allow", "deny")},
            normal=lambda value: {name: compare.set_of()(rules) for name, rules in (value or {}).items()},
        ),
        "redirect_http_to_https": Attribute("bool", normal=bool),
        "enable_proxy_protocol": Attribute("bool", normal=bool),
        "enable_backend_keepalive": Attribute("bool", normal=bool),
        "disable_lets_encrypt_dns_records": Attribute("bool", normal=bool),
        "http_idle_timeout_seconds": Attribute("int"),
        "tls_cipher_policy": Attribute(choices=["DEFAULT", "STRONG"], normal=lambda value: value or "DEFAULT"),
        "project_id": Attribute(),
        "domains": Attribute(
            "list",
            elements="dict",
            options={"name": {**TEXT, "required": True}, "is_managed": SWITCH, **CERTIFICATE_BY},
            normal=compare.set_of(
                compare.record(name=compare.lower, is_managed=bool, certificate_id=compare.text),
            ),
        ),
        "glb_settings": Attribute(
            "dict",
            options={
                "target_protocol": word("http", "https", "http2"),
                "target_port": NUMBER,
                "cdn": {"type": "dict", "options": {"is_enabled": SWITCH}},
                "region_priorities": {"type": "dict"},
                "failover_threshold": NUMBER,
            },
            normal=lambda value: {
                **compare.plain(value or {}),
                "target_protocol": compare.lower((value or {}).get("target_protocol")),
            },
            whole=True,
        ),
        "target_load_balancer_ids": Attribute("list", elements="str", normal=compare.set_of(compare.lower)),
    }
    computed = {**BLANK, **dict.fromkeys(("id", "ip", "ipv6", "size", "status", "created_at", "algorithm"), UNKNOWN)}
    ready = frozenset({"active"})
    failed = frozenset({"errored"})

    def enrich(self, resource: Data) -> Data:
        """The API leaves out what a type has not."""
        return {**BLANK, **resource}

    def wanted(self, current: Data | None) -> Data:
        """Lists and settings that the API replaces as a whole, laid over what is there."""
        wanted, now = super().wanted(current), current or {}
        if "region" in wanted:
            wanted["region"] = {"slug": wanted["region"]}
        if "droplet_ids" in wanted and now.get("tag"):
            wanted["tag"] = ""
        if rules := [self._with_id(rule) for rule in wanted.get("forwarding_rules", [])]:
            ended = [
                {**rule, **({"certificate_id": ""} if rule.get("tls_passthrough") else {})}
                if not rule.get("certificate_id")
                else {"tls_passthrough": False, **rule}
                for rule in rules
            ]
            wanted["forwarding_rules"] = laid_over(now.get("forwarding_rules"), ended, "entry_protocol", "entry_port")
        if "domains" in wanted:
            wanted["domains"] = laid_over(now.get("domains"), [self._with_id(one) for one in wanted["domains"]], "name")
        if settings := wanted.get("glb_settings"):
            there = now.get("glb_settings") or {}
            cdn = {"cdn": compare.merge(there.get("cdn"), settings["cdn"])} if "cdn" in settings else {}
            wanted["glb_settings"] = {**there, **settings, **cdn}
        return wanted

    def _with_id(self, given: Data) -> Data:
        """A rule or a domain with the id of its certificate in the place of the name."""
        name = given.get("certificate_name")
        if name and given.get("certificate_id"):
            raise self.refusal("set", "certificate_id and certificate_name say the same: give one of them")
        rest = {key: value for key, value in given.items() if key != "certificate_name"}
        return {**rest, "certificate_id": self.id_of(CERTIFICATE, name)} if name else rest

    def check(self, current: Data | None, wanted: Data) -> None:
        """What a new one needs by its type, and what only one kind of health check has."""
        needed = ("glb_settings",) if wanted.get("type") == "GLOBAL" else ("region", "forwarding_rules")
        missing = [name for name in needed if not wanted.get(name)]
        if current is None and missing:
            raise Failure(f"{capital(self.subject)} does not exist: to create it, set also {', '.join(missing)}.")
        asked = wanted.get("health_check", {})
        protocol = asked.get("protocol") or ((current or {}).get("health_check") or {}).get("protocol")
        if asked.get("path") and protocol == "tcp":
            raise self.refusal("set health_check of", "path is for http and https, and its protocol is tcp")

    def unoffered(self, current: Data | None, asked: Data) -> Iterator[str]:
        """The region of a new one."""
        if current is None and "region" in asked:
            rows = self.api.rows(REGION.path, REGION.many, REGION.tells)
            yield from offers.region_refusals({"region": load_balancers.slug(asked["region"])}, rows)

    def body(self, wanted: Data) -> Data:
        """In the form that the API takes."""
        return load_balancers.body(wanted)

    @changes(*(name for name, attribute in attributes.items() if not attribute.fixed and name != "size_unit"))
    def replace(self, change: Change) -> Data | None:
        """All but the size."""
        return self.put(change)

    def put(self, change: Change) -> Data:
        """All of it, what nobody speaks about and we do not know included: what is not sent is reset."""
        whole = self.body({**change.current, **change.values})
        return self.enrich(self.unwrap(self.api.put(self.location(change.current), whole, self.kind.promise)))

    @changes("size_unit")
    def resize(self, change: Change) -> Data | None:
        """By itself and last, since the API may refuse it for an hour."""
        try:
            return self.put(change)
        except Invalid as error:
            if "resized once" in error.message:
                error.advice = (
                    "The number of nodes can change once an hour, and what else was to change has changed: run again "
                    "when the hour is over, or leave size_unit as it is."
                )
            raise

    def failure(self, resource: Data) -> str:
        """It does not come back."""
        return (
            f"{capital(self.subject)} went into the state {self.state(resource)}: DigitalOcean could not make it. "
            "Delete it, and run again."
        )

    def undeletable(self, current: Data) -> str:
        """A global one that sends requests to it would lose them."""
        rows = self.api.rows(self.kind.path, self.kind.many, self.kind.tells)
        names = [row["name"] for row in rows if current["id"] in (row.get("target_load_balancer_ids") or [])]
        return f"it is a target of {', '.join(names)}; take it out of target_load_balancer_ids there" if names else ""


def main() -> None:
    """Run as an ordinary module."""
    run_module(LoadBalancer)


if __name__ == "__main__":
    main()
