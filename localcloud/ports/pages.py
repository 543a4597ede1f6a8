# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a record is shown, and a page of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.routing import Request

DEFAULT_PER_PAGE = 20
MAX_PER_PAGE = 200


def public(record: Any) -> Any:
    """A copy of a record without the keys that start with ``_``, at any depth."""
    if isinstance(record, dict):
        return {key: public(value) for key, value in record.items() if not key.startswith("_")}
    if isinstance(record, (list, tuple)):
        return [public(value) for value in record]
    return record


def page_of(request: Request) -> tuple[int, int]:
    """``(page, per_page)`` of the query; 400 when they are no numbers or out of range."""
    try:
        page = int(request.query.get("page", "1"))
        per_page = int(request.query.get("per_page", str(DEFAULT_PER_PAGE)))
    except ValueError:
        raise ApiError(400, "page and per_page must be integers.") from None
    if page < 1 or not 1 <= per_page <= MAX_PER_PAGE:
        raise ApiError(400, f"page must be at least 1 and per_page between 1 and {MAX_PER_PAGE}.")
    return page, per_page


def paginate(request: Request, key: str, rows: Sequence[Any]) -> JSON:
    """One page of a list: ``{key: […], "links": {…}, "meta": {"total": n}}``; rows lose their private keys."""
    page, per_page = page_of(request)
    last = max(1, -(-len(rows) // per_page))
    pages: dict[str, str] = {}
    if page > 1:
        pages["first"], pages["prev"] = _link(request, 1), _link(request, min(page - 1, last))
    if page < last:
        pages["next"], pages["last"] = _link(request, page + 1), _link(request, last)
    return {
        key: public(list(rows[(page - 1) * per_page : page * per_page])),
        "links": {"pages": pages} if pages else {},
        "meta": {"total": len(rows)},
    }


def _link(request: Request, page: int) -> str:
    # Not from ``request.query``: a parameter may be there more than once.
    asked = [(name, value) for name, value in parse_qsl(request.raw_query, keep_blank_values=True) if name != "page"]
    return f"{request.base_url}{request.path}?{urlencode([*asked, ('page', str(page))])}"
