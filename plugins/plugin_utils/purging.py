# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which paths a CDN is asked to forget, and whether it has."""

from __future__ import annotations

import re

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

EVERYTHING = "*"
# Keys of a Space as they stand behind the host, with "*" at the end for all that begins so.
PATH = re.compile(r"(?!/)[^\s*?#\\\x00-\x1f]*[*]?")
KEPT = "HIT"


def purge_paths(given: str | list[str]) -> list[str]:
    """Paths as they are given, by commas between them, too; nothing is everything."""
    rows = given.split(",") if isinstance(given, str) else [str(path) for path in given]
    return list(dict.fromkeys(path.strip() for path in rows if path.strip())) or [EVERYTHING]


def purge_problems(paths: list[str]) -> list[str]:
    """A sentence for each path that cannot be meant."""
    how = "without host, without a slash in front, with * at its end only"
    return [
        f'The path "{path}" is none such as css/site.css or css/*: {how}.'
        for path in paths
        if "://" in path or not PATH.fullmatch(path) or ".." in path.split("/")
    ]


def purge_verdict(before: list[Data], after: list[Data]) -> list[Data]:
    """What came of each path that was asked for before and after: `[{path, before, after, problem}]`.

    Both are results of `ansible.builtin.uri` with the path as `item`. What was kept must not be kept any more.
    """
    rows = []
    for was, now in zip(before, after, strict=True):
        path, told = was["item"], [_told(was), _told(now)]
        problem = ""
        if int(now.get("status") or -1) < 0:
            problem = f"The CDN cannot be asked for {path}: {now.get('msg') or 'no answer'}."
        elif told[1] == KEPT and told[0] == KEPT:
            problem = f"The CDN still keeps {path}."
        rows.append({"path": path, "before": told[0], "after": told[1], "problem": problem})
    return rows


def _told(result: Data) -> str:
    """HIT, MISS, …; the status where it says none."""
    return str(result.get("cf_cache_status") or result.get("status") or "no answer").upper()
