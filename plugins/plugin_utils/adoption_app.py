# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app as it is, as inputs of the role app; and what of it has no place there."""

from __future__ import annotations

import re
import shlex

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import (
    APP_NAME,
    COMPONENT_KINDS,
    OLD_APP_SIZES,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_source import source

# What FisioFlow answers without a login: docs/application.md.
HEALTH_PATHS = ("/api/ping", "/api/health")
_MIGRATES = re.compile(r"migrat|db[: ]push|schema", re.IGNORECASE)
_WRAPPED = re.compile(r'printf "%s\\n" .* > "\$NODE_EXTRA_CA_CERTS" && (?:exec (?:env )?)?(.*)', re.DOTALL)


def app(sketch: Sketch, spec: Data) -> tuple[Data, Data]:
    """The inputs of the role, but for variables and domains; returns the service and the migration job, {} for none."""
    say = sketch.say
    _name(sketch, str(spec.get("name") or ""))
    service = _service_of(spec)
    if not service:
        sketch.left_out.append(
            say("The app has no service that answers requests: name image or repository of one (app_image, app_git).")
        )
    job = _migration_of(spec)
    source(sketch, service)
    _runs(sketch, service)
    _checks(sketch, service)
    sketch.set("app_migration_command", unwrapped(str(job.get("run_command") or "")))
    if job:
        sketch.set("app_migration_name", job["name"])
        sketch.set("app_migration_size", _size(sketch, job))
    else:
        sketch.danger("no migration", "jobs", say("Nothing migrates the database before a deployment."))
    _bound(sketch, spec)
    sketch.set("app_disable_edge_cache", bool(spec.get("disable_edge_cache")))
    sketch.set("app_alerts", service.get("alerts") or [])
    sketch.set("app_deployment_alerts", spec.get("alerts") or [])
    _beside(sketch, spec, service, job)
    return service, job


def unwrapped(command: str) -> str:
    """The command inside of what the role app wraps around it, which writes the clusters' authorities first."""
    try:
        words = shlex.split(command)
    except ValueError:
        return command
    found = _WRAPPED.fullmatch(words[2]) if len(words) == 3 and words[:2] == ["sh", "-c"] else None
    return found[1] if found else command


def _name(sketch: Sketch, name: str) -> None:
    say = sketch.say
    if APP_NAME.fullmatch(name):
        sketch.set("app_name", name)
    elif name:
        sketch.left_out.append(
            say(
                "The name {name} is none that an app can have; it is called {called}.",
                name=repr(name),
                called=sketch.get("app_name"),
            )
        )


def _service_of(spec: Data) -> Data:
    """The service that takes requests at the root, or else the first."""
    services = spec.get("services") or []
    targets = [
        (rule.get("component") or {}).get("name")
        for rule in (spec.get("ingress") or {}).get("rules") or []
        if ((rule.get("match") or {}).get("path") or {}).get("prefix", "/") == "/"
    ]
    by_name = {row["name"]: row for row in services}
    for name in (*targets, "web"):
        if name in by_name:
            return dict(by_name[name])
    return dict(services[0]) if services else {}


def _migration_of(spec: Data) -> Data:
    jobs = [row for row in spec.get("jobs") or [] if row.get("kind") == "PRE_DEPLOY"]
    fitting = [row for row in jobs if _MIGRATES.search(f"{row['name']} {row.get('run_command')}")]
    return dict((fitting or jobs or [{}])[0])


def _size(sketch: Sketch, part: Data) -> str:
    say = sketch.say
    size = str(part.get("instance_size_slug") or "apps-s-1vcpu-0.5gb")
    if size in OLD_APP_SIZES:
        now = OLD_APP_SIZES[size]
        sketch.danger(
            "retired size",
            part["name"],
            say(
                "{part} has the retired size {size}, which is called {now} now.", part=part["name"], size=size, now=now
            ),
        )
        return now
    return size


def _runs(sketch: Sketch, service: Data) -> None:
    say = sketch.say
    if not service:
        return
    sketch.set("app_service_name", service["name"])
    sketch.set("app_instance_size", _size(sketch, service))
    scaling = service.get("autoscaling") or {}
    sketch.set("app_autoscaling", scaling)
    if not scaling:
        sketch.set("app_instance_count", int(service.get("instance_count") or 1))
    sketch.set("app_most_instances", 0)
    sketch.set("app_http_port", int(service.get("http_port") or 8080))
    sketch.set("app_build_command", service.get("build_command") or "")
    command = str(service.get("run_command") or "")
    sketch.defaults["app_run_command"] = "npm start" if sketch.get("app_git") else "node server.js"
    sketch.set("app_run_command", unwrapped(command))
    sketch.set("app_termination", service.get("termination") or {})
    if unwrapped(command) == command:
        # Nothing writes the file then.
        sketch.settings["environment_ca_file"] = ""
        sketch.danger(
            "unverified databases",
            service["name"],
            say(
                "{service} encrypts its connections to the databases without verifying whose they are.",
                service=service["name"],
            ),
        )


def _checks(sketch: Sketch, service: Data) -> None:
    say = sketch.say
    for option, key in (("app_readiness_check", "health_check"), ("app_liveness_check", "liveness_health_check")):
        check = dict(service.get(key) or {})
        if "path" in check:
            check["http_path"] = check.get("http_path") or check["path"]
            del check["path"]
        sketch.set(option, check)
        path = check.get("http_path")
        if service and not path:
            why = say(
                "{service} has no {key} by a path: an app that answers nothing counts as healthy.",
                service=service["name"],
                key=key,
            )
            sketch.danger("no health check", f"{service['name']}.{key}", why)
        elif path and path not in HEALTH_PATHS:
            answered = ", ".join(HEALTH_PATHS)
            asked = str(path).partition("?")[0]
            why = say(
                "The {key} of {service} asks {asked}, which FisioFlow does not answer; it answers {answered}.",
                key=key,
                service=service["name"],
                asked=asked,
                answered=answered,
            )
            sketch.danger("health path", f"{service['name']}.{key}", why)


def _bound(sketch: Sketch, spec: Data) -> None:
    """Components that bind databases keep their names; a development database is none that a role keeps."""
    say = sketch.say
    for part in spec.get("databases") or []:
        engine, name = str(part.get("engine") or "PG").upper(), part["name"]
        if not part.get("cluster_name"):
            why = say(
                "{name} is a development database of {engine}; site.yml takes it away with its data: dump it before.",
                name=name,
                engine=engine,
            )
            sketch.danger("development database", name, why)
        elif engine == "PG":
            is_owner = part.get("db_user") == sketch.get("postgresql_owner_user")
            sketch.set("app_owner_component" if is_owner else "app_database_component", name)
        elif engine in ("VALKEY", "REDIS"):
            sketch.set("app_cache_component", name)
        else:
            sketch.left_out.append(
                say(
                    "The database component {name} is of {engine}, which FisioFlow does not use; site.yml takes "
                    "it away.",
                    name=name,
                    engine=engine,
                )
            )
    for role, component in (
        ("environment_database_component", "app_database_component"),
        ("environment_owner_component", "app_owner_component"),
        ("environment_cache_component", "app_cache_component"),
    ):
        sketch.set(role, sketch.get(component))
    sketch.set("environment_service_name", sketch.get("app_service_name"))


def _beside(sketch: Sketch, spec: Data, service: Data, job: Data) -> None:
    """What FisioFlow's app has not, and a run would therefore take away."""
    say = sketch.say
    for kind in COMPONENT_KINDS:
        for part in spec.get(kind) or []:
            if part["name"] not in (service.get("name"), job.get("name")):
                noun = say.name(kind.removesuffix("s").replace("_", " "))
                sketch.left_out.append(
                    say(
                        "The {noun} {part} is no part of FisioFlow's app, and site.yml takes it away: keep it in an "
                        "app of its own first, if somebody needs it.",
                        noun=noun,
                        part=part["name"],
                    )
                )
    rules = [
        row
        for row in (spec.get("ingress") or {}).get("rules") or []
        if (row.get("component") or {}).get("name") != service.get("name")
        or ((row.get("match") or {}).get("path") or {}).get("prefix", "/") != "/"
    ]
    if rules:
        sketch.left_out.append(
            say(
                "{count} ingress rule(s) beside that of {service} are taken away.",
                count=len(rules),
                service=service.get("name") or say("a service"),
            )
        )
    for part in (service, job):
        for row in part.get("log_destinations") or []:
            sketch.left_out.append(
                say("The log destination {name} of {part} is taken away.", name=row.get("name"), part=part["name"])
            )
    for port in service.get("internal_ports") or []:
        sketch.left_out.append(
            say("The internal port {port} of {service} is closed.", port=port, service=service["name"])
        )
    if spec.get("maintenance"):
        sketch.left_out.append(say("The settings of maintenance mode are taken away."))
