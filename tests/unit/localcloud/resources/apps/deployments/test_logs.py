# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs lead somewhere, and tell what failed; jobs leave invocations."""

from __future__ import annotations

import pytest

GIT = {"github": {"repo": "fisioflow/web", "branch": "main"}}
BROKEN_BUILD = {"github": {"repo": "fisioflow/web", "branch": "brokenbuild"}}

BAD_DIGEST = "sha256:0bad" + "0" * 60


def _job(cloud, kind="PRE_DEPLOY", command="npx prisma migrate deploy", name="migrate"):
    return {"name": name, "kind": kind, "image": cloud.service()["image"], "run_command": command}


def _lines(cloud, where):
    """What is at the end of ``historic_urls``, fetched without a token of the API."""
    status, text = cloud.fetch(cloud.ok("GET", where)["historic_urls"][0])
    assert status == 200, text
    return text.splitlines()


@pytest.fixture
def app(cloud):
    return cloud.deployed(cloud.spec(services=[cloud.service(instance_count=2)], jobs=[_job(cloud)]))


@pytest.mark.parametrize(
    "path", ["logs", "components/web/logs", "deployments/{d}/logs", "deployments/{d}/components/web/logs"]
)
@pytest.mark.parametrize("kind", ["BUILD", "DEPLOY", "RUN", "RUN_RESTARTED", "UNSPECIFIED"])
def test_an_address_can_be_read_without_a_token(cloud, app, path, kind):
    answer = cloud.ok("GET", f"/apps/{app['id']}/{path.format(d=app['active_deployment']['id'])}?type={kind}")
    assert answer["live_url"].startswith("https://127.0.0.1/logs/")
    for url in (answer["live_url"], *answer["historic_urls"]):
        assert cloud.fetch(url)[0] == 200


def test_the_address_alone_does_not_give_another_log(cloud, app):
    url = cloud.ok("GET", f"/apps/{app['id']}/logs?type=RUN")["historic_urls"][0]
    assert cloud.fetch(url)[0] == 200
    assert cloud.fetch(url.replace("run.log", "build.log"))[0] == 403
    assert cloud.fetch(url.partition("?")[0])[0] == 403


def test_a_log_tells_phases_and_steps(cloud, app):
    lines = _lines(cloud, f"/apps/{app['id']}/logs?type=DEPLOY")
    assert all(len(line.split(" ", 2)) == 3 for line in lines)
    texts = [line.split(" ", 2)[2] for line in lines]
    assert "deploy/components/migrate/wait: SUCCESS" in texts
    assert texts[-1] == f"deployment {app['active_deployment']['id']}: ACTIVE"
    web = _lines(cloud, f"/apps/{app['id']}/components/web/logs?type=RUN")
    assert [line.split(" ", 2)[2] for line in web] == [f"instance {n}: listening on port 8080" for n in (0, 1)]


def test_the_end_of_a_log_only(cloud, app):
    every = _lines(cloud, f"/apps/{app['id']}/logs?type=DEPLOY&tail_lines=-1")
    assert _lines(cloud, f"/apps/{app['id']}/logs?type=DEPLOY&tail_lines=2") == every[-2:]


@pytest.mark.parametrize(
    ("spec", "kind", "component", "words"),
    [
        (lambda cloud: {"services": [{"name": "web", **BROKEN_BUILD}]}, "BUILD", "web", "BuildJobExitNonZero"),
        (
            lambda cloud: {"jobs": [_job(cloud, command="broken-migration")]},
            "DEPLOY",
            "migrate",
            "DeployContainerExitNonZero",
        ),
        (
            lambda cloud: {"services": [cloud.service(image={**cloud.service()["image"], "digest": BAD_DIGEST})]},
            "DEPLOY",
            "web",
            "DeployContainerHealthChecksFailed",
        ),
    ],
)
def test_a_failure_stands_at_the_end_of_its_log(cloud, spec, kind, component, words):
    id = cloud.create(cloud.spec(**spec(cloud)))["id"]
    failed = cloud.latest(id)
    assert failed["phase"] == "ERROR"
    where = f"/apps/{id}/deployments/{failed['id']}/components/{component}/logs?type={kind}"
    assert set(cloud.ok("GET", where)) == {"historic_urls"}
    *_rest, why, how, end = _lines(cloud, where)
    assert "status 1" in why or "connection refused" in why
    assert words in how
    assert end.endswith(": ERROR")


