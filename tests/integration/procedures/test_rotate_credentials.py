# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`rotate_credentials.yml`: new ones in, old ones refused, and no visitor notices."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.integration.harness.playbooks import PROVIDED, in_background, playbook
from tests.integration.procedures.credentials import (
    app,
    assert_site_keeps_it,
    cache_password,
    in_force,
)
from tests.integration.procedures.environment import OURS, Environment
from tests.integration.procedures.visitors import visited

pytestmark = pytest.mark.xdist_group("procedures")
USERS = {"fisioflow_app", "fisioflow_app_b"}
ALL = ("app_database_user", "origin_secret", "owner_database_user", "spaces_key", "valkey_user")
GIVEN = {"FISIOFLOW_ORIGIN_SECRET_NEXT": "another8secret6between4edge2and0app"}


def passwords(running: Environment) -> dict[str, str]:
    users = running.api.ok("GET", f"/databases/{running.cluster()['id']}/users")["users"]
    return {row["name"]: row["password"] for row in users}


def is_let_in(running: Environment, user: str, password: str) -> bool:
    """By a connection from an address that is let in for that moment."""
    there = running.cluster()
    path = f"/databases/{there['id']}/firewall"
    before = running.api.ok("GET", path)["rules"]
    running.api.ok("PUT", path, {"rules": [*before, {"type": "ip_addr", "value": OURS}]})
    at = there["connection"]
    try:
        psycopg.connect(
            host=at["host"],
            port=at["port"],
            dbname="fisioflow",
            user=user,
            password=password,
            sslmode="verify-full",
            sslrootcert=running.cloud.ca,
        ).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" not in str(error):
            raise
        return False
    finally:
        running.api.ok("PUT", path, {"rules": before})
    return True


def keys(running: Environment) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = running.api.ok("GET", "/spaces/keys")["keys"]
    return [key for key in found if key["name"].startswith("fisioflow-local-uploads")]


def test_what_cannot_be_meant_is_refused_and_ages_are_told(running: Environment) -> None:
    refused = running.red("rotate_credentials", rotate="ENCRYPTION_KEY,spaces_kee,origin_secret")
    for told in ("rotate names ENCRYPTION_KEY, spaces_kee", "could not be read any more", "as ORIGIN_SECRET_NEXT"):
        assert told in refused.printed
    assert refused.write_list == []
    told = running.run("rotate_credentials", "--check", rotation_max_age_days=0)
    assert told.returncode == 0, told.printed[-3000:]
    assert told.write_list == []
    assert "app_database_user" in told.printed
    assert "would be rotated" in told.printed
    for name in ("owner_database_user", "valkey_user", "spaces_key", "origin_secret", "provided_secrets"):
        assert name in told.printed


def test_secrets_that_the_app_has_already_are_no_new_ones(running: Environment) -> None:
    for options in ([], ["--check"]):
        same = running.red("rotate_credentials", *options, rotate="provided_secrets")
        assert "provided_secrets: the app already has these values" in " ".join(same.printed.split())
        assert same.write_list == []
    # Only what is another one counts.
    other = {"FISIOFLOW_NEXTAUTH_SECRET": "another8secret6for4sessions2of0people"}
    told = running.green("rotate_credentials", "--check", rotate="provided_secrets", env=other)
    rotated = [line for line in told.printed.splitlines() if "would be rotated" in line]
    assert len(rotated) == 1
    assert "NEXTAUTH_SECRET" in rotated[0]
    assert told.write_list == []


def test_no_visitor_notices_and_what_was_before_is_refused(running: Environment) -> None:
    before, old, key, cache = in_force(running), passwords(running), keys(running), cache_password(running)
    assert is_let_in(running, before, old[before])
    with visited(running, "/api/health") as answers:
        done = running.green("rotate_credentials", rotate=",".join(ALL), env=GIVEN)
    assert len(answers) > 50
    assert set(answers) == {200}
    after, new = in_force(running), passwords(running)
    assert {before, after} == USERS
    changed = {user for user in old if old[user] != new[user]}
    assert changed == {*USERS, "fisioflow_owner"}
    assert [is_let_in(running, user, old[user]) for user in sorted(changed)] == [False] * 3
    assert is_let_in(running, after, new[after])
    assert [row["name"] for row in keys(running)] == [row["name"] for row in key]
    assert keys(running)[0]["access_key"] != key[0]["access_key"]
    assert cache_password(running) != cache
    given = {env["key"] for env in app(running)["spec"]["services"][0]["envs"]}
    assert given & {"ORIGIN_SECRET", "ORIGIN_SECRET_NEXT"} == {"ORIGIN_SECRET"}
    for value in (*old.values(), *new.values(), *GIVEN.values(), cache, cache_password(running)):
        assert value not in done.printed
    report = running.report("credentials")
    assert report["rotated"] == sorted(ALL)
    assert 0 < report["valkey_refused_seconds"] < 120
    assert_site_keeps_it(running, GIVEN)
    # As the other tests have it.
    back = playbook(running.cloud, "site", env=PROVIDED)
    assert back.returncode == 0, back.printed[-3000:]


def test_a_run_that_was_killed_in_its_deployment_is_brought_to_its_end_by_the_next(running: Environment) -> None:
    before, old, since = in_force(running), passwords(running), running.cloud.admin.seq()

    def deploys() -> bool:
        writes = running.cloud.admin.writes(since)
        return any(row["method"] == "PUT" and row["path"].startswith("/v2/apps/") for row in writes)

    with visited(running, "/api/health") as answers:
        options = ("-e", "rotate=app_database_user")
        with in_background(running.cloud, "playbooks/rotate_credentials", *options) as run:
            assert run.wait_until(deploys)
            run.kill()
        done = running.green("rotate_credentials", rotate="app_database_user")
    assert set(answers) == {200}
    # One change for both runs, whose end the second one was.
    after, new = in_force(running), passwords(running)
    assert {before, after} == USERS
    assert running.report("credentials")["continued"] == "end", done.printed[-2000:]
    assert not is_let_in(running, before, old[before])
    assert is_let_in(running, after, new[after])
