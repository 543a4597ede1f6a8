# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret values: of the options, and those that the API hands out (passwords, connection URIs, secret keys).

They are kept out of everything that is shown. This is the one place that masks; ansible-core's own way would mask each
letter "a" of every sentence for the sake of a secret "a". From 2.22 on core masks its output itself: it is told of them
too, and results still carry none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

try:
    from ansible.module_utils.secrets import register_secrets
except ImportError:

    def register_secrets(values: Iterable[str], /) -> None:
        """Before ansible-core 2.22 there is nobody to tell."""


# What core writes instead of a value, and of a part of one.
MASKED, MASKED_PART = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "********"
# Characters from which on a secret is masked wherever it stands, also inside a word; a shorter one only as a word …
LONG = 8
# … and one below this, which is a word of every other sentence, only where it stands as a value.
WORD = 4

# The attributes under which the API hands out secrets, at any depth and in every resource (digest §4, §7).
SECRET_KEYS = frozenset({"password", "secret_key", "basic_auth_password", "access_cert"})
# A URI is a secret only when it carries a password (an app's `redirect.uri`, for one, does not).
# A bindable variable of App Platform in the place of the password is none.
_PASSWORD_IN_URI = re.compile(r"[a-z][a-z0-9+.-]*://[^/@\s]*:(?!\$\{[^{}]*\}@)([^/@\s]+)@", re.IGNORECASE)

Finder = Callable[[Any], Iterator[str]]


def is_secret(key: str, value: Any) -> bool:
    """Whether `value` under `key` of an API object must not be shown."""
    return isinstance(value, str) and (key in SECRET_KEYS or _PASSWORD_IN_URI.match(value) is not None)


def scrub(value: Any, keep: frozenset[str] = frozenset()) -> Any:
    """A copy without secret attributes, except those named in `keep`."""
    if isinstance(value, dict):
        return {key: scrub(item, keep) for key, item in value.items() if key in keep or not is_secret(key, item)}
    if isinstance(value, list):
        return [scrub(item, keep) for item in value]
    return value


class Secrets:
    """The secret values met during one run of a module."""

    def __init__(self, known: set[str] | None = None) -> None:
        """`known` are the values of `no_log` options; the set is shared, not copied."""
        self._values: set[str] = known if known is not None else set()
        self._learnt: set[str] = set()
        self._finders: list[Finder] = [_secrets_in]

    def add(self, *values: str | None) -> None:
        """Remember values that must not be shown."""
        self._remember(self._learnt, values)

    def hide(self, *values: str) -> None:
        """Remember values among a task's options that should not stand there, and that verbose runs would show."""
        self._remember(self._values, values)

    @staticmethod
    def _remember(known: set[str], values: Iterable[str | None]) -> None:
        new = {value for value in values if value} - known
        known |= new
        # Core masks what it is told of also inside words, however short it is.
        register_secrets([value for value in new if len(value) >= LONG])

    def watch(self, *finders: Finder) -> None:
        """Have them look into every API answer for secrets that only their place tells."""
        self._finders.extend(finders)

    def learn(self, data: Any) -> None:
        """Remember every secret of an API answer."""
        for finder in self._finders:
            self.add(*finder(data))

    def mask(self, data: Any) -> Any:
        """The same in which no secret value stands, be it alone or inside a longer text."""
        known = {str(value) for value in self._values | self._learnt if value}
        if not known:
            return data
        # The longest first, lest a part of it is masked and the rest of it shown.
        return _masked(data, known, re.compile("|".join(map(_places, sorted(known, key=len, reverse=True)))))


def _places(secret: str) -> str:
    """A pattern for where a secret counts as one inside a longer text."""
    text = re.escape(secret)
    if len(secret) >= LONG:
        return text
    if len(secret) >= WORD:
        return rf"(?<!\w){text}(?!\w)"
    return rf"""(?<=["'`=:]){text}(?=["'`@&,;]|$)"""


def _masked(data: Any, known: set[str], places: re.Pattern[str]) -> Any:
    if isinstance(data, dict):
        return {key: _masked(item, known, places) for key, item in data.items()}
    if isinstance(data, (list, tuple)):
        return [_masked(item, known, places) for item in data]
    if isinstance(data, str):
        return MASKED if data in known else places.sub(MASKED_PART, data)
    if isinstance(data, (int, float)) and not isinstance(data, bool) and len(str(data)) >= WORD and str(data) in known:
        return MASKED
    return data


def passwords_in(options: Any) -> Iterator[str]:
    """The URIs with a password among a task's options, and the passwords."""
    if isinstance(options, dict):
        options = list(options.values())
    if isinstance(options, list):
        for item in options:
            yield from passwords_in(item)
    elif isinstance(options, str) and (found := _PASSWORD_IN_URI.match(options)):
        yield from (options, found.group(1))


def _secrets_in(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if is_secret(key, value):
                yield value
                if password := _PASSWORD_IN_URI.match(value):
                    yield password.group(1)
            else:
                yield from _secrets_in(value)
    elif isinstance(data, list):
        for item in data:
            yield from _secrets_in(item)
