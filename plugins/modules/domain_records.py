#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: the records of a domain, a set for each name and type."""

from __future__ import annotations

DOCUMENTATION = r"""
module: domain_records
short_description: Manage the records of a domain in DigitalOcean's DNS
version_added: 0.1.0
description:
  - Makes the records of each listed name and type be exactly the given ones. Others of the domain are left alone,
    unless O(exclusive).
  - A record that differs is changed in place, and new ones are made before old ones go, so that a name that resolves
    goes on resolving. Only where a CNAME takes the place of others, or they its, the old ones must go first.
author:
  - FisioFlow contributors (@fisioflow)
options:
  domain:
    description:
      - The domain, which must be there.
    type: str
    required: true
  records:
    description:
      - The sets of records.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - The name in the domain, such as V(www), or V(@) for the domain itself. The whole name will do as well.
        type: str
        required: true
      type:
        description:
          - The type.
        type: str
        required: true
        choices: [A, AAAA, CAA, CNAME, MX, NS, SRV, TXT]
      values:
        description:
          - What the records say, each as in a zone file - an address, a host name, V(10 mail.clinic.example) for MX,
            V(0 issue letsencrypt.org) for CAA, C(priority weight port target) for SRV, the bare text for TXT.
          - A host name with a dot in it is a whole name. An empty list removes the set. With O(state=absent) these
            values are removed, and without any the whole set.
        type: list
        elements: str
        default: []
      ttl:
        description:
          - For how many seconds an answer may be kept, at least 30. Left out, it stays as it is; new ones get 1800.
        type: int
      others:
        description:
          - What becomes of values of the set that are not listed, with O(state=present).
        type: str
        choices: [remove, keep]
        default: remove
  exclusive:
    description:
      - Remove all records that are not listed, but the SOA, the domain's own NS, and what O(spare) names.
    type: bool
    default: false
  spare:
    description:
      - Regular expressions for what O(exclusive) leaves alone, searched for in C(name type), such as V(^@ MX$) or
        V(^_acme-challenge).
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
seealso:
  - module: fisioflow.digitalocean.domain
  - module: fisioflow.digitalocean.domain_info
"""

EXAMPLES = r"""
- name: The clinic's records
  fisioflow.digitalocean.domain_records:
    domain: clinic.example
    records:
      - {name: "@", type: A, values: [203.0.113.10]}
      - {name: www, type: CNAME, values: [clinic.example], ttl: 600}
      - {name: "@", type: CAA, values: [0 issue letsencrypt.org, 0 issue pki.goog]}

- name: Nothing else in the zone, but what belongs to mail
  fisioflow.digitalocean.domain_records:
    domain: clinic.example
    records:
      - {name: "@", type: A, values: [203.0.113.10]}
    exclusive: true
    spare: [" MX$", ^_dmarc, _domainkey]

- name: One set away
  fisioflow.digitalocean.domain_records:
    domain: clinic.example
    records:
      - {name: www, type: CNAME}
    state: absent
"""

