# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an adoption: all of it, in each language."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import adoption_spec
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption import adopted
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_pages import adoption_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_page
from tests.unit.plugins.plugin_utils.adopting import ABOUT, FILES, SPECS, read


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
