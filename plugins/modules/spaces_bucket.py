#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: a bucket of Spaces."""

from __future__ import annotations

DOCUMENTATION = r"""
module: spaces_bucket
short_description: Manage a bucket of Spaces
version_added: 0.1.0
description:
  - Creates, configures and deletes a bucket of Spaces, DigitalOcean's object storage.
  - Each setting is read and changed only when its option is given. An empty list or dictionary, or an empty string,
    removes a setting.
  - The names of rules and their parts are those of S3 in C(snake_case).
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name, unique over all of Spaces. 3 to 63 lower-case letters, digits, dashes and periods.
    type: str
    required: true
  acl:
    description:
      - Who may list the bucket beside its owner. V(public-read) lets everybody do it. Each object has an ACL of its
        own.
    type: str
    choices: [private, public-read]
  versioning:
    description:
      - Whether the earlier versions of objects are kept. Once it was on, V(false) suspends it; versions that are there
        stay.
    type: bool
  cors:
    description:
      - Which web pages may use the bucket from a browser, as rules of which the first that matches counts.
    type: list
    elements: dict
    suboptions:
      allowed_origins:
        description:
          - The pages' origins, such as V(https://clinic.example). One V(*) in each may stand for anything.
        type: list
        elements: str
        required: true
      allowed_methods:
        description:
          - What they may do.
        type: list
        elements: str
        required: true
        choices: [GET, PUT, POST, DELETE, HEAD]
      allowed_headers:
        description:
          - The request headers that they may send. V(*) is any.
        type: list
        elements: str
      expose_headers:
        description:
          - The response headers that they may read.
        type: list
        elements: str
      max_age_seconds:
        description:
          - How long a browser may remember this.
        type: int
  lifecycle:
    description:
      - When objects, old versions and unfinished uploads go by themselves, as rules in any order.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - The name of the rule. One is made when it is left out or empty.
        type: str
      status:
        description:
          - Whether the rule counts.
        type: str
        choices: [Enabled, Disabled]
        default: Enabled
      prefix:
        description:
          - With what the names of the objects begin. Empty for all objects.
        type: str
        default: ''
      expiration:
        description:
          - When objects go; in a versioned bucket they become old versions.
        type: dict
        suboptions:
          days:
            description: So many days after they were made.
            type: int
          date:
            description: On this day, such as V(2027-01-31).
            type: str
          expired_object_delete_marker:
            description: Whether the mark of a deleted object goes once no version of it is left.
            type: bool
      noncurrent_version_expiration:
        description:
          - When old versions go.
        type: dict
        suboptions:
          noncurrent_days:
            description: So many days after they became old.
            type: int
            required: true
      abort_incomplete_multipart_upload:
        description:
          - When uploads that were never finished go.
        type: dict
        suboptions:
          days_after_initiation:
            description: So many days after they were begun.
            type: int
            required: true
  policy:
    description:
      - The bucket policy, as a dictionary or a JSON document. An empty string removes it.
      - Spaces knows either a policy or keys that are limited to the bucket, not both.
    type: json
  logging:
    description:
      - Where accesses are logged. An empty dictionary ends it.
    type: dict
    suboptions:
      target_bucket:
        description:
          - Another bucket in the same region.
        type: str
      target_prefix:
        description:
          - With what the names of the log files begin.
        type: str
  force:
    description:
      - Delete a bucket together with everything in it, all versions and unfinished uploads included. Without it, only
        an empty bucket is deleted.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
  - fisioflow.digitalocean.spaces
seealso:
  - module: fisioflow.digitalocean.spaces_bucket_info
  - module: fisioflow.digitalocean.spaces_key
  - module: fisioflow.digitalocean.cdn_endpoint
"""

