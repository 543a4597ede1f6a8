# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API's words mean, where its status codes do not say it."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Conflict, Forbidden, Invalid
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.scopes import needed


@pytest.mark.parametrize(
    ("message", "taken"),
    [
        ("cdn already enabled for the bucket", True),
        ('an app with the name "clinic" already exists', True),
        ("name must be unique", True),
        ("name is already in use", True),
        ("user name is not available", True),
        ("database name is not available", True),
        ("cluster name is not available", True),
        ("connection pool name is not available", True),
        ("a VPC with the name clinic already exists", True),
        ("BucketAlreadyExists: The requested bucket name is not available.", True),
        ("a resize is under way", False),
        ("engine 'kafka' is not available", False),
        ("duplicate rule with type IP_ADDR and value 10.0.0.1", False),
        ('the domain "clinic.example" is already used by the app "other"', False),
    ],
)
def test_a_name_that_is_taken_is_told_by_words(message: str, taken: bool) -> None:
    assert Conflict(message, status=409).name_is_taken is taken


@pytest.mark.parametrize(
    ("message", "path", "advice"),
    [
        (
            "You are not authorized to perform this operation",
            "/v2/apps",
            "Give the token the scope app:create (with project_id also project:assign_resource and project:update), or",
        ),
        (
            "You are missing the required permissions project:assign_resource, project:update.",
            "/v2/apps",
            "Give the token the scopes project:assign_resource, project:update, or",
        ),
        ("database user password is not accessible", "/v2/apps", "Give the token the scope database:view_credentials,"),
        ("VPC has members", "/v2/vpcs", "Remove what the message names"),
    ],
)
def test_a_refusal_names_the_scope_or_the_obstacle(message: str, path: str, advice: str) -> None:
    assert Forbidden(message, status=403, method="POST", path=path, scope=needed("POST", path)).advice.startswith(
        advice
    )


def test_who_lost_a_race_is_told_so_and_who_renames_is_not() -> None:
    taken = {"status": 422, "path": "/v2/databases"}
    lost = Invalid("cluster name is not available", method="POST", **taken).sentence("create it")
    assert "perhaps by another run at this very moment: run again" in lost
    assert "another run" not in Invalid("name is already taken", method="PATCH", **taken).sentence("rename it")