def test_what_is_built_names_its_source(cloud):
    app = cloud.deployed(cloud.spec(services=[{"name": "web", **GIT}]))
    first = _lines(cloud, f"/apps/{app['id']}/logs?type=BUILD")[0]
    assert first.endswith("source: fisioflow/web, branch main")


def test_logs_of_no_component_are_not_found(cloud, app):
    cloud.refused("GET", f"/apps/{app['id']}/components/nix/logs?type=RUN", status=404)


# -- invocations -----------------------------------------------------------------------------------------------------


def test_each_run_of_a_job_is_an_invocation(cloud, app):
    where = f"/apps/{app['id']}/job-invocations"
    cloud.ok("POST", f"/apps/{app['id']}/deployments", {})
    found = cloud.ok("GET", where)["job_invocations"]
    assert [(row["job_name"], row["phase"]) for row in found] == [("migrate", "SUCCEEDED")] * 2
    assert len({row["id"] for row in found}) == 2
    first = app["active_deployment"]["id"]
    (row,) = cloud.ok("GET", f"{where}?deployment_id={first}&job_names=migrate")["job_invocations"]
    assert row["deployment_id"] == first
    assert row["started_at"] <= row["completed_at"]
    assert cloud.ok("GET", f"{where}?job_names=other")["job_invocations"] == []
    assert cloud.ok("GET", f"{where}/{row['id']}") == {"job_invocation": row}
    logs = f"/apps/{app['id']}/jobs/migrate/invocations/{row['id']}/logs?type=JOB_INVOCATION"
    assert _lines(cloud, logs)[-1].endswith("exited with status 0")
    assert "cannot be canceled" in cloud.refused("POST", f"{where}/{row['id']}/cancel")


def test_an_invocation_goes_with_its_deployment(cloud):
    cloud.slow()
    id = cloud.create(cloud.spec(jobs=[_job(cloud), _job(cloud, "POST_DEPLOY", name="after")]))["id"]
    where = f"/apps/{id}/job-invocations"
    assert cloud.ok("GET", where)["job_invocations"] == []
    for _phase in ("PENDING_DEPLOY", "DEPLOYING"):
        cloud.step()
    (row,) = cloud.ok("GET", where)["job_invocations"]
    assert (row["phase"], "completed_at" in row) == ("RUNNING", False)
    answer = cloud.ok("POST", f"{where}/{row['id']}/cancel")["job_invocation"]
    assert (answer["phase"], cloud.latest(id)["phase"]) == ("CANCELED", "CANCELED")


def test_a_failed_migration_is_a_failed_invocation(cloud):
    id = cloud.create(cloud.spec(jobs=[_job(cloud, command="broken-migration")]))["id"]
    (row,) = cloud.ok("GET", f"/apps/{id}/job-invocations")["job_invocations"]
    assert row["phase"] == "FAILED"
    logs = f"/apps/{id}/jobs/migrate/invocations/{row['id']}/logs?type=JOB_INVOCATION"
    assert "DeployContainerExitNonZero" in _lines(cloud, logs)[-1]


def test_invocations_that_are_none(cloud, app):
    cloud.refused("GET", f"/apps/{app['id']}/job-invocations/nix", status=404)
    cloud.refused("POST", f"/apps/{app['id']}/job-invocations/nix/cancel", status=404)
    cloud.refused("GET", f"/apps/{app['id']}/jobs/migrate/invocations/nix/logs?type=JOB_INVOCATION", status=404)
    cloud.refused("GET", "/apps/nix/job-invocations", status=404)
