# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the answers goes into a support ticket, and what never does."""

from __future__ import annotations

import json

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import diagnosing
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.diagnosing import Cleaner, diagnostics
from tests.unit.plugins.masked import MASKED

ABOUT = {"environment": "clinic", "made_at": "today", "domains": [], "resolver": ""}
KEY = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("token dop_v1_0123456789abcdef.", "token (removed)."),
        ("EV[1:abc:def]", "(removed)"),
        ("postgresql://doadmin:s3cret@host:25060/db", "postgresql://(removed)@host:25060/db"),
        ("https://hooks.slack.com/services/T0/B0/xyz", "https://hooks.slack.com/(removed)"),
        ("Authorization: Bearer abcdefghij", "Authorization: Bearer (removed)"),
        (f"a {KEY} b", "a (removed) b"),
        ("ask ana.maria+1@clinic.example.", "ask (removed)."),
        ("web@sha256:5f2c is an image", "web@sha256:5f2c is an image"),
        ("hunter2 and hunter22", "(removed) and (removed)"),
        ("password=hunter22, secret: hunter22", "password=(removed), secret: (removed)"),
        *[(text, clean.replace("***", "(removed)")) for text, clean in MASKED],
    ],
)
def test_what_is_taken_out_of_a_text(text: str, clean: str) -> None:
    assert Cleaner(["hunter2", "hunter22", "", "and"]).text(text) == clean


def test_what_is_taken_out_at_any_depth_keys_included() -> None:
    told = {"rows": [{"password": "x", "note": ["s3cret-value"], "s3cret-value": 1, "port": 25060}]}
    assert Cleaner(["s3cret-value"])(told) == {"rows": [{"note": ["(removed)"], "(removed)": 1, "port": 25060}]}


def test_of_variables_only_the_names_are_told() -> None:
    envs = [{"key": "MAIL_LOGIN", "value": "plain-2-see", "scope": "RUN_TIME", "type": "GENERAL"}]
    spec = {"name": "clinic", "envs": envs, "services": [{"name": "web", "envs": envs}], "jobs": [{"envs": None}]}
    told = json.dumps(Cleaner([])({"apps": [{"spec": spec, "active_deployment": {"spec": spec}}]}))
    assert "plain-2-see" not in told
    assert told.count('{"key": "MAIL_LOGIN", "scope": "RUN_TIME", "type": "GENERAL"}') == 4


def test_each_answer_is_a_file_or_has_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {
        "load balancers": {"load_balancers": [], "changed": False, "item": {"name": "x"}, "failed": False},
        "app": {"msg": "403: ask ops@clinic.example | or wait", "failed": False, "changed": False},
        "app metrics": {"held_back": "app", "changed": False},
        "zone": {"skipped": True},
    }
    monkeypatch.setattr(diagnosing, "addresses", lambda name, resolver: {f"{name} by {resolver}"})
    made = diagnostics(answers, {**ABOUT, "domains": ["clinic.example"], "resolver": "here"}, [])
    assert json.loads(made["files"]["load-balancers.json"]) == {"load_balancers": []}
    assert json.loads(made["files"]["dns-answers.json"]) == {"clinic.example": ["clinic.example by here"]}
    assert set(made["files"]) == {"index.md", "load-balancers.json", "versions.json", "dns-answers.json"}
    assert {part["part"]: part["why"] for part in made["parts"] if part["why"]} == {
        "app": "403: ask (removed) | or wait",
        "app metrics": "what it builds on could not be asked",
    }
    assert "| app | – | 403: ask (removed) / or wait |" in made["index"].splitlines()
