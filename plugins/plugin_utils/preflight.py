# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the token and the bill, and the list that the preflight role refuses with."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import checks_existing as existing
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import checks_offers as offers_of
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import monthly_bill
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_app_parts import (
    check_app_parts,
    typed_parts,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_edge import check_certificate, check_edge
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_inputs import CHECKS
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_renames import check_names
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.prices import check_prices, missing_prices

# A token without custom scopes may do everything.
FULL_ACCESS = {"*", "write"}


def missing_scopes(required: list[str], scopes: list[str] | None) -> list[str]:
    """`scopes` None: the server does not tell."""
    if scopes is None or FULL_ACCESS & set(scopes):
        return []
    return [scope for scope in required if not any(fnmatch.fnmatchcase(scope, have) for have in scopes)]


def check_answers(failed: list[Data], missing: list[str]) -> Iterator[str]:
    """`failed` are results of modules; of a scope that is missing, `check_token` tells."""
    for result in failed:
        if not (missing and (result.get("error") or {}).get("status") == 403):
            yield str(result["msg"])


def check_token(missing: list[str], expires_in: int | None, needed: int) -> Iterator[str]:
    """`expires_in` and `needed` are seconds."""
    if missing:
        yield f"the token lacks {'this scope' if len(missing) == 1 else 'these scopes'}: {', '.join(missing)}."
    if expires_in is not None and 0 < expires_in < needed:
        yield f"the token expires in {expires_in} s; a run may take {needed} s."


def check_bill(inputs: Data, sizes: list[Data], checks: list[Data] | None = None) -> Iterator[str]:
    budget = float(inputs["preflight_budget_usd"] or 0)
    if budget < 0:
        yield f"preflight_budget_usd is {budget:g}; it must be positive, or 0 for no limit."
    bill = monthly_bill(inputs, sizes, checks)
    if bill["unpriced"] and (inputs["preflight_provisioning"] or budget > 0):
        # Budget or not, what costs nobody knows how much would look like nothing; but a release waits for no price.
        missing = missing_prices([line["price"] for line in bill["lines"] if line["usd"] is None])
        yield (
            f"no price is known for {'; '.join(bill['unpriced'])}: look it up and add it to the inventory, with US "
            f"dollars a month in place of USD, as {missing} (for one node or instance, a GiB of disk; the known prices "
            "stay)."
        )
    elif 0 < budget < bill["total_max"]:
        parts = ", ".join(f"{line['item']} {line['usd_max']:.2f}" for line in bill["lines"])
        yield f"the plan costs up to ${bill['total_max']:.2f} a month, over the budget of ${budget:.2f} ({parts})."


def preflight_problems(desired: Data, offers: Data) -> list[str]:
    """Every reason not to start, as sentences without repetition, in a stable order.

    `desired` is what the lookup `role_inputs` returns. `offers` holds `databases` (engine → offer), `instance_sizes`,
    `app_regions`, `token_scopes`, `token_expires_in`, `server_time` (by the API's clock), what exists in `apps` (of the
    app's name), `certificates` (of the edge's name), `other_apps`, `vpcs`, `clusters`, `pools`, `databases_there`,
    `buckets` and `uptime_checks` (all of them), the places of `lost_secrets` that the app must keep, and why some of it
    could not be asked for in `failed` (results) and `bucket_errors` (sentences). An offer that is None leaves its
    checks out.
    """
    # Values of a wrong type, or under a wrong name.
    misfits = [*desired["problems"], *check_app_parts(desired["inputs"])]
    problems, inputs = list(misfits), typed_parts(desired["inputs"])
    sizes, regions = offers.get("instance_sizes"), offers.get("app_regions")
    missing = missing_scopes(inputs["preflight_scopes"] or [], offers.get("token_scopes"))
    checks: list[Callable[[], Iterator[str]]] = [
        lambda: check_answers(offers.get("failed") or [], missing),
        lambda: check_token(missing, offers.get("token_expires_in"), inputs["preflight_token_seconds"]),
        *[lambda check=check: check(inputs) for check in (*CHECKS, check_edge)],
        lambda: offers_of.check_spaces(inputs, offers.get("bucket_errors") or []),
        lambda: offers_of.check_pool(inputs),
        lambda: offers_of.check_source(inputs),
    ]
    checks.append(lambda: check_prices(inputs["preflight_prices"], offers_of.sizes(offers.get("databases"), sizes)))
    if offers.get("databases") is not None:
        clusters, now = offers.get("clusters"), offers.get("server_time")
        checks.append(lambda: offers_of.check_databases(inputs, offers["databases"], clusters, now))
    if sizes is not None and regions is not None:
        checks.append(lambda: offers_of.check_app(inputs, sizes, regions))
        checks.append(lambda: check_bill(inputs, sizes, offers.get("uptime_checks")))
    if offers.get("apps") is not None:
        app, clusters_there = next(iter(offers["apps"]), None), offers.get("clusters")
        checks.append(lambda: existing.check_app(inputs, app))
        if app:
            checks.append(lambda: existing.check_cluster_of_app(inputs, app, clusters_there))
    if offers.get("certificates") is not None:
        checks.append(lambda: check_certificate(inputs, offers["certificates"]))
    checks.append(lambda: existing.check_permanent(offers.get("lost_secrets") or []))
    if offers.get("vpcs") is not None:
        checks.append(lambda: existing.check_network(inputs, offers["vpcs"]))
    if offers.get("clusters") is not None:
        checks.append(lambda: existing.check_clusters(inputs, offers["clusters"], offers.get("vpcs")))
    if offers.get("clusters") is not None and offers.get("vpcs") is not None:
        checks.append(lambda: check_names(inputs, offers))
    checks.append(lambda: existing.check_pools(inputs, offers.get("pools") or []))
    for check in checks:
        try:
            problems.extend(check())
        except (TypeError, ValueError, AttributeError, KeyError):
            # A misfit, which has its own sentence already; without one it is our mistake.
            if not misfits:
                raise
    return list(dict.fromkeys(problems))
