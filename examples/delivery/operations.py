# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program of Ansible in the operations project. From the environment:

INVENTORY    of which environment; none: what ansible.cfg says
OPERATIONS   folder of the operations project; none: this one
ANSIBLE_VAULT_PASSWORD   opens what the inventory has encrypted; Ansible gets it by a file that goes with the program
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any


def run(program: str, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """`options` are those of `subprocess.run`."""
    inventory = ["-i", os.environ["INVENTORY"]] if os.environ.get("INVENTORY") else []
    env = {**os.environ, **options.pop("env", {})}
    with tempfile.TemporaryDirectory() as scratch:
        if password := env.pop("ANSIBLE_VAULT_PASSWORD", ""):
            file = Path(scratch, "vault")
            file.touch(mode=0o600)
            file.write_text(password, encoding="utf-8")
            env["ANSIBLE_VAULT_PASSWORD_FILE"] = str(file)
        folder = os.environ.get("OPERATIONS") or None
        if folder and not Path(folder).is_dir():
            sys.exit(f"{Path(sys.argv[0]).name}: OPERATIONS is {folder}, which is no folder.")
        if not shutil.which(program):
            sys.exit(f"{Path(sys.argv[0]).name}: there is no {program} on this machine.")
        return subprocess.run([program, *inventory, *words], cwd=folder, env=env, text=True, check=False, **options)
