# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan: what a run would do to an environment, as data that can be kept, shown and held against another one.

    {"fisioflow_plan": 1,                    the form of the file, which changes when an older one could be misread
     "environment", "account", "owner"       what it is about: name, API, and the uuid of the team or account there
     "made_at",                              the only thing in which two plans of the same state differ
     "release": {digest, branch, commit, dump},  what the command line asked to deploy
     "resources": [{
         "name",                             what the roles call it, `postgresql users fisioflow_app`
         "kind", "called",                   the same in DigitalOcean's words: a noun, and a name if it has one
         "action",                           create, change, delete or cannot
         "changes": [{"attribute", "before", "after"}],
         "comes_with": [sentence],           what depends on it
         "why"}],                            of what cannot be, and of what is no resource: its sentence
     "secrets",                          a mark of those that are called new, by which others are noticed; else ""
     "not_compared": [sentence],             why it does not cover everything; empty when it does
     "bill": {"before", "after"}}            as `monthly_bill` has them

It is made of what the modules predict in check mode, whose diffs hold words in place of secrets, and of nothing else of
their results.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import Kind
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import bill_before, monthly_bill
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.consequences import consequences
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.plan_secrets import new_secrets_mark
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import flatten, too_early

FORM = 1
# In the order in which they are told and counted.
ACTIONS = ("create", "change", "delete", "cannot")
KINDS = {kind.name: kind for kind in vars(kinds).values() if isinstance(kind, Kind)}
# What people call a resource by, whichever it has: a name, what a CDN stands in front of, or what an alert policy says.
NAMES = ("name", "origin", "description")
# What the role monitoring calls its uptime checks.
FIRST_CHECK, SECOND_CHECK = "monitoring health", "monitoring error budget"


def environment_plan(
    results: Data,
    about: Data,
    inputs: Data,
    app: Data,
    instance_sizes: list[Data],
    not_compared: list[str],
    stopped: str = "",
    secrets: Data | None = None,
    checks: list[Data] | None = None,
) -> Data:
    """The plan, from results that check mode predicted with a diff.

    `about`: its attributes up to `release`. `inputs` are those of the roles, `app` is the app as the API gives it, {}
    when it is missing, `instance_sizes` are the API's. `stopped` says why roles could not get to their end.
    `secrets` are values of the app's secrets by variable, `checks` the uptime checks of the account.
    """
    differing = [(name, result) for name, result in flatten(results) if result.get("failed") or result.get("changed")]
    resources = [_resource(name, result) for name, result in sorted(differing, key=lambda row: row[0])]
    if any(about["release"].get(part) for part in ("branch", "commit", "dump")):
        resources = _deployed(resources, about["release"])
    return {
        "fisioflow_plan": FORM,
        **about,
        "resources": [{**row, "comes_with": consequences(row)} for row in resources],
        "secrets": new_secrets_mark(resources, about, secrets or {}),
        "not_compared": [*not_compared, *_left_out(stopped, resources)],
        "bill": {
            "before": bill_before(inputs, _in_force(results, app, inputs["app_service_name"]), instance_sizes, checks),
            "after": monthly_bill(inputs, instance_sizes, checks),
        },
    }


def _left_out(stopped: str, resources: list[Data]) -> list[str]:
    """What is not told by the resources that cannot be."""
    rest = stopped
    for row in resources:
        rest = rest.replace(row["why"], "")
    return [rest.strip() or "What the same roles do after what is impossible."] if stopped else []


def counted(plan: Data) -> dict[str, int]:
    """How many resources each action is planned for."""
    return {action: sum(row["action"] == action for row in plan["resources"]) for action in ACTIONS}


def _resource(name: str, result: Data) -> Data:
    # Where a module has failed, its result does not tell what it is about.
    kind = next((key for key in (*result, name) if key in KINDS), "")
    diff = result.get("diff") or {}
    before, after = diff.get("before") or {}, diff.get("after") or {}
    return {
        "name": name,
        "kind": KINDS[kind].noun if kind else "",
        "called": _called(after) or _called(before),
        "action": _action(result, before, after),
        "changes": [
            {"attribute": path, "before": old, "after": new}
            for path, old, new in leaves("", before, after)
            if old != new
        ],
        "why": _why(result),
    }


