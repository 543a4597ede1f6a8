# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked for against what is on offer: the rules that modules and preflight share.

What is on offer is asked of the API each time and never written down here: regions, sizes and versions come and go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import (
    APP_DATACENTRE,
    COMPONENT_KINDS,
    OLD_APP_SIZES,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.nearest import nearest

# What people call an engine, and what the API calls it.
_OTHER_WORDS = {"postgres": "pg", "postgresql": "pg", "redis": "valkey"}


def listed(values: Iterable[Any]) -> str:
    """The values for a sentence, a dozen at most."""
    values = sorted({str(value) for value in values}, key=lambda text: (len(text), text))
    return ", ".join(values[:12]) + (f" and {len(values) - 12} more" if len(values) > 12 else "")


def meant(word: Any, offered: Iterable[Any]) -> str:
    """What on offer is probably meant: `"sfo2 or sfo3"` for `sfo`, `"nyc"` for `nyc1`; "" when nothing is near."""
    by_lower = {str(value).lower(): str(value) for value in offered}
    lower = str(word).strip().lower()
    near = [_OTHER_WORDS.get(lower, lower)] if _OTHER_WORDS.get(lower, lower) in by_lower else []
    # A part of it, or too much of it, at a place where a new part begins.
    near = near or [value for value in by_lower if value and lower and _begins(*sorted((value, lower), key=len))]
    if near:
        return " or ".join(sorted(by_lower[value] for value in near)[:3])
    return nearest(lower, by_lower.values(), 0.7)


def _begins(short: str, long: str) -> bool:
    return long.startswith(short) and not (long[len(short)].isalpha() and short[-1].isalpha())


def refusal(what: str, value: Any, offered: Collection[Any], of: str = "") -> str:
    """`region 'mars1' is not on offer; on offer: fra1, nyc1.` `of` is what it is a region of."""
    near = meant(value, offered)
    return (
        f"{what} {value!r}{f' of {of}' if of else ''} is not on offer; on offer: {listed(offered)}"
        f"{f'; perhaps {near} is meant' if near else ''}."
    )


def region_refusals(asked: Data, rows: list[Data]) -> Iterator[str]:
    """The region of `asked`, if it has one that is not open; `rows` is GET /v2/regions."""
    regions = open_slugs(rows)
    if "region" in asked and asked["region"] not in regions:
        yield refusal("region", asked["region"], regions)


def droplet_refusals(asked: Data, regions: list[Data], sizes: list[Data], region: str = "") -> Iterator[str]:
    """Region and size of `asked` that are not on offer, also not together; `region` is where it is, if it is there."""
    refused = list(region_refusals(asked, regions))
    yield from refused
    size, region = asked.get("size"), asked.get("region") or region
    if size is None:
        return
    everywhere = {row["slug"]: row.get("regions") or [] for row in sizes if row.get("available", True)}
    if size not in everywhere:
        yield refusal("size", size, everywhere)
    elif not refused and region and region not in everywhere[size]:
        yield refusal("size", size, [slug for slug, there in everywhere.items() if region in there], region)


def database_refusals(
    offers: Data, engine: str, asked: Data, whole: Data, *, exists: bool = False, prefix: str = "", label: str = ""
) -> Iterator[str]:
    """What of `asked` (engine, version, region, size, num_nodes) the API does not offer.

    `offers` is `{engine: {regions, versions, layouts: [{num_nodes, sizes}]}}` as the API gives it, `whole` the cluster
    as it shall be, `prefix` what stands before the attributes' names in the sentences.
    """
    label = label or engine
    engines = {name: row for name, row in offers.items() if isinstance(row, dict) and row.get("layouts")}
    offer = engines.get(engine)
    if "engine" in asked and offer is None:
        yield refusal(f"{prefix}engine", engine, sorted(engines))
    if offer is None:
        return
    for name in ("region", "version"):
        offered = offer.get(f"{name}s")
        if name in asked and offered and str(asked[name]) not in offered:
            yield refusal(f"{prefix}{name}", str(asked[name]), offered, label)
    fitting = {layout["num_nodes"]: layout["sizes"] for layout in offer["layouts"]}
    # Where new clusters get one node only, one that exists keeps its upgrade paths, of which nothing is told.
    if {"size", "num_nodes"} & asked.keys() and not (exists and fitting.keys() == {1}):
        yield from _layout(
            f"{prefix}size", whole.get("size"), f"{prefix}num_nodes", whole.get("num_nodes"), label, fitting
        )


def _layout(
    size_is: str, size: Any, nodes_are: str, nodes: Any, label: str, fitting: dict[int, list[str]]
) -> Iterator[str]:
    if not any(size in sizes for sizes in fitting.values()):
        yield refusal(size_is, size, [slug for sizes in fitting.values() for slug in sizes], label)
    elif nodes not in fitting:
        yield f"{nodes_are} is {nodes}; {label} comes with {listed(fitting)} node{'' if [*fitting] == [1] else 's'}."
    elif size not in fitting[nodes]:
        alone = [count for count, sizes in fitting.items() if size in sizes] == [1]
        yield (
            f"{nodes_are} {nodes} is not offered with {size_is} {size!r}{', a single-node size' if alone else ''}; "
            f"with {nodes} nodes: {listed(fitting[nodes])}."
        )


def open_slugs(rows: list[Data]) -> list[str]:
    """The slugs of what takes something new: regions of Droplets may not be `available`, those of apps `disabled`."""
    return [row["slug"] for row in rows if row.get("available", True) and not row.get("disabled")]


def app_datacentres(rows: list[Data]) -> dict[str, list[str]]:
    """`{app region: the datacentres whose VPCs an app there can reach}`, from the regions of App Platform."""
    return {
        row["slug"]: [APP_DATACENTRE[row["slug"]]]
        if row["slug"] in APP_DATACENTRE
        else list(row.get("data_centers") or [])
        for row in rows
    }


def app_slugs(spec: Data) -> dict[str, str]:
    """What an app spec names of what is on offer: `{place: slug}`."""
    slugs = {
        f"instance_size_slug of {component.get('name')}": component.get("instance_size_slug")
        for kind in COMPONENT_KINDS
        for component in spec.get(kind) or []
    }
    return {place: str(slug) for place, slug in {"region": spec.get("region"), **slugs}.items() if slug}


def app_refusals(
    slugs: dict[str, str], *, regions: list[Data] | None = None, instance_sizes: list[Data] | None = None
) -> Iterator[str]:
    """What of `slugs` (by place; `region` or `app_region`, or else an instance size) App Platform does not offer."""
    for place, slug in slugs.items():
        rows = regions if place in ("region", "app_region") else instance_sizes
        if rows and slug not in (on_offer := open_slugs(rows)) and slug not in OLD_APP_SIZES:
            yield refusal(place, slug, on_offer)
