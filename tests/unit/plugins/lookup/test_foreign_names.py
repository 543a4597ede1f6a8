# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another environment's inventory calls its things, and what it does not."""

from __future__ import annotations

import pytest
from ansible.parsing.dataloader import DataLoader

from ansible_collections.fisioflow.digitalocean.plugins.lookup import foreign_names


def told(*names: str, environment: str = "pr-4") -> list[str]:
    return foreign_names.LookupModule(loader=DataLoader()).run(list(names), environment=environment)


@pytest.mark.parametrize(
    ("name", "foreign"),
    [
        ("fisioflow-pr-4", False),
        ("fisioflow-pr-4-uploads", False),
        ("pr-4", False),
        ("fisioflow-pr-42", True),
        ("fisioflow-spr-4", True),
        ("fisioflow-production", True),
        ("", True),
    ],
)
def test_a_name_bears_that_of_its_environment_as_a_word(
    monkeypatch: pytest.MonkeyPatch, name: str, foreign: bool
) -> None:
    monkeypatch.setattr(foreign_names, "load_extra_vars", lambda _loader: {"fisioflow_environment": "pr-4"})
    assert told("a-pr-4", name, name) == ([name] if foreign else [])


def test_an_inventory_may_call_its_own_things_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_names, "load_extra_vars", lambda _loader: {"fisioflow_prefix": "pr-4"})
    assert told("default-nyc1") == []