def _why(result: Data) -> str:
    if result.get("failed"):
        return str(result.get("msg", "for an unknown reason"))
    # What is no resource of the API says in words what it would do.
    return too_early(result) or ("" if result.get("diff") else str(result.get("msg", "")))


def _action(result: Data, before: Data, after: Data) -> str:
    if result.get("failed"):
        return "cannot"
    if before and not after:
        return "delete"
    return "create" if after and not before else "change"


def _called(view: Data) -> str:
    return next((str(view[name]) for name in NAMES if view.get(name)), str((view.get("spec") or {}).get("name") or ""))


def leaves(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """The places inside of two JSON values, lists as a whole, by their names; None where there is nothing."""
    one, other = before or {}, after or {}
    if not (isinstance(one, dict) and isinstance(other, dict) and (one or other)):
        yield path, before, after
        return
    for key in dict.fromkeys([*one, *other]):
        yield from leaves(f"{path}.{key}" if path else str(key), one.get(key), other.get(key))


def _deployed(resources: list[Data], release: Data) -> list[Data]:
    """With the deployment that a branch or a commit asks for although the app's spec may be the same."""
    if any(row["kind"] == kinds.APP.noun for row in resources):
        return resources
    wanted = {key: value for key, value in release.items() if value}
    changes = [{"attribute": key, "before": None, "after": value} for key, value in wanted.items()]
    row = {"name": "app", "kind": kinds.APP.noun, "called": "", "action": "change", "changes": changes, "why": ""}
    return [*resources, row]


def _in_force(results: Data, app: Data, service: str) -> Data:
    """The inputs of the roles that what is there answers to, as `bill_before` takes them."""
    services = {row["name"]: row for row in (app.get("spec") or {}).get("services") or []}
    there: Data = {"app": _app_inputs(services[service]) if service in services else None}
    buckets, held = [], {}
    for name, result in flatten(results):
        before, after = ((result.get("diff") or {}).get(side) or {} for side in ("before", "after"))
        if kinds.DATABASE_CLUSTER.name in result and (before or after):
            engine = (before or after)["engine"]
            role = "valkey" if engine == "valkey" else "postgresql"
            sizes = {f"{role}_{name}": before.get(name) for name in ("size", "num_nodes", "storage_size_mib")}
            there[role] = {**sizes, f"{role}_engine": engine} if before else None
        if kinds.SPACES_BUCKET.name in result:
            buckets.append(bool(before))
        if kinds.LOAD_BALANCER.name in result:
            there["edge"] = _edge_inputs(there.get("edge"), before, {"edge_nodes": before.get("size_unit")})
        if kinds.DROPLET_AUTOSCALE_POOL.name in result:
            there["edge"] = _edge_inputs(there.get("edge"), before, _proxies(before))
        if name in (FIRST_CHECK, SECOND_CHECK):
            held[name] = bool(before)
    if held:
        second = {"monitoring_error_budget_path": "/" if held.get(SECOND_CHECK) else ""}
        there["monitoring"] = second if any(held.values()) else None
    return {**there, "spaces": {} if any(buckets) else None} if buckets else there


def _edge_inputs(known: Data | None, before: Data, found: Data) -> Data | None:
    """What is known of it by now, with what one more part of it tells."""
    return {**(known or {}), **found, "edge_mode": "load_balancer"} if before else known


def _proxies(pool: Data) -> Data:
    config, template = pool.get("config") or {}, pool.get("droplet_template") or {}
    bounds = {f"edge_proxies_{bound}": config.get(f"{bound}_instances") for bound in ("min", "max")}
    return {**bounds, "edge_proxy_size": template.get("size")}


def _app_inputs(service: Data) -> Data:
    return {
        "app_instance_size": service.get("instance_size_slug"),
        "app_instance_count": service.get("instance_count"),
        "app_autoscaling": service.get("autoscaling") or {},
    }
