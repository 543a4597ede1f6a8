# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of what was made by hand: found wherever they stand, and told and written nowhere in clear."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption import adopted
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_spec import read_spec
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_values import variables
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_written import (
    adopted_secret_names,
    adopted_settings,
    adopted_vault,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words
from tests.unit.plugins.plugin_utils.adopting import ABOUT, FILES, SECRETS, SPECS, read, told


@pytest.mark.parametrize("name", SPECS)
def test_no_secret_of_a_spec_is_told_or_written_in_clear(name: str) -> None:
    spec, _told = read_spec((FILES / name).read_text(), Words("en"))
    made = read(name)
    public = {key: value for key, value in made.items() if key != "secrets"}
    texts = [
        json.dumps(public),
        adopted_settings(made),
        adopted_secret_names(made, SECRETS["environment_optional_secrets"]),
    ]
    values = [row.value for row in variables(spec) if row.is_in_clear]
    assert [
        value
        for value in [*values, "AVNS_", "dckr_pat_", "hunter2", "pa55word"]
        if any(value in text for text in texts)
    ] == []


# As people have them where everybody reads it: (key, value).
IN_CLEAR = [
    (
        "FIREBASE_SERVICE_ACCOUNT",
        '{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\\nMIIEvsentinel"}',
    ),
    ("AUTH_IDENTITY_SERVER4_SECRET", "sentinelidentity"),
    ("VAULT_SECRET_ID", "sentinel-4c0f-9e1b"),
    ("ADMIN_PASSWORD", "123456"),
    ("SEED_PIN_SENHA", "98765d"),
    ("UPSTREAM_HEADER", "Authorization: Bearer sk_live_sentinel4hdr"),
    ("UPSTREAM_HEADERS", '{"Authorization": "Basic c2VudGluZWw6cGFzcw=="}'),
    ("NOTE", "who?password=sentinelwhat"),
    ("LEGACY_STORE", "Server=tcp:db.example;User Id=clinic;Password=sentinelMssql;"),
    ("QUEUE", "Endpoint=sb://q.example;SharedAccessKeyName=Root;SharedAccessKey=sentinelQueue="),
    ("CONFIG", "clinic:\n  password: sentinelyaml\n"),
    ("MIRROR", "https://sentineltoken@git.example/clinic/app.git"),
    ("CALLBACK", "see https://hooks.slack.com/services/T000/B000/sentinel"),
    ("BOT", "bot 5511999999:AAsentinelsentinelsentinelsentinel"),
]


@pytest.mark.parametrize(("key", "value"), IN_CLEAR)
def test_a_secret_in_clear_is_shown_and_written_nowhere(key: str, value: str) -> None:
    spec = {"name": "a", "services": [{"name": "web", "envs": [{"key": key, "value": value}]}]}
    made = adopted({}, {"spec": yaml.safe_dump(spec)}, ABOUT)
    assert made["secrets"][key] == value
    assert ("secret in clear", f"web.{key}") in [(row["what"], row["where"]) for row in made["dangers"]]
    shown = json.dumps({**made, "secrets": list(made["secrets"])}, ensure_ascii=False)
    marks = re.findall(r"\w*sentinel\w*|c2VudGluZWw|123456|98765d", value)
    assert marks
    assert [mark for mark in marks if mark in shown] == []


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ({"build_command": "NPM_TOKEN=sentinel8npm npm ci && npm run build"}, "app_build_command"),
        ({"build_command": "curl -H 'Authorization: Bearer sentinel8bearer' https://x.example"}, "app_build_command"),
        ({"run_command": "node server.js --admin-password sentinel8flag"}, "app_run_command"),
        ({"run_command": "env API_KEY='sentinel8quoted' node server.js"}, "app_run_command"),
        ({"run_command": "npm i git+https://sentinel8user@git.example/x.git; npm start"}, "app_run_command"),
        ({"health_check": {"http_path": "/health?token=sentinel8path"}}, "app_readiness_check"),
    ],
)
def test_a_secret_in_a_command_or_a_path_is_told_and_left_out(part: dict[str, Any], name: str) -> None:
    source = {"github": {"repo": "clinica/site", "branch": "main"}}
    made = adopted({}, {"spec": yaml.safe_dump({"name": "a", "services": [{"name": "web", **source, **part}]})}, ABOUT)
    assert "sentinel8" not in json.dumps(made)
    assert name not in made["settings"]
    assert [row["what"] for row in made["dangers"] if row["where"] == name] == ["secret in clear"]
    assert any(text.startswith(f"{name} was left out") for text in made["left_out"])


@pytest.mark.parametrize(
    "command",
    [
        "npm ci --token=$NPM_TOKEN",
        'curl -H "Authorization: Bearer $TOKEN" x',
        "node server.js",
        "npm run password:reset",
    ],
)
def test_a_command_without_a_secret_is_kept(command: str) -> None:
    source = {"github": {"repo": "clinica/site", "branch": "main"}}
    spec = {"name": "a", "services": [{"name": "web", **source, "build_command": command}]}
    assert adopted({}, {"spec": yaml.safe_dump(spec)}, ABOUT)["settings"]["app_build_command"] == command


