# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One story for each entry of the table: everything that the law speaks about, in one run."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds
from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Run, Step, admin, calm, fault
from tests.integration.law.table import Law
from tests.localcloud_fixtures import LocalCloud

# Somebody else's things in the account: more than a page of VPCs.
FOREIGN = {
    "vpcs": 250,
    "databases": 5,
    "buckets": 5,
    "ssh_keys": 25,
    "droplets": 5,
    "firewalls": 5,
    "load_balancers": 25,
    "autoscale_pools": 5,
    "alert_policies": 25,
    "uptime_checks": 25,
    "certificates": 25,
    "domains": 25,
}
# Seconds: nothing here takes long, and a defect shall not take longer.
PATIENCE = {"timeout": 30, "wait_timeout": 30}

# What may happen to a create: name → the fault, aimed at the creating call.
CREATE_FAULTS: dict[str, dict[str, Any]] = {
    "a burst": {"kind": "status", "status": 429, "count": 2, "seconds": 1},
    "503 before the effect": {"kind": "status", "status": 503, "count": 1},
    "500 after the effect": {"kind": "status", "status": 500, "count": 1, "when": "after"},
    "lost before the effect": {"kind": "drop", "count": 1},
    "lost after the effect": {"kind": "drop", "count": 1, "when": "after"},
    "shown late": {"kind": "stale", "reads": 3, "count": 1},
    "lost and shown late": {"kind": "drop", "count": 1, "when": "after"},
}


def args(law: Law, *more: dict[str, Any], **options: Any) -> dict[str, Any]:
    merged: dict[str, Any] = {**law.identity}
    for part in more:
        merged |= part
    return {**merged, **PATIENCE, **options}


def steps_of(law: Law, reader: str) -> list[Step]:
    """The story of a module. `reader` is a token that may only read."""

    def step(name: str, arguments: dict[str, Any], **more: Any) -> Step:
        return Step(name, law.module, arguments, keywords=law.keywords, **more)

    whole = args(law, law.create)
    steps = [
        Step(f"need {name}", module, {**arguments, **PATIENCE}, register=name) for module, arguments, name in law.needs
    ]
    if law.creates:
        steps += [
            step("forbidden", {**whole, "api_token": reader, **law.forbidden}),
            step("refused", whole, before=fault(law.creates, kind="status", status=422, count=1)),
        ]
    steps += [
        step("create: check", whole, check=True, before=calm()),
        step("create", whole, register="made"),
        step("create: again", whole, before=[admin("collect_secrets")]),
        step("create: again, check", whole, check=True),
        step("identity alone", args(law)),
        step("read through faults", whole, before=fault("GET /v2/*", kind="status", status=503, count=2)),
    ]
    steps += [step(f"same {index}", args(law, law.create, same), before=calm()) for index, same in enumerate(law.same)]
    for index, update in enumerate(law.updates):
        wanted = args(law, update.args)
        lossy = fault(update.calls[0], kind="status", status=503, when="after", count=1)
        steps += [
            step(f"update {index}: check", wanted, check=True, before=calm()),
            # The first one loses its answer on the way.
            step(f"update {index}", wanted, before=lossy if index == 0 else calm()),
            step(f"update {index}: again", wanted, before=[*calm(), admin("collect_secrets")]),
        ]
    steps += [step(f"fixed {name}", args(law, {name: value})) for name, value in law.fixed.items()]
    if law.deletes:
        steps += _endings(law, step, whole)
    return steps


def _endings(law: Law, step: Any, whole: dict[str, Any]) -> list[Step]:
    gone = args(law, law.absent, state="absent")
    steps = [
        step("absent: check", gone, check=True, before=calm()),
        step("absent", gone, before=fault(law.deletes, kind="status", status=409, count=2)),
        step("absent: again", gone, before=calm()),
        step("absent: again, check", gone, check=True),
    ]
    for name, rule in CREATE_FAULTS.items() if law.creates else ():
        before = fault(law.creates, **rule)
        if name == "lost and shown late":
            # Two rules hit the same request: its answer is lost, and what it made is not visible at once.
            before += fault(law.creates, kind="stale", reads=2, count=1)[1:]
        steps += [
            step(f"create with {name}", whole, before=before),
            step(f"create with {name}: again", whole, before=calm()),
            step(f"after {name}: absent", gone, before=fault(law.deletes, kind="drop", when="after", count=1)),
        ]
    if law.slow:
        steps += [
            step("slow: timeout", {**whole, "wait_timeout": 1}, before=[*calm(), admin("settings", speed="real")]),
            step("slow: again", whole, before=[admin("settings", speed="instant"), admin("advance", 7200)]),
            step("slow: absent", gone),
        ]
    if law.table:
        steps += [
            step("before twins", whole, before=calm()),
            step("twins", whole, before=[admin("twin", law.table, law.identity)]),
        ]
    return steps


def things(cloud: LocalCloud) -> dict[str, Any]:
    """Everything in the account: table/id → record. Which numbers were given last is nobody's."""
    tables = cloud.admin.state()["world"]["tables"]
    tables.pop("numbers", None)
    return {f"{table}/{key}": record for table, records in tables.items() for key, record in records.items()}


def tell(law: Law, cloud: LocalCloud) -> tuple[Run, list[str]]:
    """Run the story in an account that is somebody else's as well.

    Returns the run and the names of what it has changed or removed although it was somebody else's.
    """
    cloud.renew()
    cloud.admin.seed(**FOREIGN)
    # Theirs are ready when ours begin.
    cloud.admin.advance(1)
    cloud.admin.forget_violations()
    scopes = sorted({kind.needs("read") for kind in kinds.ALL if kind.scope})
    reader = cloud.admin.token(scopes=scopes)
    others = things(cloud)
    run = inside(cloud, steps_of(law, reader))
    cloud.admin.clear_faults()
    now = things(cloud)
    return run, [name for name, record in others.items() if now.get(name) != record]
