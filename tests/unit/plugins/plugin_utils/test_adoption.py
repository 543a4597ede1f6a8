# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as people have them, in many shapes: each becomes an inventory, and what does not fit in is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption import adopted, adopted_app
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_picture import adopted_picture
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_written import adopted_settings
from tests.unit.plugins.plugin_utils.adopting import ABOUT, FILES, NOBODY, SPECS, read, told


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


def test_a_trusted_source_that_cannot_stay_is_told() -> None:
    rules = [{"type": "ip_addr", "value": "2001:db8::1"}, {"type": "tag", "value": "env:prod"}]
    row = {"id": "c", "name": "pg-1", "engine": "pg", "rules": rules}
    app = {"id": "1", "spec": {"name": "a", "services": [{"name": "web"}]}}
    made = adopted({"apps": [app], "clusters": [row]}, {}, ABOUT)
    assert "The trusted source 2001:db8::1 of pg-1 is taken away." in told(made)
    assert made["settings"]["trusted_sources_rules"] == [{"type": "tag", "value": "env:prod"}]


def test_a_text_that_could_be_a_template_is_none_in_the_inventory() -> None:
    assert "TEMPLATE: !unsafe" in adopted_settings(read("oddities.yaml"))
    assert settings(read("oddities.yaml"))["environment_variables"]["MULTI"] == "line one\nline two"


def test_a_name_that_no_app_can_have_is_none_in_the_inventory() -> None:
    made = adopted({"apps": []}, {"spec": "name: clínica são josé\nservices: [{name: web}]"}, ABOUT)
    assert "clínica" not in adopted_settings(made)
    assert f"'clínica são josé' is none that an app can have; it is called {ABOUT['environment']}." in told(made)


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
