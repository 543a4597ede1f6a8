# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling on purpose: what a wish comes to, before anything is changed.

A wish is called after the input of a role that it is about, whose value the inventory keeps: what the inventory has to
say afterwards is told by that name.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import checks_offers as offers_of
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import monthly_bill
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_existing import check_clusters
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.consequences import consequences
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.preflight import check_bill
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.scaling_pages import as_yaml

SIZES = ("app_instance_size", "postgresql_size", "valkey_size")
BOUNDS = {"app_min_instance_count": "min_instance_count", "app_max_instance_count": "max_instance_count"}
COUNTS = (
    *("app_instance_count", *BOUNDS, "postgresql_num_nodes", "postgresql_storage_size_mib"),
    "valkey_num_nodes",
)
CLUSTER = ("size", "num_nodes", "storage_size_mib")


def scale_plan(answers: Data, given: Data, wishes: Data) -> Data:
    """See filter/scale_plan.yml."""
    made: Data = {name: [] for name in ("problems", "asked", "changes", "consequences", "lines", "clusters")}
    made |= {"spec": {}, "monthly_before": None, "monthly_after": None, "monthly_more": None}
    wished, made["problems"] = _wished(wishes)
    if made["problems"]:
        return made
    there, made["problems"] = _there(answers, given, wished)
    if made["problems"]:
        return made
    now = {**given, **there}
    asked = _asked(now, wished)
    then = {**now, **asked}
    made["problems"] = list(dict.fromkeys(_problems(answers, now, then, asked)))
    if made["problems"]:
        return made
    before, after = (monthly_bill(row, answers["options"]["instance_sizes"])["total_max"] for row in (now, then))
    changes = [name for name in asked if asked[name] != now.get(name)]
    made |= {
        "asked": sorted({name.partition("_")[0] for name in asked}),
        "changes": [{"what": name, "before": now.get(name), "after": asked[name]} for name in changes],
        "consequences": list(_consequences(changes, given)),
        "lines": [f"{name}: {as_yaml(value)}" for name, value in asked.items() if given.get(name) != value],
        "monthly_before": before,
        "monthly_after": after,
        "monthly_more": None if before is None else round(after - before, 2),
        "clusters": [row for role in ("postgresql", "valkey") if (row := _resized(role, given, then, changes))],
    }
    if any(name.startswith("app_") for name in changes):
        made["spec"] = _spec(answers, given["app_service_name"], then, changes)
    return made


def _wished(wishes: Data) -> tuple[Data, list[str]]:
    """What is wished, numbers as such. Nothing given is "", as a survey's question that nobody has answered."""
    wished: Data = {}
    problems = []
    for name in (*SIZES, *COUNTS):
        text = str(wishes.get(name) or "").strip()
        if text and name in SIZES:
            wished[name] = text
        elif text.isdigit() and int(text):
            wished[name] = int(text)
        elif text:
            problems.append(f"scale_{name} is {text!r}, and must be a whole number from 1.")
    if not wished and not problems:
        names = ", ".join(f"scale_{name}" for name in (*COUNTS, *SIZES))
        problems.append(f"Say what to scale, as by -e scale_app_instance_count=2; what there is: {names}.")
    return wished, problems


def _there(answers: Data, given: Data, wished: Data) -> tuple[Data, list[str]]:
    """The inputs of the roles that what is there answers to, and why it cannot be scaled."""
    there: Data = {}
    problems: list[str] = []
    for role in ("postgresql", "valkey"):
        name = given[f"{role}_name"]
        cluster = next((row for row in answers["clusters"] if row["name"] == name), None)
        if cluster:
            parts = (
                ("engine", "version", "region", *CLUSTER) if role == "postgresql" else ("version", "region", *CLUSTER)
            )
            there |= {f"{role}_{part}": cluster[part] for part in parts if part in cluster}
        if any(wish.startswith(f"{role}_") for wish in wished):
            if cluster is None:
                problems.append(f"There is no cluster {name}: run site.yml first.")
            elif cluster["status"] != "online":
                problems.append(f"The cluster {name} is {cluster['status']}, not online: wait for it, and run again.")
    service = _service(answers, given["app_service_name"])
    if service:
        there |= {
            "app_instance_size": service.get("instance_size_slug"),
            "app_instance_count": service.get("instance_count"),
            "app_autoscaling": service.get("autoscaling") or {},
        }
    if any(wish.startswith("app_") for wish in wished):
        problems += _app_problems(service, given, wished)
    return there, problems


