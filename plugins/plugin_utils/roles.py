# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the roles of this collection say that they take."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

ROLES = Path(__file__).parents[2] / "roles"


def names() -> list[str]:
    """All roles, in no order."""
    return [path.parents[1].name for path in ROLES.glob("*/meta/argument_specs.yml")]


def _load(loader: Any, path: Path) -> Data:
    # Trusted as Ansible itself trusts them: a default may refer to other variables. "Unsafe" leaves out a deep copy,
    # which takes longer than all the rest here; nothing changes what is read.
    return loader.load_from_file(str(path), cache="all", unsafe=True, trusted_as_template=True) or {}


@cache
def options(role: str) -> Data:
    """The inputs of all its entry points, by name. Nobody's to change."""
    path = ROLES / role / "meta" / "argument_specs.yml"
    if not path.is_file():
        raise AnsibleError(f"There is no role {role!r} with an argument spec in {ROLES}.")
    found: Data = {}
    # What it says of defaults is taken from where they are. Ansible's own loader takes five times as long.
    for entry in yaml_load(path.read_text(encoding="utf-8"))["argument_specs"].values():
        found.update(entry.get("options") or {})
    return found


def defaults(loader: Any, role: str) -> Data:
    """What its inputs are when nobody says; templates as they are written."""
    return _load(loader, ROLES / role / "defaults" / "main.yml")


def variables(loader: Any, role: str) -> Data:
    """What it names for itself, in one file or several; templates as they are written."""
    files = [ROLES / role / "vars" / "main.yml", *(ROLES / role / "vars" / "main").glob("*.yml")]
    return {name: value for file in files if file.is_file() for name, value in _load(loader, file).items()}
