# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths, pages, private keys."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest

from localcloud.ports.errors import ApiError
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Operation, Router


def _op(method: str, path: str) -> Operation:
    return Operation(method, path, (), 200, lambda request: None)


ROUTER = Router(
    [
        _op("GET", "/v2/apps/{id}"),
        _op("POST", "/v2/apps/propose"),
        _op("GET", "/v2/apps/propose"),
        _op("GET", "/v2/apps"),
    ]
)


def _request(query: str = "") -> Any:
    return SimpleNamespace(base_url="https://here", path="/v2/vpcs", query=dict(parse_qsl(query)), raw_query=query)


def test_literal_wins_over_template() -> None:
    assert ROUTER.match("GET", "/v2/apps/propose")[0].path == "/v2/apps/propose"
    op, params = ROUTER.match("GET", "/v2/apps/17")
    assert (op.path, params) == ("/v2/apps/{id}", {"id": "17"})


def test_unknown_path_and_wrong_method() -> None:
    with pytest.raises(ApiError) as unknown:
        ROUTER.match("GET", "/v2/apps/17/more")
    assert unknown.value.status == 404
    with pytest.raises(ApiError) as wrong:
        ROUTER.match("DELETE", "/v2/apps")
    assert (wrong.value.status, wrong.value.headers) == (405, {"allow": "GET"})


def test_head_is_answered_like_get() -> None:
    assert ROUTER.match("HEAD", "/v2/apps")[0].method == "GET"


def test_public_strips_private_keys_at_any_depth() -> None:
    record = {"a": 1, "_b": 2, "c": [{"_d": 3, "e": 4}], "f": {"_g": 5}}
    assert public(record) == {"a": 1, "c": [{"e": 4}], "f": {}}
    assert "_b" in record


def test_one_page_has_no_links() -> None:
    assert paginate(_request(), "vpcs", []) == {"vpcs": [], "links": {}, "meta": {"total": 0}}


def test_middle_page_links_everywhere_and_keeps_the_query() -> None:
    page = paginate(_request("page=2&per_page=2&tag=x&tag=y"), "vpcs", list(range(5)))
    assert page["vpcs"] == [2, 3]
    assert page["meta"] == {"total": 5}
    assert page["links"]["pages"] == {
        "first": "https://here/v2/vpcs?per_page=2&tag=x&tag=y&page=1",
        "prev": "https://here/v2/vpcs?per_page=2&tag=x&tag=y&page=1",
        "next": "https://here/v2/vpcs?per_page=2&tag=x&tag=y&page=3",
        "last": "https://here/v2/vpcs?per_page=2&tag=x&tag=y&page=3",
    }


def test_page_behind_the_last_is_empty() -> None:
    page = paginate(_request("page=9"), "vpcs", [1])
    assert page["vpcs"] == []
    assert set(page["links"]["pages"]) == {"first", "prev"}


@pytest.mark.parametrize("query", ["page=0", "per_page=201", "per_page=0", "page=x"])
def test_pages_that_are_none(query: str) -> None:
    with pytest.raises(ApiError) as caught:
        paginate(_request(query), "vpcs", [])
    assert caught.value.status == 400
