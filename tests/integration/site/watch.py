# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where secrets must not be: in what is printed at -vvvv, in logs and reports, in files that others can read, in the
arguments of processes. Each sentinel is shown to have been in play, so that not finding it means something.
"""

from __future__ import annotations

import base64
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.harness.playbooks import NEXTAUTH_SECRET, in_background
from tests.integration.site.account import APP, app_environment, keys, secrets_of
from tests.localcloud_fixtures import LocalCloud

# What may not be printed and is written into files only with mode 0600.
Sentinels = dict[str, str]


def forms(secret: str) -> Iterator[str]:
    """A secret as it is, and inside a longer text in base64, at any of the three offsets."""
    yield secret
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + secret.encode()).decode()
        yield coded[4 if offset else 0 : len(coded) - 4]


def found_in(text: str, sentinels: Sentinels) -> list[str]:
    """The names of the sentinels that a text holds."""
    return [name for name, secret in sentinels.items() if any(form in text for form in forms(secret))]


def assert_clean(label: str, text: str, sentinels: Sentinels) -> None:
    found = found_in(text, sentinels)
    if found:
        lines = [line[:300] for line in text.splitlines() if found_in(line, sentinels)]
        pytest.fail(f"{label} shows {', '.join(found)}:\n" + "\n".join(lines[:5]))


class Watch:
    """A folder in which a run does everything, and what was seen of it."""

    def __init__(self, cloud: LocalCloud, folder: Path) -> None:
        self.cloud, self.folder = cloud, folder
        for name in ("tmp", "home"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.printed = self.arguments = ""
        self.returncode = -1

    def run(self, name: str, *options: str, env: dict[str, str] | None = None) -> None:
        """Run at -vvvv, with everything written down that a process list would have shown."""
        extra = {
            "ANSIBLE_LOG_PATH": str(self.folder / "ansible.log"),
            "TMPDIR": str(self.folder / "tmp"),
            "HOME": str(self.folder / "home"),
            "ANSIBLE_HOME": str(self.folder / "home"),
            **(env or {}),
        }
        report = ("-e", f"fisioflow_report_dir={self.folder / 'reports'}")
        seen: set[str] = set()
        with in_background(self.cloud, name, "-vvvv", "--diff", *options, *report, env=extra) as going:
            while not going.over:
                seen |= set(arguments_of(going.processes()))
            self.returncode = going.process.returncode
            self.printed = going.output.read_text()
        self.arguments = "\n".join(seen)

    def check(self, sentinels: Sentinels) -> None:
        """Nothing of the sentinels, anywhere."""
        assert "Using module file" in self.printed or "TASK [" in self.printed
        assert_clean("standard output", self.printed, sentinels)
        assert "ansible-playbook" in self.arguments
        assert_clean("the process list", self.arguments, sentinels)
        assert (self.folder / "ansible.log").stat().st_size > 1000
        for path in self.folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                text = path.read_bytes().decode(errors="replace")
                private = stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
                if path.name == "ansible.log" or not private:
                    assert_clean(str(path), text, sentinels)


def arguments_of(processes: list[int]) -> Iterator[str]:
    for process in processes:
        try:
            yield Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue


def sentinels(cloud: LocalCloud, *states: dict[str, Any]) -> Sentinels:
    """Every secret that is in play: ours, and those that the account holds or held."""
    found = {
        "the API token": cloud.token,
        "the control node's Spaces secret": cloud.env["SPACES_SECRET_ACCESS_KEY"],
        "NEXTAUTH_SECRET": NEXTAUTH_SECRET,
    }
    for state in (*states, cloud.admin.state()):
        found |= secrets_of(state)
    return found


def in_play(cloud: LocalCloud, secret: str = NEXTAUTH_SECRET) -> None:
    """The provided and the generated secret have reached the app; the passwords are there."""
    state = cloud.admin.state()
    env = app_environment(state, APP)
    assert env["NEXTAUTH_SECRET"] == secret
    assert env["DO_SPACES_SECRET"] in {value for _name, value in keys(state).values()}
    held = secrets_of(state)
    assert {name.rsplit("/", 1)[-1] for name in held if name.startswith("password of")} >= {
        "doadmin",
        "fisioflow_owner",
        "fisioflow_app",
        "fisioflow_backup",
        "fisioflow_readonly",
    }
