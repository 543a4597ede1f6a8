# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Walking through an app spec: its components, their sources, sizes and instances."""

from __future__ import annotations

from collections.abc import Iterator

from localcloud import JSON
from localcloud.resources.apps.catalogue import DEFAULT_SIZE, find_size

# The list of the spec → what one of them is called in a message.
KINDS = {
    "services": "service",
    "static_sites": "static site",
    "workers": "worker",
    "jobs": "job",
    "functions": "functions component",
}
ROUTED = ("services", "static_sites", "functions")
SIZED = ("services", "workers", "jobs")
GIT_SOURCES = ("git", "github", "gitlab", "bitbucket")
SOURCES = (*GIT_SOURCES, "image")


def components(spec: JSON, *lists: str) -> Iterator[tuple[str, JSON]]:
    """``(list name, component)`` of those lists, of all lists but ``databases`` when none is named."""
    for name in lists or tuple(KINDS):
        for component in spec.get(name) or []:
            yield name, component


def component_names(spec: JSON) -> list[str]:
    """The names of all components, databases last."""
    return [c["name"] for _list, c in components(spec)] + [d["name"] for d in spec.get("databases") or []]


def git_source(component: JSON) -> JSON | None:
    """The git source, None for an image."""
    return next((component[name] for name in GIT_SOURCES if component.get(name)), None)


def is_static(spec: JSON) -> bool:
    """An app of static sites only is free of instances."""
    return bool(spec.get("static_sites")) and not any(spec.get(name) for name in (*SIZED, "functions"))


def tier_slug(spec: JSON) -> str:
    """``starter`` for static apps, ``professional`` once one size is, else ``basic``."""
    if is_static(spec):
        return "starter"
    sizes = (find_size(c.get("instance_size_slug", DEFAULT_SIZE)) for _list, c in components(spec, *SIZED))
    return "professional" if any(size and size["tier_slug"] == "professional" for size in sizes) else "basic"


def instance_count(component: JSON) -> int:
    """How many instances run: the lower bound when the component scales by itself."""
    scaling = component.get("autoscaling")
    return int(scaling["min_instance_count"]) if scaling else int(component.get("instance_count", 1))
