# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a log is told, and what is new in it."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.tailing import address, fresh, masked
from tests.unit.plugins.masked import MASKED


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("web 2026-11-24T03:04:00Z \x1b[32mGET /\x1b[0m 200 12 ms ", "web 2026-11-24T03:04:00Z GET / 200 12 ms"),
        ("connecting to postgresql://app:s3cr3t@db:25060/f", "connecting to postgresql://***@db:25060/f"),
        ("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer ***"),
        ("token dop_v1_0123456789abcdef0123 given", "token *** given"),
        ("NEXTAUTH_SECRET=abcd1234 and DB_PASSWORD: 'hunter22'", "NEXTAUTH_SECRET=*** and DB_PASSWORD: '***'"),
        ('{"apiKey": "abcd1234", "status": 200}', '{"apiKey": "***", "status": 200}'),
        ("session eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.abc-_1 ended", "session *** ended"),
        ("mail to maria@clinic.example.org failed", "mail to *** failed"),
        ("cpf 123.456.789-09, or 12345678909", "cpf ***, or ***"),
        # What only looks a little like one is what one reads a log for.
        *[(text, text) for text in ("the token is missing", "1234567890 ms", "sha256:5f2c1a7e9b8d", "secrets: 3")],
        *MASKED,
        ("x" * 3000, "x" * 2048),
        # What is cut off is no address any more.
        ("x" * 2030 + " maria@clinic.example.org", "x" * 2030 + " ***"),
    ],
)
def test_what_is_nobodys_to_read_is_masked(line: str, told: str) -> None:
    assert masked(line) == told


@pytest.mark.parametrize(
    ("known", "now", "new"),
    [
        (["a", "b"], ["a", "b", "c"], ["c"]),
        # Of a log of which only the end is kept.
        (["a", "b", "c"], ["c", "d"], ["d"]),
        (["a"], ["x", "y"], ["x", "y"]),
        # Of several components, each with its own part.
        (["a1", "b1"], ["a1", "a2", "b1", "b1"], ["a2", "b1"]),
        ([], ["a"], ["a"]),
        (["a", "b"], ["a", "b"], []),
        (["a", "b"], [], []),
    ],
)
def test_what_is_new(known: list[str], now: list[str], new: list[str]) -> None:
    assert fresh(known, now) == new


@pytest.mark.parametrize(
    ("answer", "url"),
    [
        ({"historic_urls": ["https://logs/a"], "live_url": "wss://logs/b"}, "https://logs/a"),
        ({"historic_urls": None, "live_url": "wss://logs/b?token=wss:"}, "https://logs/b?token=wss:"),
        ({"live_url": "https://logs/c"}, "https://logs/c"),
        ({"historic_urls": "https://no-list"}, ""),
        ({"historic_urls": [7, "http://plain"]}, ""),
        ({}, ""),
    ],
)
def test_where_a_log_is(answer: dict[str, object], url: str) -> None:
    assert address(answer) == url
