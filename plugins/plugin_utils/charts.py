# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Curves over time as SVG inside of a page, drawn with the page's own colours.

{"series": [{"name", "points": [[seconds since 1970, value]]}],
 "limit": value or None,        a line that should not be crossed
 "unit": "%"}                   behind the values
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

COLOURS = ("one", "two", "three", "four")
# In units of the drawing, which is scaled to the width of the page.
WIDE, HIGH, LEFT, TOP, RIGHT, BOTTOM = 640, 220, 96, 12, 12, 28


def chart_svg(chart: Data, title: str, say: Words) -> str:
    """Empty where there is nothing to draw."""
    series = [row for row in chart["series"] if row["points"]]
    if not series:
        return ""
    times = [point[0] for row in series for point in row["points"]]
    values = [point[1] for row in series for point in row["points"]] + [value for value in [chart["limit"]] if value]
    first, last, top = min(times), max(times), _round_up(max(values))

    def at(time: float, value: float) -> str:
        x = LEFT + (WIDE - LEFT - RIGHT) * ((time - first) / (last - first) if last > first else 0.5)
        y = HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * (max(0.0, value) / top)
        return f"{x:.1f},{y:.1f}"

    parts = [*_scale(top, chart["unit"], say, first, last)]
    for number, row in enumerate(series):
        colour = f"var(--{COLOURS[number % len(COLOURS)]})"
        points = " ".join(at(*point) for point in row["points"])
        if len(row["points"]) == 1:
            x, y = points.split(",")
            parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>')
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
    if chart["limit"]:
        start, end = at(first, chart["limit"]), at(last if last > first else first, chart["limit"])
        y = start.split(",")[1]
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{y}" y2="{end.split(",")[1]}" stroke="var(--bad)"'
            ' stroke-dasharray="6 4"/>'
        )
    drawn = "\n".join(parts)
    svg = f'<svg viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(title, quote=True)}">\n{drawn}\n</svg>'
    return f"{svg}\n{_legend(series)}" if len(series) > 1 else svg


def _legend(series: list[Data]) -> str:
    """Which colour is whose, as a line of text below, where long names have room."""
    told = [
        f'<span style="color: var(--{COLOURS[number % len(COLOURS)]})">● {escape(row["name"])}</span>'
        for number, row in enumerate(series)
    ]
    return f'<p class="legend">{" ".join(told)}</p>'


def _scale(top: float, unit: str, say: Words, first: float, last: float) -> Iterable[str]:
    digits = 0 if top >= 4 else 2
    for step in range(5):
        value = top * step / 4
        y = HIGH - BOTTOM - (HIGH - TOP - BOTTOM) * step / 4
        yield f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--line)"/>'
        text = f"{say.number(value, digits)}{unit}"
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(text)}</text>'
    form = "%H:%M" if last - first < 2 * 86400 else "%d.%m."
    ends = [(first, LEFT, "start"), (last, WIDE - RIGHT, "end")] if last > first else [(first, WIDE / 2, "middle")]
    for time, x, anchor in ends:
        text = datetime.fromtimestamp(time, tz=UTC).strftime(form)
        yield f'<text x="{x}" y="{HIGH - 8}" text-anchor="{anchor}">{text}</text>'


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 5, 8 and their tenfolds, so that quarters of it are numbers that people read."""
    if value <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(value))
    return next(float(step * power) for step in (1, 2, 4, 5, 8, 10) if value <= step * power)
