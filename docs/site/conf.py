# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation as a site: .ci/docs builds it from the pages where they are, so that links lead the same way."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from sphinx.application import Sphinx

_galaxy = yaml.safe_load((Path(__file__).resolve().parents[2] / "galaxy.yml").read_text())
project = "FisioFlow on DigitalOcean"
author = "FisioFlow contributors"
version = release = str(_galaxy["version"])
language = "en"
extensions = ["myst_parser", "sphinxcontrib.mermaid"]
html_theme = "alabaster"
html_theme_options = {"page_width": "1200px", "sidebar_width": "300px", "sidebar_includehidden": False}
html_title = f"{project} {release}"
html_show_copyright = False
html_copy_source = False
myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]
# Pages of people; whatever else they link to is beside them as a file.
include_patterns = [
    "index.md",
    "*.md",
    "docs/**",
    "roles/*.md",
    "roles/*/README.md",
    "localcloud/README.md",
    "localcloud/**/README.md",
    "extensions/**/README.md",
    "examples/**/README.md",
    "reference/*",
]
exclude_patterns = ["docs/build", "docs/site", "**/node_modules"]
# Blocks of commands and of answers are not all of the language that their fence names.
suppress_warnings = ["misc.highlighting_failure"]

_FOLDER = re.compile(r"\]\(((?!https?:)[^)#]*)/\)")


def _open_folders(app: Sphinx, page: str, text: list[str]) -> None:
    """A link to a folder shows what is in it on a forge; here it leads to the page that says so."""
    here = (Path(app.srcdir) / page).parent

    def page_of(found: re.Match[str]) -> str:
        names = [name for name in ("README.md", "all.md") if (here / found[1] / name).is_file()]
        return f"]({found[1]}/{names[0]})" if names else found[0]

    text[0] = _FOLDER.sub(page_of, text[0])


def setup(app: Sphinx) -> None:
    app.connect("source-read", _open_folders)
