# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which copy of the data a new cluster is made from, and what it is called; or why none is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

# Its host, private-<name>-do-user-12345678-0, begins with a label of DNS, of at most 63 characters.
LONGEST_NAME = 36
NEWEST = "newest"
DUMP = "dump"
NAME_IT = "choose another one with -e restore_name="


def restore_plan(copies: list[Data], clusters: list[Data], wanted: Data) -> Data:
    """`{"problems": [sentence], "name", "taken": {…}, "goes_on": bool, "tags": [tag]}`.

    `copies` are backups, each with `created_at`, or dumps; `clusters` are those of the account as the API gives them.
    `wanted` holds `what` ("backup" or "dump"), `of` (the cluster), `at` (a time, or "newest"), `name` ("" to have one
    made from `base` and the copy's time), `mark` (the tag of what is under way), `rpo_hours` (how much older than
    wanted a copy may be) and `now` (ISO 8601). A cluster that bears the mark was left by a run that was interrupted: it
    is gone on with, and no second one is made. Of dumps, rows of database_dump_info, `wanted` has the `dump`, too: its
    name, or "newest", and may say `asked_by` which variable that is.
    """
    try:
        return _plan(copies, clusters, wanted)
    except Failure as failure:
        return {"problems": [str(failure)], "name": wanted["name"], "taken": {}, "goes_on": False, "tags": []}


def source_problem(clusters: list[Data], name: str) -> str:
    """Why backups of that cluster cannot be restored now, "" when they can."""
    there = _named(clusters, name)
    if there is None:
        return (
            f"there is no database cluster {name!r}, and its backups went with it: correct restore_source, or "
            "restore a dump of your own with -e restore_dump=newest."
        )
    if there["status"] != "online":
        return f"the cluster {name!r} is {there['status']}, not online: wait until that is over, and run again."
    return ""


def target_problem(clusters: list[Data], name: str, of: str, mark: str) -> str:
    """Why the app cannot be taken to that cluster, "" when it can.

    `of` is the one that it works with; `mark` is the tag of a cluster that is not all that it is to be.
    """
    there, now = _named(clusters, name), _named(clusters, of)
    if there is None:
        return f"there is no database cluster {name!r} to take the app to: correct restore_cut_over_to."
    if there["status"] != "online":
        return f"the cluster {name!r} is {there['status']}, not online: wait until that is over, and run again."
    if there["engine"] not in ("pg", "advanced_pg"):
        return f"the cluster {name!r} is {there['engine']}, not PostgreSQL: correct restore_cut_over_to."
    if mark in (there.get("tags") or []):
        return (
            f"the cluster {name!r} was left by a run that did not end, and may have the passwords of its backup: "
            "finish it first, by the command of that run."
        )
    if now and there.get("private_network_uuid") != now.get("private_network_uuid"):
        return f"the cluster {name!r} is in another private network than {of!r}: correct restore_cut_over_to."
    return ""


def _plan(copies: list[Data], clusters: list[Data], wanted: Data) -> Data:
    begun = _begun(wanted)
    under_way = [
        row
        for row in clusters
        if wanted["mark"] in (row.get("tags") or []) and any(tag.startswith(begun) for tag in row["tags"])
    ]
    if wanted["what"] == DUMP:
        copies = _whole(copies, wanted)
        wanted = wanted if wanted["dump"] == NEWEST else {**wanted, "at": copies[0]["created_at"]}
    copy = _chosen(copies, wanted)
    made = f"{wanted['base']}-{_stamp(copy)}"
    name = wanted["name"] or made
    if not wanted["name"] and wanted["at"] == NEWEST and under_way:
        # Of whatever moment the newest was when that run began.
        name = under_way[0]["name"]
        copy = next((row for row in copies if begun + _stamp(row) in under_way[0]["tags"]), copy)
        if (hours := _hours(copy, moment(wanted["now"]))) > float(wanted["rpo_hours"]):
            this = f"restore_dump={copy['name']}" if wanted["what"] == DUMP else f"restore_at={copy['created_at']}"
            raise Failure(
                f"the cluster {name!r}, which an interrupted run has left, is of the {wanted['what']} of "
                f"{copy['created_at']}, {hours:.1f} h old, and {float(wanted['rpo_hours']):g} h are accepted: finish "
                f"it with -e {this}, or delete that cluster."
            )
    if len(name) > LONGEST_NAME:
        raise Failure(f"the name {name!r} has more than {LONGEST_NAME} characters: {NAME_IT}.")
    mine = begun + _stamp(copy)
    there = _named(clusters, name)
    if there is not None and mine not in (there.get("tags") or []):
        raise Failure(
            f"the name {name!r} is taken by a cluster that was not made from the {wanted['what']} of "
            f"{copy['created_at']}: {NAME_IT}."
        )
    tags = [mine, wanted["mark"]]
    return {"problems": [], "name": name, "taken": copy, "goes_on": there is not None, "tags": tags}


