# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The records by which the names of the app lead to it."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data


def address_records(names: list[str], addresses: list[str], ttl: int) -> list[Data]:
    """Sets for `domain_records`: each of the names has these addresses, and nothing else that would lead elsewhere.

    An address follows on an address in place; a CNAME would have to go before one can come.
    """
    return [
        record
        for name in names
        for record in (
            {"name": name, "type": "A", "values": list(addresses), "ttl": int(ttl)},
            {"name": name, "type": "AAAA", "values": []},
            {"name": name, "type": "CNAME", "values": []},
        )
    ]
