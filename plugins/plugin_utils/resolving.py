# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which names lead where their records say."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.resolver import addresses


def resolved_records(records: list[Data], resolver: str = "") -> list[Data]:
    """For each A record of `domain_records`: `{domain, target, phase}`, as the summary tells it.

    `phase` is ACTIVE when the name leads there and nowhere else, and PENDING before. Raises Failure for a resolver that
    does not answer.
    """
    rows = [record for record in records if record["type"] == "A"]
    found = {row["name"]: addresses(row["name"], resolver) for row in rows}
    return [
        {
            "domain": row["name"],
            "target": ", ".join(row["values"]),
            "phase": "ACTIVE" if found[row["name"]] and found[row["name"]] <= set(row["values"]) else "PENDING",
        }
        for row in rows
    ]
