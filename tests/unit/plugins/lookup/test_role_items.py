# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several roles would do, with the variables in force or else their own defaults."""

from __future__ import annotations

from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.fisioflow.digitalocean.plugins.lookup.role_items import LookupModule


def test_the_items_of_roles_are_templated_as_in_the_roles() -> None:
    loader = DataLoader()
    given: dict[str, Any] = {"valkey_name": "cache", "valkey_region": "fra1", "valkey_config": {}, "valkey_size": "big"}
    lookup = LookupModule(loader=loader, templar=Templar(loader=loader, variables=given))
    cluster, config = lookup.run(["valkey"], variables=given)
    assert (cluster["name"], cluster["database_cluster"]["name"]) == ("valkey", "cache")
    # A default of the role, one that is overridden, and one that is left out.
    assert (cluster["database_cluster"]["num_nodes"], cluster["database_cluster"]["size"]) == (1, "big")
    assert "private_network_uuid" not in cluster["database_cluster"]
    assert (config["after"], config["when"]) == ("valkey", False)
