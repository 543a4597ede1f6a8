# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The app spec of FisioFlow: what is kept, what is replaced, what excludes each other."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import (
    permanent_secrets,
    secrets_in_spec,
    secrets_to_give,
    spaces_keys_held,
    spaces_keys_in_use,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_spec import app_envs, app_spec, run_command
from tests.unit.plugins.plugin_utils.wanted import inputs

OLD, NEW, OTHER = (f"sha256:{letter * 64}" for letter in "abc")
IMAGE = {"registry_type": "GHCR", "registry": "fisioflow", "repository": "fisioflow"}
GIT = {"provider": "github", "repo": "fisioflow/app", "branch": "main", "deploy_on_push": False}
ENVS = {"service": app_envs({"A": 1}, ["S"]), "migration": app_envs({"B": True})}


def spec(running: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return app_spec(inputs(**changes), ENVS, running)


def app(image: dict[str, Any] | None = None, *, state: str = "active", **source: Any) -> dict[str, Any]:
    code = source or {"image": image}
    return {"id": "x", f"{state}_deployment": {"id": "d", "spec": {"services": [{"name": "web", **code}]}}}


def image_of(built: dict[str, Any]) -> dict[str, Any]:
    return built["services"][0]["image"]


def test_the_first_deployment_runs_the_inventorys_image() -> None:
    built = spec(app_image={**IMAGE, "digest": OLD})
    assert image_of(built) == built["jobs"][0]["image"] == {**IMAGE, "digest": OLD}


def test_later_runs_keep_what_is_deployed() -> None:
    assert image_of(spec(app({**IMAGE, "digest": NEW}), app_image={**IMAGE, "digest": OLD}))["digest"] == NEW


def test_a_kept_tag_replaces_the_inventorys_digest() -> None:
    assert image_of(spec(app({**IMAGE, "tag": "7"}), app_image={**IMAGE, "digest": OLD})) == {**IMAGE, "tag": "7"}


def test_a_release_replaces_what_is_deployed() -> None:
    built = spec(app({**IMAGE, "tag": "7"}), app_image={**IMAGE, "tag": "1"}, app_release_digest=OTHER)
    assert image_of(built) == {**IMAGE, "digest": OTHER}


@pytest.mark.parametrize("elsewhere", [{"repository": "other"}, {"registry": "other"}, {"registry_type": "DOCKER_HUB"}])
def test_another_origin_starts_anew(elsewhere: dict[str, str]) -> None:
    other = {**IMAGE, **elsewhere, "digest": NEW}
    assert image_of(spec(app(other), app_image={**IMAGE, "digest": OLD})) == {**IMAGE, "digest": OLD}


def test_a_deployment_under_way_counts_before_the_active_one() -> None:
    running = {**app({**IMAGE, "digest": OLD}), **app({**IMAGE, "digest": NEW}, state="in_progress")}
    assert image_of(spec(running, app_image=IMAGE))["digest"] == NEW


def test_after_a_failure_the_active_deployment_counts_and_not_the_spec() -> None:
    failed = {"spec": {"services": [{"name": "web", "image": {**IMAGE, "digest": NEW}}]}}
    assert image_of(spec({**app({**IMAGE, "digest": OLD}), **failed}, app_image=IMAGE))["digest"] == OLD


def test_a_git_source_keeps_its_branch_until_a_release_names_another() -> None:
    running = app(github={"repo": "fisioflow/app", "branch": "stable"})
    assert spec(running, app_image={}, app_git=GIT)["services"][0]["github"]["branch"] == "stable"
    released = spec(running, app_image={}, app_git=GIT, app_release_branch="next")["services"][0]
    assert released["github"] == {"repo": "fisioflow/app", "branch": "next", "deploy_on_push": False}
    assert "image" not in released


def test_autoscaling_and_a_fixed_count_exclude_each_other() -> None:
    scaling = {"min_instance_count": 2, "max_instance_count": 4, "metrics": {"cpu": {"percent": 70}}}
    scaled = spec(app_autoscaling=scaling)["services"][0]
    assert scaled["autoscaling"] == scaling
    assert "instance_count" not in scaled
    assert "autoscaling" not in spec()["services"][0]


def test_the_migration_runs_before_the_deployment_as_the_owner() -> None:
    built = spec()
    [job] = built["jobs"]
    assert (job["kind"], job["envs"]) == ("PRE_DEPLOY", ENVS["migration"])
    users = {row["name"]: row.get("db_user") for row in built["databases"]}
    assert users == {"db": "fisioflow_app", "db-owner": "fisioflow_owner", "cache": None}
    assert spec(app_migration_command="")["jobs"] == []


def test_alerts_are_the_documents() -> None:
    alerts = {row["rule"]: (row["value"], row["window"]) for row in spec()["services"][0]["alerts"]}
    assert alerts["CPU_UTILIZATION"] == (80, "FIVE_MINUTES")
    assert alerts["MEM_UTILIZATION"] == (85, "FIVE_MINUTES")


def test_the_vpc_and_domains_are_there_when_they_are_known() -> None:
    built = spec(app_vpc_id="v", app_domains=["clinic.example", "www.clinic.example"])
    assert built["vpc"] == {"id": "v"}
    assert [(row["domain"], row["type"]) for row in built["domains"]] == [
        ("clinic.example", "PRIMARY"),
        ("www.clinic.example", "ALIAS"),
    ]
    assert "vpc" not in spec()
    assert spec()["domains"] == []


@pytest.mark.parametrize(
    ("there", "kept"),
    [
        ({"enabled": True, "offline_page_url": "https://clinic.example"}, True),
        ({"archive": True}, True),
        ({"enabled": False}, False),
        (None, False),
    ],
)
def test_maintenance_is_neither_begun_nor_ended(there: dict[str, Any] | None, kept: bool) -> None:
    running = {"spec": {"maintenance": there}, "active_deployment": None}
    assert spec(running)["maintenance"] == (there if kept else {})
    assert spec()["maintenance"] == {}


def test_what_the_load_balancer_is_to_own_the_app_keeps_until_it_does() -> None:
    held = [{"domain": name, "minimum_tls_version": "1.2"} for name in ("clinic.example", "other.example")]
    running = {"spec": {"domains": held}}
    wanted = {"app_domains": ["clinic.example"], "app_balanced": True}
    assert spec(running, **wanted, app_keep_domains=True)["domains"] == held[:1]
    assert spec(running, **wanted, app_keep_domains=False)["domains"] == []
    # In the end it has none.
    assert spec(running, **wanted, app_keep_domains=True, app_compare_only=True)["domains"] == []
    assert spec(None, **wanted, app_keep_domains=True)["domains"] == []


@pytest.mark.parametrize(
    ("balanced", "held", "keeps", "has"),
    [
        (True, [], True, True),
        # Visitors still come by App Platform's own way, or by no other.
        (True, ["clinic.example"], True, False),
        (True, ["clinic.example"], False, True),
        (False, [], True, False),
    ],
)
def test_an_app_has_an_origin_secret_only_while_all_visitors_have_one(
    balanced: bool, held: list[str], keeps: bool, has: bool
) -> None:
    running = {"spec": {"domains": [{"domain": name} for name in held]}}
    envs = {"service": app_envs({}, ["NEXTAUTH_SECRET", "ORIGIN_SECRET"]), "migration": []}
    asked = inputs(app_domains=["clinic.example"], app_balanced=balanced, app_keep_domains=keeps)
    built = app_spec(asked, envs, running)
    secrets = {"NEXTAUTH_SECRET": "a", "ORIGIN_SECRET": "b", "MISSPELT": "c"}
    expected = {*secrets} if has else {"NEXTAUTH_SECRET", "MISSPELT"}
    assert {env["key"] for env in built["services"][0]["envs"]} == expected - {"MISSPELT"} | {"PORT"}
    # What has no place by mistake, the module refuses.
    assert secrets_in_spec(secrets, built).keys() == expected


def test_values_are_written_as_the_environment_knows_them() -> None:
    """Node compares with "true", and not with what Python calls it."""
    variables = {"A": True, "B": False, "C": 2, "D": 0.5, "F": {"a": [1]}, "G": "True"}
    values = [env["value"] for env in app_envs(variables)]
    assert values == ["true", "false", "2", "0.5", '{"a": [1]}', "True"]


def test_an_empty_variable_is_none_and_a_build_sees_what_it_inlines() -> None:
    variables = {"SMTP_HOST": "", "TZ": None, "NEXT_PUBLIC_APP_URL": "${APP_URL}", "NEXTAUTH_URL": "${APP_URL}"}
    scopes = {env["key"]: env["scope"] for env in app_envs(variables)}
    assert scopes == {"NEXT_PUBLIC_APP_URL": "RUN_AND_BUILD_TIME", "NEXTAUTH_URL": "RUN_TIME"}


def test_the_service_listens_where_the_platform_asks() -> None:
    service = spec(app_http_port=8080)["services"][0]
    ports = [env["value"] for env in service["envs"] if env["key"] == "PORT"]
    assert (service["http_port"], ports) == (8080, ["8080"])


AUTHORITIES = app_envs({"DATABASE_CA_CERT": "${db.CA_CERT}", "REDIS_CA_CERT": "${cache.CA_CERT}"})


@pytest.mark.parametrize("command", ["cat ca.pem", "cat ca.pem && true", "LANG=C LC_ALL='C' cat ca.pem"])
def test_a_container_writes_the_authorities_before_it_starts(tmp_path: Path, command: str) -> None:
    """As sh in the image runs it: PostgreSQL's first, since Prisma reads one."""
    told = run_command(command, [*AUTHORITIES, *app_envs({"NODE_EXTRA_CA_CERTS": "ca.pem"})])
    values = {"DATABASE_CA_CERT": "-----A\nA-----", "REDIS_CA_CERT": "B", "NODE_EXTRA_CA_CERTS": "ca.pem"}
    environment = {"PATH": os.environ["PATH"], **values}
    done = subprocess.run(["sh", "-c", told], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "-----A\nA-----\nB\n"


def test_the_program_takes_the_place_of_its_shell() -> None:
    """Or a signal to stop would reach the shell alone."""
    told = run_command("node server.js", [*AUTHORITIES, *app_envs({"NODE_EXTRA_CA_CERTS": "ca.pem"})])
    assert told.endswith(" && exec node server.js'")
    chained = run_command("a && b", [*AUTHORITIES, *app_envs({"NODE_EXTRA_CA_CERTS": "ca.pem"})])
    assert "exec" not in chained


@pytest.mark.parametrize("envs", [[], AUTHORITIES, app_envs({"NODE_EXTRA_CA_CERTS": "ca.pem"})])
def test_without_a_file_or_an_authority_a_command_stays_as_it_is(envs: list[dict[str, Any]]) -> None:
    assert run_command("node server.js", envs) == "node server.js"
    assert run_command("", [*AUTHORITIES, *app_envs({"NODE_EXTRA_CA_CERTS": "ca.pem"})]) == ""


def test_an_optional_secret_is_given_when_it_has_a_value_or_the_app_has_it() -> None:
    held = with_envs(SENTRY_DSN="EV[1:x]")
    wanted = {"SENTRY_DSN": "", "OPENAI_API_KEY": "sk", "SMTP_PASS": ""}
    assert secrets_to_give(wanted, held, "web") == {"SENTRY_DSN": "", "OPENAI_API_KEY": "sk"}
    assert secrets_to_give(wanted, {}, "web") == {"OPENAI_API_KEY": "sk"}


def test_envs_carry_no_secret() -> None:
    assert app_envs({"B": 2, "A": "x"}, ["S"]) == [
        {"key": "A", "value": "x", "scope": "RUN_TIME", "type": "GENERAL"},
        {"key": "B", "value": "2", "scope": "RUN_TIME", "type": "GENERAL"},
        {"key": "S", "scope": "RUN_TIME", "type": "SECRET"},
    ]


def with_envs(**values: str) -> dict[str, Any]:
    envs = [{"key": key, "value": value} for key, value in values.items()]
    return {"spec": {"services": [{"name": "web", "envs": envs}]}}


def test_a_spaces_secret_is_lost_when_the_app_does_not_hold_it() -> None:
    assert spaces_keys_held(with_envs(DO_SPACES_KEY="K", DO_SPACES_SECRET="EV[1:…]"), "web") == ["K"]
    assert spaces_keys_held(with_envs(DO_SPACES_KEY="K"), "web") == []
    assert spaces_keys_held(with_envs(DO_SPACES_KEY="K", DO_SPACES_SECRET="EV[1:…]"), "worker") == []
    assert spaces_keys_held({}, "web") == []


def test_the_spaces_keys_in_use_are_those_of_the_spec_and_of_what_still_runs() -> None:
    new, old = with_envs(DO_SPACES_KEY="NEW", DO_SPACES_SECRET="EV[1:…]"), with_envs(DO_SPACES_KEY="OLD")
    assert spaces_keys_in_use({**new, "active_deployment": old}, "web") == ["NEW", "OLD"]
    assert spaces_keys_in_use({**new, "active_deployment": new}, "web") == ["NEW"]
    assert spaces_keys_in_use({**new, "active_deployment": None}, "web") == ["NEW"]
    assert spaces_keys_in_use(new, "worker") == []
    assert spaces_keys_in_use({}, "web") == []


def test_permanent_are_secrets_that_have_a_value_by_their_places() -> None:
    given = {
        "environment_service_name": "web",
        "environment_secrets": {"ENCRYPTION_KEY": "k", "NEXTAUTH_SECRET": "n", "EMPTY": ""},
        "environment_optional_secrets": {"SENTRY_DSN": "s"},
    }
    assert permanent_secrets(given, ["ENCRYPTION_KEY", "SENTRY_DSN", "EMPTY", "OTHER"]) == {
        "web.SENTRY_DSN": "s",
        "web.ENCRYPTION_KEY": "k",
    }
    assert permanent_secrets({**given, "environment_secrets": None}, None) == {}
    assert permanent_secrets({**given, "environment_secrets": "text"}, ["SENTRY_DSN"]) == {"web.SENTRY_DSN": "s"}
