# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an example had in the place of a value is refused, and a secret is never told."""

from __future__ import annotations

import hashlib

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.fisioflow.digitalocean.plugins.lookup.role_inputs import LookupModule
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.provided import (
    placeholder,
    placeholders,
    secret_problems,
)

EXAMPLES = [
    "your_nextauth_secret_here",
    "your_super_secure_nextauth_secret_here_32_chars_minimum",
    "your_32_character_encryption_key_here",
    "sk-ant-your_anthropic_api_key_here",
    "your-app-name.ondigitalocean.app",
    "https://your-custom-domain.com",
    "your_email@gmail.com",
    "YOUR_API_TOKEN",
    "changeme",
    "change-me-please",
    "REPLACE_ME",
    "dop_v1_…",
    "sk-...",
    "<secret>",
    "xxxxxxxx",
    "password",
    "owner/name",
    "noreply@your-domain.com",
    "smtp://user:your_password@mail.example",
    "please-change-me",
    "change me",
    "sk-ant-...",
    "https://…@sentry.io/1",
    "…",
    "your secret key here",
]


@pytest.mark.parametrize("text", EXAMPLES)
def test_a_placeholder_is_known(text: str) -> None:
    assert placeholder(text)
    [told] = secret_problems("environment_secrets.NEXTAUTH_SECRET", text)
    assert told.startswith("environment_secrets.NEXTAUTH_SECRET is a placeholder")
    assert text not in told


OWN = [hashlib.sha256(bytes([number])).hexdigest() for number in range(200)]


@pytest.mark.parametrize(
    "text",
    [
        *("", "yourclinic.com.br", "https://clinic.example/api", "fisioflow/fisioflow", "secretaria@clinica.com.br"),
        *("keys", "Book your appointment", "Carregando...", "Loading…", "hours: 8...18", "change this later"),
        *(
            "hunter2...Xk9$w",
            "https://clinic.example/book-your-appointment",
            "Send us your-self",
            "Clinic <a@b.example>",
        ),
        *("https://clinic.example/placeholder.png", "Change your password here", "exchange-medical"),
    ],
)
def test_what_is_ones_own_is_none(text: str) -> None:
    assert not placeholder(text)
    assert not [own for own in OWN if placeholder(own)]


def test_a_value_that_may_be_shown_is_told_with_its_place() -> None:
    given = {"SMTP_HOST": "smtp.clinic.example", "SMTP_USER": "your_email@gmail.com", "MORE": [1, "changeme"]}
    assert list(placeholders("environment_variables", given)) == [
        f"environment_variables.{place}, which is a placeholder: set your own, or leave it out."
        for place in ("SMTP_USER is 'your_email@gmail.com'", "MORE is 'changeme'")
    ]


@pytest.mark.parametrize("key", ["NEXTAUTH_SECRET", "STATUS_CHECK_TOKEN"])
def test_a_short_secret_of_the_app_itself_is_refused(key: str) -> None:
    assert list(secret_problems("environment_secrets", {key: "abc123", "B": "eight888", "C": ""})) == [
        f"environment_secrets.{key} has 6 characters: too short to be a secret; give 8 or more."
    ]
    assert list(secret_problems("environment_secrets", {key: "eight888"})) == []


def test_how_long_a_providers_secret_is_is_the_providers() -> None:
    assert list(secret_problems("environment_optional_secrets", {"SMTP_PASS": "abc123", "PIN": "1234"})) == []


@pytest.mark.parametrize(
    ("key", "fine"), [("k" * 32, True), ("k" * 31, False), ("k" * 33, False), ("k" * 5, False), ("", True)]
)
def test_an_encryption_key_has_one_length(key: str, fine: bool) -> None:
    told = list(secret_problems("environment_secrets", {"ENCRYPTION_KEY": key, "NEXTAUTH_SECRET": "k" * 40}))
    assert (told == []) is fine
    assert fine or told[0].endswith("FisioFlow takes exactly 32.")


def test_preflight_hears_of_secrets_that_cannot_be_meant() -> None:
    loader = DataLoader()
    lookup = LookupModule(loader=loader, templar=Templar(loader=loader))
    given = {"environment_secrets": {"NEXTAUTH_SECRET": "your_nextauth_secret_here"}, "environment_app_name": "x"}
    [found] = lookup.run(["environment"], variables=given)
    told = [problem for problem in found["problems"] if "placeholder" in problem]
    assert told == [
        "environment_secrets.NEXTAUTH_SECRET is a placeholder: provide the secret itself, by vault, environment or an "
        "AWX credential."
    ]
    assert found["inputs"]["environment_secrets"] == {"NEXTAUTH_SECRET": True}
