# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of modules are made of: steps in; results, with the requests that they caused, out.

`inside.py` runs them in this process, through the code that the controller path uses: for what a module does.
`ansible.py` runs them as a playbook: for what Ansible makes of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NAMESPACE = "fisioflow.digitalocean"


@dataclass(frozen=True)
class Step:
    """One task. `before` are calls of localcloud's admin client made right before it."""

    name: str
    module: str
    args: dict[str, Any]
    check: bool = False
    register: str = ""
    before: list[dict[str, Any]] = field(default_factory=list)
    # Further keywords of the task (`loop`, `environment`, …).
    keywords: dict[str, Any] = field(default_factory=dict)

    @property
    def action(self) -> str:
        return self.module if "." in self.module else f"{NAMESPACE}.{self.module}"

    def as_task(self) -> dict[str, Any]:
        task: dict[str, Any] = {
            "name": self.name,
            self.action: self.args,
            "ignore_errors": True,
            "diff": True,
            **self.keywords,
        }
        if self.check:
            task["check_mode"] = True
        if self.register:
            task["register"] = self.register
        return task


@dataclass(frozen=True)
class Outcome:
    """What a step came to. `calls` and `writes` are journal entries of localcloud."""

    name: str
    status: str
    result: dict[str, Any]
    calls: list[dict[str, Any]]
    writes: list[dict[str, Any]]

    @property
    def changed(self) -> bool:
        return bool(self.result.get("changed"))

    @property
    def message(self) -> str:
        return str(self.result.get("msg", ""))

    @property
    def write_list(self) -> list[str]:
        return [f"{entry['method']} {entry['path']}" for entry in self.writes]


@dataclass(frozen=True)
class Run:
    """A finished run: the outcomes by name, and everything that was printed."""

    outcomes: dict[str, Outcome]
    printed: str
    # Secrets that the account held at the steps that collected them.
    secrets: frozenset[str]
    # The part of `printed` that was told aside, while tasks ran: on standard error.
    aside: str = ""

    def __getitem__(self, name: str) -> Outcome:
        if name not in self.outcomes:
            raise AssertionError(f"no task {name!r} has run:\n{self.printed[-6000:]}")
        return self.outcomes[name]

    def good(self, name: str) -> Outcome:
        """The outcome of a step that must have succeeded."""
        assert self[name].status == "ok", f"{name}: {self[name].message}"
        return self[name]

    def assert_refused(self, name: str, *words: str) -> None:
        """It failed in one sentence with these words, and nothing was written."""
        assert (self[name].status, self[name].write_list) == ("failed", []), name
        for word in words:
            assert word in self[name].message, f"{name}: {self[name].message}"
        assert_sentence(self[name].message)


def assert_names_differ(steps: list[Step]) -> None:
    names = [step.name for step in steps]
    assert len(names) == len(set(names)), f"steps of one name: {sorted(n for n in names if names.count(n) > 1)}"


def admin(call: str, *args: Any, **options: Any) -> dict[str, Any]:
    """An entry of `Step.before`."""
    return {"call": call, "args": list(args), "options": options}


def calm() -> list[dict[str, Any]]:
    """Before a step: no fault any more."""
    return [admin("clear_faults")]


def fault(call: str, **rule: Any) -> list[dict[str, Any]]:
    """Before a step: nothing but this fault, on `METHOD /path`."""
    method, _, path = call.partition(" ")
    kind = rule.pop("kind")
    return [*calm(), admin("fault", kind, method=method, path=path, **rule)]


def assert_sentence(message: str) -> None:
    """One line that starts like a sentence, ends like one, and is no traceback."""
    assert "\n" not in message
    assert "Traceback" not in message
    assert message[0].isupper()
    assert message.endswith(".")
