# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the README tells to give a token is what preflight asks of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
ROWS = dict(
    re.findall(r"^\| (`(?:site|deploy|verify|destroy)\.yml`[^|]*) \| (.*) \|$", (ROOT / "README.md").read_text(), re.M)
)


def told(playbook: str) -> set[str]:
    (row,) = (scopes for name, scopes in ROWS.items() if f"`{playbook}.yml`" in name and "`" in scopes)
    return set(re.findall(r"`([a-z_]+:[a-z_]+)`", row))


def asked(playbook: str) -> set[str]:
    play: list[dict[str, Any]] = yaml.safe_load((ROOT / "playbooks" / f"{playbook}.yml").read_text())
    (scopes,) = (
        task["vars"]["preflight_scopes"] for task in play[0]["tasks"] if "preflight_scopes" in task.get("vars", {})
    )
    return set(scopes)


def everything() -> set[str]:
    return set(yaml.safe_load((ROOT / "roles/preflight/defaults/main.yml").read_text())["preflight_scopes"])


def test_scopes_of_site() -> None:
    assert told("site") == everything()


def test_scopes_of_deploy() -> None:
    assert told("deploy") == asked("deploy")


def test_scopes_of_verify_are_the_reading_ones() -> None:
    assert asked("verify") == {scope for scope in everything() if scope.endswith(":read")}
