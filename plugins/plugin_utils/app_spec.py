# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The app spec of FisioFlow, from the inputs of the app role.

What is deployed is not desired state: an inventory names the image of the very first deployment, later ones come from
`deploy.yml`. So the source that runs now is kept unless a release asks for another. Likewise, where memory may move the
number of instances, it stays where that has moved it.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import ORIGIN_SECRETS
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.memory_scaling import kept_bound


def component(app: Data | None, name: str) -> Data:
    """The component of that name as it runs, or is about to run; {} when there is none.

    A deployment under way counts, then the active one, and only then the app's own spec: after a failed deployment that
    one names what failed.
    """
    if not app:
        return {}
    deployments = [app.get(f"{state}_deployment") or {} for state in ("pending", "in_progress", "active")]
    spec = next((row["spec"] for row in deployments if row.get("spec")), app.get("spec")) or {}
    for row in [*(spec.get("services") or []), *(spec.get("jobs") or [])]:
        if row.get("name") == name:
            return dict(row)
    return {}


def _same_origin(kept: Data, wanted: Data) -> bool:
    return all((kept.get(key) or "") == (wanted.get(key) or "") for key in ("registry_type", "registry", "repository"))


def source(wanted_image: Data, wanted_git: Data, release: Data, running: Data) -> Data:
    """The source part of a component: `{"image": {…}}` or `{"github": {…}}` and so on.

    `release` is `{digest, tag, branch}`, empty on a run that deploys nothing new. `running` is the component as it is.
    """
    if wanted_git:
        provider = wanted_git.get("provider") or ("git" if wanted_git.get("repo_clone_url") else "github")
        part = {key: value for key, value in wanted_git.items() if key != "provider"}
        kept = running.get(provider) or {}
        if kept and all(kept.get(key) == part.get(key) for key in ("repo", "repo_clone_url")):
            part["branch"] = kept.get("branch") or part["branch"]
        if release.get("branch"):
            part["branch"] = release["branch"]
        return {provider: part}
    image = {key: value for key, value in wanted_image.items() if value not in (None, "")}
    kept = running.get("image") or {}
    if release.get("digest"):
        image.pop("tag", None)
        image["digest"] = release["digest"]
    elif kept and _same_origin(kept, image):
        for key in ("digest", "tag"):
            image.pop(key, None)
            if kept.get(key):
                image[key] = kept[key]
    return {"image": image}


