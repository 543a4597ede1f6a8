# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer must hold to be the API's, judged in this one place for every call of every module.

Silence is no answer: a proxy's empty 200, a gateway's `{"message": "ok"}`, a login page or a list without its key say
nothing about a resource, least of all that it is not there. What the calls promise: the official API description.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotTheApi

if TYPE_CHECKING:
    # Which imports pydo: see client.py.
    from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.transport import Answer

# Levels of JSON inside each other; the deepest answers of the API (an app with its deployments) have about a dozen.
DEEPEST = 60
_WORDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}


@dataclass(frozen=True)
class Promise:
    """An object with `key`, whose value is an `of`. Without a key: no content."""

    key: str = ""
    of: type = dict

    def broken(self, answer: Answer) -> str:
        """What is wrong with a 2xx, to continue "… answered 200 "; "" when it keeps the promise."""
        data = answer.data
        if not self.key:
            # 200 stands for an answer that has something to say, which an empty one has not.
            content = data if data not in ("", {}) else None
            return "" if content is None and answer.status in (202, 204) else "in the place of nothing"
        if data == {} or data == "":
            return "without content"
        if not isinstance(data, dict):
            return "with no JSON object"
        if not isinstance(data.get(self.key), self.of):
            return f'without {_WORDS[self.of]} under "{self.key}"'
        return ""


@dataclass(frozen=True)
class Acknowledged(Promise):
    """A 200 without content, as a few calls promise it: only a look afterwards tells whether it took effect."""

    def broken(self, answer: Answer) -> str:
        """An object of the API's own will do as well, but a message is somebody else's."""
        if not isinstance(answer.data, dict):
            return "with no JSON object"
        return "with a message in the place of nothing" if "message" in answer.data else ""


NOTHING = Promise()
ACKNOWLEDGED = Acknowledged()


def judge(answer: Answer, promise: Promise, url: str, **facts: Any) -> None:
    """Raise NotTheApi for an answer that is none of the API's; what is left is a promise kept, or a refusal of hers."""
    status = answer.status
    problem = ""
    if 200 <= status < 300:
        problem = promise.broken(answer)
    elif 400 <= status < 500 and status not in (407, 429):
        # Its 404 would mean that there is no such thing: only the API can say that, and names an error when she does.
        problem = _no_refusal(answer)
    if problem or _too_deep(answer.data):
        raise NotTheApi(f"{url} answered {status} {problem or 'with endlessly nested JSON'}", status=status, **facts)


def rows_of(data: dict[str, Any], key: str, has: Iterable[str], url: str, **facts: Any) -> list[dict[str, Any]]:
    """The rows of a list: objects, each with the attributes by which it is told from the others."""
    rows: list[dict[str, Any]] = data[key]
    for row in rows:
        lacking = [name for name in has if row.get(name) in (None, "")] if isinstance(row, dict) else [""]
        if lacking:
            what = f'a row without "{lacking[0]}"' if lacking[0] else "a row that is no object"
            raise NotTheApi(f'{url} answered 200 with {what} under "{key}"', status=200, **facts)
    return rows


def _no_refusal(answer: Answer) -> str:
    if not isinstance(answer.data, dict):
        return "with no JSON object"
    message = answer.data.get("message")
    if answer.status == 404 and not (message and isinstance(message, str) and answer.data.get("id")):
        return "without the API's words for what is not there"
    return ""


def _too_deep(data: Any) -> bool:
    level = [data]
    for _depth in range(DEEPEST):
        level = [
            child
            for item in level
            if isinstance(item, (dict, list))
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True
