# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks on what a person types: names, ranges, lists. Nothing here needs an account."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import facts, ranges
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.offers import meant
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.provided import placeholders

COMMIT = re.compile(r"[0-9a-f]{7,40}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
HOST = re.compile(r"(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")
# As a browser tells it; a star may stand for a part of the host, but not for all of it.
ORIGIN = re.compile(
    r"https?://(localhost|\[[0-9a-f:.]+\]|(?=[^:]{4,253}(:|$))([a-z0-9*_]([a-z0-9*_-]*[a-z0-9*_])?\.)+[a-z0-9-]+)(:\d{1,5})?",
    re.IGNORECASE,
)
# What the environment role writes; a variable of the user's under one of these names would be lost.
OWN_VARIABLES = {
    *("DATABASE_URL", "DIRECT_URL", "DATABASE_CA_CERT", "REDIS_URL", "REDIS_CA_CERT", "NODE_EXTRA_CA_CERTS", "PORT"),
    *("DO_SPACES_KEY", "DO_SPACES_SECRET", "DO_SPACES_ENDPOINT", "DO_SPACES_REGION", "DO_SPACES_BUCKET"),
    *("DO_SPACES_ASSETS_BUCKET", "DO_SPACES_CDN_URL", "DO_API_TOKEN", "SECRET_FINGERPRINTS"),
}
# Trusted sources that are left to the app and its addresses.
OF_THE_APP = 10
# Where people copy from examples.
MAY_BE_COPIED = (
    *("environment_variables", "environment_public_url", "app_domains", "app_alert_emails", "app_image", "app_git"),
    "spaces_access_key",
)


def check_names(inputs: Data) -> Iterator[str]:
    name = inputs["app_name"]
    if not facts.APP_NAME.fullmatch(name):
        yield (
            f"app_name {name!r} is not a valid app name: 2 to 32 of a-z, 0-9 and '-', first a letter, last a letter or "
            f"digit."
        )
    for key in ("postgresql_name", "valkey_name"):
        if not facts.CLUSTER_NAME.fullmatch(inputs[key]):
            yield f"{key} {inputs[key]!r} is not a valid cluster name: 3 to 63 of a-z, 0-9 and '-', first a letter."
    if inputs["postgresql_name"] == inputs["valkey_name"]:
        yield f"postgresql_name and valkey_name are both {inputs['valkey_name']!r}; every cluster needs its own name."
    if not facts.VPC_NAME.fullmatch(inputs["network_name"]):
        yield f"network_name {inputs['network_name']!r} may only hold letters, digits, '-' and '.'."
    least, most = facts.PROJECT_NAME
    if not least <= len(inputs["project_name"]) <= most:
        yield f"project_name has {len(inputs['project_name'])} characters; DigitalOcean allows {least} to {most}."
    for key in ("network_description", "project_description", "project_purpose"):
        if len(inputs[key] or "") > facts.DESCRIPTION:
            yield f"{key} has {len(inputs[key])} characters; DigitalOcean allows {facts.DESCRIPTION}."


def check_bucket_names(inputs: Data) -> Iterator[str]:
    for key in ("spaces_uploads_bucket", "spaces_assets_bucket"):
        name = inputs[key]
        if problem := facts.bad_bucket_name(name):
            yield f"{key} {name!r} is not a valid bucket name: {problem}."
        elif "." in name:
            yield f"{key} {name!r} has a period, and the certificate of Spaces covers no such name: use dashes."


def check_buckets(inputs: Data) -> Iterator[str]:
    yield from check_bucket_names(inputs)
    if inputs["spaces_uploads_bucket"] == inputs["spaces_assets_bucket"]:
        yield (
            f"spaces_uploads_bucket and spaces_assets_bucket are both {inputs['spaces_assets_bucket']!r}: "
            f"patients' files would be public."
        )
    if inputs["spaces_cdn_ttl"] not in facts.CDN_TTLS:
        yield f"spaces_cdn_ttl is {inputs['spaces_cdn_ttl']}; on offer: {', '.join(map(str, facts.CDN_TTLS))} seconds."
    if bool(inputs["spaces_access_key"]) != bool(inputs["spaces_secret_key"]):
        yield "spaces_access_key and spaces_secret_key go together; only one of them is set."
    for origin in inputs["spaces_cors_origins"] or []:
        if origin == "*":
            yield "spaces_cors_origins holds '*': any web site could use a clinic's upload links; name the origins."
        elif not ORIGIN.fullmatch(origin):
            yield f"spaces_cors_origins holds {origin!r}; an origin looks like https://app.example.com, without a path."


def check_sql(inputs: Data) -> Iterator[str]:
    database = inputs["postgresql_database"]
    if database in facts.RESERVED_DATABASES:
        yield f"postgresql_database {database!r} is reserved by DigitalOcean; choose another name."
    elif not facts.SQL_NAME.fullmatch(database):
        yield f"postgresql_database {database!r} is not a valid database name: up to 63 of a-z, 0-9, '_' and '-'."
    roles = {key: inputs[f"postgresql_{key}_user"] for key in ("owner", "app", "backup", "readonly")}
    for role, user in roles.items():
        if user in facts.RESERVED_USERS or user.startswith("pg_"):
            yield f"postgresql_{role}_user {user!r} is reserved; the {role} role must be a user of its own."
        elif not facts.SQL_NAME.fullmatch(user):
            yield f"postgresql_{role}_user {user!r} is not a valid user name: up to 63 of a-z, 0-9, '_' and '-'."
    for user in sorted({user for user in roles.values() if list(roles.values()).count(user) > 1}):
        shared = " and ".join(f"postgresql_{role}_user" for role, name in roles.items() if name == user)
        yield f"{shared} are both {user!r}; least privilege needs a user for each purpose."
    least, most = facts.POOL_NAME
    if not least <= len(inputs["postgresql_pool_name"]) <= most:
        yield f"postgresql_pool_name {inputs['postgresql_pool_name']!r} must have {least} to {most} characters."


def check_config(inputs: Data) -> Iterator[str]:
    """The two editions of PostgreSQL have no setting in common."""
    config, advanced = inputs["postgresql_config"] or {}, inputs["postgresql_engine"] == "advanced_pg"
    others = sorted(str(key) for key in config if key != "pg_parameters")
    if advanced and others:
        yield (
            f"postgresql_config has {', '.join(others)}, which advanced_pg does not take: give parameters of "
            "PostgreSQL below pg_parameters, as the profile high_availability does ({pg_parameters: "
            '{idle_in_transaction_session_timeout: "60000"}}).'
        )
    elif not advanced and "pg_parameters" in config:
        yield "postgresql_config has pg_parameters, which is of advanced_pg only: give the settings by their names."


def check_range(inputs: Data) -> Iterator[str]:
    if problem := ranges.problem(inputs["network_ip_range"]):
        yield f"network_ip_range {problem}."


def check_windows(inputs: Data) -> Iterator[str]:
    for role in ("postgresql", "valkey"):
        window = inputs[f"{role}_maintenance_window"] or {}
        if not facts.is_weekday(window.get("day")):
            days = ", ".join(facts.WEEKDAYS)
            yield f"{role}_maintenance_window has the day {window.get('day')!r}; it must be one of {days}."
        if not facts.is_time_of_day(window.get("hour")):
            yield f"{role}_maintenance_window has the hour {window.get('hour')!r}; it must look like 04:00 (UTC)."
    storage = inputs["postgresql_storage_autoscale"] or {}
    for key, (least, most) in facts.STORAGE_AUTOSCALE.items():
        if storage.get("enabled") and not least <= int(storage.get(key) or 0) <= most:
            yield f"postgresql_storage_autoscale has {key} {storage.get(key)}; {least} to {most} is allowed."


def check_environment(inputs: Data) -> Iterator[str]:
    places = [f"environment_{kind}" for kind in ("variables", "secrets", "optional_secrets")]
    variables, *others = [inputs[place] or {} for place in places]
    secrets = {key: None for held in others for key in held}
    for key in {**variables, **secrets}:
        if not facts.ENV_NAME.fullmatch(str(key)):
            yield f"{key!r} is not a valid name of an environment variable."
        elif key in OWN_VARIABLES:
            yield f"{key} is written by the environment role itself; it must not be among the variables or secrets."
    for key in sorted(set(variables) & set(secrets)):
        yield f"{key} is in environment_variables and in environment_secrets; decide whether it is a secret."
    for key in sorted(key for key in variables if str(key).startswith("NEXT_PUBLIC_") and inputs["app_image"]):
        yield (
            f"{key} is in environment_variables, but what starts with NEXT_PUBLIC_ is inlined when the app is built: "
            "give it to the build of the image (docs/application.md), where it has an effect."
        )
    for place in MAY_BE_COPIED:
        yield from placeholders(place, inputs[place])
    if inputs["environment_ca_file"] and not inputs["app_run_command"]:
        yield (
            "app_run_command is empty, so that nothing writes environment_ca_file, which the app verifies its "
            "databases with: name the command that starts the app."
        )


def check_trust(inputs: Data) -> Iterator[str]:
    rules = inputs["trusted_sources_rules"] or []
    count, most = len(rules), facts.MOST_TRUSTED_SOURCES
    if count > most - OF_THE_APP:
        yield f"trusted_sources_rules has {count} rules; DigitalOcean allows {most}, and the app needs some of them."
    for rule in rules:
        if problem := _rule(rule.get("type"), str(rule.get("value") or "")):
            yield f"trusted_sources_rules holds {problem}."


def _rule(kind: Any, value: str) -> str:
    """What is wrong with a rule, to continue "… holds"; "" when nothing is."""
    if kind not in facts.TRUSTED_SOURCES:
        near, kinds = meant(kind, facts.TRUSTED_SOURCES), ", ".join(facts.TRUSTED_SOURCES)
        return f"a rule of the type {kind!r}; there are {kinds}{f'; perhaps {near} is meant' if near else ''}"
    if not value:
        return f"a rule of the type {kind} without a value"
    if kind != "ip_addr":
        return ""
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return f"{value!r}, which is neither an IP address nor a range"
    if network.version == 6:
        return f"{value}; managed databases do not take IPv6"
    return "" if network.prefixlen else f"{value}, which opens the databases to everybody"


def check_contacts(inputs: Data) -> Iterator[str]:
    for email in inputs["app_alert_emails"] or []:
        if not EMAIL.fullmatch(email):
            yield f"app_alert_emails holds {email!r}, which is not an e-mail address."
    for domain in inputs["app_domains"] or []:
        if not HOST.fullmatch(domain):
            yield f"app_domains holds {domain!r}, which is not a host name such as app.example.com."


CHECKS = (
    *(check_names, check_buckets, check_sql, check_config),
    *(check_range, check_windows, check_environment, check_trust, check_contacts),
)
