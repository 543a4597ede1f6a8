# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of an adoption share: files as people have them, and how they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption import adopted

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
