# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs of the playbooks, with what each task came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.integration.harness.ansible import Played
from tests.integration.harness.playbooks import PROVIDED, playbook
from tests.integration.harness.steps import Outcome
from tests.localcloud_fixtures import LocalCloud

# What makes a run work without the control node's Spaces key.
NO_SPACES_KEY = {"SPACES_ACCESS_KEY_ID": "", "SPACES_SECRET_ACCESS_KEY": "", "LOCALCLOUD_HOME": "/nonexistent"}


@dataclass(frozen=True)
class SiteRun:
    """A finished run, task by task, in the order of their ends."""

    played: Played

    @property
    def tasks(self) -> list[Outcome]:
        return self.played.tasks

    @property
    def calls(self) -> list[dict[str, Any]]:
        return self.played.calls

    @property
    def ok(self) -> bool:
        return self.played.returncode == 0

    @property
    def printed(self) -> str:
        return self.played.printed

    @property
    def changed(self) -> int:
        return self.played.recap.get("changed", -1)

    @property
    def writes(self) -> list[str]:
        return self.played.write_list

    @property
    def changed_tasks(self) -> list[str]:
        """The tasks that changed something, each with the items that did when it is a loop."""
        found = []
        for task in self.tasks:
            if task.status == "ok" and task.changed:
                items = [_label(item) for item in task.result.get("results", []) if item.get("changed")]
                found += [f"{task.name} ({item})" for item in items] or [task.name]
        return found

    @property
    def messages(self) -> list[str]:
        """What was said by the tasks that failed, loops by item; once, though a procedure's end says it again."""
        found = []
        for task in self.tasks:
            if task.status == "failed":
                items = [str(item["msg"]) for item in task.result.get("results", []) if item.get("failed")]
                found += items or [task.message]
        return list(dict.fromkeys(found))


def _label(item: dict[str, Any]) -> str:
    value = item.get("item", "")
    return str(value.get("name", value) if isinstance(value, dict) else value)


def run(
    cloud: LocalCloud,
    name: str = "site",
    *options: str,
    variables: dict[str, Any] | None = None,
    env: dict[str, str] | None = None,
    inventory: str = "local",
) -> SiteRun:
    """Run a playbook to its end."""
    provided = PROVIDED | (env or {})
    return SiteRun(
        playbook(cloud, name, *options, variables=variables, env=provided, inventory=inventory, watched=True)
    )
