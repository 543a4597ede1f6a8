# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that came as Python packages."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path


def program(package: str, name: str) -> Path | None:
    """The program of that file name in an installed package; None where there is none for this machine."""
    try:
        found = [Path(str(file.locate())) for file in files(package) or () if file.name == name]
    except PackageNotFoundError:
        return None
    return next((path for path in found if path.is_file()), None)
