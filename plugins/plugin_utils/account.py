# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in an account, whoever made it: one row for each thing, and what it has to do with an environment.

{"kind", "noun", "called", "id", "urn", "tags", "row"}      `urn` is "" for what no project can hold
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import Kind

# What is looked at, with its type in URNs; reserved addresses still have their old name there.
LOOKED_AT: tuple[tuple[Kind, str], ...] = (
    (kinds.APP, "app"),
    (kinds.DATABASE_CLUSTER, "dbaas"),
    (kinds.SPACES_BUCKET, "space"),
    (kinds.SPACES_KEY, ""),
    (kinds.CDN_ENDPOINT, ""),
    (kinds.LOAD_BALANCER, "loadbalancer"),
    (kinds.DROPLET_AUTOSCALE_POOL, ""),
    (kinds.DROPLET, "droplet"),
    (kinds.RESERVED_IP, "floatingip"),
    (kinds.IMAGE, ""),
    (kinds.FIREWALL, ""),
    (kinds.CERTIFICATE, ""),
    (kinds.DOMAIN, "domain"),
    (kinds.CONTAINER_REGISTRY, ""),
    (kinds.UPTIME_CHECK, ""),
    (kinds.MONITORING_ALERT_POLICY, ""),
    (kinds.VPC, "vpc"),
    (kinds.PROJECT, ""),
)
_BY_TYPE = {kind: kind_of for kind_of, kind in LOOKED_AT if kind}


def account_found(answers: Data) -> Data:
    """What `together` has registered for info modules, as plural of the kind → rows."""
    found: Data = {}
    plurals = {kind.plural for kind, _type in LOOKED_AT}
    for answer in answers.get("results", []):
        found.update({name: rows for name, rows in answer.items() if name in plurals})
    return found


def things(found: Data) -> list[Data]:
    """A row for each, in the order of `LOOKED_AT`."""
    return [_thing(kind, type_, row) for kind, type_ in LOOKED_AT for row in found.get(kind.plural) or []]


def _thing(kind: Kind, type_: str, row: Data) -> Data:
    called = (row.get("spec") or {}).get("name") if kind is kinds.APP else row.get(kind.identity[0])
    id_ = str(row.get(kind.key) or called)
    return {
        "kind": kind.name,
        "noun": kind.noun,
        "called": str(called or id_),
        "id": id_,
        "urn": f"do:{type_}:{id_}" if type_ else "",
        "tags": [str(tag) for tag in row.get("tags") or []],
        "row": row,
    }


# ── What has to do with an environment ───────────────────────────────────────────────────────────────────────────────


def is_declared(thing: Data, declared: Data, found: Data) -> bool:
    """Whether the inventory says that it shall be there: `declared` holds patterns of names by kind."""
    if any(fnmatch.fnmatchcase(thing["called"], pattern) for pattern in declared.get(thing["kind"]) or []):
        return True
    return thing["kind"] == kinds.DROPLET.name and thing["id"] in pooled(declared, found)


def pooled(declared: Data, found: Data) -> set[str]:
    """Numbers of the Droplets that declared pools have made."""
    plural = kinds.DROPLET_AUTOSCALE_POOL.plural
    pools = [pool["row"] for pool in things({plural: found.get(plural)}) if is_declared(pool, declared, found)]
    return {str(member["droplet_id"]) for pool in pools for member in pool.get("members") or []}


def belongs(found: Data, about: Data) -> Iterator[tuple[Data, list[str]]]:
    """Each thing with why it counts to the environment; an empty list for one that does not.

    `about`: `prefix` of names, names of `network` and `project`. Reasons are `name`, `tag`, `network` and `project`.
    """
    members, assigned = _members(found, about["network"]), _assigned(found, about["project"])
    known = things(found)
    for thing in known:
        inside = thing["urn"] in members or _network_of(thing["row"]) in _ids(found, about["network"])
        reasons = {
            "name": _named(thing["called"], about["prefix"]),
            "tag": any(_named(tag, about["prefix"]) for tag in thing["tags"]),
            "network": inside,
            "project": thing["urn"] in assigned,
        }
        yield thing, [reason for reason, holds in reasons.items() if holds]
    # Volumes, clusters of Kubernetes and read replicas, which nothing here lists.
    urns = {thing["urn"] for thing in known}
    for urn in sorted((set(members) | assigned) - urns):
        reasons = {"network": urn in members, "project": urn in assigned}
        yield _unlisted(urn, members.get(urn) or ""), [reason for reason, holds in reasons.items() if holds]


def undeclared(found: Data, about: Data, declared: Data, known: list[str]) -> list[Data]:
    """What nobody declared and counts to the environment, with `why`; not what names of `known` fit."""
    return [
        {**thing, "why": why}
        for thing, why in belongs(found, about)
        if why and not is_declared(thing, declared, found) and not is_known(thing, known)
    ]


def is_known(thing: Data, known: list[str]) -> bool:
    """Whether people have said that it is there on purpose: patterns of names, or ids."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in known for name in (thing["called"], thing["id"]))


def _named(name: str, prefix: str) -> bool:
    """Or begins with it as a word: `clinic health`, `clinic-edge`, but not `clinical`."""
    return bool(prefix) and name.startswith(prefix) and not name[len(prefix) : len(prefix) + 1].isalnum()


def _ids(found: Data, network: str) -> set[str]:
    return {str(row["id"]) for row in found.get(kinds.VPC.plural) or [] if row.get("name") == network}


def _network_of(row: Data) -> str:
    app: Any = row.get("vpc")
    return str(
        row.get("vpc_uuid") or row.get("private_network_uuid") or (app.get("id") if isinstance(app, dict) else "")
    )


def _members(found: Data, network: str) -> dict[str, str]:
    rows = [row for row in found.get(kinds.VPC.plural) or [] if row.get("name") == network]
    return {str(member["urn"]): str(member.get("name") or "") for row in rows for member in row.get("members") or []}


def _assigned(found: Data, project: str) -> set[str]:
    rows = [row for row in found.get(kinds.PROJECT.plural) or [] if row.get("name") == project]
    return {str(urn) for row in rows for urn in row.get("resources") or []}


def _unlisted(urn: str, name: str) -> Data:
    type_, _colon, id_ = urn.removeprefix("do:").partition(":")
    kind = _BY_TYPE.get(type_)
    noun = kind.noun if kind else type_
    return {
        "kind": kind.name if kind else type_,
        "noun": noun,
        "called": name or id_,
        "id": id_,
        "urn": urn,
        "tags": [],
        "row": {},
    }
