# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wishes that an environment which is there can never fulfil: each told in one sentence, before any write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.integration.site.cases import refusals
from tests.integration.site.proofs import told
from tests.integration.site.runs import run
from tests.localcloud_fixtures import LocalCloud

# What an environment that is there cannot become, and what is told of it.
FIXED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "another region": (
        {"fisioflow_region": "fra1", "fisioflow_app_region": "fra"},
        [
            "network_region is 'fra1', but the VPC 'fisioflow-local' cannot leave 'nyc1': set it to 'nyc1'; no run",
            "postgresql_region is 'fra1', but the cluster 'fisioflow-local-postgresql' cannot leave 'nyc1'",
            "valkey_region is 'fra1', but the cluster 'fisioflow-local-valkey' cannot leave 'nyc1'",
            "app_region is 'fra', but the app 'fisioflow-local' cannot leave 'nyc': set it to 'nyc', or delete the app",
        ],
    ),
    "another network": (
        {"network_name": "another"},
        [
            "network_name is 'another', but the cluster 'fisioflow-local-postgresql' cannot leave the VPC",
            "the cluster 'fisioflow-local-valkey' cannot leave the VPC 'fisioflow-local': set it to",
        ],
    ),
    "less than there is": (
        {
            "network_ip_range": "10.20.0.0/24",
            "postgresql_version": "16",
            "postgresql_storage_size_mib": 5120,
            "postgresql_storage_autoscale": {"enabled": False},
        },
        [
            "network_ip_range is '10.20.0.0/24', but the VPC 'fisioflow-local' keeps '10.20.0.0/20'",
            "postgresql_version is '16', but the cluster 'fisioflow-local-postgresql' cannot go down from '17'",
            "postgresql_storage_size_mib is 5120, but the cluster 'fisioflow-local-postgresql' cannot go down from",
        ],
    ),
    "another name for all of it": (
        {"fisioflow_name": "minha"},
        ["the cluster 'fisioflow-local-valkey', the app 'fisioflow-local' would stay behind and go on costing"],
    ),
    "another app": (
        {"app_name": "another"},
        ["app_name 'another' would be a second app, and 'fisioflow-local', which uses the same databases or network,"],
    ),
    "another pool, database and bucket": (
        {"postgresql_pool_name": "pool2", "postgresql_database": "other", "spaces_uploads_bucket": "other-uploads"},
        [
            "postgresql_database 'other' would be a new, empty database, and the data in 'fisioflow' would stay behind",
            "and the patients' files in 'fisioflow-local-uploads', which the app uses, would stay behind",
            "postgresql_pool_name 'pool2' would be one more pool, and of its 15 connections 7 are left beside "
            "'fisioflow-app' with 15: keep the name, or shrink what is there by 8 (database_pool)",
        ],
    ),
    "the engines swapped": (
        {"postgresql_name": "fisioflow-local-valkey", "valkey_name": "fisioflow-local-postgresql"},
        [
            "postgresql_name 'fisioflow-local-valkey' is that of a valkey cluster, not of PostgreSQL",
            "valkey_name 'fisioflow-local-postgresql' is that of a pg cluster, not of Valkey",
        ],
    ),
}


def test_what_can_never_change_is_told_before_anything_else_is_changed(environment: LocalCloud, tmp_path: Path) -> None:
    # What could be changed goes along, and must not be.
    cases = {change: {"network_description": "changed", **variables} for change, (variables, _) in FIXED.items()}
    said = refusals(environment, tmp_path, "site", cases)
    for change, (_, sentences) in FIXED.items():
        told(said[change], *sentences)


def test_a_release_does_not_wait_for_the_inventory_to_follow(environment: LocalCloud) -> None:
    """Somebody upgraded the cluster and its disk has grown; neither is the business of a deployment."""
    behind = {"postgresql_version": "16", "postgresql_storage_size_mib": 5120}
    assert run(environment, "playbooks/deploy", variables=behind).ok
    del behind["postgresql_version"]
    assert run(environment, variables=behind).changed == 0
