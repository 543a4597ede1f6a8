# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The image that playbooks run in, and how ansible-navigator runs it: what the tools make of their definitions."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.awx_made import awx_variables

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def test_the_context_of_its_build_names_what_the_playbooks_need(tmp_path: Path) -> None:
    subprocess.run([BIN / "ansible-builder", "create", "-c", tmp_path, "-v1"], cwd=ROOT, check=True)
    [recipe] = tmp_path.glob("*file")
    text = recipe.read_text()
    assert 'PYCMD="/usr/bin/python3.12"' in text
    [core] = re.findall(r"^(ansible-core .*?) ;.*>= \"3.12\"", (ROOT / "requirements/run.in").read_text(), re.M)
    assert core in text
    built = tmp_path / "_build"
    assert (built / "requirements.txt").read_text() == (ROOT / "requirements.txt").read_text()
    assert (built / "requirements.yml").read_text() == (ROOT / "collections/requirements.yml").read_text()


def settings(tmp_path: Path) -> dict[str, Any]:
    """As the tool understands them, in the way that needs no container engine."""
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(tmp_path), "NO_COLOR": "1"}
    command = [BIN / "ansible-navigator", "settings", "--effective", "--ee", "false"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = yaml.safe_load(done.stdout)["ansible-navigator"]
    return found


def test_navigator_hands_on_what_inventories_look_up(tmp_path: Path) -> None:
    seen = settings(tmp_path)
    assert (seen["mode"], seen["playbook-artifact"]["enable"]) == ("stdout", False)
    handed = seen["execution-environment"]["environment-variables"]["pass"]
    assert handed == awx_variables(str(ROOT / "inventories"))
