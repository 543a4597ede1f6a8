# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request and its answer, as openapi-core wants to see them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

HOST = "https://api.digitalocean.com"
JSON_TYPE = "application/json"


class Asked:
    """``template`` is the path as the description has it, ``url`` as it came, ``params`` what fills its names."""

    host_url = HOST

    def __init__(
        self,
        method: str,
        template: str,
        url: str,
        params: dict[str, str],
        query: str,
        headers: Mapping[str, str],
        body: bytes,
    ) -> None:
        self.operation = f"{method} {template}"
        self.url = url
        self.method = method.lower()
        self.path = self.path_pattern = template
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(query, keep_blank_values=True)),
            header=Headers(list(headers.items())),
            path=params,
        )
        self.body = body
        self.content_type = headers.get("content-type", JSON_TYPE)


class Given:
    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status_code = status
        self.data = body
        self.headers = Headers(headers)
        self.content_type = self.headers.get("content-type", JSON_TYPE)
