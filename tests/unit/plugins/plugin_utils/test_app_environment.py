# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of FisioFlow: what it reads, under which names, and which secrets travel apart."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_environment import UNMADE, app_environment
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import next_origin, origin_secrets
from tests.unit.plugins.plugin_utils.wanted import inputs

NAMES = {
    "environment_public_url": "${APP_URL}",
    "environment_spaces_region": "nyc3",
    "environment_uploads_bucket": "up",
    "environment_assets_bucket": "as",
}
KEY = {"access_key": "DO00", "secret_key": "s3"}
SECRETS: dict[str, Any] = {"environment_secrets": {}, "environment_optional_secrets": {}}
HOLDS = {"spec": {"services": [{"name": "web", "envs": [{"key": "SENTRY_DSN", "value": "EV[1:…]"}]}]}}


def made(app: dict[str, Any] | None = None, key: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return app_environment(inputs(**{**NAMES, **SECRETS, **changes}), app or {}, KEY if key is None else key)


def values(component: str, **changes: Any) -> dict[str, Any]:
    return {env["key"]: env.get("value") for env in made(**changes)["envs"][component]}


def test_addresses_are_made_of_bindable_variables() -> None:
    service, migration = values("service"), values("migration")
    verified = "sslmode=require&sslaccept=strict&sslcert=/tmp/digitalocean-ca.pem"
    place = f"@private-${{%s.HOSTNAME}}:${{%s.PORT}}/${{%s.DATABASE}}?{verified}"
    pool = "db.fisioflow-app"
    direct = "postgresql://${db.USERNAME}:${db.PASSWORD}" + place % (("db",) * 3)
    pooled = f"postgresql://${{{pool}.USERNAME}}:${{{pool}.PASSWORD}}" + place % ((pool,) * 3)
    owner = "postgresql://${db-owner.USERNAME}:${db-owner.PASSWORD}" + place % (("db-owner",) * 3)
    assert service["DIRECT_URL"] == direct
    assert service["DATABASE_URL"] == f"{pooled}&pgbouncer=true&connection_limit=10"
    assert service["REDIS_URL"] == "${cache.DATABASE_PRIVATE_URL}"
    assert (service["DATABASE_CA_CERT"], service["REDIS_CA_CERT"]) == ("${db.CA_CERT}", "${cache.CA_CERT}")
    assert migration == {
        "NODE_ENV": "production",
        "DATABASE_URL": owner,
        "DIRECT_URL": owner,
        "DATABASE_CA_CERT": "${db-owner.CA_CERT}",
        "NODE_EXTRA_CA_CERTS": "/tmp/digitalocean-ca.pem",
    }


def test_of_an_authority_that_every_system_trusts_no_file_is_named() -> None:
    service = values("service", environment_postgresql_authority=False)
    assert service["DIRECT_URL"].endswith("?sslmode=require&sslaccept=strict")
    assert "DATABASE_CA_CERT" not in service
    assert service["REDIS_CA_CERT"]


def test_public_and_unverified_addresses() -> None:
    service = values("service", environment_private_urls=False, environment_ca_file="")
    assert service["DIRECT_URL"].endswith("@${db.HOSTNAME}:${db.PORT}/${db.DATABASE}?sslmode=require")
    assert service["REDIS_URL"] == "${cache.DATABASE_URL}"
    assert "NODE_EXTRA_CA_CERTS" not in service


def test_the_inventorys_variables_win_over_the_plain_ones_only() -> None:
    own = {"LOG_LEVEL": "debug", "DB_POOL_SIZE": 3, "TZ": "", "DO_SPACES_BUCKET": "other", "SMTP_PORT": 587}
    service = values("service", environment_variables=own)
    assert (service["LOG_LEVEL"], service["SMTP_PORT"], service["DO_SPACES_BUCKET"]) == ("debug", "587", "up")
    assert service["DATABASE_URL"].endswith("connection_limit=3")
    assert "TZ" not in service


def test_origins_and_what_a_build_inlines() -> None:
    assert values("service", environment_cors_origins=["https://b"])["CORS_ORIGINS"] == "${APP_URL},https://b"
    assert "NEXT_PUBLIC_API_URL" not in values("service")
    assert values("service", environment_builds=True)["NEXT_PUBLIC_API_URL"] == "${APP_URL}/api"


@pytest.mark.parametrize(
    ("key", "access", "secret"),
    [
        (KEY, "DO00", {"DO_SPACES_SECRET": "s3"}),
        ({"access_key": "DO00"}, "DO00", {}),
        ({}, UNKNOWN, {}),
        ({"access_key": UNKNOWN, "secret_key": UNKNOWN}, UNKNOWN, {"DO_SPACES_SECRET": UNMADE}),
    ],
)
def test_the_key_of_the_uploads(key: dict[str, Any], access: str, secret: dict[str, str]) -> None:
    told = made(key=key)
    assert {"key": "DO_SPACES_KEY", "value": access, "scope": "RUN_TIME", "type": "GENERAL"} in told["envs"]["service"]
    assert {"key": "DO_SPACES_SECRET", "scope": "RUN_TIME", "type": "SECRET"} in told["envs"]["service"]
    assert told["secrets"] == secret


def test_secrets_travel_apart_and_what_the_app_has_is_kept() -> None:
    given = {
        "environment_secrets": {"NEXTAUTH_SECRET": "n", "ENCRYPTION_KEY": ""},
        "environment_optional_secrets": {"SENTRY_DSN": "", "SMTP_PASS": "", "OPENAI_API_KEY": "sk"},
    }
    told = made(HOLDS, **given)
    named = {env["key"] for env in told["envs"]["service"] if env["type"] == "SECRET"}
    assert named == {
        *("DO_SPACES_SECRET", "NEXTAUTH_SECRET", "AUTH_SECRET", "ENCRYPTION_KEY", "SENTRY_DSN", "OPENAI_API_KEY"),
    }
    assert told["secrets"] == {
        "NEXTAUTH_SECRET": "n",
        "AUTH_SECRET": "n",
        "OPENAI_API_KEY": "sk",
        "DO_SPACES_SECRET": "s3",
    }
    assert not [env for env in told["envs"]["migration"] if env["type"] == "SECRET"]


def test_the_next_origin_secret_is_the_only_one_once_it_is_settled() -> None:
    both = {"ORIGIN_SECRET": "old", "ORIGIN_SECRET_NEXT": "new", "SENTRY_DSN": "x"}
    assert origin_secrets(both, settled=False) == both
    assert origin_secrets(both, settled=True) == {"ORIGIN_SECRET": "new", "SENTRY_DSN": "x"}
    for alone in ({"ORIGIN_SECRET": "old", "ORIGIN_SECRET_NEXT": ""}, {"ORIGIN_SECRET": "old"}, {}):
        assert origin_secrets(alone, settled=True) == alone


def test_the_next_origin_secret_is_held_against_the_only_one_that_an_app_has() -> None:
    def app(*names: str) -> dict[str, Any]:
        return {"spec": {"services": [{"name": "web", "envs": [{"key": name} for name in names]}]}}

    given = {"ORIGIN_SECRET_NEXT": "new"}
    assert next_origin(app("ORIGIN_SECRET"), "web", given) == {"web.ORIGIN_SECRET": "new"}
    # In the midst of a rotation the app takes both.
    assert next_origin(app("ORIGIN_SECRET", "ORIGIN_SECRET_NEXT"), "web", given) == {}
    assert next_origin(app(), "web", given) == next_origin({}, "web", given) == {}
    assert next_origin(app("ORIGIN_SECRET"), "web", {"ORIGIN_SECRET_NEXT": ""}) == {}
