# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who can reach what: sources, users and their privileges, keys, buckets. See compliance.py."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.compliance_lines import line
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

# What the users of the roles may do with tables, at most.
OF_APP, OF_READER = {"SELECT", "INSERT", "UPDATE", "DELETE"}, {"SELECT"}
# Addresses of a range that is too wide to be somebody's own.
WIDE = 2**16
FULL = "fullaccess"


def who_reaches(answers: Data, about: Data, say: Words) -> Iterator[Data]:
    """Lines; what could not be asked is unknown."""
    part, api = say("Who can reach what"), say("the API")
    for name, what in (("postgresql_sources", "PostgreSQL"), ("valkey_sources", "Valkey")):
        rows = (answers.get(name) or {}).get("database_firewalls")
        if rows is None:
            yield _unasked(part, what, answers.get(name), api, say)
            continue
        rules = [rule for row in rows for rule in row["rules"]]
        sources = ", ".join(sorted(f"{rule['type']} {rule['value']}" for rule in rules))
        good = bool(rules) and not any(_open(rule) for rule in rules)
        told = say("From {sources}.", sources=sources) if rules else say("From everywhere: there is no trusted source.")
        yield line(part, what, told, "good" if good else "bad", api)
    yield from _edge(answers.get("edge_firewall"), part, api, say)
    yield from _privileges(answers.get("privileges"), about, part, say)
    yield from _keys(answers.get("keys"), about, part, api, say)
    yield from _buckets(answers.get("uploads"), part, api, say)


def _unasked(part: str, what: str, answer: Data | None, source: str, say: Words) -> Data:
    why = (answer or {}).get("msg") or say("not asked from here")
    return line(part, what, say("Not seen: {why}.", why=why), "unknown", source)


def _open(rule: Data) -> bool:
    if rule["type"] != "ip_addr":
        return False
    network = ip_network(rule["value"], strict=False)
    return not network.is_private and network.num_addresses >= WIDE


def _edge(answer: Data | None, part: str, source: str, say: Words) -> Iterator[Data]:
    for wall in (answer or {}).get("firewalls") or []:
        rules = wall["inbound_rules"]
        world = [
            f"{rule['protocol']} {rule['ports']}"
            for rule in rules
            if {"0.0.0.0/0", "::/0"} & set((rule.get("sources") or {}).get("addresses") or [])
        ]
        told = say("{count} rules; open to everybody: {world}.", count=len(rules), world=", ".join(world) or "-")
        yield line(part, say("Proxies of the edge"), told, "bad" if world else "good", source)


def _privileges(answer: Data | None, about: Data, part: str, say: Words) -> Iterator[Data]:
    source, rows = say("the database"), (answer or {}).get("query_result")
    what = say("Users of the database")
    if not rows:
        yield _unasked(part, what, answer, source, say)
        return
    most = {about["app_user"]: OF_APP, about["readonly_user"]: OF_READER, about["backup_user"]: OF_READER}
    for row in rows:
        may = set(row["may"] or [])
        good = not row["superuser"] and (row["name"] not in most or may <= most[row["name"]])
        # Who may nothing at all may have been asked about no table.
        verdict = "bad" if not good else "good" if may else "unknown"
        told = say(
            "On tables: {may}. Superuser: {superuser}.", may=", ".join(sorted(may)) or "-", superuser=row["superuser"]
        )
        yield line(part, row["name"], told, verdict, source)


def _keys(answer: Data | None, about: Data, part: str, source: str, say: Words) -> Iterator[Data]:
    rows = (answer or {}).get("spaces_keys")
    if rows is None:
        yield _unasked(part, say("Keys of Spaces"), answer, source, say)
        return
    for row in rows:
        grants = [f"{grant['permission']} {grant['bucket']}".strip() for grant in row["grants"]]
        if not any(about["prefix"] in grant or grant.startswith(FULL) for grant in grants):
            continue
        told = say("Key of Spaces: {grants}.", grants=", ".join(grants))
        full = FULL in " ".join(grants)
        # That of whoever runs this is meant to be there; the inventory says so.
        verdict = "good" if not full else "stated" if row.get("access_key") == about["own_key"] else "bad"
        yield line(part, row["name"], told, verdict, source)


def _buckets(answer: Data | None, part: str, source: str, say: Words) -> Iterator[Data]:
    rows = (answer or {}).get("spaces_buckets")
    if not rows:
        yield _unasked(part, say("Uploads"), answer, source, say)
    for row in rows or []:
        good = row["acl"] == "private" and row["versioning"]
        told = say(
            "The bucket is {acl}; versions are kept: {versioning}.", acl=row["acl"], versioning=row["versioning"]
        )
        yield line(part, row["name"], told, "good" if good else "bad", source)
