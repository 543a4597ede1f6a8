# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics as DigitalOcean answers them (Prometheus's matrix): one series of samples for each instance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotTheApi


def series_of(data: Data, url: str) -> list[Data]:
    """Each instance with its samples and what they come to; one without a sample was not measured."""
    if data.get("resultType") != "matrix" or not isinstance(data.get("result"), list):
        raise NotTheApi(f"{url} answered 200 with no matrix of metrics", status=200)
    found = [_series(row, url) for row in data["result"]]
    return sorted(found, key=lambda row: (row["component"], row["instance"]))


def _series(row: Any, url: str) -> Data:
    try:
        labels, points = row["metric"], sorted(_points(row.get("values") or []))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NotTheApi(f"{url} answered 200 with a metric that is no series of numbers", status=200) from None
    numbers = [number for _moment, number in points]
    return {
        "component": str(labels.get("app_component") or ""),
        "instance": str(labels.get("app_component_instance") or ""),
        "points": [list(point) for point in points],
        "latest": numbers[-1] if numbers else None,
        "mean": round(sum(numbers) / len(numbers), 3) if numbers else None,
        "maximum": max(numbers) if numbers else None,
    }


def _points(values: list[Any]) -> Iterator[tuple[int, float]]:
    """Where nothing was measured Prometheus says NaN, which is no number."""
    for moment, text in values:
        number = float(text)
        if math.isfinite(number):
            yield int(moment), round(number, 3)
