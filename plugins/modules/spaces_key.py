#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: an access key of Spaces."""

from __future__ import annotations

DOCUMENTATION = r"""
module: spaces_key
short_description: Manage an access key of Spaces
version_added: 0.1.0
description:
  - Creates, replaces and deletes an access key for Spaces, DigitalOcean's object storage.
  - The API tells the secret of a key once, when the key is made. The result has it only where C(no_log=true) keeps a
    task from showing it; other tasks read it from what that task registers. Without C(no_log) the key is made all the
    same, its secret is known to nobody, and a warning says so.
  - The API cannot change what a key is granted. A change makes a new key, which is there before the old one is deleted,
    and has a new O(access_key) and a new secret.
  - While a key is replaced, the new one is called like the old one with C(-new-from-ansible) behind it. What an
    interrupted run leaves under that name has a secret that nobody knows, so the next run deletes it.
  - A replaced key that is still in use, see O(keep), lives on with C(-old-from-ansible) behind its name.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name. The API takes two keys of one name, this module does not.
      - Together with O(access_key), a name that differs renames the key.
    type: str
    required: true
  access_key:
    description:
      - The access key id. Without it the key is found by its name.
    type: str
  grants:
    description:
      - What the key may do, in any order. Needed to create it.
    type: list
    elements: dict
    suboptions:
      bucket:
        description:
          - The name of the bucket, which must exist. Left out for V(fullaccess), which is for all buckets.
        type: str
        default: ''
      permission:
        description:
          - V(read) and V(readwrite) reach the objects of O(grants[].bucket). What concerns a bucket itself (to create
            it, its CORS rules, …) takes V(fullaccess), which must be the only grant.
        type: str
        required: true
        choices: [read, readwrite, fullaccess]
  replace:
    description:
      - Replace an existing key although its grants are right, because its secret is lost or has leaked. A key that is
        made by this run has a new secret anyway.
    type: bool
    default: false
  replace_unless:
    description:
      - Access key ids whose secrets somebody has. An existing key that is none of them is replaced, since its secret is
        lost. Left out, a key is not replaced for that reason.
    type: list
    elements: str
  keep:
    description:
      - The access key ids that somebody still uses. One of them that is replaced is renamed instead of deleted, so that
        whoever uses it can change over to the new key without an interruption.
      - A later task deletes it, as soon as it is not named here any more.
    type: list
    elements: str
    default: []
  short_lived:
    description:
      - Whether a key that this task makes must not outlive the run. It is deleted by a later task with O(state=absent),
        or, when the run ends before that, whether by failure or by SIGINT, SIGTERM or SIGKILL, by a process that waits
        for the end of the run. What stops that process as well, such as the end of a container, leaves the key.
      - Only where the task runs inside the controller, as tasks of the control node do.
    type: bool
    default: false
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.spaces_key_info
  - module: fisioflow.digitalocean.spaces_bucket
"""

EXAMPLES = r"""
- name: A key that reaches the uploads and nothing else
  fisioflow.digitalocean.spaces_key:
    name: clinic-uploads
    grants:
      - bucket: clinic-uploads
        permission: readwrite
  register: key
  no_log: true

- name: Hand it to the application when it is new
  ansible.builtin.set_fact:
    app_secrets:
      DO_SPACES_KEY: "{{ key.spaces_key.access_key }}"
      DO_SPACES_SECRET: "{{ key.spaces_key.secret_key }}"
  when: key.spaces_key.secret_key is defined
  no_log: true

- name: A new key, since the secret has leaked
  fisioflow.digitalocean.spaces_key:
    name: clinic-uploads
    replace: true
  register: key
  no_log: true

- name: Another new key, while the application still works with the one before
  fisioflow.digitalocean.spaces_key:
    name: clinic-uploads
    replace: true
    keep:
      - "{{ key.spaces_key.access_key }}"
  register: key
  no_log: true

- name: A key whose secret the application has, which it has not where an earlier run was stopped in between
  fisioflow.digitalocean.spaces_key:
    name: clinic-uploads
    replace_unless:
      - "{{ key.spaces_key.access_key }}"
  register: key
  no_log: true

- name: The one before goes, once the application works with the new one
  fisioflow.digitalocean.spaces_key:
    name: clinic-uploads

- name: Remove it
  fisioflow.digitalocean.spaces_key:
    name: clinic-uploads
    state: absent

- name: Make a key for a moment, which an interrupted run does not leave behind
  fisioflow.digitalocean.spaces_key:
    name: clinic-moment
    grants:
      - permission: fullaccess
    short_lived: true
  register: moment
  no_log: true

- name: Delete it
  fisioflow.digitalocean.spaces_key:
    name: clinic-moment
    state: absent
"""

