# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets and keys that an app has, by its own spec and by what runs."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# By which the app refuses whoever comes past the load balancer.
ORIGIN_SECRETS = ("ORIGIN_SECRET", "ORIGIN_SECRET_NEXT")


def spaces_keys_in_use(app: Data | None, service: str) -> list[str]:
    """The access keys that a service of the app has: by its spec, and by the deployment that still runs."""
    deployed = ((app or {}).get("active_deployment") or {}).get("spec")
    found = [variables(spec, service).get("DO_SPACES_KEY") for spec in ((app or {}).get("spec"), deployed)]
    return sorted({key for key in found if key})


def variables(spec: Data | None, service: str) -> Data:
    """The variables of a service by name, {} when there is none."""
    rows = next((row.get("envs") for row in (spec or {}).get("services") or [] if row.get("name") == service), None)
    return {env.get("key"): env.get("value") for env in rows or []}


def next_origin(app: Data | None, service: str, given: Data) -> Data:
    """The next origin secret by the place of the only one that the app has, to be held against it; else {}."""
    held = variables((app or {}).get("spec"), service)
    following, alone = given.get(ORIGIN_SECRETS[1]), [name for name in ORIGIN_SECRETS if name in held]
    return {f"{service}.{ORIGIN_SECRETS[0]}": following} if following and alone == [ORIGIN_SECRETS[0]] else {}


def origin_secrets(given: Data, *, settled: bool) -> Data:
    """Of `given` secrets without ORIGIN_SECRET_NEXT, once that is the only one that the app takes, or shall be.

    While both are given, the app takes either, until all proxies send the next one: then that is ORIGIN_SECRET
    (`settled`), and people move the value in their inventory at leisure.
    """
    now, following = (given.get(name) for name in ORIGIN_SECRETS)
    if not (now and following and settled):
        return given
    rest = {name: value for name, value in given.items() if name not in ORIGIN_SECRETS}
    return {**rest, ORIGIN_SECRETS[0]: following}


def secrets_to_give(optional: Data, app: Data | None, service: str) -> Data:
    """Of secrets that a service can do without: those that have a value, and those that it has already."""
    held = variables((app or {}).get("spec"), service)
    return {key: value for key, value in optional.items() if value or key in held}


def secrets_in_spec(secrets: Data, spec: Data) -> Data:
    """Without the origin secrets for which no service of the spec has a place."""
    held = {env["key"] for row in spec["services"] for env in row["envs"]}
    return {key: value for key, value in secrets.items() if key in held or key not in ORIGIN_SECRETS}


def spaces_keys_held(app: Data | None, service: str) -> list[str]:
    """The Spaces key whose secret the app has, none or one: of any other only a new one helps.

    The API shows a secret once; a run that is killed between the key and the app leaves a key whose secret nobody has.
    The app's own spec counts here, since it is what the next deployment will use.
    """
    envs = variables((app or {}).get("spec"), service)
    return [envs["DO_SPACES_KEY"]] if envs.get("DO_SPACES_KEY") and "DO_SPACES_SECRET" in envs else []


def permanent_secrets(inputs: Data, names: list[str] | None) -> Data:
    """Of the secrets called `names`, those that have a value among the environment role's inputs, by their places."""
    # What is no dictionary is one of the problems that preflight lists.
    parts = [inputs["environment_optional_secrets"], inputs["environment_secrets"]]
    given = {name: value for part in parts if isinstance(part, dict) for name, value in part.items()}
    service = inputs["environment_service_name"]
    return {f"{service}.{name}": value for name, value in given.items() if value and name in (names or [])}
