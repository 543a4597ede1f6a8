# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a spec that was made by hand is a secret, whatever its type says: by its name, or by what it says.

In doubt it is one: a plain word in the vault file does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

# By their names. What is published on purpose is a PUBLIC or PUBLISHABLE key, or Next.js's.
_SECRET_NAME = re.compile(
    r"(^|_)(SECRET|PASSWORD|PASSWD|PASS|PWD|TOKEN|APIKEY|KEY|CREDENTIALS?|DSN|WEBHOOK|SALT|PEPPER|PRIVATE|"
    r"AUTH|JWT|SENHA|CHAVE|SIGNING|ENCRYPTION|COOKIE)(S?)(_|\d|$)|(SECRET|PASSWORD|TOKEN|APIKEY|SENHA)$",
    re.IGNORECASE,
)
# Only how it ends tells: AUTH_ID is none, AUTH_IDENTITY_SECRET is one.
# The id of a pair of keys is none, that of a secret is.
_NO_SECRET_NAME = re.compile(
    r"^NEXT_PUBLIC_|((^|_)(PUBLIC|PUBLISHABLE)_?KEY(_?(ID|PEM|BASE64|URL|PATH|FILE))?|SPACES_(ACCESS_)?KEY|"
    r"(_|^)(KEY|TOKEN|PASSWORD|AUTH|JWT|COOKIE)_?ID|"
    r"(_|^)(KEY|TOKEN|SECRET|PASSWORD|AUTH|JWT|COOKIE)(_TOKEN)?_?"
    r"(NAME|TTL|LENGTH|PREFIX|URL|PATH|FILE|DOMAIN|ALGORITHM))$",
    re.IGNORECASE,
)
# What is nothing but a secret, even if it is a number.
_NOTHING_ELSE = re.compile(r"(SECRET|PASSWORD|PASSWD|PASS|PWD|SENHA)(_?ID)?$", re.IGNORECASE)
_SWITCH = re.compile(r"true|false|yes|no|on|off|none|null|0|1", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,6}|\d+[smhd]", re.IGNORECASE)

# What a label gives away in a text. It is followed by what App Platform or a shell fills in where it is `$…`.
_LABEL = (
    r"(?:password|passwd|passphrase|pwd|senha|secret|token|credentials?|"
    r"(?:api|auth|access|account|private|secret|signing|encryption)[_-]?key)"
)
_SAID = r"""(?![$"'\\])[^\s"'&;$]{4,}"""
# By their values: keys of providers say whose they are, wherever they stand.
_SECRET_TEXT = re.compile(
    rf"""
    (?<![A-Za-z0-9])(?:
        [sr]k[-_](?:(?:live|test|proj|ant|or)[-_]\w|[\w-]{{8,}}) | gh[oprsu]_\w{{20}} | github_pat_\w | glpat-\w
      | do[opr]_v1_\w | (?:AKIA|ASIA)[A-Z0-9]{{12}} | AIza\w | ya29\.\w | xox[abeprs]-\w | xapp-\w | SG\.\w | whsec_\w
      | eyJ\w{{10}} | AVNS_\w | npg_\w | npm_\w{{20}} | re_(?=\w*\d)\w{{16}} | dckr_pat_\w | hf_\w{{20}} | EAA\w{{20}}
      | \d{{8,10}}:AA[\w-]{{30}}
    )
    | -----BEGIN\ [A-Z\ ]*PRIVATE
    | https://hooks\.slack\.com/services/\w | https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\w
    | (?i:bearer\s+(?=\S*\d)[\w.~+/=-]{{8,}})
    | (?i:authorization["'\\]*\s*[:=]\s*["'\\]*(?:(?:basic|bearer|token)\s+{_SAID} | (?!basic|bearer|token){_SAID}))
    # `secret=…`, `--secret …`, `"secret": "…"`, and a line `secret: …`
    | (?i:{_LABEL}\s*=\s*["'\\]*{_SAID})
    | (?i:--[\w-]*{_LABEL}\s+["']?(?!-){_SAID})
    | (?i:{_LABEL}["'\\]+\s*:\s*["'\\]*{_SAID})
    | (?im:^\s*[\w-]*{_LABEL}\s*:\s*{_SAID}\s*$)
    """,
    re.VERBOSE,
)
# Who logs in by an address: a password, or of a page somebody's token, which stands alone.
_LOGIN = re.compile(r"://(?:[^\s/@:\"']*:(?P<password>[^\s/@\"']+)@|(?<=https://)(?P<token>[^\s/@:\"']+)@)")
# `${db.DATABASE_URL}`: App Platform puts the value there.
REFERENCE = re.compile(r"\$\{[^{}]+\}")


def is_secret_by_name(name: str, value: str) -> bool:
    """Whether a variable of this name is one; a switch or a number beside secrets is none."""
    if _SWITCH.fullmatch(value) or not _SECRET_NAME.search(name) or _NO_SECRET_NAME.search(name):
        return False
    return _NOTHING_ELSE.search(name) is not None or not _NUMBER.fullmatch(value)


def holds_secret(text: str) -> bool:
    """Whether there is one anywhere in a text: a value, a command, a path, a description."""
    if any(not REFERENCE.fullmatch(found["password"] or found["token"]) for found in _LOGIN.finditer(text)):
        return True
    return _SECRET_TEXT.search(REFERENCE.sub("", text)) is not None


def texts(value: Any) -> Iterator[str]:
    """All texts of a value, at any depth."""
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def without_login(url: str) -> str:
    """The same address without who logs in; "" for what is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
