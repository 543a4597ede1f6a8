# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret values that the API hands out: learnt from every answer, kept out of everything that is shown.

Options marked `no_log` are Ansible's business; these are the others: passwords, connection URIs, secret keys.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible.module_utils.common.parameters import remove_values

# The attributes under which the API hands out secrets, at any depth and in every resource (digest §4, §7).
SECRET_KEYS = frozenset({"password", "secret_key", "basic_auth_password", "access_cert"})
# A URI is a secret only when it carries a password (an app's `redirect.uri`, for one, does not).
# A bindable variable of App Platform in the place of the password is none.
_PASSWORD_IN_URI = re.compile(r"[a-z][a-z0-9+.-]*://[^/@\s]*:(?!\$\{[^{}]*\}@)([^/@\s]+)@", re.IGNORECASE)


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

    def add(self, *values: str | None) -> None:
        """Remember values that must not be shown."""
        self._learnt.update(value for value in values if value)

    def hide(self, *values: str) -> None:
        """Remember values among a task's options that should not stand there, and that verbose runs would show."""
        self._values.update(value for value in values if value)

    def learn(self, data: Any) -> None:
        """Remember every secret of an API answer."""
        self.add(*_secrets_in(data))

    def mask(self, data: Any) -> Any:
        """A copy in which no secret value stands, be it alone or inside a longer text."""
        return remove_values(data, self._values | self._learnt)


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
