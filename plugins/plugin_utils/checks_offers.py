# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the wanted sizes, versions, layouts and regions against what the account is offered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils import editions
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.bill import connection_limit
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_inputs import COMMIT, DIGEST

Inputs = dict[str, Any]

# An app reaches a VPC only in the datacentre that App Platform runs in (the regions list of the API names more).
APP_DATACENTRE = {
    "nyc": "nyc1",
    "sfo": "sfo3",
    "ams": "ams3",
    "fra": "fra1",
    "lon": "lon1",
    "tor": "tor1",
    "sgp": "sgp1",
    "blr": "blr1",
    "syd": "syd1",
}
SPACES_REGIONS = ("nyc3", "sfo2", "sfo3", "ams3", "fra1", "sgp1", "syd1", "lon1", "tor1", "blr1", "atl1", "ric1")
LABELS = {"postgresql": "PostgreSQL", "valkey": "Valkey"}


def engine_of(role: str, inputs: Inputs) -> str:
    """The API's slug."""
    return str(inputs["postgresql_engine"]) if role == "postgresql" else role


def sizes(databases: dict[str, Any] | None, instances: list[dict[str, Any]] | None) -> dict[str, set[str]]:
    """Sizes on offer, by the groups of a price table; without an answer of the API none."""
    found = {
        engine: {size for layout in offer["layouts"] for size in layout["sizes"]}
        for engine, offer in (databases or {}).items()
    }
    return {**found, "app": {row["slug"] for row in instances or []}}


def listed(values: Any) -> str:
    """The values for a sentence, a dozen at most."""
    values = sorted({str(value) for value in values}, key=lambda text: (len(text), text))
    return ", ".join(values[:12]) + (f" and {len(values) - 12} more" if len(values) > 12 else "")


def check_databases(
    inputs: Inputs, offers: dict[str, Any], clusters: list[dict[str, Any]] | None = None, now: str | None = None
) -> Iterator[str]:
    """`offers` is `{engine: {regions, versions, layouts: [{num_nodes, sizes}]}}` as the API gives it.

    `clusters` are all of the account, None when the run makes none; `now` is the time by the API's clock.
    """
    for role, label in LABELS.items():
        engine = engine_of(role, inputs)
        offer = offers.get(engine)
        if not offer:
            yield f"{label}: this account is offered no {engine!r} clusters."
            continue
        region, version = inputs[f"{role}_region"], str(inputs[f"{role}_version"])
        if region not in offer["regions"]:
            yield f"{role}_region {region!r} offers no {label}; on offer: {listed(offer['regions'])}."
        if version not in offer["versions"]:
            yield f"{role}_version {version!r} of {label} is not on offer; on offer: {listed(offer['versions'])}."
        there = next((row for row in clusters or [] if row["name"] == inputs[f"{role}_name"]), None)
        if not _keeps(role, engine, inputs, there, offer["layouts"]):
            beyond = list(_edition(role, engine, inputs, there, now)) if clusters is not None else []
            yield from beyond or _layout(role, label, inputs, offer["layouts"])
        if region != inputs["network_region"]:
            yield (
                f"{role}_region is {region!r} but network_region is {inputs['network_region']!r}: a VPC does not span "
                f"regions."
            )


def _keeps(
    role: str, engine: str, inputs: Inputs, there: dict[str, Any] | None, layouts: list[dict[str, Any]]
) -> bool:
    """Whether it is a cluster of the time before, which keeps its layout and its upgrade paths.

    Once the options list what new ones get and no more, they say nothing about what it may become.
    """
    if not there or engine not in editions.ADVANCED or editions.is_limited(engine, there.get("created_at")):
        return False
    same = (inputs[f"{role}_size"], inputs[f"{role}_num_nodes"]) == (there["size"], there.get("num_nodes"))
    return same or all(layout["num_nodes"] == 1 for layout in layouts)


def _edition(role: str, engine: str, inputs: Inputs, there: dict[str, Any] | None, now: str | None) -> Iterator[str]:
    size, nodes = inputs[f"{role}_size"], inputs[f"{role}_num_nodes"]
    beyond = editions.beyond(nodes, size)
    if beyond and editions.is_limited(engine, there.get("created_at") if there else now):
        yield (
            f"{inputs[f'{role}_name']!r} would have {beyond} ({role}_num_nodes, {role}_size), but {editions.WHY}: set "
            f"{role}_engine to {editions.ADVANCED[engine]} (profile high_availability), or take one node of at most "
            f"{editions.MOST_GIB} GiB (profile resilient)."
        )


def _layout(role: str, label: str, inputs: Inputs, layouts: list[dict[str, Any]]) -> Iterator[str]:
    size, nodes = inputs[f"{role}_size"], inputs[f"{role}_num_nodes"]
    fitting = {layout["num_nodes"]: layout["sizes"] for layout in layouts}
    if not any(size in sizes for sizes in fitting.values()):
        every = listed(slug for sizes in fitting.values() for slug in sizes)
        yield f"{role}_size {size!r} is not on offer for {label}; on offer: {every}."
    elif nodes not in fitting:
        yield f"{role}_num_nodes is {nodes}; {label} comes with {listed(fitting)} nodes."
    elif size not in fitting[nodes]:
        yield (
            f"{role}_num_nodes {nodes} is not offered with {role}_size {size!r}{_only_one(size, fitting)}; "
            f"with {nodes} nodes: {listed(fitting[nodes])}."
        )


