# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What looks like a secret, or identifies a person, whatever text it stands in: the one list for logs and tickets.

Each pattern passes over a text once, since lines may be long.
"""

from __future__ import annotations

import re

# A quote, also inside JSON inside JSON and in an address; what it begins ends with the same one, or with the line.
_QUOTE = r"""(?:\\*["']|%22)"""
_IS = rf"{_QUOTE}? [ \t]* (?:[=:]>?|%3[AD]) [ \t]*"
_QUOTED = rf"(?P<quote>{_QUOTE}) (?!(?P=quote)) {{scheme}} (.+?) (?: (?<!\\)(?P=quote) | $ )"
# Of a header; the others have more than one word.
_SCHEME = r"(?:(?:bearer|basic|token|apikey)[ \t]+)"
_LABEL = r"(?:password|passwd|passphrase|senha|secret|token|(?:api|access|private)[_-]?key|cookie)"
# What has been masked before.
_NO_MASK = r"""(?! (?:\*\*\*|\(removed\)) (?: [])},;]* [\s"'&\\] | [])},;]* $ ) )"""
_VERBOSE = re.IGNORECASE | re.MULTILINE | re.VERBOSE

# Of each what is masked is its last group, or all of it.
MARKS = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL),
    re.compile(r"""://([^/\s"'<>]+)@"""),
    re.compile(r"\b(?:dop|doo|dor)_v1_[0-9a-f]+"),
    re.compile(r"\bAVNS_[\w-]{8,}"),
    re.compile(r"\bEV\[[^\]]*\]"),
    re.compile(r"(?<![\w-])sk[-_][\w-]{16,}"),
    re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-)[\w-]{10,}"),
    re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    re.compile(r"(?<=hooks\.slack\.com/)[\w/]+"),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    re.compile(r"(?i)(?<=bearer )[\w.~+/-]{8,}=*"),
    re.compile(
        rf"""authorization {_IS}
        (?: {_QUOTED.format(scheme=_SCHEME + "?")} | {_SCHEME} ([^\s"',;\\]+) | (?:digest[ \t]+)? ([^\s"'\\].*) )""",
        _VERBOSE,
    ),
    re.compile(
        rf"""(?<![\w-]) [\w-]*cookies? {_QUOTE}? [ \t]* : [ \t]*
        (?: {_QUOTED.format(scheme="")} | ([^\s"'\\].*) )""",
        _VERBOSE,
    ),
    re.compile(
        rf"""(?<![\w-]) [\w-]*{_LABEL} {_IS}
        (?: {_QUOTED.format(scheme="")}
          | {_NO_MASK} ([^\s"'\\&][^\s"'&]{{3,}}?) (?= [])}},;]{{0,4}} (?:[\s"'&\\]|$) | [,;] [\w.-]+ [=:] ) )""",
        _VERBOSE,
    ),
    re.compile(r"(?<![\w.+%-])[\w.+%-]+(?:@|%40)[\w-]+\.[\w.-]*\w"),
    re.compile(r"(?i)cpf[^\d\n]{0,24}(\d{3}[. ]?\d{3}[. ]?\d{3}[-/. ]?\d{2})(?!\d)"),
    re.compile(r"\b\d{3}\.?\d{3}\.?\d{3}-?\d{2}\b"),
)


def masked(text: str, mask: str = "***") -> str:
    """The same with `mask` in the place of each of them."""

    def without(found: re.Match[str]) -> str:
        begin, end = found.span(found.lastindex or 0)
        return found.string[found.start() : begin] + mask + found.string[end : found.end()]

    for mark in MARKS:
        text = mark.sub(without, text)
    return text
