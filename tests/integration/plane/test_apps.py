# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apps run: what the API deploys can be opened, breaks as it would there, and is replaced without a lost request."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from localcloud.instance.home import Home
from tests.integration.plane.apps import IMAGE, TOKEN, App, spec, variables, web
from tests.integration.plane.conftest import Clusters, runs, until
from tests.localcloud_api import Api
from tests.localcloud_fixtures import start_localcloud

pytestmark = pytest.mark.xdist_group("plane")

JSON = dict[str, Any]


def test_what_is_deployed_can_be_opened_and_what_breaks_leaves_it_alone(api: Api) -> None:
    app = App(api, spec(web(2, APP_VERSION="one")))
    first = app.deployed()
    assert app.version() == "one"
    status, _body, headers = app.ask("/")
    assert (status, headers["location"], headers["x-frame-options"]) == (307, "/login", "DENY")
    assert app.ask("/api/status", Authorization=f"Bearer {TOKEN}")[0] == 200
    app.update(spec(web(APP_VERSION="two", TROUBLE="unhealthy")))
    broken = app.ended()
    assert broken["phase"] == "ERROR"
    reason = next(step for step in _leaves(broken["progress"]) if step["status"] == "ERROR")["reason"]
    assert reason["code"] == "DeployContainerHealthChecksFailed"
    assert "/api/ping on port 3000 answered 503" in app.log(broken)
    assert app.version() == "one"
    before = pids(api)
    app.update(spec(web(2, APP_VERSION="three")))
    with app.asked_all_the_time() as statuses:
        app.deployed()
        assert app.version() == "three"
        until(lambda: not any(runs(pid) for pid in before), "those before have ended")
        api.ok("POST", f"/apps/{app.id}/rollback", {"deployment_id": first["id"]})
        app.deployed()
        assert app.version() == "one"
    assert len(statuses) > 20
    assert set(statuses) == {200}


def _leaves(step: JSON) -> Iterator[JSON]:
    for child in step.get("steps", []):
        yield from _leaves(child)
    if "steps" not in step:
        yield step


def instances(api: Api) -> list[str]:
    return [line for run in api.admin.status()["runs"] if run["key"][:11] == "deployment/" for line in run["lines"]]


def pids(api: Api) -> list[int]:
    return [int(line.partition("pid ")[2].partition(",")[0]) for line in instances(api)]


def test_an_instance_that_dies_is_started_again(api: Api) -> None:
    app = App(api, spec(web(2)))
    app.deployed()
    with app.asked_all_the_time() as statuses:
        os.kill(pids(api)[0], signal.SIGKILL)
        until(lambda: "web-0" in (line := instances(api)[0]) and "ready" in line and "restarts 1" in line, "it is back")
    assert len(statuses) > 3
    # Of an answer that had begun nothing comes.
    lost = [status for status in statuses if status != 200]
    assert all(status == 502 or "RemoteDisconnected" in str(status) for status in lost), lost
    assert len(lost) <= 3, "only what the dead one was about to answer is lost"


def test_one_that_does_not_come_up_leaves_those_that_serve(api: Api) -> None:
    scaling = {"min_instance_count": 1, "max_instance_count": 2, "metrics": {"cpu": {"percent": 60}}}
    service = {**web(), "autoscaling": scaling, "instance_size_slug": "apps-d-1vcpu-0.5gb"}
    del service["instance_count"]
    app = App(api, spec(service))
    id = app.deployed()["id"]
    (serving,) = pids(api)
    # Where the second one would have its folder there is something else.
    in_the_way = Home(api.cloud.home).data / f"deployment/{id}/web-1"
    in_the_way.write_text("")
    api.admin.utilization(app="clinic", cpu=0.9)
    with app.asked_all_the_time() as statuses:
        api.admin.advance(60)
        until(lambda: "web localcloud: web: it cannot be started" in plain(app.log(app.last())), "it was tried")
        assert pids(api) == [serving]
        in_the_way.unlink()
        until(lambda: len([line for line in instances(api) if "ready," in line and "not" not in line]) == 2, "two run")
    assert serving in pids(api)
    assert set(statuses) == {200}