def _begun(wanted: Data) -> str:
    """How the tag begins that tells of a cluster which copy it was made from."""
    return f"{wanted['base']}-{'dump' if wanted['what'] == DUMP else 'restored'}-"


def _whole(dumps: list[Data], wanted: Data) -> list[Data]:
    """Those that can be restored, with `created_at`; the only one when it is asked for by its name."""
    whole = [{**row, "created_at": row["started"]} for row in dumps if row["complete"]]
    if wanted["dump"] == NEWEST:
        return whole
    asked = next((row for row in dumps if row["name"] == wanted["dump"]), None)
    if asked is None:
        newest = f"the newest one is {whole[0]['name']}" if whole else "there is none at all"
        raise Failure(
            f"there is no dump {wanted['dump']!r}, and {newest}: correct {wanted.get('asked_by', 'restore_dump')}."
        )
    if not asked["complete"]:
        raise Failure(f"the dump {wanted['dump']!r} cannot be restored. {asked['problem']}")
    return [row for row in whole if row["name"] == wanted["dump"]]


def _stamp(copy: Data) -> str:
    return f"{moment(copy['created_at']).astimezone(UTC):%y%m%d-%H%M%S}"


def _chosen(copies: list[Data], wanted: Data) -> Data:
    what, of, now = wanted["what"], wanted["of"], moment(wanted["now"])
    if not copies:
        raise Failure(f"there is no {what} of {of}.")
    target = now
    if wanted["at"] != NEWEST:
        try:
            target = moment(wanted["at"])
        except ValueError:
            raise Failure(
                f"restore_at {wanted['at']!r} is neither {NEWEST} nor a time such as 2026-11-29T06:00:00Z."
            ) from None
        if target > now + timedelta(minutes=5):
            raise Failure(f"restore_at {wanted['at']} is still to come: give a time that has been.")
    before = [row for row in copies if moment(row["created_at"]) <= target]
    if not before:
        oldest = min(copies, key=lambda row: moment(row["created_at"]))["created_at"]
        raise Failure(f"no {what} of {of} is as old as {wanted['at']}: the oldest one is of {oldest}.")
    found = max(before, key=lambda row: moment(row["created_at"]))
    hours = _hours(found, target)
    if hours > float(wanted["rpo_hours"]):
        wished = "now" if wanted["at"] == NEWEST else wanted["at"]
        raise Failure(
            f"the newest {what} of {of} before {wished} is of {found['created_at']}, {hours:.1f} h older, and "
            f"{float(wanted['rpo_hours']):g} h are accepted: -e restore_rpo_hours={int(hours) + 1} accepts it."
        )
    return found


def _hours(copy: Data, until: datetime) -> float:
    return (until - moment(copy["created_at"])).total_seconds() / 3600


def _named(clusters: list[Data], name: str) -> Data | None:
    return next((row for row in clusters if row["name"] == name), None)


def moment(text: str) -> datetime:
    """A time as people and the API write it; without a zone it is UTC. ValueError for what is none."""
    found = datetime.fromisoformat(str(text).strip().replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