def _only_one(size: str, fitting: dict[int, list[str]]) -> str:
    return ", a single-node size" if [nodes for nodes, sizes in fitting.items() if size in sizes] == [1] else ""


def check_pool(inputs: Inputs) -> Iterator[str]:
    size = inputs["postgresql_size"]
    limit, wanted, direct = (
        connection_limit(size),
        inputs["postgresql_pool_size"] or 0,
        inputs["postgresql_direct_connections"] or 0,
    )
    if not limit:
        if not wanted:
            yield f"postgresql_size {size!r} does not tell its memory, so postgresql_pool_size must be set."
    elif wanted + direct > limit or wanted < 0 or direct < 0:
        yield (
            f"postgresql_pool_size {wanted} and postgresql_direct_connections {direct} together exceed the {limit} "
            f"connections of a {editions.memory_gib(size)}-GiB node (25 per GiB minus 3)."
        )


def check_app(inputs: Inputs, sizes: list[dict[str, Any]], regions: list[dict[str, Any]]) -> Iterator[str]:
    """`sizes` and `regions` are the API's `instance_sizes` and app `regions`."""
    by_slug = {row["slug"]: row for row in sizes}
    for key in ("app_instance_size", "app_migration_size"):
        if inputs[key] not in by_slug:
            yield f"{key} {inputs[key]!r} is not on offer; on offer: {listed(by_slug)}."
    yield from _scaling(inputs, by_slug.get(inputs["app_instance_size"]))
    region = inputs["app_region"]
    open_regions = [row["slug"] for row in regions if not row.get("disabled")]
    if region not in open_regions:
        yield f"app_region {region!r} is not on offer; on offer: {listed(open_regions)}."
    elif APP_DATACENTRE.get(region) != inputs["network_region"]:
        able = [slug for slug, centre in APP_DATACENTRE.items() if centre == inputs["network_region"]]
        way_out = (
            f"use app_region {able[0]!r}"
            if able
            else f"no app region reaches {inputs['network_region']}; use one of {listed(APP_DATACENTRE.values())}"
        )
        yield (
            f"app_region {region!r} runs in {APP_DATACENTRE.get(region, 'an unknown datacentre')} and cannot reach "
            f"a VPC in {inputs['network_region']}: {way_out}."
        )


def _scaling(inputs: Inputs, size: dict[str, Any] | None) -> Iterator[str]:
    scaling, count = inputs["app_autoscaling"] or {}, inputs["app_instance_count"]
    metrics = scaling.get("metrics") or {}
    if "memory" in metrics:
        yield (
            "app_autoscaling cannot scale on memory: App Platform knows cpu, requests_per_second and request_duration "
            "only."
        )
    if not scaling:
        if count is None or count < 1:
            yield f"app_instance_count is {count}; at least one instance is needed."
        elif size and size.get("single_instance_only") and count > 1:
            yield f"app_instance_count is {count}, but {size['slug']} runs a single instance only."
        return
    least, most = scaling.get("min_instance_count") or 0, scaling.get("max_instance_count") or 0
    if not 1 <= least <= most <= 250:
        yield f"app_autoscaling goes from {least} to {most} instances; it needs 1 ≤ min ≤ max ≤ 250."
    if not metrics:
        yield "app_autoscaling names no metric; give cpu, requests_per_second or request_duration."
    if size and size.get("single_instance_only"):
        yield f"app_autoscaling is set, but {size['slug']} runs a single instance only."
    elif size and "cpu" in metrics and not size.get("scalable"):
        yield f"app_autoscaling on CPU needs a dedicated size (apps-d-*); {size['slug']} is not scalable."


def check_spaces(inputs: Inputs) -> Iterator[str]:
    if inputs["spaces_region"] not in SPACES_REGIONS:
        yield f"spaces_region {inputs['spaces_region']!r} has no Spaces; on offer: {listed(SPACES_REGIONS)}."


def check_source(inputs: Inputs) -> Iterator[str]:
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
        if image.get("digest") and not DIGEST.fullmatch(str(image["digest"])):
            yield f"app_image.digest {image['digest']!r} is not of the form sha256:<64 hex digits>."
    elif not (git.get("repo") or git.get("repo_clone_url")) or not git.get("branch"):
        yield "app_git needs branch and either repo (with provider) or repo_clone_url."
    if digest and not DIGEST.fullmatch(str(digest)):
        yield f"image_digest {digest!r} is not of the form sha256:<64 hex digits>."
    if digest and git:
        yield "image_digest is given, but the app is built from git (app_git)."
    if (branch or commit) and image:
        yield "git_branch or git_commit is given, but the app runs an image (app_image)."
    if commit and not COMMIT.fullmatch(str(commit)):
        yield f"git_commit {commit!r} is not a commit hash of 7 to 40 hex digits."
