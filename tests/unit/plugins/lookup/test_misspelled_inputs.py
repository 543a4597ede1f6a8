# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that are nearly those of inputs are told; all others are left alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.splitter import parse_kv

from ansible_collections.fisioflow.digitalocean.plugins.lookup import misspelled_inputs
from ansible_collections.fisioflow.digitalocean.plugins.lookup.misspelled_inputs import PLAYBOOKS, LookupModule


def told(*names: str) -> list[str]:
    return LookupModule(loader=DataLoader()).run([], variables=dict.fromkeys(names))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("image_digst", "image_digest"),
        ("git_comit", "git_commit"),
        ("postgresql_num_node", "postgresql_num_nodes"),
        ("app_instance_Size", "app_instance_size"),
        ("trusted_source_rules", "trusted_sources_rules"),
        ("preflight-budget-usd", "preflight_budget_usd"),
        ("vault_nextauth_secert", "vault_nextauth_secret"),
        ("destroy_date", "destroy_data"),
    ],
)
def test_a_slip_is_told(typed: str, meant: str) -> None:
    assert told(typed, "image_digest") == [f"{typed} is set, but nothing reads it; perhaps {meant} is meant."]


@pytest.mark.parametrize(
    "name",
    [
        "image_digest",
        "procedure_confirm",
        "clinic_name",
        "ansible_app_name",
        "__app_names",
        "awx_job_id",
        "app_results_result",
        "environment",
        "inventory_dir",
    ],
)
def test_other_names_are_left_alone(name: str) -> None:
    assert told(name) == []


def test_what_roles_have_left_is_no_slip_of_people() -> None:
    """The first part of a procedure of several has looked at the inventory; the others find what it has set."""
    assert told("app_regoin", "procedure_outcomes") == []
    assert told("app_regoin") != []


def test_every_vault_variable_of_the_inventories_is_known() -> None:
    text = (Path(__file__).parents[4] / "inventories" / "common" / "secrets.yml").read_text(encoding="utf-8")
    names = set(re.findall(r"\{\{ (vault_\w+)", text))
    assert len(names) == 12
    assert names <= set(PLAYBOOKS)


def test_an_extra_variable_that_no_role_has_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    given = ("app_services", "app_name", "clinic_services", "app_instance_Size")
    monkeypatch.setattr(misspelled_inputs, "load_extra_vars", lambda _loader: dict.fromkeys(given))
    monkeypatch.setattr(misspelled_inputs.Display, "warning", lambda _display, text: warnings.append(text))
    assert told("app_instance_Size") == [
        "app_instance_Size is set, but nothing reads it; perhaps app_instance_size is meant."
    ]
    assert warnings == ["app_services was given with -e, and no role of this collection has such an input."]


@pytest.mark.parametrize(
    ("name", "value"),
    [("image_digest", ""), ("git_commit", " "), ("git_branch", None), ("paths", ""), ("paths", " , "), ("paths", [])],
)
def test_what_is_given_without_a_value_is_told(monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    monkeypatch.setattr(misspelled_inputs, "load_extra_vars", lambda _loader: {name: value, "restore_at": ""})
    assert told() == [
        f"{name} was given without a value, as by a variable that is not set: give it one, or leave it out."
    ]


def test_what_is_given_with_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"image_digest": "sha256:a1", "git_branch": "main", "paths": ["css/a b.css"]}
    monkeypatch.setattr(misspelled_inputs, "load_extra_vars", lambda _loader: given)
    assert told() == []


def test_a_value_that_ansible_has_cut_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(misspelled_inputs, "load_extra_vars", lambda _loader: parse_kv("confirm=a secret8word"))
    [sentence] = told()
    assert sentence.startswith("-e was given words that belong to no variable")
    assert "secret8word" not in sentence
