# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was asked of localcloud, without what was said: no bodies, no headers, no secrets."""

from __future__ import annotations

from collections import deque
from urllib.parse import parse_qsl, urlencode

from localcloud import JSON

# Entries kept; the oldest go first.
CAPACITY = 100_000

# Query parameters of presigned S3 URLs that authorise whoever holds them.
_SECRET_PARAMETERS = frozenset({"x-amz-signature", "x-amz-credential", "x-amz-security-token", "signature", "token"})


def clean_query(query: str) -> str:
    """The query string with the values of signatures and the like removed."""
    if not query or not any(name in query.lower() for name in _SECRET_PARAMETERS):
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, "hidden" if name.lower() in _SECRET_PARAMETERS else value) for name, value in pairs])


class Journal:
    """Entries ``{seq, at, port, method, path, query, status, operation, effect, token, duration_ms, connection,
    fault}``.

    ``at`` is real time in seconds; ``status`` 0 means that no answer was given; ``effect`` that the account changed;
    ``connection`` is the client's port, so that requests over one connection are seen.
    """

    def __init__(self) -> None:
        self._entries: deque[JSON] = deque(maxlen=CAPACITY)
        self.seq = 0

    def add(self, entry: JSON) -> None:
        self.seq += 1
        self._entries.append({"seq": self.seq, **entry})

    def since(self, seq: int) -> list[JSON]:
        """What came after ``seq``, oldest first."""
        return [entry for entry in self._entries if entry["seq"] > seq]

    def clear(self) -> None:
        """Forget the entries; the numbers go on."""
        self._entries.clear()