RETURN = r"""
domain_records:
  description: The domain, and the sets that were listed as they are now; without those that are not there.
  returned: always
  type: dict
  sample:
    domain: clinic.example
    records:
      - {name: www, type: CNAME, ttl: 600, values: [clinic.example]}
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure, NotFound
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DOMAIN_RECORDS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import once
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.zone import (
    APEX,
    TYPES,
    Value,
    body_of,
    name_of,
    value_in,
    value_of,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, run_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.planned import Plan, Planned, Step

TTL = 1800
SHORTEST = 30
# Name and type.
Key = tuple[str, str]


@dataclass
class Moves:
    """The calls that make one set be as wanted: rows with their new bodies, bodies, and rows."""

    changes: list[tuple[Data, Data]] = field(default_factory=list)
    creates: list[Data] = field(default_factory=list)
    deletes: list[Data] = field(default_factory=list)


class DomainRecords(Planned):
    """All that is listed of one domain, at once."""

    kind = DOMAIN_RECORDS
    states = ("present", "absent")
    options = {
        "domain": {"type": "str", "required": True},
        "records": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "name": {"type": "str", "required": True},
                "type": {"type": "str", "required": True, "choices": list(TYPES)},
                "values": {"type": "list", "elements": "str", "default": []},
                "ttl": {"type": "int"},
                "others": {"type": "str", "default": "remove", "choices": ["remove", "keep"]},
            },
        },
        "exclusive": {"type": "bool", "default": False},
        "spare": {"type": "list", "elements": "str", "default": []},
    }

    @cached_property
    def parent_id(self) -> str:
        """Domains are told by their names."""
        return str(self.params["domain"]).strip().lower().removesuffix(".")

    @property
    def subject(self) -> str:
        """How sentences call it."""
        return f'the records of domain "{self.params["domain"]}"'

    # ── What is there, and what shall be ─────────────────────────────────────────────────────────────────────────────

    def read(self) -> Data:
        """All rows; in check mode the domain may be yet to come, and where it is not, nothing is to be removed."""
        try:
            return {"rows": self._rows()}
        except NotFound:
            if self.check_mode or self.params["state"] == "absent":
                return {"rows": []}
            raise Failure(f'There is no domain "{self.parent_id}": create it first, or correct its name.') from None

    def plan_present(self, current: Data | None) -> Plan:
        """What is listed, and with `exclusive` nothing else."""
        listed, there = self._listed(), self._sets(current)
        wanted = {key: values for key, (values, _ttl) in listed.items()}
        for record in self.params["records"]:
            if record["others"] == "keep":
                key = (name_of(record["name"], self.parent_id), record["type"])
                wanted[key] = sorted({*wanted[key], *self._values(there.get(key, []))})
        if self.params["exclusive"]:
            if not any(wanted.values()):
                raise self._refused("with exclusive and no records the domain would be emptied: list what shall stay")
            wanted = {**{key: [] for key in there if not self._is_spared(key)}, **wanted}
        self._refuse_conflicts({**dict.fromkeys(there, True), **{key: bool(values) for key, values in wanted.items()}})
        return self._plan(there, wanted, {key: ttl for key, (_values, ttl) in listed.items()})

    def plan_absent(self, current: Data | None) -> Plan:
        """The listed values away; of what is listed without any, the whole set."""
        there = self._sets(current)
        left = {
            key: [value for value in self._values(there.get(key, [])) if values and value not in values]
            for key, (values, _ttl) in self._listed().items()
        }
        return self._plan(there, left, {})

    def _values(self, rows: list[Data]) -> list[Value]:
        return sorted(value_in(row, self.parent_id) for row in rows)

    def _listed(self) -> dict[Key, tuple[list[Value], int | None]]:
        """By name and type, in normal form. Raises Failure."""
        found: dict[Key, tuple[list[Value], int | None]] = {}
        for record in self.params["records"]:
            kind, ttl = record["type"], record["ttl"]
            key = (name_of(record["name"], self.parent_id), kind)
            if key in found:
                raise self._refused(f"{' '.join(key)} is listed twice: put all values into one")
            if ttl is not None and ttl < SHORTEST:
                raise self._refused(f"the ttl of {' '.join(key)} is {ttl}: give at least {SHORTEST}")
            values = sorted({self._value(kind, value) for value in record["values"]})
            if kind == "CNAME" and len(values) > 1:
                raise self._refused(f"{' '.join(key)} has {len(values)} values: a name has one CNAME")
            found[key] = (values, ttl)
        return found

    def _value(self, kind: str, given: str) -> Value:
        """In check mode an address may be yet to come."""
        return Value(UNKNOWN) if self.check_mode and given == UNKNOWN else value_of(kind, given, self.parent_id)

    def _sets(self, current: Data | None) -> dict[Key, list[Data]]:
        """The rows by name and type, but the SOA."""
        found: dict[Key, list[Data]] = {}
        for row in (current or {}).get("rows", []):
            if row["type"] in TYPES:
                found.setdefault((str(row["name"]).lower(), row["type"]), []).append(row)
        return found

    def _is_spared(self, key: Key) -> bool:
        try:
            return key == (APEX, "NS") or any(re.search(pattern, " ".join(key)) for pattern in self.params["spare"])
        except re.error as error:
            raise self._refused(f"spare is no regular expression ({error})") from None

    def _refuse_conflicts(self, after: dict[Key, bool]) -> None:
        """By name and type, whether there will be any."""
        for name, kind in after:
            others = sorted(other for at, other in after if at == name and other != kind and after[at, other])
            if kind == "CNAME" and after[name, kind] and others:
                raise self._refused(
                    f"{name} would have a CNAME beside {', '.join(others)}, and a CNAME stands alone: list the others "
                    "with no values to remove them, or choose another name"
                )

    def _refused(self, why: str) -> Failure:
        return self.refusal("change", why)

    # ── The plan ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _plan(self, there: dict[Key, list[Data]], wanted: dict[Key, list[Value]], ttls: dict[Key, int | None]) -> Plan:
        before: Data = {}
        after: Data = {}
        moves: dict[Key, Moves] = {}
        for key, values in wanted.items():
            rows = there.get(key, [])
            ttl = ttls.get(key) or (rows[0]["ttl"] if rows else TTL)
            moves[key] = self._moves(key, rows, values, ttl, strict=ttls.get(key) is not None)
            shown = self._shown(rows)
            if shown:
                before[" ".join(key)] = shown
            if values:
                after[" ".join(key)] = {"ttl": ttl, "values": [str(value) for value in values]}
        steps = list(self._steps(moves))
        listed = [
            {"name": name, "type": kind, **after[f"{name} {kind}"]}
            for name, kind in wanted
            if f"{name} {kind}" in after
        ]
        return Plan(before, after, {"domain": self.parent_id, "records": listed}, steps)

    def _shown(self, rows: list[Data]) -> Data:
        ttls = sorted({row["ttl"] for row in rows})
        values = [str(value) for value in self._values(rows)]
        return {"ttl": ttls[0] if len(ttls) == 1 else ttls, "values": values} if rows else {}

    def _moves(self, key: Key, rows: list[Data], values: list[Value], ttl: int, *, strict: bool) -> Moves:
        """As few calls as will do. `strict` says that the TTL was asked for."""
        moves, left, missing = Moves(), list(rows), []
        for value in values:
            row = next((row for row in left if value_in(row, self.parent_id) == value), None)
            if row is None:
                missing.append(value)
                continue
            left.remove(row)
            if strict and row["ttl"] != ttl:
                moves.changes.append((row, body_of(key[1], key[0], value, ttl)))
        for value in missing:
            body = body_of(key[1], key[0], value, ttl)
            if left:
                moves.changes.append((left.pop(0), body))
            else:
                moves.creates.append(body)
        moves.deletes = left
        return moves

    def _steps(self, moves: dict[Key, Moves]) -> Iterator[Step]:
        """What must make room goes first, what replaces comes next, and what is left goes last."""
        arriving = {key for key, move in moves.items() if move.creates}

        def makes_room(key: Key) -> bool:
            return any(name == key[0] and "CNAME" in (kind, key[1]) and kind != key[1] for name, kind in arriving)

        for early in (True, False):
            for key, move in moves.items():
                if not early:
                    for row, body in move.changes:
                        yield Step(f"change {' '.join(key)} in", partial(self._put, row, body))
                    for body in move.creates:
                        yield Step(f"add {' '.join(key)} to", partial(self._post, body))
            for key, move in moves.items():
                if makes_room(key) == early:
                    for row in move.deletes:
                        yield Step(f"remove {' '.join(key)} from", partial(self._delete_row, row))

    # ── Writing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def apply(self, plan: Plan, current: Data) -> Data:
        """Each call for itself; what is there then is what was planned."""
        super().apply(plan, current)
        return plan.predicted

    def _rows(self) -> list[Data]:
        kind = self.kind
        return self.api.rows(kind.collection(self.parent_id), kind.many, kind.tells, fresh=self.api.has_written)

    def _put(self, row: Data, body: Data, _current: Data) -> None:
        self.api.put(self.kind.location(str(row["id"]), self.parent_id), body, self.kind.promise)

    def _post(self, body: Data, current: Data) -> None:
        known = {row["id"] for row in current["rows"]}
        value = value_in(body, self.parent_id)

        def made() -> Data | None:
            new = (row for row in self._rows() if row["id"] not in known and row["name"] == body["name"])
            return next(
                (row for row in new if row["type"] == body["type"] and value_in(row, self.parent_id) == value), None
            )

        once(self.clock, partial(self.api.post, self.kind.collection(self.parent_id), body, self.kind.promise), made)

    def _delete_row(self, row: Data, _current: Data) -> None:
        """Look again right before: by now it may say something else."""
        where = self.kind.location(str(row["id"]), self.parent_id)
        try:
            now = self.kind.unwrap(self.api.get(where, self.kind.promise), str(row["id"]))
        except NotFound:
            return
        if value_in(now, self.parent_id) != value_in(row, self.parent_id):
            raise self._refused(f"{row['name']} {row['type']} has become {now['data']} meanwhile. Run again")
        self.api.delete(where)


def main() -> None:
    """Run as an ordinary module."""
    run_module(DomainRecords)


if __name__ == "__main__":
    main()
