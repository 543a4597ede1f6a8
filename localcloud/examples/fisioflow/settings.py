# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment as values. What is missing is named, and its part of the application answers without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# What FisioFlow looks for at its start; /api/ping tells which of them are not there.
NEEDED = ("DATABASE_URL", "REDIS_URL", "NEXTAUTH_SECRET", "NEXTAUTH_URL", "ENCRYPTION_KEY")


@dataclass(frozen=True)
class Settings:
    host: str
    port: int
    database_url: str
    direct_url: str
    database_ca: str
    redis_url: str
    redis_ca: str
    pool_size: int
    rate_limits: bool
    status_token: str
    origin_secrets: tuple[str, ...]
    origins: tuple[str, ...]
    space: Mapping[str, str]
    trouble: str
    version: str
    missing: tuple[str, ...]


def read(env: Mapping[str, str]) -> Settings:
    """ValueError for a number that is none."""
    secrets = (env.get("ORIGIN_SECRET", ""), env.get("ORIGIN_SECRET_NEXT", ""))
    return Settings(
        host=env.get("HOSTNAME", "127.0.0.1"),
        port=int(env.get("PORT", "3000")),
        database_url=env.get("DATABASE_URL", ""),
        direct_url=env.get("DIRECT_URL") or env.get("DATABASE_URL", ""),
        database_ca=env.get("DATABASE_CA_CERT", ""),
        redis_url=env.get("REDIS_URL", ""),
        redis_ca=env.get("REDIS_CA_CERT", ""),
        pool_size=int(env.get("DB_POOL_SIZE", "10")),
        rate_limits=env.get("RATE_LIMIT_ENABLED", "true").lower() == "true",
        status_token=env.get("STATUS_CHECK_TOKEN", ""),
        origin_secrets=tuple(secret for secret in secrets if secret) if secrets[0] else (),
        origins=tuple(origin for origin in env.get("CORS_ORIGINS", "").split(",") if origin),
        space={
            name.removeprefix("DO_SPACES_").lower(): value for name, value in env.items() if name[:10] == "DO_SPACES_"
        },
        trouble=env.get("TROUBLE", ""),
        version=env.get("APP_VERSION", "1"),
        missing=tuple(name for name in NEEDED if not env.get(name)),
    )
