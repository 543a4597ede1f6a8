# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of reports: English is what stands in the code, and the key to Portuguese."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.portuguese import NAMES, PORTUGUESE

LANGUAGES = {"en": "en", "pt_BR": "pt-BR"}


class Words:
    """`say("{count} to create", count=3)` in the language of a report."""

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise Failure(f"There are no reports in {language}, but in {' and '.join(LANGUAGES)}.")
        self.language = language

    def __call__(self, text: str, **values: Any) -> str:
        """A text that has no translation is a mistake of ours, which tests/unit/house/test_words.py finds."""
        told = text if self.language == "en" else PORTUGUESE[text]
        return told.format(**values) if values else told

    def name(self, name: str) -> str:
        """What a thing is called, which stays where it is called the same."""
        return name if self.language == "en" else NAMES.get(name, name)

    @property
    def tag(self) -> str:
        """As HTML names the language."""
        return LANGUAGES[self.language]

    def number(self, value: float | None, digits: int = 2) -> str:
        """`1,234.50`, `1.234,50`; "?" for what nobody knows."""
        if value is None:
            return "?"
        text = f"{value:,.{digits}f}"
        return text if self.language == "en" else text.translate(str.maketrans(",.", ".,"))

    def usd(self, value: float | None) -> str:
        """An amount in a sentence."""
        return f"{'$' if self.language == 'en' else 'US$ '}{self.number(value)}"