def _app_problems(service: Data, given: Data, wished: Data) -> Iterator[str]:
    """Count and bounds exclude each other, and which of them holds the inventory says."""
    if not service:
        yield f"The app {given['app_name']} has no service {given['app_service_name']} that runs: run site.yml first."
        return
    scales, bounds = bool(service.get("autoscaling")), set(BOUNDS) & set(wished)
    if scales != bool(given["app_autoscaling"]) and (bounds or "app_instance_count" in wished):
        yield (
            "Inventory and account do not agree on whether the app scales by itself (app_autoscaling): run site.yml "
            "first."
        )
    elif scales and "app_instance_count" in wished:
        yield (
            "The app scales by itself (app_autoscaling), so it has no scale_app_instance_count: give "
            "scale_app_min_instance_count, scale_app_max_instance_count or both."
        )
    elif bounds and not scales:
        yield (
            f"The app does not scale by itself, so there are no bounds to move by scale_{sorted(bounds)[-1]}: give "
            "scale_app_instance_count, or set app_autoscaling in the inventory and run site.yml."
        )


def _asked(now: Data, wished: Data) -> Data:
    """The wishes as inputs of roles: two of them are parts of one."""
    asked = {name: value for name, value in wished.items() if name not in BOUNDS}
    if bounds := {BOUNDS[name]: value for name, value in wished.items() if name in BOUNDS}:
        asked["app_autoscaling"] = {**now["app_autoscaling"], **bounds}
    return asked


def _problems(answers: Data, now: Data, then: Data, asked: Data) -> Iterator[str]:
    """What preflight would say of it. Only what is asked for differs from what is there, so only that is told."""
    # Whoever asks for a smaller disk is not told that it grows by itself.
    then = {**then, "preflight_provisioning": True, "postgresql_storage_autoscale": {}}
    sizes, regions = (answers["options"][part] for part in ("instance_sizes", "regions"))
    roles = {name.partition("_")[0] for name in asked}
    checks = [check_clusters(then, answers["clusters"], None)]
    if roles - {"app"}:
        checks.append(offers_of.check_databases(then, answers["databases"], answers["clusters"]))
    if "app" in roles:
        checks.append(offers_of.check_app(then, sizes, regions))
    refused = list(chain.from_iterable(checks))
    yield from refused
    before, after = (monthly_bill(inputs, sizes)["total_max"] for inputs in (now, then))
    # What is over the budget already may become less.
    if not refused and (after is None or before is None or after > before):
        yield from check_bill(then, sizes)


def _consequences(changes: list[str], given: Data) -> Iterator[str]:
    for role, label in (("app", "The app"), ("postgresql", given["postgresql_name"]), ("valkey", given["valkey_name"])):
        touched = [{"attribute": name.partition("_")[2]} for name in changes if name.startswith(f"{role}_")]
        kind = kinds.APP if role == "app" else kinds.DATABASE_CLUSTER
        for sentence in consequences({"kind": kind.noun, "action": "change", "changes": touched}) if touched else []:
            yield f"{label}: {sentence}."


def _resized(role: str, given: Data, then: Data, changes: list[str]) -> Data | None:
    """What the module database_cluster is given; a disk that nobody asks for the API sees to."""
    touched = [part for part in CLUSTER if f"{role}_{part}" in changes]
    if not touched:
        return None
    values = {part: then[f"{role}_{part}"] for part in CLUSTER if part in touched or part != "storage_size_mib"}
    return {"role": role, "name": given[f"{role}_name"], "values": values}


def _service(answers: Data, name: str) -> Data:
    spec = answers["app"].get("spec") or {}
    return next((row for row in spec.get("services") or [] if row["name"] == name), {})


def _spec(answers: Data, service: str, then: Data, changes: list[str]) -> Data:
    """The part of the app's spec that changes. A list of components holds exactly those that are given."""
    keys = {"app_instance_size": "instance_size_slug", "app_instance_count": "instance_count"}
    part = {key: then[name] for name, key in keys.items() if name in changes}
    if "app_autoscaling" in changes:
        part["autoscaling"] = {key: then["app_autoscaling"][key] for key in BOUNDS.values()}
    services = answers["app"]["spec"]["services"]
    return {"services": [{"name": row["name"], **(part if row["name"] == service else {})} for row in services]}
