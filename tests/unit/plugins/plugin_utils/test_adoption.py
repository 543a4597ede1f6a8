# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as people have them, in many shapes: each becomes an inventory, and what does not fit in is told."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import adoption_spec
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption import adopted, adopted_app
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_pages import adoption_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_picture import adopted_picture
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_spec import read_spec
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_values import variables
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_written import (
    adopted_secret_names,
    adopted_settings,
    adopted_vault,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

FILES = Path(__file__).parent / "adoption"
COMMON = Path(__file__).parents[4] / "inventories/common"
SECRETS = yaml.safe_load((COMMON / "secrets.yml").read_text())
NOBODY = dict.fromkeys(("app", "postgresql", "valkey", "uploads", "assets"), "")
ABOUT = {
    "environment": "clinica",
    "language": "en",
    "made_at": "2026-11-29T21:00:00Z",
    **NOBODY,
    "profile": yaml.safe_load((COMMON / "essential.yml").read_text())["summary_profile_inputs"],
    "required": list(SECRETS["environment_secrets"]),
    "optional": list(SECRETS["environment_optional_secrets"]),
}
# Of each file: secrets that stand in clear in it, by their names, and words of what has to be told.
SPECS: dict[str, tuple[dict[str, str], list[str]]] = {
    "ghcr-two-services.yaml": (
        {},
        [
            "service api is no part",
            "development database of PG",
            "development database of REDIS",
            "retired size basic-xxs",
        ],
    ),
    "static-only.yaml": ({}, ["static site docs is no part", "no service that answers requests"]),
    "deploy-template.yaml": ({}, ["web.NEXT_PUBLIC_SITE is set at run time only", "has no health_check by a path"]),
    "doctl-list.json": ({}, ["retired size professional-m", "web.SENTRY_DSN is a secret"]),
    "worker-only.yaml": ({}, ["worker consumer is no part", "job nightly is no part", "consumer.AMQP_URL is a secret"]),
    "envs-as-mapping.yaml": (
        {"SMTP_PASS": "s3cr3t-s3cr3t"},
        ["web.EMPTY is empty", "service admin is no part", "credentials of the registry of web stand in clear"],
    ),
    "oddities.yaml": (
        {},
        [
            *("Services is no field", "services[0] has no name", "services[0].http_port should be an integer"),
            *("services[0].image should be a dictionary", "services[0].health_check should be a dictionary"),
            *(
                "DUP more than once",
                "service-1.envs holds what is no name of a variable",
                "NESTED].value should be text",
                "foo is no field",
            ),
            *("component m is of MYSQL", "component k is of KAFKA", "databases[2] has no name"),
            *("service second is no part", "second].unknown_field is no field", "metrics.memory is no field"),
            *("rules[1] should be a dictionary", "maintenance mode", "'Has_Bad_Name!' is none that an app can have"),
        ],
    ),
    "duplicate-keys.yaml": ({}, ["name stands twice below line 1", "http_port stands twice below line 5"]),
    "fisioflow-by-hand.yaml": (
        {"ENCRYPTION_KEY": "0123456789abcdef0123456789abcdef"},
        [
            *("DATABASE_URL logs in as doadmin", "web.NEXTAUTH_SECRET has an example's value", "REDIS_URL is missing"),
            *(
                "asks /api/health/ready, which FisioFlow does not answer",
                "web.NEXT_PUBLIC_APP_URL is set at run time only",
            ),
            *("web.OPENAI_API_KEY has an example's value", "fisioflow-redis is a development database"),
            "DATABASE_URL leads to a PostgreSQL that is no cluster of this account",
        ],
    ),
    "functions.json": ({}, ["function hello is no part", "log destination logs", "internal port 9000 of s"]),
    "many-documents.yaml": ({}, ["holds 2 app specs", "runs the tag 1.2"]),
    "api-answer.json": ({}, ["There is no PostgreSQL cluster", "Nothing migrates"]),
    "nearly-empty.yaml": ({}, ["names neither image nor repository", "services[0] has no name"]),
}


def told(made: dict[str, Any]) -> str:
    sentences = [row["say"] for row in (*made["dangers"], *made["differences"])]
    return "\n".join([*sentences, *made["obstacles"], *made["left_out"]])


def read(name: str, **given: Any) -> dict[str, Any]:
    return adopted({}, {"spec": (FILES / name).read_text(), "terraform": "", **given}, ABOUT)


def settings(made: dict[str, Any]) -> dict[str, Any]:
    """What the written file says, as a reader of YAML sees it."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.add_constructor("!unsafe", lambda _loader, node: node.value)
    found: dict[str, Any] = yaml.load(adopted_settings(made), loader)
    return found


def test_each_file_here_is_one_that_is_tried() -> None:
    assert {path.name for path in FILES.iterdir()} == {*SPECS, "state.json"}
    assert len(SPECS) > 12


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_of_any_shape_becomes_an_inventory_and_what_does_not_fit_is_told(name: str) -> None:
    secrets, words = SPECS[name]
    made = read(name)
    assert [word for word in words if word not in told(made)] == [], told(made)
    assert secrets.items() <= made["secrets"].items()
    assert all(text.endswith(".") and "\n" not in text for text in told(made).splitlines())
    found = settings(made)
    assert found["fisioflow_environment"] == "clinica"
    # What the roles would refuse at once is none: an app has one source, or it was told that there is none.
    assert bool(found.get("app_image")) != bool(found.get("app_git")) or "app_image" in told(made)


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


def test_a_trusted_source_that_cannot_stay_is_told() -> None:
    rules = [{"type": "ip_addr", "value": "2001:db8::1"}, {"type": "tag", "value": "env:prod"}]
    row = {"id": "c", "name": "pg-1", "engine": "pg", "rules": rules}
    app = {"id": "1", "spec": {"name": "a", "services": [{"name": "web"}]}}
    made = adopted({"apps": [app], "clusters": [row]}, {}, ABOUT)
    assert "The trusted source 2001:db8::1 of pg-1 is taken away." in told(made)
    assert made["settings"]["trusted_sources_rules"] == [{"type": "tag", "value": "env:prod"}]


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


def test_a_text_that_could_be_a_template_is_none_in_the_inventory() -> None:
    assert "TEMPLATE: !unsafe" in adopted_settings(read("oddities.yaml"))
    assert settings(read("oddities.yaml"))["environment_variables"]["MULTI"] == "line one\nline two"


def test_values_of_the_account_count_where_a_spec_does_not_tell_them() -> None:
    app = {"id": "1", "spec": {"name": "a", "services": [{"name": "web", "envs": [{"key": "API_TOKEN"}]}]}}
    made = adopted({"apps": [app]}, {"values": {"web.API_TOKEN": "sentinel"}}, ABOUT)
    assert made["secrets"]["API_TOKEN"] == "sentinel"
    assert "sentinel" not in told(made)


def test_a_cluster_that_there_is_not_is_told_with_those_that_there_are() -> None:
    rows = [{"id": str(number), "name": name, "engine": engine} for number, (name, engine) in enumerate(CLUSTERS)]
    found = {"apps": [{"id": "1", "spec": {"name": "a", "services": [{"name": "web"}]}}], "clusters": rows}
    assert adopted_app(found, {}, {**NOBODY, "postgresql": "pg-2", "valkey": "kv"}) == {"app": "a", "failure": ""}
    for role, name, there in (
        ("postgresql", "pg-3", "There is no PostgreSQL cluster 'pg-3' (adoption_postgresql): there are pg-1, pg-2."),
        ("postgresql", "kv", "There is no PostgreSQL cluster 'kv' (adoption_postgresql): there are pg-1, pg-2."),
        ("valkey", "pg-1", "There is no Valkey cluster 'pg-1' (adoption_valkey): there are kv."),
    ):
        assert adopted_app(found, {}, {**NOBODY, role: name}) == {"app": "", "failure": there}
    none = adopted_app({**found, "clusters": []}, {}, {**NOBODY, "valkey": "kv"})
    assert none["failure"] == "There is no Valkey cluster 'kv' (adoption_valkey): there are none."


CLUSTERS = (("pg-1", "pg"), ("pg-2", "pg"), ("kv", "valkey"))


def test_whom_one_cluster_lets_in_because_of_the_other_is_told() -> None:
    rules = {"pg-1": [("ip_addr", "203.0.113.7"), ("app", "1")], "kv": [("tag", "bastion"), ("app", "1")]}
    clusters = [
        {
            "id": name,
            "name": name,
            "engine": engine,
            "region": "nyc1",
            "rules": [{"type": kind, "value": value} for kind, value in rules[name]],
        }
        for name, engine in CLUSTERS
        if name in rules
    ]
    made = adopted(
        {"apps": [{"id": "1", "spec": {"name": "a", "services": [{"name": "web"}]}}], "clusters": clusters}, {}, ABOUT
    )
    assert made["settings"]["trusted_sources_rules"] == [
        {"type": "ip_addr", "value": "203.0.113.7"},
        {"type": "tag", "value": "bastion"},
    ]
    say = {row["name"]: row["say"] for row in made["differences"] if row["name"].startswith("trusted sources")}
    end = "lets in now: trusted_sources_rules are of both."
    assert say == {
        "trusted sources pg-1": f"pg-1 lets bastion in as well, whom only kv {end}",
        "trusted sources kv": f"kv lets 203.0.113.7 in as well, whom only pg-1 {end}",
    }
    dangers = [(row["where"], row["say"]) for row in made["dangers"] if row["what"] == "let in further"]
    assert dangers == [(name.removeprefix("trusted sources "), text) for name, text in say.items()]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "neither YAML nor JSON at line 1"),
        ("just words", "There is no app spec in the file"),
        ("\n", "There is no app spec in the file"),
        ("name: x\nregion: nyc", "There is no app spec in the file"),
        ("- 1\n- 2", "There is no app spec in the file"),
        ("a: &a [*a]", "neither YAML nor JSON"),
        ("? [1, 2]\n: 3", "neither YAML nor JSON"),
        ("\x00", "neither YAML nor JSON"),
    ],
)
def test_what_is_no_spec_is_told_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(Failure, match=words):
        adopted({}, {"spec": text}, ABOUT)


def test_which_app_is_meant_is_said_or_asked() -> None:
    apps = [{"id": str(number), "spec": {"name": f"app-{number}"}} for number in (1, 2)]
    assert adopted_app({"apps": apps}, {}, {**NOBODY, "app": "app-2"}) == {"app": "app-2", "failure": ""}
    assert adopted_app({"apps": apps[:1]}, {}, NOBODY)["app"] == "app-1"
    assert "There are 2 apps: name one" in adopted_app({"apps": apps}, {}, NOBODY)["failure"]
    assert "There is no app 'b'" in adopted_app({"apps": apps}, {}, {**NOBODY, "app": "b"})["failure"]


UNREAD = {
    "name": "a",
    "region": "nyc",
    "egress": {"type": "DEDICATED_IP"},
    "features": ["buildpack-stack=ubuntu-22"],
    "ingress": {
        "secure_header": {"key": "x-origin", "value": "sentinel"},
        "rules": [
            {
                "match": {"path": {"prefix": "/"}},
                "component": {"name": "web"},
                "cors": {"allow_origins": [{"exact": "https://b.example"}]},
            }
        ],
    },
    "services": [
        {
            "name": "web",
            "github": {"repo": "clinica/site", "branch": "main"},
            "source_dir": "/site",
            "dockerfile_path": "Dockerfile.prod",
            "environment_slug": "node-js",
            "protocol": "HTTP2",
            "inactivity_sleep": {"after_seconds": 600},
            "http_port": 3000,
            "routes": [{"path": "/"}],
        }
    ],
    "jobs": [{"name": "migrate", "kind": "PRE_DEPLOY", "run_command": "npx prisma migrate deploy", "timeout": "15m"}],
    "domains": [{"domain": "clinic.example", "type": "PRIMARY", "certificate": "x"}],
}
# In the order of the spec.
LEFT = [
    *("egress.type", "features", "ingress.secure_header.key", "ingress.secure_header.value"),
    "ingress.rules[/].cors.allow_origins[0].exact",
    *(f"services[web].{name}" for name in ("source_dir", "dockerfile_path", "environment_slug", "protocol")),
    *("services[web].inactivity_sleep.after_seconds", "jobs[migrate].timeout", "domains[clinic.example].certificate"),
]


def test_each_field_of_a_file_that_no_input_says_is_told_and_no_other() -> None:
    made = adopted({}, {"spec": json.dumps(UNREAD)}, ABOUT)
    end = " is said by no input, and left out: site.yml makes the app without it."
    assert sorted(text.removesuffix(end) for text in made["left_out"] if text.endswith(end)) == sorted(LEFT)
    assert "sentinel" not in json.dumps(made)


def test_what_an_app_of_the_account_has_beside_stays_and_is_not_told() -> None:
    made = adopted({"apps": [{"id": "1", "spec": UNREAD}]}, {}, ABOUT)
    assert [text for text in made["left_out"] if "is said by no input" in text] == []
    [app] = [row for row in made["differences"] if row["name"] == "app"]
    assert not {f"spec.{place}" for place in LEFT} & set(app["attributes"])


def test_what_a_build_would_see_no_more_is_an_obstacle() -> None:
    envs = [
        {"key": "NPM_TOKEN", "value": "sentinel", "type": "SECRET", "scope": "BUILD_TIME"},
        {"key": "CONTENT_URL", "value": "https://cms.example"},
        {"key": "DATABASE_URL", "value": "${db.DATABASE_URL}", "scope": "RUN_AND_BUILD_TIME"},
        {"key": "NEXT_PUBLIC_MAPS", "value": "abc"},
        {"key": "SITE_NAME", "value": "b", "scope": "RUN_TIME"},
        {"key": "EXAMPLE_KEY", "value": "your-api-key-here"},
    ]
    web = {"name": "web", "github": {"repo": "clinica/site", "branch": "main"}, "envs": envs}
    spec = {"name": "a", "services": [web], "envs": [{"key": "REGION", "value": "br"}]}
    say = "The build of web sees CONTENT_URL, DATABASE_URL, NPM_TOKEN, REGION now, and would only see names that begin"
    assert [text for text in adopted({}, {"spec": json.dumps(spec)}, ABOUT)["obstacles"] if text.startswith(say)]
    # What is in an image was built elsewhere.
    image = {"registry_type": "GHCR", "registry": "clinica", "repository": "site", "tag": "1"}
    spec["services"] = [{"name": "web", "image": image, "envs": envs}]
    assert "The build of" not in told(adopted({}, {"spec": json.dumps(spec)}, ABOUT))


# ── Terraform ────────────────────────────────────────────────────────────────────────────────────────────────────────


def state() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FILES / "state.json").read_text())
    return found


def as_state_file(shown: dict[str, Any]) -> dict[str, Any]:
    """The same in the form in which Terraform keeps it."""
    root = shown["values"]["root_module"]
    rows = [*root["resources"], *(row for child in root["child_modules"] for row in child["resources"])]
    return {"version": 4, "resources": [{**row, "instances": [{"attributes": row["values"]}]} for row in rows]}


@pytest.mark.parametrize("form", ["show", "file", "plan"])
def test_a_state_of_terraform_becomes_the_same_inventory_in_each_form(form: str) -> None:
    given = state()
    given = {"show": given, "file": as_state_file(given), "plan": {"planned_values": given["values"]}}[form]
    made = adopted({}, {"terraform": json.dumps(given)}, ABOUT)
    found = made["settings"]
    assert {
        "network_name": "clinic-net",
        "network_ip_range": "10.9.0.0/16",
        "postgresql_name": "clinic-pg",
        "postgresql_version": "16",
        "postgresql_database": "clinic",
        "postgresql_app_user": "clinic",
        "postgresql_pool_name": "clinic-pool",
        "postgresql_maintenance_window": {"day": "monday", "hour": "03:00"},
        "valkey_name": "clinic-kv",
        "valkey_eviction_policy": "noeviction",
        "app_instance_count": 2,
        "app_domains": ["clinic.example"],
        "project_name": "Clinic",
        "trusted_sources_rules": [{"type": "ip_addr", "value": "203.0.113.7"}],
        "environment_variables": {"SITE_NAME": "Clínica"},
    }.items() <= found.items()
    assert made["secrets"]["JWT_SECRET"] == "terraform-keeps-this-in-clear"
    for words in ("digitalocean_droplet.bastion", "cloudflare_record.www is of another provider", "professional-xs"):
        assert words in told(made), words
    assert "AVNS_" not in json.dumps({**made, "secrets": {}})


@pytest.mark.parametrize("text", ["no json", "[]", "{}", '{"values": {"root_module": {}}}', '{"resources": []}'])
def test_what_is_no_state_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(Failure, match="terraform show -json"):
        adopted({}, {"terraform": text}, ABOUT)


def rows_of(given: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = given["values"]["root_module"]["resources"]
    return rows


@pytest.mark.parametrize("form", ["show", "file"])
def test_what_terraform_only_reads_is_none_of_its_resources(form: str) -> None:
    given = state()
    other = {"id": "x", "name": "others-pg", "engine": "pg", "region": "fra1"}
    rows_of(given).append({"mode": "data", "type": "digitalocean_database_cluster", "name": "others", "values": other})
    made = adopted({}, {"terraform": json.dumps(given if form == "show" else as_state_file(given))}, ABOUT)
    assert made["settings"]["postgresql_name"] == "clinic-pg"
    assert "cluster others-pg" not in told(made)
    assert "data.digitalocean_database_cluster.others is only read by Terraform" in told(made)


def test_what_terraforms_project_holds_is_no_difference() -> None:
    number = "aaaaaaaa-0000-4000-8000-0000000000"
    urns = [f"do:app:{number}0a", f"do:dbaas:{number}02", f"do:dbaas:{number}03", "do:space:clinic-uploads"]
    for kind in ("digitalocean_project", "digitalocean_project_resources"):
        given = state()
        [row] = [row for row in rows_of(given) if row["type"] == "digitalocean_project"]
        if kind == "digitalocean_project":
            row["values"]["resources"] = urns
        else:
            values = {"id": "x", "project": row["values"]["id"], "resources": urns}
            rows_of(given).append({"mode": "managed", "type": kind, "name": "all", "values": values})
        made = adopted({}, {"terraform": json.dumps(given)}, ABOUT)
        assert [row for row in made["differences"] if row["name"] == "project"] == [], kind
    [differs] = [
        row for row in adopted({}, {"terraform": json.dumps(state())}, ABOUT)["differences"] if row["name"] == "project"
    ]
    assert differs["say"] == "4 resource(s) are brought into Clinic."


@pytest.mark.parametrize(
    ("block", "setting", "is_danger"),
    [
        ([], None, False),
        (None, None, False),
        ([{"enabled": False}], {}, True),
        ([{"enabled": True, "threshold_percent": 80, "increment_gib": 10}], None, False),
        (
            [{"enabled": True, "threshold_percent": 90, "increment_gib": 20}],
            {"enabled": True, "threshold_percent": 90, "increment_gib": 20},
            False,
        ),
    ],
)
def test_how_a_disk_grows_is_known_only_where_terraform_says_it(block: Any, setting: Any, is_danger: bool) -> None:
    given = state()
    [row] = [row for row in rows_of(given) if row["name"] == "pg" and row["type"].endswith("_cluster")]
    row["values"]["storage_autoscale"] = block
    made = adopted({}, {"terraform": json.dumps(given)}, ABOUT)
    assert made["settings"].get("postgresql_storage_autoscale") == setting
    assert ("full disk" in [row["what"] for row in made["dangers"]]) is is_danger
    assert ("Whether the disk of clinic-pg grows by itself is not known" in told(made)) is (not block)


def test_who_is_told_by_terraform_is_told_and_no_webhook_is_written() -> None:
    given = state()
    [app] = [
        row
        for row in given["values"]["root_module"]["child_modules"][0]["resources"]
        if row["type"] == "digitalocean_app"
    ]
    block = app["values"]["spec"][0]
    hook = {"channel": "#ops", "url": "https://hooks.slack.com/services/T0/B0/sentinel"}
    block["alert"][0]["destinations"] = [{"emails": ["ana@clinic.example"], "slack_webhooks": [hook]}]
    block["service"][0]["alert"] = [
        {"rule": "CPU_UTILIZATION", "value": 80, "destinations": [{"emails": ["rui@clinic.example"]}]}
    ]
    made = adopted({}, {"terraform": json.dumps(given)}, ABOUT)
    assert made["settings"]["app_alert_emails"] == ["ana@clinic.example", "rui@clinic.example"]
    assert made["channels"] == ["#ops"]
    assert "FISIOFLOW_SLACK_URL" in told(made)
    assert "sentinel" not in json.dumps(made)
    assert "nobody is told" not in [row["what"] for row in made["dangers"]]
    del block["alert"][0]["destinations"], block["service"][0]["alert"]
    # An old version of the provider does not say.
    assert "app_alert_emails" not in adopted({}, {"terraform": json.dumps(given)}, ABOUT)["settings"]


def test_who_is_told_stands_in_no_spec_so_nothing_is_said_of_it() -> None:
    made = read("fisioflow-by-hand.yaml")
    assert "app_alert_emails" not in made["settings"]
    assert "nobody is told" not in [row["what"] for row in made["dangers"]]
    assert "name people in app_alert_emails" in "".join(made["left_out"])


def test_alerts_that_do_not_tell_the_same_people_are_a_difference_of_the_app() -> None:
    hooks = [{"channel": "#ops", "url": "(secret 123abc)"}]
    alerts = [
        {"id": "1", "spec": {"rule": "DEPLOYMENT_FAILED"}, "emails": ["ana@clinic.example"], "slack_webhooks": []},
        {"id": "2", "spec": {"rule": "DOMAIN_FAILED"}, "emails": [], "slack_webhooks": hooks},
    ]
    spec = {"name": "a", "services": [{"name": "web"}], "alerts": [row["spec"] for row in alerts]}
    found = adopted_picture(
        {
            "apps": {"apps": [{"id": "1", "spec": spec}]},
            "alerts": {"apps": [{"id": "1", "spec": spec, "alerts": alerts}]},
        }
    )
    made = adopted(found, {}, ABOUT)
    assert made["settings"]["app_alert_emails"] == ["ana@clinic.example"]
    assert made["channels"] == ["#ops"]
    [app] = [row for row in made["differences"] if row["name"] == "app"]
    assert [name for name in app["attributes"] if name.startswith("alert_destinations")] == [
        "alert_destinations.DOMAIN_FAILED.emails",
        "alert_destinations.DOMAIN_FAILED.slack_webhooks",
    ]


# ── The report ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_report_says_what_was_found_in_both_languages() -> None:
    made = read("fisioflow-by-hand.yaml")
    names = {"vaulted": ["ENCRYPTION_KEY"], "kept": [], "to_set": ["FISIOFLOW_STATUS_CHECK_TOKEN"], "failure": ""}
    given = {**made, **names, "inventory": "inventories/clinica", "wrote": True, "there": True}
    page = document_page(adoption_document(given))
    assert "to be set before the first run: FISIOFLOW_STATUS_CHECK_TOKEN" in page
    assert "inventories/clinica foi escrito" in adoption_document(given, "pt_BR")["headline"]
    assert "inventories/clinica would be written" in adoption_document({**given, "there": False})["headline"]
    assert adoption_document({**given, "failure": "Nothing was written."})["headline"] == "Adoption · clinica · FAILED"
    failed = adoption_document({"environment": "clinica", "failure": "Nothing was written."}, "pt_BR")
    assert (failed["headline"], failed["good"], failed["sections"]) == ("Adoção · clinica · FALHOU", False, [])


# What an account can have that no file tells of.
ACCOUNT: dict[str, Any] = {
    "apps": [
        {
            "id": "1",
            "project_id": "p",
            "alerts": [
                {
                    "spec": {"rule": "X"},
                    "emails": ["ana@c.example"],
                    "slack_webhooks": [{"channel": "#ops", "url": "(s)"}],
                }
            ],
            "spec": {
                "name": "a",
                "region": "fra",
                "services": [
                    {
                        "name": "web",
                        "git": {"repo_clone_url": "https://me:token@git.example/a.git", "branch": "main"},
                        "run_command": "node server.js --token sentinel8",
                        "envs": [
                            {"key": "NEXT_PUBLIC_API", "value": "sk_live_sentinel"},
                            {"key": "NEXTAUTH_URL", "value": "http://localhost:3000"},
                            {"key": "DO_SPACES_BUCKET", "value": "files"},
                            {"key": "DO_SPACES_ASSETS_BUCKET", "value": "files"},
                        ],
                    }
                ],
                "databases": [
                    {"name": "db", "engine": "PG", "cluster_name": "pg", "production": True, "db_user": "doadmin"}
                ],
                "domains": [{"domain": "a.example", "type": "PRIMARY"}],
            },
        }
    ],
    "clusters": [
        {
            "id": "c",
            "name": "pg",
            "engine": "pg",
            "region": "nyc1",
            "size": "db-s-1vcpu-2gb",
            "private_network_uuid": "v",
            "autoscale": {"enabled": False},
            "pools": [{"name": "pool", "db": "fisioflow", "size": 5}],
            "dbs": [{"name": "fisioflow"}, {"name": "defaultdb"}],
            "rules": [{"type": "ip_addr", "value": "203.0.113.7"}],
        },
        {
            "id": "k",
            "name": "kv",
            "engine": "valkey",
            "region": "fra1",
            "num_nodes": 9,
            "config": {"valkey_maxmemory_policy": "noeviction"},
            "rules": [{"type": "tag", "value": "bastion"}],
        },
        {"id": "r", "name": "old", "engine": "redis", "region": "nyc1"},
    ],
    "vpcs": [{"id": "v", "name": "net", "region": "nyc1", "ip_range": "10.1.0.0/16"}],
    "projects": [{"id": "p", "name": "Clinic", "environment": ""}],
    "buckets": [{"name": "files", "acl": "public-read", "region": "nyc3"}],
    "buckets_known": True,
    "cdns": [],
    "balancers": [{"name": "front"}],
    "checks": [],
    "policies": [],
    "keys": [],
}
# Words that no Portuguese sentence has.
ENGLISH = re.compile(r"\b(the|is|are|was|were|of|and|it|its|which|whom|with|has|have|none|nobody|there|not|by|to)\b")
# What stands in a sentence as it is called.
CALLED = re.compile(r"'[^']*'|\S+@\S+|\S*[./_\[]\S*")


def sentences(made: dict[str, Any], language: str) -> list[str]:
    names: dict[str, list[str]] = {"vaulted": ["NAME"], "kept": ["NAME"], "to_set": ["NAME"]}
    given = {**made, **names, "failure": "", "inventory": "i", "wrote": True, "there": True}
    told_of = adoption_document(given, language)
    rows = [row for part in told_of["sections"] for row in part["rows"]]
    return [
        *(text for part in told_of["sections"] for text in part["texts"]),
        *(row[0] for row in rows),
        *(row[2] for row in rows),
    ]


@pytest.mark.parametrize("name", [*SPECS, "state.json", "account"])
def test_no_english_sentence_is_left_in_the_portuguese_report(name: str) -> None:
    def made(language: str) -> dict[str, Any]:
        about = {**ABOUT, "language": language}
        if name == "account":
            return adopted(ACCOUNT, {}, {**about, "valkey": "kv"})
        kind = "terraform" if name == "state.json" else "spec"
        return adopted({}, {kind: (FILES / name).read_text()}, about)

    english, portuguese = sentences(made("en"), "en"), sentences(made("pt_BR"), "pt_BR")
    assert len(english) == len(portuguese) > 5
    assert [text for text in portuguese if ENGLISH.search(CALLED.sub("", text))] == []
    same = [text for text, other in zip(english, portuguese, strict=True) if text == other]
    # Names that a plan gives.
    assert [text for text in same if text.endswith(".")] == []


def test_every_sentence_of_an_adoption_can_be_said_in_portuguese() -> None:
    """None is put together beside `say`, which tests/unit/house/test_words.py holds against its translations."""
    found = []
    for path in sorted((Path(adoption_spec.__file__).parent).glob("adoption*.py")):
        tree = ast.parse(path.read_text())
        told_in = {id(part) for node in ast.walk(tree) if is_said(node) for part in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in (
                "danger",
                "differs",
                "append",
                "extend",
            ):
                texts = [part for part in ast.walk(node) if isinstance(part, ast.Constant) and id(part) not in told_in]
                found += [f"{path.name}: {part.value}" for part in texts if re.search(r"\w .*\.$", str(part.value))]
    assert found == []


def is_said(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"
