# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has no value, or one of a wrong kind, is told by name; a secret's value never is."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.fisioflow.digitalocean.plugins.lookup.role_inputs import LookupModule


def problems(role: str, **variables: Any) -> list[str]:
    loader = DataLoader()
    lookup = LookupModule(loader=loader, templar=Templar(loader=loader, variables=variables))
    ((result),) = lookup.run([role], variables=variables)
    return [text for text in result["problems"] if "missing required" not in text]


def test_a_vault_variable_that_is_undefined_is_named_with_its_place() -> None:
    texts = {"A": "{{ vault_a }}", "B": "{{ x | default(vault_b) }}"}
    wanted = {key: trust_as_template(text) for key, text in texts.items()}
    assert problems("environment", environment_secrets={**wanted, "C": "s3cret"}) == [
        f"environment_secrets.{key}: cannot be evaluated (the variable {name} is undefined: set it, a secret in the "
        "vault file of the inventory)."
        for key, name in (("A", "vault_a"), ("B", "vault_b"))
    ]


def test_another_mistake_in_a_secret_stays_hidden() -> None:
    secret = trust_as_template("{{ 's3cret' | no_such_filter }}")
    assert problems("environment", environment_secrets={"A": secret}) == [
        "environment_secrets.A: cannot be evaluated (its value is hidden)."
    ]


@pytest.mark.parametrize("value", [True, 5, ["sunday"]])
def test_what_ansible_would_end_over_in_python_words_is_a_sentence(value: Any) -> None:
    [text] = problems("postgresql", postgresql_maintenance_window=value)
    assert text.startswith("The value of postgresql_maintenance_window must be a dictionary, not ")
