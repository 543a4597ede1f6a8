# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters stand together by subject; Ansible finds the documentation of each in the file of its name."""

from __future__ import annotations

import importlib
from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[4] / "plugins/filter"
PACKAGE = "ansible_collections.fisioflow.digitalocean.plugins.filter"


def registered() -> list[str]:
    modules = [importlib.import_module(f"{PACKAGE}.{path.stem}") for path in sorted(FOLDER.glob("*.py"))]
    return [name for module in modules for name in module.FilterModule().filters()]


def test_each_filter_is_registered_once_and_documented() -> None:
    assert sorted(registered()) == sorted(path.stem for path in FOLDER.glob("*.yml"))


def test_each_page_is_about_the_filter_of_its_name_and_shows_it() -> None:
    for path in FOLDER.glob("*.yml"):
        page = yaml.safe_load(path.read_text())
        assert page["DOCUMENTATION"]["name"] == path.stem
        assert f"fisioflow.digitalocean.{path.stem}" in page["EXAMPLES"], path.name
        assert page["RETURN"]["_value"]["description"]
