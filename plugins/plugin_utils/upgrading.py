# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a PostgreSQL cluster may be upgraded to a later major version, and whether it is what it was before.

What a database has told of itself is `{"version", "server", "prepared", "slots", "lag_bytes", "extensions",
"unavailable", "numbered", "invalid", "rows"}`, as roles/upgrade/templates/state.sql.j2 asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# What keeps PostgreSQL's own upgrade from working, or is lost by it: of the state, and the sentence to a list of names.
IN_THE_WAY = {
    "slots": "Logical replication by {names} ends with an upgrade: drop its slots, and set it up again afterwards.",
    "unavailable": "The extensions {names} are installed, and the server has them no more: drop them.",
    "numbered": "The columns {names} hold numbers of objects, which an upgrade cannot carry over: change their types.",
    "invalid": "The indexes {names} are broken: REINDEX or drop them.",
}


def upgrade_problems(answers: Data, limits: Data, state: Data | None = None) -> list[str]:
    """What speaks against beginning, as sentences.

    `answers`: `cluster`, and of the modules `options`, `backups`, `replicas`, `measured` (database_metrics), `health`
    (sentences about the app). `limits`: `version`, `backup_hours`, `disk_percent`, `lag_bytes`. `state` is what the
    database tells of itself; None where nobody has looked, as in check mode, which then is not judged.
    """
    cluster = answers["cluster"]
    now, wanted = str(cluster["version"]), str(limits["version"])
    if wanted == now:
        return []
    problems = list(_version(now, wanted, answers["options"]["database_options"][cluster["engine"]]["versions"]))
    problems += _api(answers, limits)
    problems += [f"The app is not healthy before: {problem}." for problem in answers["health"]]
    if state is not None:
        problems += [
            *_disk(answers["measured"], float(limits["disk_percent"])),
            *_state(state, int(limits["lag_bytes"])),
        ]
    return problems


def _version(now: str, wanted: str, offered: list[str]) -> Iterator[str]:
    later = [version for version in map(str, offered) if int(version) > int(now)]
    choice = f"From {now} on offer: {', '.join(later)}." if later else f"Nothing later than {now} is on offer."
    if not wanted:
        yield f"Say to which version, as by -e version={later[-1] if later else now}. {choice}"
    elif not wanted.isdigit():
        yield f"The version {wanted} is no major version. {choice}"
    elif int(wanted) < int(now):
        yield f"No cluster goes back from {now} to {wanted}: restore a dump into another one. {choice}"
    elif wanted not in later:
        yield f"The version {wanted} is not on offer. {choice}"


def _api(answers: Data, limits: Data) -> Iterator[str]:
    cluster, backups = answers["cluster"], answers["backups"]
    if cluster.get("status") != "online":
        yield f"The cluster is {cluster.get('status')}, not online: wait for it."
    if (cluster.get("maintenance_window") or {}).get("pending"):
        yield "Maintenance of the cluster is pending: let its window pass, or install the update first."
    age = backups["newest_age_hours"]
    if age is None:
        yield "The cluster has no backup yet: wait for the first one."
    elif age > float(limits["backup_hours"]):
        yield f"The newest backup is {age:g} h old, more than {limits['backup_hours']}: wait for a new one."
    for replica in answers["replicas"]["database_replicas"]:
        if replica.get("status") != "online":
            yield f"The replica {replica['name']} is {replica.get('status')}, not online: wait for it, or delete it."


def _disk(measured: Data, most: float) -> Iterator[str]:
    nodes = measured.get("nodes") or []
    if not nodes:
        yield "How full the disk is, nobody tells: see report_metrics.yml."
    for node in nodes:
        used = node.get("disk_percent")
        if used is None:
            yield f"How full the disk of {node['host']} is, its metrics do not tell: see report_metrics.yml."
        elif used > most:
            yield f"The disk of {node['host']} is {used:.0f} % full, more than {most:.0f}: enlarge it first."


def _state(state: Data, lag: int) -> Iterator[str]:
    if state["prepared"]:
        yield f"{state['prepared']} prepared transaction(s) are open: COMMIT PREPARED or ROLLBACK PREPARED them."
    if state["lag_bytes"] is None:
        yield "How far a standby is behind, nobody tells: wait until each one replays, or GRANT pg_monitor to who asks."
    elif state["lag_bytes"] > lag:
        yield f"A standby is {state['lag_bytes']} bytes behind, more than {lag}: wait until it has caught up."
    for name, sentence in IN_THE_WAY.items():
        if state[name]:
            yield sentence.format(names=", ".join(state[name]))


def upgrade_losses(before: Data, after: Data, version: int = 0, exact: bool = False) -> list[str]:
    """What is not as it was, as sentences. `before` is {} when nobody has looked before; `version` 0 for any.

    `exact`: nobody writes meanwhile, so that every table has the same rows. Else a table may have got more.
    """
    problems = []
    if version and after["version"] != version:
        problems.append(f"The server says that it is {after['server']}, not {version}.")
    if missing := sorted({*before.get("extensions", [])} - {*after["extensions"]}):
        problems.append(f"The extensions {', '.join(missing)} are gone.")
    for table, rows in sorted(before.get("rows", {}).items()):
        now = after["rows"].get(table)
        if now is None:
            problems.append(f"The table {table} is gone.")
        elif now != rows if exact else int(now) < int(rows):
            problems.append(f"The table {table} has {now} rows, and had {rows}.")
    return problems
