# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The front door works in a shell in which something else was done before."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from localcloud.instance.home import VARIABLES

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", [name for name in VARIABLES if name.endswith(("_BUNDLE", "_CERT_FILE"))])
def test_a_bundle_of_authorities_counts_only_while_it_is_there(name: str, tmp_path: Path) -> None:
    """`localcloud down` takes that away which `localcloud env` has put into the shell."""

    def told() -> str:
        command = ["make", "--silent", f"--eval=tell: ; @echo ${{{name}}}".replace("$", "$$"), "tell"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), name: str(bundle)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    bundle = tmp_path / "ca-bundle.pem"
    bundle.touch()
    assert told() == str(bundle)
    bundle.unlink()
    assert told() == ""


def test_screenshots_tell_what_they_need(tmp_path: Path) -> None:
    for name in ("bash", "dirname"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    command = [str(tmp_path / "bash"), str(ROOT / ".ci/screenshots")]
    done = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (
        2,
        "screenshots: there is no Chromium on this machine: install it, as with apt-get install chromium\n",
    )
