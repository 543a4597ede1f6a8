# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which paths a CDN is asked to forget, and whether it has."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.purging import (
    purge_paths,
    purge_problems,
    purge_verdict,
)


@pytest.mark.parametrize(
    ("given", "paths"),
    [("", ["*"]), ([], ["*"]), (" , ", ["*"]), ("css/*, a.js,css/*", ["css/*", "a.js"]), (["a.js"], ["a.js"])],
)
def test_paths_as_they_are_given(given: str | list[str], paths: list[str]) -> None:
    assert purge_paths(given) == paths


def test_what_can_be_meant_and_what_cannot() -> None:
    assert purge_problems(["*", "css/*", "css/site.css", "a..b.css", "über.css"]) == []
    wrong = ["/css/site.css", "https://host/a", "css/*.css", "a b", "a?b=c", "../a", "css/../a", "a#b"]
    assert [problem.split('"')[1] for problem in purge_problems(wrong)] == wrong


def test_what_was_kept_must_not_be_kept_any_more() -> None:
    def asked(path: str, cache: str, status: int = 200) -> dict[str, Any]:
        return {"item": path, "cf_cache_status": cache, "status": status}

    before = [asked("a", "HIT"), asked("b", "HIT"), asked("c", "MISS"), asked("d", "HIT")]
    after = [asked("a", "MISS"), asked("b", "HIT"), asked("c", "HIT"), {"item": "d", "status": -1, "msg": "no route"}]
    assert [(row["path"], row["before"], row["after"], row["problem"]) for row in purge_verdict(before, after)] == [
        ("a", "HIT", "MISS", ""),
        ("b", "HIT", "HIT", "The CDN still keeps b."),
        # Somebody has asked in between.
        ("c", "MISS", "HIT", ""),
        ("d", "HIT", "-1", "The CDN cannot be asked for d: no route."),
    ]