def plain(log: str) -> str:
    """Without the time of each line."""
    return "\n".join(re.sub(r"^(\S+) \S+ ", r"\1 ", line) for line in log.splitlines())


def test_a_reset_takes_logs_along(api: Api) -> None:
    """Ids come again after it: what the next one of that id is told would be somebody else's."""
    app = App(api, spec(web()))
    path = Home(api.cloud.home).data / f"logs/deployment-{app.deployed()['id']}.log"
    assert path.stat().st_size
    api.admin.reset()
    until(lambda: not path.exists(), "its log is gone")


def test_a_command_that_is_not_there_fails_the_deployment_with_its_words(api: Api) -> None:
    app = App(api, spec({**web(), "run_command": "gunicorn shop:app"}))
    broken = app.ended()
    assert broken["phase"] == "ERROR"
    assert "gunicorn" in app.log(broken)
    assert "live_url" not in app.read()


def test_a_command_that_cannot_be_read_fails_the_deployment_too(api: Api) -> None:
    app = App(api, spec({**web(), "run_command": 'node "server.js'}))
    assert app.ended()["phase"] == "ERROR"


def test_it_reaches_its_stores_from_its_own_address_and_nobody_else_does(api: Api, clusters: Clusters) -> None:
    vpc = api.vpc(region="fra1")["id"]
    sql = clusters.create("pg", private_network_uuid=vpc)
    cache = clusters.create("valkey", private_network_uuid=vpc)
    databases = [
        {"name": "db", "engine": "PG", "production": True, "cluster_name": sql["name"], "db_user": "doadmin"},
        {"name": "cache", "engine": "VALKEY", "production": True, "cluster_name": cache["name"]},
    ]
    given = {
        "DATABASE_URL": "${db.DATABASE_URL}",
        "DATABASE_CA_CERT": "${db.CA_CERT}",
        "REDIS_URL": "${cache.DATABASE_URL}",
        "REDIS_CA_CERT": "${cache.CA_CERT}",
    }
    migrate = {"name": "migrate", "kind": "PRE_DEPLOY", "image": IMAGE, "run_command": "npx prisma migrate deploy"}
    jobs = [{**migrate, "envs": variables(**given)}]
    app = App(api, spec(web(**given), jobs=jobs, vpc={"id": vpc}, databases=databases))
    assert "migrated: 1_patients, 2_appointments" in app.log(app.deployed())
    for cluster in (sql, cache):
        api.ok("PUT", f"/databases/{cluster['id']}/firewall", {"rules": [{"type": "app", "value": app.id}]})
    checks = app.ask("/api/health")[1]["checks"]
    assert [checks[name]["status"] for name in ("database", "redis")] == ["healthy", "healthy"]
    _status, _body, headers = app.ask("/api/login", "POST", {"name": "Ana"})
    cookie = headers["set-cookie"].partition(";")[0]
    assert app.ask("/api/patients", "POST", {"name": "Zé"}, Cookie=cookie)[0] == 201
    assert [row["name"] for row in app.ask("/api/patients", Cookie=cookie)[1]["patients"]] == ["Zé"]
    with pytest.raises(psycopg.OperationalError, match=r"pg_hba\.conf"):
        psycopg.connect(sql["connection"]["uri"])


def test_a_job_that_fails_stops_the_deployment_before_anything_is_replaced(api: Api) -> None:
    app = App(api, spec(web(APP_VERSION="one")))
    app.deployed()
    job = {"name": "migrate", "kind": "PRE_DEPLOY", "image": IMAGE, "run_command": "npx prisma migrate deploy"}
    app.update(spec(web(APP_VERSION="two"), jobs=[job]))
    broken = app.ended()
    assert broken["phase"] == "ERROR"
    (failed,) = [step for step in _leaves(broken["progress"]) if step["status"] == "ERROR"]
    assert (failed["component_name"], failed["reason"]["code"]) == ("migrate", "DeployContainerExitNonZero")
    assert "neither DIRECT_URL nor DATABASE_URL is set" in app.log(broken)
    assert app.version() == "one"


