# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`playbooks/deploy.yml` on an environment that is there: releases, failures, and the ways back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.harness.ansible import ROOT
from tests.integration.site.outside import (
    BAD,
    FIRST,
    GOOD,
    NAME,
    app,
    call,
    closed,
    clusters,
    key_in_use,
    narrow,
    play,
    rules,
    told,
    uploads_keys,
)
from tests.localcloud_fixtures import LocalCloud

DEPLOY = "playbooks/deploy"
# Nothing answers on localcloud, so a probe that insists fails.
PROBE = {"deployment_probe": True, "deployment_probe_retries": 1, "deployment_probe_delay": 1}


def digest(cloud: LocalCloud) -> str:
    return str(app(cloud)["active_deployment"]["spec"]["services"][0]["image"]["digest"])


def test_a_release_changes_the_app_alone_and_is_kept(environment: LocalCloud) -> None:
    foretold = play(environment, DEPLOY, "--check", image_digest=GOOD)
    assert "· 1 would change ·" in foretold.printed
    assert "would run   fisioflow/fisioflow@sha256:777777777777" in foretold.printed
    done = play(environment, DEPLOY, image_digest=GOOD)
    # The databases are opened for its time only.
    assert "· 1 changed ·" in done.printed
    assert "changed: app\n" in done.printed
    [report] = re.findall(r"^.*report: (.*)", done.printed, re.MULTILINE)
    assert not Path(report).is_absolute()
    assert (environment.home.parent / report).is_file()
    kept = play(environment, "site")
    assert (kept.returncode, kept.recap["changed"]) == (0, 0)
    assert digest(environment) == GOOD
    assert closed(environment)
    # A rule that goes for good is told.
    alien = [{"type": kind, "value": value} for kind, value in rules(environment, "pg")]
    alien.append({"type": "ip_addr", "value": "203.0.113.9"})
    call(environment, f"/v2/databases/{clusters(environment)['pg']}/firewall", "PUT", {"rules": alien})
    done = play(environment, DEPLOY, image_digest=FIRST)
    assert f"changed: app, trusted sources {NAME}-postgresql\n" in done.printed, done.printed[-6000:]
    assert closed(environment)


def test_a_deployment_that_fails_leaves_the_old_version_and_tells_why(environment: LocalCloud) -> None:
    before = app(environment)["active_deployment"]["id"]
    run = play(environment, DEPLOY, image_digest=BAD)
    assert run.returncode != 0
    assert "of component migrate (DeployContainerExitNonZero" in told(run)
    assert f"Deployment {before} has run all the time, and the app has its spec again. The end of the log" in told(run)
    last_words = "localcloud: the image, branch or command of this job is called broken, so it fails"
    assert told(run).count(last_words) == 1
    assert len(run.printed.splitlines()) < 250
    assert digest(environment) == app(environment)["spec"]["services"][0]["image"]["digest"] == FIRST
    assert closed(environment)
    [report] = sorted((environment.home.parent / "reports").glob("local-2*.md"))[-1:]
    assert "Failed: The deployment failed: deployment " in report.read_text(encoding="utf-8")
    assert last_words in report.read_text(encoding="utf-8")
    assert play(environment, "site").recap["changed"] == 0


def test_what_is_not_healthy_is_rolled_back_and_never_green(environment: LocalCloud) -> None:
    # A number given on the command line is a text; and no DNS knows a new domain yet, so it must not be asked.
    new = {"image_digest": GOOD, "deployment_wait_timeout": "1200", "app_domains": ["clinic.example"]}
    run = play(environment, DEPLOY, **PROBE, **new)
    assert run.returncode != 0
    assert f"its health check https://{NAME}-" in run.printed
    assert ".ondigitalocean.app/api/health answers nothing" in run.printed
    assert digest(environment) == app(environment)["spec"]["services"][0]["image"]["digest"] == FIRST
    # Killed after that, a run that pins would leave the pin behind.
    assert not [write for write in run.write_list if write.endswith("/rollback/commit")]
    assert not app(environment).get("pinned_deployment")
    assert closed(environment)

    # Nothing is to change, and nothing answers: the app of a first deployment that failed, or one that has died.
    run = play(environment, "site", **PROBE)
    assert (run.returncode, run.write_list, run.recap["changed"]) == (2, [], 0), run.printed[-3000:]
    assert f"This run deployed nothing, and the app {NAME} is not healthy: its health check https://" in told(run)
    # On the wire nobody would answer either.
    run = play(environment, "playbooks/verify", wire_wanted=False, **PROBE)
    assert (run.returncode, run.write_list) == (2, [])
    assert "app: its health check https://" in told(run)
    assert "No run of site.yml mends an app that is not healthy (see docs/how-to/logs.md)" in told(run)
    assert not [words for words in ("site.yml puts it right", "it shows how") if words in told(run)]


