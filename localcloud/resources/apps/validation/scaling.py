# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes, instances and autoscaling.

The API description accepts any key below ``autoscaling.metrics``. An unknown one is refused here all the same: there is
no metric for memory, and a design that counts on one must not pass unnoticed.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.apps.catalogue import DEFAULT_SIZE, find_size
from localcloud.resources.apps.spec import KINDS, SIZED, components
from localcloud.resources.apps.validation.errors import integer, invalid, object_of, text

MAX_INSTANCES = 250

# Per kind of component: metric → (its one setting, smallest, largest, default or None).
_CPU = {"cpu": ("percent", 1, 100, 80)}
_REQUESTS = {
    "requests_per_second": ("per_instance", 1, 2**32 - 1, None),
    "request_duration": ("p95_milliseconds", 1, 2**32 - 1, None),
}
METRICS: dict[str, dict[str, tuple[str, int, int, int | None]]] = {
    "services": {**_CPU, **_REQUESTS},
    "workers": dict(_CPU),
}


def check_scaling(spec: JSON) -> None:
    """Raises ApiError 400 for a size, a number of instances or an autoscaling that is not on offer."""
    for kind, component in components(spec):
        name, where = component["name"], f'{KINDS[kind]} "{component["name"]}"'
        scaling = object_of(component, "autoscaling", f"{kind}.autoscaling")
        if scaling and kind not in METRICS:
            raise invalid(f"{kind}.autoscaling", f"a {KINDS[kind]} cannot scale by itself")
        if kind not in SIZED:
            continue
        slug = text(component, "instance_size_slug", f"{kind}.instance_size_slug") or DEFAULT_SIZE
        size = find_size(slug)
        if size is None:
            raise invalid(f"{kind}.instance_size_slug", f'{where}: there is no instance size "{slug}"')
        count = integer(component, "instance_count", f"{kind}.instance_count", 1, MAX_INSTANCES)
        if scaling:
            if count is not None:
                raise invalid(
                    f"{kind}.instance_count", f"{where}: instance_count must not be set when autoscaling is used"
                )
            if size.get("single_instance_only"):
                raise invalid(f"{kind}.autoscaling", f"{where}: the instance size {slug} runs a single instance only")
            _check_autoscaling(kind, name, slug, bool(size.get("scalable")), scaling)
        elif (count or 1) > 1 and size.get("single_instance_only"):
            raise invalid(f"{kind}.instance_count", f"{where}: the instance size {slug} runs a single instance only")


def _check_autoscaling(kind: str, name: str, slug: str, scalable: bool, scaling: JSON) -> None:
    field, where = f"{kind}.autoscaling", f'{KINDS[kind]} "{name}"'
    low = integer(scaling, "min_instance_count", f"{field}.min_instance_count", 1, MAX_INSTANCES)
    high = integer(scaling, "max_instance_count", f"{field}.max_instance_count", 1, MAX_INSTANCES)
    if low is None or high is None:
        raise invalid(field, f"{where}: min_instance_count and max_instance_count are both required")
    if low > high:
        raise invalid(f"{field}.min_instance_count", f"{where}: {low} is more than max_instance_count {high}")
    metrics = object_of(scaling, "metrics", f"{field}.metrics")
    known = METRICS[kind]
    for metric in metrics:
        if metric not in known:
            raise invalid(
                f"{field}.metrics", f'{where}: there is no autoscaling metric "{metric}", only {", ".join(known)}'
            )
    given = [metric for metric in known if metrics.get(metric) is not None]
    if not given:
        raise invalid(f"{field}.metrics", f"{where}: at least one metric of {', '.join(known)} is required")
    for metric in given:
        setting, smallest, largest, default = known[metric]
        path = f"{field}.metrics.{metric}"
        value = integer(object_of(metrics, metric, path), setting, f"{path}.{setting}", smallest, largest)
        if value is None and default is None:
            raise invalid(f"{path}.{setting}", f"{where}: is required")
    if "cpu" in given and not scalable:
        raise invalid(
            f"{field}.metrics.cpu", f"{where}: scaling by CPU needs a dedicated instance size; {slug} is shared"
        )