def _text(value: Any) -> str:
    """A value as an environment has it: JSON's words, since Python's `True` means nothing to anybody else."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)


def app_envs(variables: Data, secrets: list[str] | None = None) -> list[Data]:
    """Env entries of a component, in a stable order. Secrets carry no value: it travels apart from the spec.

    A variable without a value is left out. Those of Next.js are inlined by its build, so a build has to see them too.
    """
    return [
        *(
            {
                "key": key,
                "value": _text(value),
                "scope": "RUN_AND_BUILD_TIME" if key.startswith("NEXT_") else "RUN_TIME",
                "type": "GENERAL",
            }
            for key, value in sorted(variables.items())
            if value not in (None, "")
        ),
        *({"key": key, "scope": "RUN_TIME", "type": "SECRET"} for key in sorted(secrets or [])),
    ]


# What connects two commands of a shell.
_CHAIN = re.compile(r"[;&|<>\n]")
_ASSIGNMENT = re.compile(r"\s*\w+=")


def run_command(command: str, envs: list[Data]) -> str:
    """The command that starts a component, after its environment's authorities were written to the file that it names.

    App Platform gives a container variables and no files. PostgreSQL's authority comes first: Prisma reads only one.
    """
    given = {env["key"]: env.get("value") for env in envs}
    authorities = [key for key in ("DATABASE_CA_CERT", "REDIS_CA_CERT") if key in given]
    if not command or not authorities or not given.get("NODE_EXTRA_CA_CERTS"):
        return command
    write = " ".join(['printf "%s\\n"', *(f'"${key}"' for key in authorities), '> "$NODE_EXTRA_CA_CERTS"'])
    # In the shell's place, so that a signal to stop reaches the program. Of several commands only the first would run.
    start = command
    if not _CHAIN.search(command):
        start = f"exec env {command}" if _ASSIGNMENT.match(command) else f"exec {command}"
    return f"sh -c {shlex.quote(f'{write} && {start}')}"


def _databases(inputs: Data) -> list[Data]:
    cluster, database = inputs["app_postgresql_cluster"], inputs["app_postgresql_database"]
    postgresql = {"engine": "PG", "production": True, "cluster_name": cluster, "db_name": database}
    return [
        {"name": inputs["app_database_component"], **postgresql, "db_user": inputs["app_postgresql_user"]},
        {"name": inputs["app_owner_component"], **postgresql, "db_user": inputs["app_postgresql_owner"]},
        {
            "name": inputs["app_cache_component"],
            "engine": "VALKEY",
            "production": True,
            "cluster_name": inputs["app_valkey_cluster"],
        },
    ]


def _service(inputs: Data, code: Data, envs: list[Data], running: Data) -> Data:
    service = {
        "name": inputs["app_service_name"],
        **code,
        "instance_size_slug": inputs["app_instance_size"],
        "http_port": inputs["app_http_port"],
        "health_check": inputs["app_readiness_check"],
        "liveness_health_check": inputs["app_liveness_check"],
        "termination": inputs["app_termination"],
        "alerts": inputs["app_alerts"],
        "envs": [{"key": "PORT", "value": str(inputs["app_http_port"]), "scope": "RUN_TIME", "type": "GENERAL"}, *envs],
        "run_command": run_command(inputs.get("app_run_command") or "", envs),
        "build_command": inputs.get("app_build_command") or "",
        "log_destinations": [],
        "internal_ports": [],
    }
    # The two exclude each other. Of either, memory may have moved the lower bound.
    scaling = inputs.get("app_autoscaling")
    least = int((scaling or {}).get("min_instance_count") or inputs.get("app_instance_count") or 1)
    bound = kept_bound(least, int(inputs.get("app_most_instances") or 0), running)
    if scaling:
        service["autoscaling"] = {**scaling, "min_instance_count": bound}
    else:
        service["instance_count"] = bound
    return service


def _migration(inputs: Data, code: Data, envs: list[Data]) -> Data:
    return {
        "name": inputs["app_migration_name"],
        "kind": "PRE_DEPLOY",
        **code,
        "run_command": run_command(inputs["app_migration_command"], envs),
        "instance_count": 1,
        "instance_size_slug": inputs["app_migration_size"],
        "envs": envs,
    }


def _domains(inputs: Data, running: Data | None) -> list[Data]:
    """Those of the app. What the load balancer owns it has only until they have moved there."""
    domains = inputs.get("app_domains") or []
    if inputs.get("app_balanced"):
        held: list[Data] = ((running or {}).get("spec") or {}).get("domains") or []
        # In the end it has none, and that is what is compared.
        keeps = inputs.get("app_keep_domains") and not inputs.get("app_compare_only")
        return [row for row in held if keeps and row["domain"] in domains]
    return [
        {"domain": name, "type": "PRIMARY" if name == domains[0] else "ALIAS", "minimum_tls_version": "1.2"}
        for name in domains
    ]


def _maintenance(running: Data | None) -> Data:
    """As it is: a run that is about something else neither begins nor ends it."""
    kept = ((running or {}).get("spec") or {}).get("maintenance") or {}
    return dict(kept) if kept.get("enabled") or kept.get("archive") else {}


def app_spec(inputs: Data, envs: Data, running: Data | None = None) -> Data:
    """The whole spec, in the API's own form.

    `inputs` are the inputs of the app role; `envs` is `{service: [...], migration: [...]}`, lists of the API's env
    entries; `running` is the app as it is, or None.
    """
    release = {key: inputs.get(f"app_release_{key}") or "" for key in ("digest", "branch")}
    kept = component(running, inputs["app_service_name"])
    code = source(inputs.get("app_image") or {}, inputs.get("app_git") or {}, release, kept)
    domains = _domains(inputs, running)
    # Who comes by App Platform's own way has none to show, so the app does not ask while that is open: decision 48.
    is_closed = inputs.get("app_balanced") and not domains
    given = [env for env in envs["service"] if is_closed or env["key"] not in ORIGIN_SECRETS]
    spec: Data = {
        "name": inputs["app_name"],
        "region": inputs["app_region"],
        "disable_edge_cache": inputs["app_disable_edge_cache"],
        "services": [_service(inputs, code, given, kept)],
        "databases": _databases(inputs),
        "alerts": inputs["app_deployment_alerts"],
        "ingress": {"rules": [{"match": {"path": {"prefix": "/"}}, "component": {"name": inputs["app_service_name"]}}]},
    }
    # What is empty takes away what an earlier inventory wanted, or somebody else: left out, it would stay.
    spec |= {"workers": [], "static_sites": [], "functions": [], "envs": []}
    # Whether visitors get a page instead of the app says maintenance.yml, not the inventory.
    spec["maintenance"] = _maintenance(running)
    migrates = bool(inputs.get("app_migration_command"))
    spec["jobs"] = [_migration(inputs, code, envs["migration"])] if migrates else []
    spec["domains"] = domains
    if inputs.get("app_vpc_id"):
        spec["vpc"] = {"id": inputs["app_vpc_id"]}
    return spec
