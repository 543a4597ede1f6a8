# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has no value, or one of a wrong kind, is told by name; a secret's value never is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

from ansible_collections.fisioflow.digitalocean.plugins.lookup.role_inputs import LookupModule

NAMES = Path(__file__).resolve().parents[4] / "inventories" / "common" / "names.yml"


def run(role: str, **variables: Any) -> dict[str, Any]:
    loader = DataLoader()
    # Its default needs a filter of the collection, which only a run of Ansible has.
    variables = {"environment_app_answer": {}, **variables}
    lookup = LookupModule(loader=loader, templar=Templar(loader=loader, variables=variables))
    ((result),) = lookup.run([role], variables=variables)
    return result


def problems(role: str, **variables: Any) -> list[str]:
    result = run(role, **variables)
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
    [text] = problems("valkey", valkey_maintenance_window=value)
    assert text.startswith("The value of valkey_maintenance_window must be a dictionary, not ")


def names_and(**given: Any) -> dict[str, Any]:
    """What all inventories have in common, and what one gives beside it."""
    return {**DataLoader().load_from_file(str(NAMES), trusted_as_template=True), **given}


@pytest.mark.parametrize(
    "given",
    ["app.x.com,www.x.com", ["app.x.com", "www.x.com"], "app.x.com", ["app.x.com"], []],
)
def test_domains_that_are_text_are_a_list_to_everybody(given: str | list[str]) -> None:
    found: dict[str, Any] = {}
    for role in ("app", "spaces", "environment"):
        found |= run(role, **names_and(app_domains=given))["inputs"]
    domains = given.split(",") if isinstance(given, str) else given
    assert found["app_domains"] == domains
    origins = [f"https://{domain}" for domain in domains]
    assert found["spaces_cors_origins"] == (origins or ["https://*.ondigitalocean.app"])
    assert found["environment_cors_origins"] == origins[1:]


@pytest.mark.parametrize("more", ["https://b.example,https://c.example", ["https://b.example", "https://c.example"]])
def test_other_origins_that_are_text_are_a_list(more: str | list[str]) -> None:
    found = run("environment", **names_and(environment_cors_origins=more))["inputs"]
    assert found["environment_cors_origins"] == ["https://b.example", "https://c.example"]


@pytest.mark.parametrize(
    ("role", "given", "told"),
    [
        ("preflight", {"preflight_budget_usd": "abc"}, "preflight_budget_usd is 'abc', and must be a number of USD."),
        (
            "preflight",
            {"preflight_token_seconds": "ten"},
            "preflight_token_seconds is 'ten', and must be a whole number.",
        ),
    ],
)
def test_what_is_no_number_is_told_in_words_of_people(role: str, given: dict[str, Any], told: str) -> None:
    assert problems(role, **given) == [f"{role}: {told}"]


def test_a_value_that_is_no_choice_is_a_problem_and_no_input() -> None:
    found = run("postgresql", postgresql_engine="postgres")
    assert [text for text in found["problems"] if "engine" in text] == [
        "postgresql: value of postgresql_engine must be one of: pg, advanced_pg, got: postgres."
    ]
    assert "postgresql_engine" not in found["inputs"]
    assert run("postgresql")["inputs"]["postgresql_engine"] == "pg"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, []),
        ({"credentials_rotate": "spaces_key, valkey_user"}, []),
        ({"credentials_rotate": "spaces_kee"}, ["rotate names spaces_kee. There are app_database_user, "]),
        (
            {"credentials_rotate": "origin_secret", "credentials_balanced": True},
            ["origin_secret: give the new one as "],
        ),
        # What is of no type is told as that, and nothing is concluded from it.
        ({"credentials_rotate": "spaces_kee", "credentials_drain_seconds": "long"}, ["credentials_drain_seconds is "]),
    ],
)
def test_what_a_role_is_asked_for_and_cannot_do_is_told(given: dict[str, Any], told: list[str]) -> None:
    names = (
        "credentials_app",
        "credentials_postgresql",
        "credentials_valkey",
        "credentials_environment",
        "playbook_dir",
    )
    found = run("credentials", **dict.fromkeys(names, "x"), **given)["problems"]
    assert [text.removeprefix("credentials: ")[: len(start)] for text, start in zip(found, told, strict=True)] == told
