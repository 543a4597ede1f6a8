# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Code of this collection is compiled once, and not in each run: imported by Python's own means, which keep what they
have compiled. Ansible's own way to import collections compiles all of it again, 0.2 s.

To be imported before the rest of it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from types import ModuleType

OURS = __name__.removesuffix("plugin_utils.running.bytecode")


class _Finder(MetaPathFinder):
    """Finds files of this collection where Ansible has found its folders."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """None for all others, which is to ask the next one."""
        if not fullname.startswith(OURS):
            return None
        specs = (_files_of(folder).find_spec(fullname) for folder in path or ())
        # A folder without a file of its own is Ansible's business.
        return next((spec for spec in specs if spec and spec.loader), None)


@cache
def _files_of(folder: str) -> FileFinder:
    return FileFinder(folder, (SourceFileLoader, [".py"]))


sys.meta_path.insert(0, _Finder())
