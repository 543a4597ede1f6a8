# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of an account the role edge has made: a name alone does not tell, as anybody may have chosen it first."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# The second stands in for the first while that is renewed.
CERTIFICATES = ("edge certificate", "edge certificate meanwhile")


def edge_owned(answers: Data, name: str, domains: list[str]) -> dict[str, str]:
    """Item of the role edge → id of what it has made; the tag by its name. What is not there is left out.

    `answers` are the results of asking for all of that `name`, each called after its item with " there". The role has
    them all bear the tag `name`; a certificate, which can have none, Let's Encrypt has issued for one of `domains`.
    """

    def issued(row: Data) -> bool:
        return row.get("type") == "lets_encrypt" and bool({*row["dns_names"]} & {*domains})

    owns: dict[str, tuple[str, Callable[[Data], bool]]] = {
        "edge load balancer": ("load_balancers", lambda row: row.get("tag") == name),
        "edge proxies": ("droplet_autoscale_pools", lambda row: name in (row["droplet_template"].get("tags") or [])),
        "edge firewall": ("firewalls", lambda row: name in (row.get("tags") or [])),
        **dict.fromkeys(CERTIFICATES, ("certificates", issued)),
    }
    found = {
        item: str(row["id"])
        for item, (key, is_ours) in owns.items()
        for row in (answers.get(f"{item} there") or {}).get(key) or []
        if is_ours(row)
    }
    tags = (answers.get("edge tag there") or {}).get("tags") or []
    # Others may use a tag of ours, and what has it may have been ours: it goes with the rest, or when nothing has it.
    if tags and (found.keys() - {*CERTIFICATES} or tags[0]["resources"]["count"] == 0):
        found["edge tag"] = str(tags[0]["name"])
    return found