EXAMPLES = r"""
- name: A private bucket that browsers upload to and that forgets nothing for 30 days
  fisioflow.digitalocean.spaces_bucket:
    name: clinic-uploads
    region: fra1
    acl: private
    versioning: true
    cors:
      - allowed_origins: [https://clinic.example]
        allowed_methods: [GET, PUT]
        allowed_headers: ["*"]
        expose_headers: [ETag]
        max_age_seconds: 3600
    lifecycle:
      - id: expire-old-versions
        noncurrent_version_expiration:
          noncurrent_days: 30
      - id: abort-unfinished-uploads
        abort_incomplete_multipart_upload:
          days_after_initiation: 7

- name: A public one, which a CDN endpoint serves
  fisioflow.digitalocean.spaces_bucket:
    name: clinic-assets
    region: fra1
    acl: public-read
    logging:
      target_bucket: clinic-uploads
      target_prefix: logs/

- name: Only over TLS
  fisioflow.digitalocean.spaces_bucket:
    name: clinic-assets
    region: fra1
    policy:
      Version: '2012-10-17'
      Statement:
        - Sid: TlsOnly
          Effect: Deny
          Principal: "*"
          Action: s3:*
          Resource:
            - arn:aws:s3:::clinic-assets
            - arn:aws:s3:::clinic-assets/*
          Condition:
            Bool:
              aws:SecureTransport: 'false'

- name: Remove a bucket and all that is in it
  fisioflow.digitalocean.spaces_bucket:
    name: clinic-assets
    region: fra1
    state: absent
    force: true
"""

RETURN = r"""
spaces_bucket:
  description:
    - The bucket; an empty dictionary when it is not there.
    - Of the settings, those that the task speaks about. C(acl) is V(custom) when somebody has set what is neither of
      the two choices.
  returned: always
  type: dict
  sample:
    name: clinic-uploads
    region: fra1
    urn: do:space:clinic-uploads
    host: clinic-uploads.fra1.digitaloceanspaces.com
    endpoint: https://fra1.digitaloceanspaces.com
    url: https://clinic-uploads.fra1.digitaloceanspaces.com
    acl: private
    versioning: true
    cors:
      - allowed_origins: [https://clinic.example]
        allowed_methods: [GET, PUT]
        allowed_headers: ["*"]
        expose_headers: [ETag]
        max_age_seconds: 3600
    lifecycle:
      - id: abort-unfinished-uploads
        status: Enabled
        prefix: ''
        abort_incomplete_multipart_upload:
          days_after_initiation: 7
    policy: {}
    logging: {}
"""

from functools import cached_property

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import facts
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Conflict, Failure, capital
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import SPACES_BUCKET
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Plan, Resource
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import address, contents, settings
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces import client as spaces

# What is set on a bucket: each costs a request of its own and is given as a whole.
OPTIONS: dict[str, Data] = {
    "acl": {"type": "str", "choices": ["private", "public-read"]},
    "versioning": {"type": "bool"},
    "cors": {
        "type": "list",
        "elements": "dict",
        "options": {
            "allowed_origins": {"type": "list", "elements": "str", "required": True},
            "allowed_methods": {
                "type": "list",
                "elements": "str",
                "required": True,
                "choices": ["GET", "PUT", "POST", "DELETE", "HEAD"],
            },
            "allowed_headers": {"type": "list", "elements": "str"},
            "expose_headers": {"type": "list", "elements": "str"},
            "max_age_seconds": {"type": "int"},
        },
    },
    "lifecycle": {
        "type": "list",
        "elements": "dict",
        "options": {
            "id": {"type": "str"},
            "status": {"type": "str", "choices": ["Enabled", "Disabled"], "default": "Enabled"},
            "prefix": {"type": "str", "default": ""},
            "expiration": {
                "type": "dict",
                "options": {
                    "days": {"type": "int"},
                    "date": {"type": "str"},
                    "expired_object_delete_marker": {"type": "bool"},
                },
            },
            "noncurrent_version_expiration": {
                "type": "dict",
                "options": {"noncurrent_days": {"type": "int", "required": True}},
            },
            "abort_incomplete_multipart_upload": {
                "type": "dict",
                "options": {"days_after_initiation": {"type": "int", "required": True}},
            },
        },
    },
    "policy": {"type": "json"},
    "logging": {"type": "dict", "options": {"target_bucket": {"type": "str"}, "target_prefix": {"type": "str"}}},
}


