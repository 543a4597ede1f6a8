# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, sources and ports of components."""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.resources.apps.spec import KINDS, SIZED, SOURCES
from localcloud.resources.apps.validation.errors import integer, invalid, object_of, objects, one_of, text

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")
REPOSITORY = re.compile(r"[^/\s]+/\S+")
# A digest that carries the word is how a test asks for a failing deployment (see ``failures``).
DIGEST = re.compile(r"sha256:([0-9a-f]{64}|.*broken.*)")
REGISTRY_TYPES = ("DOCKER_HUB", "DOCR", "GHCR")
JOB_KINDS = ("UNSPECIFIED", "PRE_DEPLOY", "POST_DEPLOY", "FAILED_DEPLOY", "SCHEDULED")


def check_name(name: str, field: str) -> None:
    if not NAME.fullmatch(name):
        raise invalid(
            field, f'"{name}" must have 2 to 32 lower-case letters, digits and dashes, and start with a letter'
        )


def check_components(spec: JSON) -> None:
    """Raises ApiError 400 for the first component that cannot be."""
    names: set[str] = set()
    count = 0
    for kind in (*KINDS, "databases"):
        for component in objects(spec, kind, kind):
            name = text(component, "name", f"{kind}.name")
            check_name(name, f"{kind}.name")
            if name in names:
                raise invalid(f"{kind}.name", f'the component name "{name}" is used more than once')
            names.add(name)
            if kind != "databases":
                count += 1
                _check_component(kind, component)
    if not count:
        raise invalid("services", "an app needs at least one component")


def _check_component(kind: str, component: JSON) -> None:
    _check_source(kind, component)
    if kind == "jobs":
        _check_job(component)
    if kind == "services":
        integer(component, "http_port", "services.http_port", 1, 65535)
        one_of(component, "protocol", "services.protocol", ("HTTP", "HTTP2"))
        for port in component.get("internal_ports") or []:
            integer({"port": port}, "port", "services.internal_ports", 1, 65535)
    termination = object_of(component, "termination", f"{kind}.termination")
    integer(termination, "drain_seconds", f"{kind}.termination.drain_seconds", 1, 110)
    integer(termination, "grace_period_seconds", f"{kind}.termination.grace_period_seconds", 1, 600)
    if kind == "static_sites" and component.get("error_document") and component.get("catchall_document"):
        raise invalid("static_sites.catchall_document", "only one of catchall_document and error_document can be set")


def _check_source(kind: str, component: JSON) -> None:
    name = component["name"]
    given = [source for source in SOURCES if object_of(component, source, f"{kind}.{source}")]
    if len(given) != 1:
        found = f"it has {' and '.join(given)}" if given else "it has none"
        raise invalid(f"{kind}", f'{KINDS[kind]} "{name}" needs exactly one source of {", ".join(SOURCES)}; {found}')
    (source,) = given
    field, details = f"{kind}.{source}", component[source]
    if source == "image":
        if kind not in SIZED:
            raise invalid(field, f"a {KINDS[kind]} cannot run an image")
        _check_image(field, details)
    elif source == "git":
        if not text(details, "repo_clone_url", f"{field}.repo_clone_url"):
            raise invalid(f"{field}.repo_clone_url", "is required")
    elif not REPOSITORY.fullmatch(text(details, "repo", f"{field}.repo")):
        raise invalid(f"{field}.repo", f'"{details.get("repo", "")}" must be of the form owner/repository')
    if source != "image" and not text(details, "branch", f"{field}.branch"):
        raise invalid(f"{field}.branch", "is required")


def _check_image(field: str, image: JSON) -> None:
    kind = one_of(image, "registry_type", f"{field}.registry_type", REGISTRY_TYPES)
    if not kind:
        raise invalid(f"{field}.registry_type", "is required")
    if not text(image, "repository", f"{field}.repository"):
        raise invalid(f"{field}.repository", "is required")
    registry = text(image, "registry", f"{field}.registry")
    if kind == "DOCR" and registry:
        raise invalid(f"{field}.registry", "must be left empty for the registry type DOCR")
    if kind == "DOCR" and text(image, "registry_credentials", f"{field}.registry_credentials"):
        raise invalid(f"{field}.registry_credentials", "are for the registry types DOCKER_HUB and GHCR only")
    tag, digest = text(image, "tag", f"{field}.tag"), text(image, "digest", f"{field}.digest")
    if tag and digest:
        raise invalid(f"{field}.digest", "tag and digest cannot both be set")
    if digest and not DIGEST.fullmatch(digest):
        raise invalid(f"{field}.digest", f'"{digest}" is not of the form sha256:<64 hexadecimal digits>')
    if object_of(image, "deploy_on_push", f"{field}.deploy_on_push").get("enabled") and (kind != "DOCR" or digest):
        raise invalid(f"{field}.deploy_on_push", "is for images of DOCR that are named by a tag only")


def _check_job(job: JSON) -> None:
    kind = one_of(job, "kind", "jobs.kind", JOB_KINDS)
    schedule = object_of(job, "schedule", "jobs.schedule")
    if kind == "SCHEDULED" and not schedule.get("cron"):
        raise invalid("jobs.schedule.cron", "is required for a job of kind SCHEDULED")
    if kind != "SCHEDULED" and schedule:
        raise invalid("jobs.schedule", "is for jobs of kind SCHEDULED only")