@pytest.mark.parametrize("row", ["SMTP_PASS: sentinel8", "SMTP_PASS=sentinel8", "not a name sentinel8", "- sentinel8!"])
def test_a_variable_that_is_written_as_a_text_does_not_tell_its_value(row: str) -> None:
    made = adopted({}, {"spec": yaml.safe_dump({"name": "a", "services": [{"name": "web", "envs": [row]}]})}, ABOUT)
    assert made["secrets"].pop("SMTP_PASS", "sentinel8") == "sentinel8"
    assert "sentinel8" not in json.dumps(made)
    # Read as a secret, or told as what cannot be read.
    assert ("SMTP_PASS" in row) is ("web.SMTP_PASS" in [row["where"] for row in made["dangers"]])
    assert ("SMTP_PASS" in row) is not ("web.envs holds what is no name" in told(made))


def test_who_clones_a_repository_is_not_told_to_whoever_reads_the_inventory() -> None:
    for url in (
        "https://ci:ghp_sentinel@git.example:8443/clinica/site.git",
        "https://sentinel@git.example:8443/clinica/site.git",
    ):
        part = {"git": {"repo_clone_url": url, "branch": "main"}}
        made = adopted({}, {"spec": yaml.safe_dump({"name": "a", "services": [{"name": "web", **part}]})}, ABOUT)
        assert made["settings"]["app_git"]["repo_clone_url"] == "https://git.example:8443/clinica/site.git"
        assert ("secret in clear", "web.git.repo_clone_url") in [(row["what"], row["where"]) for row in made["dangers"]]
        assert "sentinel" not in json.dumps(made)


@pytest.mark.parametrize(
    ("key", "value", "is_secret"),
    [
        ("DATABASE_URL", "postgresql://db.example/clinic?user=clinic&password=hunter2", True),
        ("DATABASE_URL", "postgresql://db.example/clinic?sslmode=require", False),
        ("DATABASE_URL", "postgresql://db.example/clinic?password=${db.PASSWORD}", False),
        ("NOTE", "who asked what?", False),
        *((key, "abcdef", True) for key in ("BASIC_AUTH", "JWT", "SMTP_SENHA", "CHAVE_PIX", "SIGNING_SEED")),
        *((key, "abcdef", True) for key in ("ENCRYPTION", "COOKIE_SEED", "PUBLIC_API_SECRET", "PUBLIC_TOKEN")),
        *((key, "abcdef", False) for key in ("STRIPE_PUBLISHABLE_KEY", "VAPID_PUBLIC_KEY", "NEXT_PUBLIC_MAPS_KEY")),
        *((key, "abcdef", True) for key in ("PUBLIC_KEY_SECRET", "KEY_FILE_PASSWORD", "TOKEN_URL_KEY")),
        *(
            (key, value, False)
            for key, value in (("MAX_TOKENS", "4096"), ("JWT_EXPIRY", "3600"), ("BASIC_AUTH", "true"))
        ),
        *((key, value, False) for key, value in (("LOCALE", "sk-SK"), ("DESK", "task-management-board"))),
        ("HELP", "Esqueceu a senha: clique aqui", False),
        ("UPSTREAM_HEADER", "Authorization: Bearer ${API_TOKEN}", False),
        ("STORE", "Server=x;Password=${db.PASSWORD};", False),
        ("SITE", "https://clinic.example/@agenda", False),
        *(
            (key, "abcdef", False)
            for key in ("JWT_PUBLIC_KEY_PEM", "AWS_ACCESS_KEY_ID", "TLS_KEY_FILE", "AUTH_TOKEN_URL")
        ),
        *((key, "abcdef", False) for key in ("AUTHOR", "JWT_ALGORITHM", "COOKIE_DOMAIN", "NEXTAUTH_URL", "SITE_NAME")),
    ],
)
def test_a_secret_is_told_by_its_name_or_by_its_value(key: str, value: str, is_secret: bool) -> None:
    [found] = variables({"services": [{"name": "web", "envs": [{"key": key, "value": value}]}]})
    assert found.is_secret is is_secret


def test_secrets_are_named_where_they_come_from_and_their_values_go_apart() -> None:
    made = read("fisioflow-by-hand.yaml")
    made["secrets"]["STRIPE_KEY"] = "sk_live_{{ value"
    optional = SECRETS["environment_optional_secrets"]
    names = yaml.safe_load(adopted_secret_names(made, optional))["environment_optional_secrets"]
    assert set(names) == {*optional, "STRIPE_KEY"}
    assert "(vault_adopted | default({})).STRIPE_KEY" in names["STRIPE_KEY"]
    assert names["SMTP_PASS"] == optional["SMTP_PASS"]
    vault = adopted_vault(made["secrets"], [*optional, *made["required"]])
    assert "vault_encryption_key: 0123456789abcdef0123456789abcdef" in vault
    assert "STRIPE_KEY: !unsafe 'sk_live_{{ value'" in vault
    # A placeholder is nobody's secret.
    assert "change-me" not in vault
    assert adopted_vault({"API_TOKEN": ""}, []) == ""
