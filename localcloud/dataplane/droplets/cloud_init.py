# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Droplet's user data asks for, as far as it can be done by a process.

Files are written below a folder of the Droplet's own, Caddy runs with its Caddyfile, a certificate that ``openssl req
-x509`` would make is made. What only a machine has (packages, owners, services) counts as done.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import yaml

CADDYFILE = "/etc/caddy/Caddyfile"
# Of a machine: nothing that a process would miss.
DONE = {"package_update", "package_upgrade", "packages", "ssh_pwauth", "disable_root", "hostname", "timezone", "users"}
DONE_COMMANDS = {"chown", "chmod", "systemctl", "apt", "apt-get", "ufw", "sysctl"}


@dataclass
class Machine:
    """``files``: path → content. ``certificates``: file of the key, file of the certificate, its name."""

    files: dict[str, str] = field(default_factory=dict)
    certificates: list[tuple[str, str, str]] = field(default_factory=list)


def read(user_data: str) -> Machine:
    """ValueError with what cannot be done here."""
    if not user_data.startswith("#cloud-config"):
        raise ValueError("user data that is no #cloud-config is not run")
    try:
        asked = yaml.safe_load(user_data)
    except yaml.YAMLError:
        raise ValueError("its user data is no YAML") from None
    if not isinstance(asked, dict):
        raise ValueError("its user data is no mapping")
    if "caddy" not in (asked.get("packages") or []):
        raise ValueError("its user data installs no caddy")
    machine = Machine()
    for name, value in asked.items():
        if name == "write_files":
            machine.files.update(_file(one) for one in value or [])
        elif name == "runcmd":
            for command in value or []:
                _run(machine, command)
        elif name not in DONE:
            raise ValueError(f"cloud-init's {name} is not done here")
    if CADDYFILE not in machine.files:
        raise ValueError(f"its user data writes no {CADDYFILE}")
    return machine


def _file(one: Any) -> tuple[str, str]:
    path = _path(one.get("path"))
    if one.get("encoding") not in (None, "", "text/plain") or one.get("append"):
        raise ValueError(f"{path} is neither plain nor whole")
    return path, str(one.get("content") or "")


def _path(given: Any) -> str:
    path = str(given)
    if not path.startswith("/") or ".." in path:
        raise ValueError(f"{path} is no path of a file")
    return path


def _run(machine: Machine, command: Any) -> None:
    words = [str(word) for word in command] if isinstance(command, list) else shlex.split(str(command))
    if not words or words[0] in DONE_COMMANDS:
        return
    if words[:2] != ["openssl", "req"] or "-x509" not in words:
        raise ValueError(f"the command {words[0]} is not run here")
    given = {name: value for name, value in pairwise(words) if name.startswith("-")}
    if "-keyout" not in given or "-out" not in given:
        raise ValueError("openssl is told no file for key or certificate")
    name = given.get("-subj", "/CN=localhost").rpartition("CN=")[2]
    machine.certificates.append((_path(given["-keyout"]), _path(given["-out"]), name))
