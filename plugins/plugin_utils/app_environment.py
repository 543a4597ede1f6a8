# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environment of FisioFlow, from the inputs of the environment role: what it reads, and under which names.

`${component.VARIABLE}` and `${APP_URL}` are resolved by App Platform, never here.
"""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import origin_secrets, secrets_to_give
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_spec import app_envs

# What check mode says instead of a secret is masked like one, so it must be a text that stands nowhere else.
UNMADE = "secret-of-a-key-that-is-yet-to-be-made"


def _address(inputs: Data, source: str) -> str:
    """The URL of PostgreSQL by a component, or a pool of it.

    It is put together from its parts: the private host is called like the public one with a prefix, and Prisma wants to
    be told more than a bound URL tells - which authority to verify with; without one it encrypts only.
    """
    host = "private-" if inputs["environment_private_urls"] else ""
    login, place = f"${{{source}.USERNAME}}:${{{source}.PASSWORD}}", f"${{{source}.HOSTNAME}}:${{{source}.PORT}}"
    address = f"postgresql://{login}@{host}{place}/${{{source}.DATABASE}}?sslmode=require"
    if authorities := inputs["environment_ca_file"]:
        address += "&sslaccept=strict"
        address += f"&sslcert={authorities}" if inputs["environment_postgresql_authority"] else ""
    return address


def _authority(inputs: Data, component: str) -> str:
    return f"${{{component}.CA_CERT}}" if inputs["environment_postgresql_authority"] else ""


def _plain(inputs: Data) -> Data:
    """Those that the inventory may change."""
    url = inputs["environment_public_url"]
    variables = {
        "NODE_ENV": "production",
        "NEXT_TELEMETRY_DISABLED": 1,
        "HOSTNAME": "0.0.0.0",  # noqa: S104 - inside of its container
        "LOG_LEVEL": "info",
        "TZ": "America/Sao_Paulo",
        "DB_POOL_SIZE": 10,
        "RATE_LIMIT_ENABLED": True,
        "HEALTH_CHECK_ENABLED": True,
        "CORS_ORIGINS": ",".join([url, *inputs["environment_cors_origins"]]),
        "NEXTAUTH_URL": url,
        "AUTH_URL": url,
    }
    if inputs["environment_builds"]:
        variables |= {"NEXT_PUBLIC_APP_URL": url, "NEXT_PUBLIC_API_URL": f"{url}/api"}
    return {**variables, **inputs["environment_variables"]}


def _documented(inputs: Data, plain: Data, access_key: str) -> Data:
    """The documented variables, which keep their names."""
    database, cache = inputs["environment_database_component"], inputs["environment_cache_component"]
    region, assets = inputs["environment_spaces_region"], inputs["environment_assets_bucket"]
    # Of the pool, Prisma wants to be told that it is one, and how much of it to use.
    pooled = f"&pgbouncer=true&connection_limit={plain['DB_POOL_SIZE']}"
    return {
        "DATABASE_URL": _address(inputs, f"{database}.{inputs['environment_pool_name']}") + pooled,
        "DIRECT_URL": _address(inputs, database),
        "DATABASE_CA_CERT": _authority(inputs, database),
        "REDIS_URL": f"${{{cache}.{'DATABASE_PRIVATE_URL' if inputs['environment_private_urls'] else 'DATABASE_URL'}}}",
        "REDIS_CA_CERT": f"${{{cache}.CA_CERT}}",
        "DO_SPACES_KEY": access_key,
        "DO_SPACES_ENDPOINT": f"https://{region}.digitaloceanspaces.com",
        "DO_SPACES_REGION": region,
        "DO_SPACES_BUCKET": inputs["environment_uploads_bucket"],
        "DO_SPACES_ASSETS_BUCKET": assets,
        "DO_SPACES_CDN_URL": f"https://{assets}.{region}.cdn.digitaloceanspaces.com",
    }


def _migration(inputs: Data, plain: Data) -> Data:
    """Prisma migrates through DIRECT_URL, past the pool and as the owner; it wants DATABASE_URL to be there as well."""
    owner = inputs["environment_owner_component"]
    url = _address(inputs, owner)
    authority = _authority(inputs, owner)
    return {"NODE_ENV": plain["NODE_ENV"], "DATABASE_URL": url, "DIRECT_URL": url, "DATABASE_CA_CERT": authority}


def app_environment(inputs: Data, app: Data | None, key: Data | None) -> Data:
    """`{envs: {service, migration}, secrets}`: lists of the API's env entries, and the values that travel apart.

    `inputs` are those of the environment role with their secrets, `app` is the app as it is, `key` its Spaces key. What
    an app has and is given no value for, it keeps; an optional one that it does not have is none.
    """
    key, plain = key or {}, _plain(inputs)
    # Node.js reads its file once, when it starts; it is for Redis and for whatever else speaks TLS.
    authorities = {"NODE_EXTRA_CA_CERTS": inputs["environment_ca_file"]} if inputs["environment_ca_file"] else {}
    service = {**plain, **_documented(inputs, plain, key.get("access_key") or UNKNOWN), **authorities}

    needed = inputs["environment_secrets"] or {}
    login = {"AUTH_SECRET": needed["NEXTAUTH_SECRET"]} if "NEXTAUTH_SECRET" in needed else {}
    service_name, given = inputs["environment_service_name"], inputs["environment_optional_secrets"] or {}
    optional = {**login, **origin_secrets(given, settled=inputs["environment_origin_settled"])}
    provided = {**secrets_to_give(optional, app, service_name), **needed}
    secrets = {name: value for name, value in provided.items() if value}
    if secret := key.get("secret_key"):
        secrets["DO_SPACES_SECRET"] = secret.replace(UNKNOWN, UNMADE)
    return {
        "envs": {
            "service": app_envs(service, ["DO_SPACES_SECRET", *provided]),
            "migration": app_envs({**_migration(inputs, plain), **authorities}),
        },
        "secrets": secrets,
    }
