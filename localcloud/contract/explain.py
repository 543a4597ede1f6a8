# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with a message, in one line for each thing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

# Values shown of a violation: long enough to find the mistake, short enough for a log.
SHOWN = 200


def explain(errors: Iterable[Any]) -> list[str]:
    """One line for each thing that is wrong: where in the message, and what."""
    lines: list[str] = []
    for error in errors:
        cause = error.__cause__
        details = getattr(cause, "schema_errors", None)
        if details:
            lines += [f"{_where(error, detail)}: {_shorten(_deepest(detail).message)}" for detail in details]
        else:
            lines.append(_shorten(f"{error}: {cause}" if cause is not None else str(error)))
    return list(dict.fromkeys(lines))


def _deepest(error: Any) -> Any:
    """Of a failed oneOf/anyOf/allOf, the part that failed farthest inside, which is most often the one meant."""
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return error


def _where(error: Any, detail: Any) -> str:
    name = getattr(error, "name", "")
    path = "/".join(str(part) for part in _deepest(detail).absolute_path)
    return name or path or "body"


def _shorten(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