RETURN = r"""
spaces_key:
  description:
    - The key as the API gives it; an empty dictionary when it is not there.
    - C(secret_key) is only there when this task made the key and has C(no_log=true). What is registered holds it, so a
      task that uses it wants C(no_log=true) as well.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    name: clinic-uploads
    access_key: DO00ABCDEFGHIJKLMNOP
    grants:
      - bucket: clinic-uploads
        permission: readwrite
    created_at: '2026-11-24T03:00:00Z'
    secret_key: 0123456789abcdefghijklmnopqrstuvwxyzABCDEFG
"""

from datetime import datetime, timedelta

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import SPACES_KEY
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.transport import Answer
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import (
    UNKNOWN,
    Invocation,
    run_module,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Plan, Resource, Step

# How a key is called until the one that it replaces is out of the way, and how that one is while it is still in use.
NEW = "-new-from-ansible"
OLD = "-old-from-ansible"
# Pauses (seconds) between looks at two keys of one name.
LOOKS_AT_TWINS = (0.2, 0.4, 0.8, 1.6)
FULL = "fullaccess"
# The API's clock is known as of its last answer, in whole seconds.
A_MOMENT = timedelta(seconds=2)


class EitherWay(Promise):
    """One key alone, or in a list."""

    def broken(self, answer: Answer) -> str:
        """Wrong both ways."""
        return SPACES_KEY.promise.broken(answer) and Promise(SPACES_KEY.many, list).broken(answer)


class SpacesKey(Resource):
    """A key; only its name changes in place, so a change of grants makes another one."""

    kind = SPACES_KEY
    options = {
        "access_key": {"type": "str", "no_log": False},
        "replace": {"type": "bool", "default": False},
        "replace_unless": {"type": "list", "elements": "str", "no_log": False},
        "keep": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "short_lived": {"type": "bool", "default": False},
    }
    attributes = {
        "name": Attribute(required=True),
        "grants": Attribute(
            "list",
            elements="dict",
            options={
                "bucket": {"type": "str", "default": ""},
                "permission": {"type": "str", "required": True, "choices": ["read", "readwrite", FULL]},
            },
            normal=compare.set_of(compare.record(bucket=compare.text, permission=compare.plain)),
            needed=True,
            whole=True,
        ),
    }
    computed = dict.fromkeys(("access_key", "created_at", "secret_key"), UNKNOWN)
    reveals = {"secret_key": "set replace: true once"}

    def __init__(self, invocation: Invocation) -> None:
        super().__init__(invocation)
        # The name under which the API knows the key that is being made or looked for.
        self._name: str = self.params["name"]
        self._made: Data = {}
        # When the first try to make it was begun, by the server's clock.
        self._asked_at: datetime | None = None

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _keys(self) -> list[Data]:
        return self.api.rows(SPACES_KEY.path, SPACES_KEY.many, SPACES_KEY.tells, fresh=self.api.has_written)

    def _leftovers(self, ending: str) -> list[Data]:
        """NEW: what an interrupted replacement has left, whose secret nobody knows. OLD: what is no longer in use."""
        name = f"{self.params['name']}{ending}"
        return [row for row in self._keys() if row.get("name") == name and not self._kept(row)]

    def _kept(self, key: Data) -> bool:
        return key.get("access_key") in self.params["keep"]

    def _is_lost(self, key: Data) -> bool:
        held = self.params["replace_unless"]
        return held is not None and key.get("access_key") not in held

    def find(self) -> list[Data]:
        """Those of the name; in the middle of a replacement, of the name that the new one has until then."""
        found = [row for row in self._keys() if row.get("name") == self._name]
        for pause in LOOKS_AT_TWINS if len(found) > 1 else ():
            # One that was deleted a moment ago may still be listed beside its successor.
            self.clock.sleep(pause)
            rows = self.api.rows(SPACES_KEY.path, SPACES_KEY.many, SPACES_KEY.tells, fresh=True)
            found = [row for row in rows if row.get("name") == self._name]
            if len(found) == 1:
                break
        return found

    def read(self) -> Data | None:
        """In the middle of a replacement the new one, whatever the option access_key says."""
        if self._name != self.params["name"]:
            return next(iter(self.find()), None)
        return super().read()

    def fetch(self, key: str) -> Data | None:
        """By its schema the API answers with a list of one, by its example with the key alone."""
        if not key:
            return None
        try:
            answer = self.api.get(SPACES_KEY.location(key), EitherWay())
        except NotFound:
            return None
        alone: Data = answer.get(SPACES_KEY.one) or next(iter(answer.get(SPACES_KEY.many) or []), {})
        return self.enrich(self.unwrap({SPACES_KEY.one: alone}, key))

    def enrich(self, resource: Data) -> Data:
        """Keep the secret that only the answer to the creation had."""
        if self._made and resource.get("access_key") == self._made["access_key"]:
            return {**resource, "secret_key": self._made.get("secret_key")}
        return resource

    def run(self) -> Data:
        """As every resource, and whoever waits to delete a short-lived key need not, when it is gone."""
        result = super().run()
        if self.params["state"] == "absent" and not self.check_mode:
            self.invocation.is_gone(self.params["name"])
        return result

    # ── Planning ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def check(self, current: Data | None, wanted: Data) -> None:  # noqa: ARG002 - only what is wanted counts
        """What the API would refuse without saying which grant it means."""
        grants = wanted.get("grants") or []
        full = [grant for grant in grants if grant["permission"] == FULL]
        if full and (len(grants) > 1 or full[0].get("bucket")):
            raise Failure(
                f"The grants of {self.subject} contradict each other, nothing was done: {FULL} is for all "
                "buckets, so it stands alone and names none; use readwrite for a single bucket."
            )
        names = [grant.get("bucket") for grant in grants if grant["permission"] != FULL]
        if not all(names):
            raise Failure(
                f"A grant of {self.subject} names no bucket, nothing was done: set bucket beside read and readwrite."
            )
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise Failure(
                f"The grants of {self.subject} name {', '.join(twice)} more than once, nothing was done: "
                "give each bucket one permission."
            )

    def plan_present(self, current: Data | None) -> Plan:
        """Add to the usual: the replacement for the sake of a new secret, and clearing up after another run."""
        plan = super().plan_present(current)
        if current and plan.before.get("grants") != plan.after.get("grants"):
            plan.predicted = {**plan.predicted, **self.computed}
        elif current and (self.params["replace"] or self._is_lost(current)):
            plan.predicted = {**plan.predicted, **self.computed}
            replace = Step("replace", lambda now: self._replace(now, now.get("grants") or []))
            plan.also({"secret": "as it is"}, {"secret": "a new one"}, replace)
        return self._with_clearing_up(plan)

    def plan_absent(self, current: Data | None) -> Plan:
        """Remove the leftovers of another run as well."""
        return self._with_clearing_up(super().plan_absent(current))

    def _with_clearing_up(self, plan: Plan) -> Plan:
        for ending, what in ((NEW, "unfinished replacement"), (OLD, "replaced key")):
            if self._leftovers(ending):
                plan.also({what: "there"}, {what: "gone"}, Step(f"delete the {what} of", self._clear_up))
        return plan

    # ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def body(self, wanted: Data) -> Data:
        """Under the name that it shall have for now."""
        return {"name": self._name, "grants": wanted["grants"]}

    def create(self, wanted: Data) -> Data:
        """Make it and keep its secret."""
        if self.params["short_lived"] and not self._asked_at:
            # One guard for all tries.
            self.invocation.make_short_lived(self.params["name"])
        self._asked_at = self._asked_at or self.api.now()
        self._made = super().create(wanted)
        return dict(self._made)

    def recover(self, found: Data) -> Data | None:
        """The secret was in the answer that got lost: without it the key is of no use to anybody.

        But one that was there before, and which the list has hidden, somebody uses.
        """
        if self._asked_at and _was_there(found, self._asked_at - A_MOMENT):
            since = found.get("created_at")
            raise self.refusal(
                "create",
                f"one of that name has been there since {since}, which the list did not show at first. Run again",
            )
        self.delete(found)
        return None

    @changes("grants")
    def set_grants(self, change: Change) -> Data | None:
        """Another key takes its place."""
        return self._replace(change.current, change.values["grants"])

    @changes("name")
    def rename(self, change: Change) -> Data | None:
        """Nothing but the name."""
        return self._rename(change.current, change.values["name"])

    def _rename(self, key: Data, name: str) -> Data:
        if key.get("name") == name:
            return key
        return {**key, **self.unwrap(self.api.patch(self.location(key), {"name": name}, self.kind.promise))}

    def _replace(self, old: Data, grants: list[Data]) -> Data:
        """At each moment either the old or the new key works, and never are there two of one name.

        Interrupted, this leaves the old key, or none, under the name; the next run then begins anew. A key that is
        to be kept works all the time.
        """
        self._clear_up(old)
        self._name = f"{self.params['name']}{NEW}"
        try:
            made = self.create_once({"grants": grants})
        finally:
            self._name = self.params["name"]
        if self._kept(old):
            self._rename(old, f"{self._name}{OLD}")
        else:
            self.delete(old)
        return self._rename(made, self._name)

    def _clear_up(self, _current: Data) -> None:
        for leftover in [*self._leftovers(NEW), *self._leftovers(OLD)]:
            self.delete(leftover)


def _was_there(key: Data, moment: datetime) -> bool:
    try:
        return datetime.fromisoformat(str(key.get("created_at"))) < moment
    except (TypeError, ValueError):
        # It does not say, so it may have been.
        return True


def main() -> None:
    """Run as an ordinary module."""
    run_module(SpacesKey)


if __name__ == "__main__":
    main()
