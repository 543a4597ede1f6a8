# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that pages, comments and tests name exist, at the path by which they are named."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
INTEGRATION = ROOT / "tests/integration"
# Folders at the top; below `plugins/` people leave that out. A `meta/` is most often that of a role.
TOP = (
    ".ci",
    "docs",
    "extensions",
    "inventories",
    "localcloud",
    "playbooks",
    "plugins",
    "requirements",
    "roles",
    "tests",
)
INSIDE = ("module_utils", "plugin_utils", "doc_fragments")
ENDINGS = ("py", "md", "yml", "yaml", "json", "txt", "sh", "cfg", "j2")
NAMED = re.compile(
    rf"(?<![\w/.$}}{{<-])((?:{'|'.join(map(re.escape, TOP + INSIDE))})/[\w./-]*\.(?:{'|'.join(ENDINGS)}))\b"
)
# A module of tests without its folder: it lies beside who names it, or is an integration test that a page names.
BARE = re.compile(r"(?<![\w/.\"])(test_\w+)\.py\b|`(test_\w*[^\W_])`")
# What a reader makes, or a tool.
NOT_HERE = re.compile(r"inventories/minha-clinica/|docs/build/")
PAGES = [
    path
    for folder in ("docs", "extensions", "localcloud", "playbooks", "plugins", "roles", "tests")
    for suffix in ("md", "py", "yml")
    for path in (ROOT / folder).rglob(f"*.{suffix}")
]


def named(text: str) -> set[str]:
    return {name for name in NAMED.findall(text) if not NOT_HERE.match(name)}


def lost(page: Path) -> list[str]:
    text = page.read_text()
    nowhere = [name for name in named(text) if not any((ROOT / below / name).exists() for below in ("", "plugins"))]
    beside = page.parent.glob("*.py") if page.is_relative_to(ROOT / "tests") else INTEGRATION.rglob("*.py")
    bare = {file or quoted for file, quoted in BARE.findall(text)}
    return sorted([*nowhere, *(bare - {path.stem for path in beside})])


def test_every_file_that_is_named_exists() -> None:
    pages = [ROOT / "Makefile", *ROOT.glob("*.md"), *PAGES]
    assert sum(len(named(page.read_text())) for page in pages) > 50
    assert {str(page.relative_to(ROOT)): lost(page) for page in pages if lost(page)} == {}