def test_instances_follow_the_load_and_tell_what_they_use(api: Api) -> None:
    scaling = {"min_instance_count": 1, "max_instance_count": 2, "metrics": {"cpu": {"percent": 60}}}
    service = {**web(), "autoscaling": scaling, "instance_size_slug": "apps-d-1vcpu-0.5gb"}
    del service["instance_count"]
    app = App(api, spec(service))
    app.deployed()
    assert [one["instance_alias"] for one in api.ok("GET", f"/apps/{app.id}/instances")["instances"]] == ["web-0"]

    def memory() -> float:
        return float(api.ok("GET", f"/apps/{app.id}/health")["app_health"]["components"][0]["memory_usage_percent"])

    # A Python with all that it has loaded, of half a gigabyte.
    assert 2 < until(memory, "it is measured") < 40
    api.admin.utilization(app="clinic", cpu=0.9)
    api.admin.advance(60)
    until(lambda: len([line for line in instances(api) if "ready," in line and "not" not in line]) == 2, "two run")
    assert len(api.ok("GET", f"/apps/{app.id}/instances")["instances"]) == 2
    with app.asked_all_the_time() as statuses:
        api.admin.utilization(app="clinic", cpu=0.1)
        api.admin.advance(60)
        until(lambda: len(instances(api)) == 1, "one runs")
    assert set(statuses) == {200}


def test_an_instance_that_is_killed_leaves_no_process_and_the_next_one_runs_its_apps_again(tmp_path: Path) -> None:
    with start_localcloud(tmp_path / "home", "--keep-state", records_only=False) as cloud:
        api = Api(cloud)
        app = App(api, spec(web(APP_VERSION="one")))
        app.deployed()
        url, all_of_it = app.read()["live_url"], _children(cloud.process.pid)
        assert len(all_of_it) >= 2, "Caddy and an instance"
        state = tmp_path / "home" / "state.json"
        until(lambda: state.exists() and '"ACTIVE"' in state.read_text(), "the state is saved")
        cloud.process.kill()
        until(lambda: not any(runs(pid) for pid in all_of_it), "all have ended")
    with start_localcloud(tmp_path / "home", records_only=False) as cloud:
        app.api = Api(cloud)
        assert app.read()["live_url"] == url
        until(app.answers, "it answers again")
        assert app.version() == "one"


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_slow_answers_are_seen_and_nothing_of_what_was_asked_is_noted(api: Api) -> None:
    alert = {"rule": "REQUEST_DURATION_P95_MS", "operator": "GREATER_THAN", "value": 200, "window": "FIVE_MINUTES"}
    app = App(api, spec({**web(TROUBLE="slow=0.3"), "alerts": [alert]}))
    app.deployed()
    for _visitor in range(3):
        assert app.ask("/login?patient=Ana", Cookie="session=hush")[0] == 200
    sink = api.cloud.home / "alerts.jsonl"
    until(lambda: sink.exists() and "REQUEST_DURATION_P95_MS" in sink.read_text(), "it fires")
    # Then one that its process does not outlive, of which Caddy writes an error.
    assert app.ask("/api/trouble", "POST", {"make": "exit"}, Authorization=f"Bearer {TOKEN}")[0] == 200
    assert app.ask("/login?patient=Ana", "POST", {}, X_Origin_Secret="hush")[0] == 502
    log = Home(api.cloud.home).data / "logs/route-caddy.log"
    (noted,) = Home(api.cloud.home).data.glob("route/caddy/*.requests")
    assert '"status":200' in noted.read_text()
    written = noted.read_text() + until(lambda: '"status":502' in (text := log.read_text()) and text, "it is told")
    assert not [word for word in ("Ana", "hush", "/login") if word in written]