@pytest.mark.soak
def test_provisioned_and_then_deployed_is_all_that_is_wanted(cloud: LocalCloud) -> None:
    run = play(cloud, DEPLOY, image_digest=GOOD)
    assert "there is no private network fisioflow-local yet" in told(run)
    assert (run.returncode, run.write_list) == (2, [])
    # What stands before the app is made by site.yml.
    bare = {"edge_mode": "app_platform", "app_domains": [], "app_alert_emails": []}
    for procedure in ("provision", "deploy", "monitor", "verify"):
        run = play(cloud, f"playbooks/{procedure}", **bare)
        assert run.returncode == 0, run.printed[-2000:]


def test_the_app_never_holds_a_spaces_key_that_is_gone(environment: LocalCloud, tmp_path: Path) -> None:
    # As after a run that was killed between the key and the app: the app has the id of another key.
    [key] = [row for row in call(environment, "/v2/spaces/keys")["keys"] if row["name"] == f"{NAME}-uploads"]
    call(environment, f"/v2/spaces/keys/{key['access_key']}", "DELETE")
    call(environment, "/v2/spaces/keys", "POST", {"name": f"{NAME}-uploads", "grants": key["grants"]})
    assert play(environment, "site").returncode == 0
    assert key_in_use(environment) == uploads_keys(environment)[""]

    # A deployment that fails falls back to the old key, so that one must still be there.
    old = narrow(environment)
    assert play(environment, DEPLOY, image_digest=BAD).returncode != 0
    assert key_in_use(environment) == old
    assert uploads_keys(environment).keys() == {"", "-old-from-ansible"}
    assert uploads_keys(environment)["-old-from-ansible"] == old

    # Without our ansible.cfg, as somebody else's AWX runs it: the report is told from where its reader is.
    nothing = tmp_path / "empty.cfg"
    nothing.touch()
    plain = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"), "ANSIBLE_CONFIG": str(nothing)}
    released = play(environment, DEPLOY, env=plain, image_digest=GOOD)
    assert released.returncode == 0, released.printed[-3000:]
    [report] = re.findall(r"^.*report: ([^\\\n]*)", released.printed, re.MULTILINE)
    assert not Path(report).is_absolute()
    assert (environment.home.parent / report).is_file()
    assert list(uploads_keys(environment)) == [""]
    assert key_in_use(environment) == uploads_keys(environment)[""] != old
    assert play(environment, "playbooks/verify").returncode == 0


def test_check_mode_tells_of_a_spec_that_is_wrong_by_itself(environment: LocalCloud) -> None:
    run = play(environment, "site", "--check", environment_variables={"X": "${nowhere.Y}"})
    assert run.returncode == 2
    assert "Could not validate the spec" in run.printed


@pytest.mark.parametrize("procedure", ["site", "playbooks/provision", DEPLOY, "playbooks/verify", "playbooks/destroy"])
def test_tags_are_refused_rather_than_ending_green(cloud: LocalCloud, procedure: str) -> None:
    run = play(cloud, procedure, "--tags", "app", confirm="local", destroy_data=True)
    assert run.returncode != 0
    assert "There are no tags to choose parts by: instead of --tags app, run" in run.printed
    assert run.write_list == []


def test_a_release_that_could_not_be_judged_is_refused(cloud: LocalCloud) -> None:
    run = play(cloud, DEPLOY, image_digest=GOOD, edge_origin_secret="")
    assert (run.returncode, run.write_list) == (2, [])
    assert "edge_origin_secret is not set, and the app refuses whoever comes past the load balancer" in told(run)
