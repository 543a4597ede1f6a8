# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented variables, and a key for the app's own bucket."""

from __future__ import annotations

from typing import Any


def test_the_app_has_its_environment(account: Any, only: Any) -> None:
    envs = {row["key"]: row for row in account.app()["spec"]["services"][0]["envs"]}
    key = only(account.rows("/v2/spaces/keys", "keys"), name="fisioflow-local-uploads")
    pool, direct = envs["DATABASE_URL"]["value"], envs["DIRECT_URL"]["value"]
    assert pool.startswith("postgresql://${db.fisioflow-app.USERNAME}:${db.fisioflow-app.PASSWORD}@private-${db.")
    assert {"sslaccept=strict", "pgbouncer=true", "connection_limit=10"} <= set(pool.split("?")[1].split("&"))
    assert direct.startswith("postgresql://${db.USERNAME}:${db.PASSWORD}@private-${db.HOSTNAME}:${db.PORT}/${db.DATABA")
    assert envs["NEXTAUTH_URL"]["value"] == "https://fisioflow.example"
    assert envs["CORS_ORIGINS"]["value"] == "https://fisioflow.example,https://www.fisioflow.example"
    assert envs["REDIS_URL"]["value"] == "${cache.DATABASE_PRIVATE_URL}"
    assert envs["DO_SPACES_KEY"]["value"] == key["access_key"]
    assert envs["DO_SPACES_ENDPOINT"]["value"] == "https://nyc3.digitaloceanspaces.com"
    assert envs["DO_SPACES_BUCKET"]["value"] == "fisioflow-local-uploads"
    assert key["grants"] == [{"bucket": "fisioflow-local-uploads", "permission": "readwrite"}]


def test_secrets_are_encrypted_and_the_migration_has_none(account: Any) -> None:
    spec = account.app()["spec"]
    secrets = {row["key"]: row["value"] for row in spec["services"][0]["envs"] if row.get("type") == "SECRET"}
    own = {"NEXTAUTH_SECRET", "AUTH_SECRET", "ENCRYPTION_KEY", "STATUS_CHECK_TOKEN", "ORIGIN_SECRET"}
    assert set(secrets) == {"DO_SPACES_SECRET", *own}
    assert all(value.startswith("EV[") for value in secrets.values())
    migration = {row["key"]: row for row in spec["jobs"][0]["envs"]}
    assert set(migration) == {"NODE_ENV", "DATABASE_URL", "DIRECT_URL", "DATABASE_CA_CERT", "NODE_EXTRA_CA_CERTS"}
    assert migration["DIRECT_URL"]["value"].startswith("postgresql://${db-owner.USERNAME}:")
    assert "pgbouncer" not in migration["DIRECT_URL"]["value"]
