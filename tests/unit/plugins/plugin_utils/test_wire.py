# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was answered is judged: each claim can be seen false, and silence proves none."""

from __future__ import annotations

from copy import deepcopy

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.wire import wire_checks, wire_questions

NAME = "clinic.example"
TLS = {"version": "TLSv1.3", "names": [NAME], "days_left": 60}
HEADERS = {
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}


def http(status=200, **more):
    return {"http_answer": {"status": status, "headers": {}, "tls": TLS, "error": "", **more}}


def access(**more):
    told = {"refused": "", "tls": TLS, "plain": "no encryption", "milliseconds": 3.0}
    return {"database_access": {**told, **more}}


LEAST = {"may": [], "attributes": [], "schemas": [], "logins": [], "closed": []}
STRANGER = access(refused="no pg_hba.conf entry")
RULES = {"database_firewalls": [{"rules": [{"type": "app", "value": "x"}, {"type": "ip_addr", "value": "10.0.0.0/8"}]}]}
SPACE = {"spaces_round_trip": {"milliseconds": 80.0, "anonymous": 403, "cdn": []}}
TWICE = [{"status": 200, "kept": kept, "error": ""} for kept in ("MISS", "HIT")]
GOOD = {
    f"page {NAME}": http(headers=HEADERS),
    f"plain {NAME}": http(308, headers={"location": f"https://{NAME}/"}, tls=None),
    "hidden /.env": http(404),
    "rules postgresql": RULES,
    "outside postgresql": STRANGER,
    "inside postgresql": access(**LEAST),
    "rules valkey": RULES,
    "outside valkey": STRANGER,
    "inside valkey": access(),
    "space": SPACE,
    "assets": {"spaces_round_trip": {**SPACE["spaces_round_trip"], "cdn": TWICE}},
}


def test_all_that_is_claimed_is_seen():
    made = wire_checks(GOOD, 14, ["203.0.113.7"])
    assert (made["false"], made["not_tried"]) == ([], [])
    assert len(made["checks"]) == 26
    assert all(row["evidence"] for row in made["checks"])


def broken(name, **more):
    answers = deepcopy(GOOD)
    (key,) = answers[name]
    answers[name][key].update(more)
    return answers


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (broken(f"page {NAME}", tls=None, error="its certificate is refused", status=0), "certificate that is trusted"),
        (broken(f"page {NAME}", tls={**TLS, "days_left": 13}), "lasts 14 days: not so, 13 days are left"),
        (broken(f"page {NAME}", status=502), "answers: not so, it answered 502"),
        *(
            (
                broken(f"page {NAME}", headers={key: value for key, value in HEADERS.items() if key != name}),
                f"sends {name}: not so, there is none",
            )
            for name in HEADERS
        ),
        (
            broken(f"page {NAME}", headers={**HEADERS, "strict-transport-security": "max-age=0"}),
            "strict-transport-security: not so, max-age=0",
        ),
        (broken(f"plain {NAME}", status=200, headers={}), "leads to HTTPS: not so, 200"),
        (broken(f"plain {NAME}", headers={"location": "https://evil.example/"}), "leads to HTTPS: not so"),
        (broken(f"plain {NAME}", status=0, headers={}, error="refused"), "leads to HTTPS: not so, refused"),
        (broken("hidden /.env", status=200), "/.env is closed: not so, it answered 200"),
        (broken("hidden /.env", status=0, error="timed out"), "/.env is closed: not so, timed out"),
        (broken("outside postgresql", refused=""), "PostgreSQL refuses an address that is no trusted source: not so"),
        (broken("outside valkey", refused=""), "Valkey refuses an address that is no trusted source: not so"),
        (broken("inside postgresql", refused="timeout"), "it refuses those that it should let in, too: timeout"),
        (broken("inside postgresql", refused="timeout"), "PostgreSQL can be reached: not so, timeout"),
        (broken("inside postgresql", plain=""), "PostgreSQL refuses plain text: not so, it let us in"),
        (broken("inside valkey", plain=""), "Valkey refuses plain text: not so, it let us in"),
        (broken("inside valkey", tls={**TLS, "days_left": 2}), "certificate of Valkey lasts 14 days: not so"),
        (broken("inside postgresql", may=["create a table"]), "nor tables: not so, create a table"),
        (broken("inside postgresql", attributes=["createrole"]), "nor tables: not so, has createrole"),
        (broken("inside postgresql", schemas=["audit"]), "reads no schema but public: not so, audit"),
        (broken("inside postgresql", logins=["intern"]), "may connect to the app's database: not so, intern"),
        (broken("inside postgresql", closed=["patients"]), "every table of the owner: not so, patients"),
        (broken("space", anonymous=200), "closed to who has no key: not so, it answered 200"),
        (broken("assets", cdn=[TWICE[0], TWICE[0]]), "asked for again: not so, MISS, then MISS, 200"),
        (broken("assets", cdn=[TWICE[0], {"status": 0, "kept": "", "error": "gone"}]), "asked for again: not so, gone"),
        (
            {**GOOD, "space": {"msg": "No Spaces key\nwas given."}},
            "space can be tried: not so, No Spaces key was given.",
        ),
        ({**GOOD, "inside valkey": {}}, "inside valkey can be tried: not so, it gave no answer"),
    ],
)
def test_what_is_not_so_is_told(answers, said):
    made = wire_checks(answers, 14, ["203.0.113.7"])
    assert any(said in sentence for sentence in made["false"]), made["false"]


def test_a_trusted_source_is_no_stranger():
    made = wire_checks(broken("outside postgresql", refused=""), 14, ["10.1.2.3"])
    assert made["false"] == []
    why = "10.0.0.0/8 is a trusted source, and where this runs is in it"
    assert made["not_tried"] == [
        f"{engine} refuses an address that is no trusted source: {why}" for engine in ("PostgreSQL", "Valkey")
    ]


ABOUT = {
    "urls": [f"https://{NAME}", "https://127.0.0.1:9443/"],
    "resolver": "",
    "addresses": ["203.0.113.7"],
    "postgresql": "pg",
    "valkey": "vk",
    "database": "fisioflow",
    "app_user": "fisioflow_app",
    "uploads": "uploads",
    "assets": "assets",
    "region": "nyc3",
    "spaces_url": "",
    "access_key": "K",
    "secret_key": "S",
}


def test_everybody_is_asked():
    asked = wire_questions(ABOUT)
    assert [item["name"] for item in asked["outside"]] == [
        f"page {NAME}",
        f"plain {NAME}",
        "page 127.0.0.1:9443",
        "hidden /.env",
        "hidden /.git/config",
        "rules postgresql",
        "outside postgresql",
        "rules valkey",
        "outside valkey",
        "space",
        "assets",
    ]
    assert [item["cluster"] for item in asked["inside"]] == ["pg", "vk"]
    assert asked["skipped"] == {}
    assert "spaces_url" not in asked["outside"][-1]["spaces_round_trip_info"]


def test_what_cannot_be_asked_is_told():
    asked = wire_questions({**ABOUT, "urls": [], "addresses": [], "access_key": ""})
    assert (asked["outside"], asked["inside"]) == ([], [])
    made = wire_checks({}, 14, [], asked["skipped"])
    assert made["checks"] == []
    assert len(made["not_tried"]) == 3
