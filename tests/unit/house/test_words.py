# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a report says can be said in each language, with the same figures in it; and no translation is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.portuguese import NAMES, PORTUGUESE
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

CODE = sorted((Path(__file__).parents[3] / "plugins/plugin_utils").glob("*.py"))
FIGURE = re.compile(r"{\w+}")


def said() -> Iterator[str]:
    """The texts of all `say("…")`."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                text = node.args[0]
                assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno}: only a text can be looked up"
                yield str(text.value)


def test_everything_has_its_translation_and_no_translation_is_left_over() -> None:
    assert len(set(said())) > 20
    assert set(said()) == set(PORTUGUESE)


@pytest.mark.parametrize(("text", "translated"), PORTUGUESE.items())
def test_a_translation_has_the_same_figures(text: str, translated: str) -> None:
    assert sorted(FIGURE.findall(text)) == sorted(FIGURE.findall(translated))


def test_a_language_that_there_is_not_is_told() -> None:
    with pytest.raises(Failure, match="no reports in de, but in en and pt_BR"):
        Words("de")


def test_numbers_are_written_as_people_write_them() -> None:
    assert Words("en").usd(1234.5) == "$1,234.50"
    assert Words("pt_BR").usd(1234.5) == "US$ 1.234,50"
    assert Words("en").number(None) == "?"


def test_names_that_have_no_translation_stay() -> None:
    assert [Words("pt_BR").name(name) for name in ("load balancer", "kafka")] == [NAMES["load balancer"], "kafka"]