class SpacesBucket(Resource):
    """A bucket over S3; `api` is that of Spaces here."""

    kind = SPACES_BUCKET
    options = {
        **spaces.options(),
        "force": {"type": "bool", "default": False},
    }
    attributes = {
        "name": Attribute(required=True, fixed="create another bucket and copy the objects"),
        "region": Attribute(required=True, fixed="create another bucket there and copy the objects"),
        **{
            # The call that creates the bucket takes the ACL.
            name: Attribute(
                **option, normal=settings.SETTINGS[name].same, at_creation=name == "acl", whole=True, on_demand=True
            )
            for name, option in OPTIONS.items()
        },
    }
    computed = {}

    @cached_property
    def api(self) -> spaces.Spaces:
        """The region's endpoint."""
        return spaces.connect(self.params, self.secrets, self.clock, self.tell_of_delay, self.invocation.ahead)

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def fetch(self, key: str) -> Data | None:
        """The bucket with the settings that the task speaks about, in the time of one request."""
        asked = [name for name in settings.SETTINGS if self.params[name] is not None]
        found = settings.read(self.api, key, asked if self.params["state"] == "present" else [])
        if found is None:
            return None
        location, region = found.pop("location"), self.params["region"]
        if location != region and facts.is_spaces_region(location):
            raise Failure(
                f"{capital(self.subject)} is in {location} and not in {region}, nothing was done: set region "
                "to where it is, or choose another name."
            )
        return {**address.about(key, self.params), **found}

    def read(self) -> Data | None:
        """Names that cannot be are told before anything is asked."""
        if problem := facts.bad_bucket_name(self.params["name"]):
            raise Failure(f'The name "{self.params["name"]}" cannot be that of a bucket: {problem}.')
        return super().read()

    # ── Planning ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def wanted(self, current: Data | None) -> Data:
        """Rules with their ids, the policy as a document."""
        wanted = super().wanted(current)
        if "policy" in wanted:
            wanted["policy"] = settings.parsed(wanted["policy"])
        if "lifecycle" in wanted:
            wanted["lifecycle"] = settings.with_ids(wanted["lifecycle"], (current or {}).get("lifecycle") or [])
        return wanted

    def check(self, current: Data | None, wanted: Data) -> None:
        """What S3 would refuse when half is done."""
        if problem := settings.contradiction(self.params["name"], wanted):
            raise Failure(f"The options of {self.subject} contradict each other, nothing was done: {problem}.")
        if current is not None:
            return
        for region, mine in spaces.regions_of(self.params["name"], self.params).items():
            if mine:
                raise Failure(
                    f"{capital(self.subject)} exists in {region}, and names are unique over all regions, so "
                    f"nothing was done: set region to {region}, or choose another name."
                )
            raise Failure(
                f"{capital(self.subject)} exists in {region} and is somebody else's, or this key is not "
                "granted for it; nothing was done. Names are unique over all of Spaces: choose another one."
            )

    def plan_present(self, current: Data | None) -> Plan:
        """Its addresses follow from its name and are known beforehand."""
        plan = super().plan_present(current)
        plan.predicted = {**address.about(self.params["name"], self.params), **plan.predicted}
        return plan

    def plan_absent(self, current: Data | None) -> Plan:
        """Refuse what S3 would refuse, and say what is in the way."""
        if current and not self.params["force"] and (example := contents.example(self.api, self.params["name"])):
            raise self.refusal(
                "delete",
                f"it is not empty (it holds {example}); set force to true to delete everything that is in it",
            )
        return super().plan_absent(current)

    # ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def create(self, wanted: Data) -> Data:
        """In the region of the endpoint."""
        about = address.about(wanted["name"], self.params)
        if "acl" not in wanted:
            self.api.call("create_bucket", Bucket=wanted["name"])
            return about
        self.api.call("create_bucket", Bucket=wanted["name"], ACL=wanted["acl"])
        return {**about, "acl": wanted["acl"]}

    def delete(self, current: Data) -> None:
        """Empty it first, if so told."""
        if self.params["force"]:
            contents.remove(
                self.api,
                current["name"],
                deadline=self.clock.now() + self.params["wait_timeout"],
                tell=lambda count: self.progress(f"{self.subject}: {count} objects deleted"),
            )
        try:
            self.api.gone("delete_bucket", Bucket=current["name"])
        except Conflict as error:
            if error.error_id != "BucketNotEmpty" or self.params["force"]:
                raise
            raise Failure(
                f"Could not delete {self.subject}: somebody has just put something into it; set force to "
                "true to delete everything that is in it."
            ) from None

    @changes(*settings.SETTINGS, one_by_one=True)
    def put(self, change: Change) -> Data | None:
        """Each has a call of its own."""
        ((name, value),) = change.differing.items()
        settings.write(self.api, self.params["name"], name, value)
        return {name: value}


def main() -> None:
    """Run as an ordinary module."""
    run_module(SpacesBucket)


if __name__ == "__main__":
    main()
