# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the wanted sizes, versions, layouts and regions against what the account is offered."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import editions, facts
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.offers import (
    app_datacentres,
    app_refusals,
    database_refusals,
    listed,
    open_slugs,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.schema import AUTOSCALING
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.address import doubt
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_inputs import (
    COMMIT,
    check_bucket_names,
)

LABELS = {"postgresql": "PostgreSQL", "valkey": "Valkey"}
LAYOUT = ("size", "num_nodes")


def engine_of(role: str, inputs: Data) -> str:
    """The API's slug; "" when what is wanted is none."""
    return str(inputs.get("postgresql_engine") or "") if role == "postgresql" else role


def sizes(databases: Data | None, instances: list[Data] | None) -> dict[str, set[str]]:
    """Sizes on offer, by the groups of a price table; without an answer of the API none."""
    found = {
        engine: {size for layout in offer["layouts"] for size in layout["sizes"]}
        for engine, offer in (databases or {}).items()
    }
    return {**found, "app": {row["slug"] for row in instances or []}}


def check_databases(
    inputs: Data, offers: Data, clusters: list[Data] | None = None, now: str | None = None
) -> Iterator[str]:
    """`offers` is `{engine: {regions, versions, layouts: [{num_nodes, sizes}]}}` as the API gives it.

    `clusters` are all of the account, None when the run makes and changes none; `now` is the time by the API's clock.
    Of a cluster that is there only what shall become different is looked at.
    """
    for role, label in LABELS.items():
        engine = engine_of(role, inputs)
        if not engine:
            continue
        if not offers.get(engine):
            yield f"{label}: this account is offered no {engine!r} clusters."
            continue
        whole = {name: inputs[f"{role}_{name}"] for name in ("region", "version", *LAYOUT)}
        there = next((row for row in clusters or [] if row["name"] == inputs[f"{role}_name"]), {})
        asked = {name: value for name, value in whole.items() if str(there.get(name)) != str(value)}
        beyond = list(_edition(role, engine, inputs, there, now)) if set(LAYOUT) & asked.keys() else []
        if clusters is not None:
            yield from beyond
            asked = {name: value for name, value in asked.items() if not (beyond and name in LAYOUT)}
            yield from database_refusals(
                offers, engine, asked, whole, exists=bool(there), prefix=f"{role}_", label=label
            )
        region, network = whole["region"], inputs["network_region"]
        if region != network:
            yield f"{role}_region is {region!r} but network_region is {network!r}: a VPC does not span regions."


def _edition(role: str, engine: str, inputs: Data, there: Data, now: str | None) -> Iterator[str]:
    size, nodes = inputs[f"{role}_size"], inputs[f"{role}_num_nodes"]
    beyond = editions.beyond(nodes, size)
    if beyond and editions.is_limited(engine, there.get("created_at") if there else now):
        yield (
            f"{inputs[f'{role}_name']!r} would have {beyond} ({role}_num_nodes, {role}_size), but {editions.WHY}: set "
            f"{role}_engine to {editions.ADVANCED[engine]} (profile high_availability), or take one node of at most "
            f"{editions.MOST_GIB} GiB (profile resilient)."
        )


def check_pool(inputs: Data) -> Iterator[str]:
    size = inputs["postgresql_size"]
    limit, wanted, direct = (
        facts.connection_limit(size),
        inputs["postgresql_pool_size"] or 0,
        inputs["postgresql_direct_connections"] or 0,
    )
    if not limit:
        if not wanted:
            yield f"postgresql_size {size!r} does not tell its memory, so postgresql_pool_size must be set."
    elif wanted + direct > limit or wanted < 0 or direct < 0:
        yield (
            f"postgresql_pool_size {wanted} and postgresql_direct_connections {direct} together exceed the {limit} "
            f"connections of a {facts.memory_gib(size)}-GiB node (25 per GiB minus 3)."
        )


def check_app(inputs: Data, sizes: list[Data], regions: list[Data]) -> Iterator[str]:
    """`sizes` and `regions` are the API's `instance_sizes` and app `regions`."""
    asked = {key: inputs[key] for key in ("app_instance_size", "app_migration_size", "app_region")}
    yield from app_refusals(asked, regions=regions, instance_sizes=sizes)
    by_slug = {row["slug"]: row for row in sizes}
    yield from _scaling(inputs, by_slug.get(inputs["app_instance_size"]))
    centres = app_datacentres(regions)
    region, network = inputs["app_region"], inputs["network_region"]
    if region in open_slugs(regions) and network not in centres[region]:
        able = [slug for slug in open_slugs(regions) if network in centres[slug]]
        every = listed(centre for slug in open_slugs(regions) for centre in centres[slug])
        way_out = f"use app_region {able[0]!r}" if able else f"no app region reaches {network}; use one of {every}"
        yield (
            f"app_region {region!r} runs in {listed(centres[region]) or 'an unknown datacentre'} and cannot reach "
            f"a VPC in {network}: {way_out}."
        )


def _scaling(inputs: Data, size: Data | None) -> Iterator[str]:
    scaling, count = inputs["app_autoscaling"] or {}, inputs["app_instance_count"]
    metrics = scaling.get("metrics") or {}
    yield from _most(inputs["app_most_instances"] or 0, scaling, count, size)
    for metric in metrics:
        if metric not in AUTOSCALING["metrics"]:
            yield f"app_autoscaling cannot scale on {metric}: App Platform knows {listed(AUTOSCALING['metrics'])} only."
    if not scaling:
        if count is None or count < 1:
            yield f"app_instance_count is {count}; at least one instance is needed."
        elif size and size.get("single_instance_only") and count > 1:
            yield f"app_instance_count is {count}, but {size['slug']} runs a single instance only."
        return
    least, most = scaling.get("min_instance_count") or 0, scaling.get("max_instance_count") or 0
    if not 1 <= least <= most <= facts.MOST_INSTANCES:
        yield f"app_autoscaling goes from {least} to {most} instances; it needs 1 ≤ min ≤ max ≤ {facts.MOST_INSTANCES}."
    if not metrics:
        yield "app_autoscaling names no metric; give cpu, requests_per_second or request_duration."
    if size and size.get("single_instance_only"):
        yield f"app_autoscaling is set, but {size['slug']} runs a single instance only."
    elif size and "cpu" in metrics and not size.get("scalable"):
        yield (
            f"app_autoscaling on CPU needs a dedicated size (apps-d-*); {size['slug']} is not scalable, but by "
            "requests_per_second or request_duration."
        )


def _most(most: int, scaling: Data, count: int | None, size: Data | None) -> Iterator[str]:
    """What memory may lead to, 0 for nothing."""
    least = scaling.get("min_instance_count") or count or 0
    limit = scaling.get("max_instance_count") or facts.MOST_INSTANCES
    if most and not least <= most <= limit:
        yield f"app_most_instances is {most}; {least} to {limit} is allowed, or 0 where memory shall move nothing."
    if most > 1 and size and size.get("single_instance_only"):
        yield f"app_most_instances is {most}, but {size['slug']} runs a single instance only."


def check_spaces(inputs: Data, errors: list[str]) -> Iterator[str]:
    """`errors` are those of asking for the buckets there: nothing else tells where Spaces is on offer."""
    region = inputs["spaces_region"]
    if not facts.is_spaces_region(region):
        yield f"spaces_region {region!r} is no region of Spaces, which looks like nyc3. {doubt(region)}"
    elif not any(check_bucket_names(inputs)):
        yield from errors
        if errors and doubt(region) and not any(doubt(region) in error for error in errors):
            yield f"spaces_region is {region!r}. {doubt(region)}"


def check_source(inputs: Data) -> Iterator[str]:
    """What the app is made from, and what this run is asked to deploy."""
    image, git = inputs["app_image"] or {}, inputs["app_git"] or {}
    digest, branch, commit = (
        inputs[key] or "" for key in ("app_release_digest", "app_release_branch", "app_release_commit")
    )
    if bool(image) == bool(git):
        yield "app_image and app_git exclude each other, and one of them is needed."
        return
    if image:
        if not image.get("repository") or not image.get("registry_type"):
            yield "app_image needs registry_type and repository."
        if image.get("digest") and image.get("tag"):
            yield "app_image has a digest and a tag; a digest alone says exactly what runs."
        if image.get("digest") and not facts.IMAGE_DIGEST.fullmatch(str(image["digest"])):
            yield f"app_image.digest {image['digest']!r} is not of the form sha256:<64 hex digits>."
    elif not (git.get("repo") or git.get("repo_clone_url")) or not git.get("branch"):
        yield "app_git needs branch and either repo (with provider) or repo_clone_url."
    if digest and not facts.IMAGE_DIGEST.fullmatch(str(digest)):
        yield f"image_digest {digest!r} is not of the form sha256:<64 hex digits>."
    if digest and git:
        yield "image_digest is given, but the app is built from git (app_git)."
    if (branch or commit) and image:
        yield "git_branch or git_commit is given, but the app runs an image (app_image)."
    if commit and not COMMIT.fullmatch(str(commit)):
        yield f"git_commit {commit!r} is not a commit hash of 7 to 40 hex digits."
