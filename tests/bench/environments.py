# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several environments as hosts of one run: they share its connections, its rate limit and the cores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

CONNECTION = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}


def inventory(folder: Path, count: int) -> tuple[str, ...]:
    """The options for a run of so many, each with names, domains and a network of its own."""
    hosts: dict[str, dict[str, Any]] = {
        f"clinic-{number}": {
            **CONNECTION,
            "fisioflow_environment": f"clinic-{number}",
            "network_ip_range": f"10.{100 + number}.0.0/20",
            "app_domains": [f"clinic-{number}.example", f"www.clinic-{number}.example"],
        }
        for number in range(count)
    }
    path = folder / f"environments-{count}.yml"
    path.write_text(yaml.safe_dump({"fisioflow": {"hosts": hosts}}), encoding="utf-8")
    return ("-i", str(path), "--limit", "all:!localhost", "--forks", str(count))


def in_fives(there: int, count: int) -> list[str]:
    """Who is made in one run, beside those that are there: a creation is many times the work of an unchanged run."""
    names = [f"clinic-{number}" for number in range(there, count)]
    return [",".join(names[first : first + 5]) for first in range(0, len(names), 5)]
