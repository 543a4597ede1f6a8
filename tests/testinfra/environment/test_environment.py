# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented variables, and a key for the app's own bucket."""

from __future__ import annotations

from typing import Any


def test_the_app_has_its_environment(account: Any, only: Any) -> None:
    envs = {row["key"]: row for row in account.app()["spec"]["services"][0]["envs"]}
    key = only(account.rows("/v2/spaces/keys", "keys"), name="fisioflow-local-uploads")
    assert envs["DATABASE_URL"]["value"] == "${db.DATABASE_PRIVATE_URL}"
    assert envs["REDIS_URL"]["value"] == "${cache.DATABASE_PRIVATE_URL}"
    assert envs["DO_SPACES_KEY"]["value"] == key["access_key"]
    assert envs["DO_SPACES_ENDPOINT"]["value"] == "https://nyc3.digitaloceanspaces.com"
    assert envs["DO_SPACES_BUCKET"]["value"] == "fisioflow-local-uploads"
    assert key["grants"] == [{"bucket": "fisioflow-local-uploads", "permission": "readwrite"}]


def test_secrets_are_encrypted_and_the_migration_has_none(account: Any) -> None:
    spec = account.app()["spec"]
    secrets = {row["key"]: row["value"] for row in spec["services"][0]["envs"] if row.get("type") == "SECRET"}
    assert set(secrets) == {"DO_SPACES_SECRET", "SESSION_SECRET"}
    assert all(value.startswith("EV[") for value in secrets.values())
    migration = {row["key"]: row for row in spec["jobs"][0]["envs"]}
    assert set(migration) == {"NODE_ENV", "DATABASE_URL", "DATABASE_CA_CERT"}
    assert migration["DATABASE_URL"]["value"] == "${db-owner.DATABASE_PRIVATE_URL}"
