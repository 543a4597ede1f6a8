# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an app has beyond the law: deployments that fail or are replaced, secrets, alerts, drift, bad specs."""

from __future__ import annotations

import copy
import json
import ssl
import urllib.request
from typing import Any

import pytest

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Outcome, Run, Step, admin, assert_sentence
from tests.localcloud_fixtures import LocalCloud

GOOD, BROKEN = f"sha256:{'1a' * 32}", f"sha256:0bad{'1a' * 30}"
SECRET, OTHER = "app-sentinel-one", "app-sentinel-two"
PUT = "PUT /v2/apps/"
UNKNOWN = "known-after-creation"


def spec(digest: str = GOOD, **more: Any) -> dict[str, Any]:
    image = {"registry_type": "DOCR", "repository": "clinic", "digest": digest}
    envs = [{"key": "SESSION_SECRET", "type": "SECRET", "scope": "RUN_TIME"}]
    service = {"name": "web", "image": image, "instance_size_slug": "apps-d-1vcpu-1gb", "envs": envs, **more}
    return {"region": "fra", "services": [service]}


def app(
    step: str,
    wanted: dict[str, Any] | None = None,
    *,
    check: bool = False,
    register: str = "",
    before: list[dict[str, Any]] | None = None,
    module: str = "app",
    **options: Any,
) -> Step:
    """A task on the app "clinic"; without its own `secrets` option it gives the first one together with a spec."""
    given = {"spec": wanted, "secrets": {"SESSION_SECRET": SECRET}} if wanted else {}
    args = {key: value for key, value in {"name": "clinic", **given, **options}.items() if value is not None}
    return Step(step, module, args, check=check, register=register, before=before or [])


def good(run: Run, name: str) -> Outcome:
    assert run[name].status == "ok", f"{name}: {run[name].message}"
    return run[name]


def request(cloud: LocalCloud, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """What somebody else does with the same account."""
    headers = {"Authorization": f"Bearer {cloud.token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    call = urllib.request.Request(f"{cloud.url}{path}", data, headers, method=method)
    with urllib.request.urlopen(call, context=ssl.create_default_context(cafile=cloud.ca)) as answer:
        found: dict[str, Any] = json.loads(answer.read() or b"{}")
        return found


def the_app(cloud: LocalCloud) -> dict[str, Any]:
    found: dict[str, Any] = next(
        row for row in request(cloud, "GET", "/v2/apps")["apps"] if row["spec"]["name"] == "clinic"
    )
    return found


def env_of(cloud: LocalCloud, key: str = "SESSION_SECRET") -> dict[str, Any]:
    found: dict[str, Any] = next(env for env in the_app(cloud)["spec"]["services"][0]["envs"] if env["key"] == key)
    return found


def test_a_failed_deployment_is_told_and_the_next_run_tries_again(cloud: LocalCloud) -> None:
    run = inside(cloud, [
        app("make", spec()),
        app("break", spec(BROKEN)),
        app("look again", spec(BROKEN), check=True),
        app("break again", spec(BROKEN)),
        app("repair", spec(f"sha256:{'2b' * 32}")),
        app("again", spec(f"sha256:{'2b' * 32}")),
    ])  # fmt: skip
    broken = run["break"]
    assert broken.status == "failed"
    assert broken.changed
    failed = broken.result["deployment"]["id"]
    assert (
        f'Deployment {failed} of app "clinic" failed in step deploy/components/web/wait of component web '
        "(DeployContainerHealthChecksFailed: "
    ) in broken.message
    assert "The app still runs deployment " in broken.message
    assert_sentence(broken.message)
    assert broken.result["failures"][0]["component"] == "web"
    look = good(run, "look again")
    assert (look.changed, look.write_list) == (True, [])
    assert look.result["diff"]["before"]["deployment"] == "ERROR"
    again = run["break again"]
    assert again.status == "failed"
    assert [call for call in again.write_list if not call.endswith("/deployments")] == []
    assert len(again.write_list) == 1
    repaired = good(run, "repair")
    assert repaired.result["deployment"]["phase"] == "ACTIVE"
    assert repaired.result["deployment"]["id"] == repaired.result["app"]["active_deployment"]["id"]
    assert not good(run, "again").changed


def test_secrets_are_rotated_kept_and_told_apart_by_their_fingerprint(cloud: LocalCloud) -> None:
    first = inside(cloud, [
        app("make", spec()),
        app("same", spec()),
        app("without the secret", spec(), secrets=None),
        app("other change", spec(http_port=3000), secrets=None),
        app("secret alone", secrets={"SESSION_SECRET": SECRET}),
    ])  # fmt: skip
    assert [good(first, name).changed for name in first.outcomes] == [True, False, False, True, False]
    sealed = env_of(cloud)["value"]
    assert sealed.startswith("EV[1:")
    assert first["make"].result["app"]["spec"]["services"][0]["envs"] == [
        {"key": "SESSION_SECRET", "scope": "RUN_TIME", "type": "SECRET"}
    ]
    second = inside(cloud, [
        app("rotate: check", secrets={"SESSION_SECRET": OTHER}, check=True),
        app("rotate", secrets={"SESSION_SECRET": OTHER}),
        app("rotate: again", secrets={"SESSION_SECRET": OTHER}),
    ])  # fmt: skip
    assert [good(second, name).changed for name in second.outcomes] == [True, True, False]
    assert second["rotate: check"].result["diff"] == second["rotate"].result["diff"]
    assert env_of(cloud)["value"] != sealed
    # Somebody sets it by hand, so nobody knows its fingerprint.
    theirs = the_app(cloud)
    theirs["spec"]["envs"] = []
    request(cloud, "PUT", f"/v2/apps/{theirs['id']}", {"spec": theirs["spec"]})
    third = inside(cloud, [
        app("nothing given", spec(), secrets=None),
        app("given", spec(), secrets={"SESSION_SECRET": OTHER}),
        app("given: again", spec(), secrets={"SESSION_SECRET": OTHER}),
    ])  # fmt: skip
    assert [good(third, name).changed for name in third.outcomes] == [False, True, False]
    for printed in (first.printed, second.printed, third.printed):
        for word in (SECRET, OTHER, "EV[1:", "SECRET_FINGERPRINTS"):
            assert word not in printed


def test_drift_is_repaired_and_what_others_added_stays(cloud: LocalCloud) -> None:
    inside(cloud, [app("make", spec(http_port=3000))])
    theirs = the_app(cloud)
    theirs["spec"]["services"][0] |= {"http_port": 4000, "run_command": "theirs"}
    theirs["spec"]["workers"] = [{"name": "theirs", "image": {"registry_type": "DOCR", "repository": "w", "tag": "1"}}]
    request(cloud, "PUT", f"/v2/apps/{theirs['id']}", {"spec": theirs["spec"]})
    run = inside(cloud, [app("repair", spec(http_port=3000))])
    diff = good(run, "repair").result["diff"]
    assert diff["before"]["spec"]["services[web].http_port"] == 4000
    assert diff["after"]["spec"]["services[web].http_port"] == 3000
    assert "workers" not in str(diff)
    now = the_app(cloud)["spec"]
    assert (now["services"][0]["http_port"], now["services"][0]["run_command"]) == (3000, "theirs")
    assert [worker["name"] for worker in now["workers"]] == ["theirs"]


@pytest.mark.parametrize("late", [0, 2])
def test_a_deployment_that_another_one_replaces_is_followed(cloud: LocalCloud, late: int) -> None:
    """Somebody deploys while our deployment is under way; the list shows theirs only after some reads."""
    cloud.admin.settings(speed="real")
    if late:
        cloud.admin.fault("stale", method="POST", path="/v2/apps/*/deployments", reads=late)
    theirs: list[Any] = []

    def meddle() -> None:
        """Once, as soon as ours is waited for."""
        apps = [] if theirs else request(cloud, "GET", "/v2/apps")["apps"]
        if apps and apps[0].get("in_progress_deployment"):
            body = {"force_build": False}
            theirs.append(request(cloud, "POST", f"/v2/apps/{apps[0]['id']}/deployments", body)["deployment"]["id"])

    made = inside(cloud, [app("make", spec())], meanwhile=meddle).good("make").result
    assert [made["deployment"]["id"]] == theirs
    assert made["deployment"]["phase"] == "ACTIVE"
    assert made["app"]["active_deployment"]["id"] == made["deployment"]["id"]


def test_without_waiting_the_next_run_waits_for_what_is_under_way(cloud: LocalCloud) -> None:
    wanted = spec(
        alerts=[{"rule": "CPU_UTILIZATION", "operator": "GREATER_THAN", "value": 80, "window": "FIVE_MINUTES"}]
    )
    told = {"emails": ["ops@example.com"]}
    run = inside(cloud, [
        app("start", wanted, wait=False, alert_destinations=told, before=[admin("settings", speed="real")]),
        app("start: again", wanted, wait=False, alert_destinations=told),
        app("wait", wanted, before=[admin("settings", speed="instant"), admin("advance", 30)]),
        app("tell", wanted, alert_destinations=told),
        app("tell: again", wanted, alert_destinations=told),
    ])  # fmt: skip
    started = good(run, "start")
    assert started.result["deployment"]["id"]
    assert started.result["app"]["active_deployment"] == {}
    again = good(run, "start: again")
    assert (again.changed, again.write_list) == (False, [])
    for done in (started, again):
        assert any("web/CPU_UTILIZATION" in text and "run again" in text for text in done.result["warnings"])
    waited = good(run, "wait")
    assert (waited.changed, waited.write_list) == (False, [])
    assert waited.result["app"]["active_deployment"]["phase"] == "ACTIVE"
    assert good(run, "tell").changed
    assert run["tell"].result["alerts"][0]["emails"] == ["ops@example.com"]
    assert not good(run, "tell: again").changed


def test_check_mode_from_nothing_predicts_although_nothing_that_the_spec_names_is_there(cloud: LocalCloud) -> None:
    missing = {**spec(), "databases": [{"name": "db", "engine": "PG", "production": True, "cluster_name": "not-yet"}]}
    unknown = {**missing, "vpc": {"id": UNKNOWN}}
    run = inside(cloud, [app("missing", missing, check=True), app("unknown", unknown, check=True),
                                 app("for real", missing)])  # fmt: skip
    predicted = good(run, "missing")
    assert predicted.changed
    assert any("not-yet" in warning for warning in predicted.result["warnings"])
    assert good(run, "unknown").changed
    assert "warnings" not in run["unknown"].result
    assert run["for real"].status == "failed"
    assert 'Could not validate the spec of app "clinic"' in run["for real"].message
    assert [outcome.write_list for outcome in run.outcomes.values()] == [[], [], []]


def test_a_rollback_that_is_not_ended_is_told(cloud: LocalCloud) -> None:
    run = inside(cloud, [
        app("v1", spec()),
        app("v2", spec(f"sha256:{'2b' * 32}")),
        Step("back", "app_deployment", {"app": "clinic", "state": "rolled_back"}),
        app("same spec", spec(f"sha256:{'2b' * 32}")),
        app("another spec", spec(f"sha256:{'3c' * 32}"), check=True),
        Step("commit", "app_deployment", {"app": "clinic", "state": "rollback_committed"}),
        app("v1 again", spec()),
    ])  # fmt: skip
    same = good(run, "same spec")
    assert (same.changed, same.write_list) == (False, [])
    pinned = run["back"].result["app_deployment"]["id"]
    assert any(
        f"runs deployment {pinned}, to which a rollback has pinned it" in told for told in same.result["warnings"]
    )
    assert run["another spec"].status == "failed"
    assert f"it is pinned to deployment {pinned}" in run["another spec"].message
    assert_sentence(run["another spec"].message)
    assert not good(run, "v1 again").changed


def test_renaming_needs_the_id(cloud: LocalCloud) -> None:
    run = inside(cloud, [
        app("make", spec(), register="made"),
        app("two names", {**spec(), "name": "other"}),
        app("rename", {"name": "other"}, id="{{ made.app.id }}", secrets=None),
        app("rename: again", {"name": "other"}, id="{{ made.app.id }}", secrets=None),
        app("taken", spec(), name="clinic"),
        app("taken: rename", {"name": "clinic"}, id="{{ made.app.id }}", secrets=None),
    ])  # fmt: skip
    assert run["two names"].write_list == []
    assert 'name is "clinic" and name in spec is "other"' in run["two names"].message
    renamed = good(run, "rename")
    assert (renamed.changed, renamed.result["app"]["spec"]["name"]) == (True, "other")
    assert not good(run, "rename: again").changed
    assert 'the name "clinic" is taken, "clinic-2" is free' in run["taken: rename"].message
    assert run["taken: rename"].write_list == []


def test_its_name_is_found_behind_more_than_a_page_of_other_apps(cloud: LocalCloud) -> None:
    cloud.admin.seed(apps=210)
    run = inside(cloud, [app("make", spec()), app("again", spec()), app("info", module="app_info")])
    assert [good(run, name).changed for name in ("make", "again")] == [True, False]
    assert len(run["again"].calls) == 2, "two pages, and nothing else"
    assert [row["id"] for row in run["info"].result["apps"]] == [run["make"].result["app"]["id"]]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "plaintext": ({"spec": spec(envs=[{"key": "SESSION_SECRET", "type": "SECRET", "value": OTHER}])}, "in plaintext"),
    "plaintext of a wrong shape": (
        {"spec": spec(image="x", envs=[{"key": "SESSION_SECRET", "type": "SECRET", "value": OTHER}])},
        "image must be a dict",
    ),
    "plaintext beside an unknown option": (
        {"spec": spec(envs=[{"key": "SESSION_SECRET", "type": "SECRET", "value": OTHER}]), "specc": {}},
        "Unsupported parameters",
    ),
    "plaintext of what has no id": (
        {"id": "clinic", "spec": spec(envs=[{"key": "SESSION_SECRET", "type": "SECRET", "value": OTHER}])},
        "is not an id",
    ),
    "password in a variable": (
        {"spec": spec(envs=[{"key": "DATABASE_URL", "value": f"postgres://app:{OTHER}@db/app"}]), "name": "No Good"},
        "Could not",
    ),
    "no value": ({"spec": spec(), "secrets": {}}, "No value for secret web.SESSION_SECRET"),
    "unknown secret": ({"spec": spec(), "secrets": {"SESSION_SECRET": SECRET, "TYPO": "x" * 9}}, "secrets names TYPO"),
    "memory": ({"spec": spec(autoscaling={"metrics": {"memory": {"percent": 80}}})}, "cannot scale on memory"),
    "count and scaling": ({"spec": spec(autoscaling={"max_instance_count": 3}, instance_count=1)}, "has both"),
    "no spec": ({}, 'App "clinic" does not exist: to create it, set also spec.'),
    "no name": ({"name": None, "spec": spec()}, "Which app is meant?"),
    "id of nothing": ({"id": "5a4981aa-9653-4bd1-bef5-d6bff52042e4"}, "There is no app with the id"),
    "bad size": ({"spec": spec(instance_size_slug="apps-x")}, "'apps-x' is not on offer; on offer: "),
    "bad region": ({"spec": {**spec(), "region": "mars"}}, "region 'mars' is not on offer; on offer: ams, "),
    "bad name": ({"name": "No Good", "spec": spec()}, 'Could not validate the spec of app "No Good"'),
    "shared size scales on cpu": (
        {"spec": spec(instance_size_slug="apps-s-1vcpu-1gb", autoscaling={
            "min_instance_count": 1, "max_instance_count": 2, "metrics": {"cpu": {"percent": 50}}})},
        'Could not validate the spec of app "clinic"',
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def bad_run(localcloud: LocalCloud) -> Run:
    localcloud.renew()
    localcloud.admin.settings(strict=False)
    steps = []
    for name, (options, _) in BAD.items():
        given = {
            "name": "clinic",
            "secrets": {"SESSION_SECRET": SECRET} if "spec" in options else None,
            **copy.deepcopy(options),
        }
        steps.append(Step(name, "app", {key: value for key, value in given.items() if value is not None}))
    run = inside(localcloud, steps)
    localcloud.admin.settings(strict=True)
    localcloud.admin.forget_violations()
    return run


@pytest.mark.xdist_group("bad-app")
@pytest.mark.parametrize("name", BAD)
def test_a_bad_app_is_refused_in_one_sentence_before_any_write(bad_run: Run, name: str) -> None:
    outcome = bad_run[name]
    assert outcome.status == "failed"
    assert BAD[name][1] in outcome.message
    assert outcome.write_list == []
    assert_sentence(outcome.message)


@pytest.mark.xdist_group("bad-app")
def test_a_refused_plaintext_is_not_printed(bad_run: Run) -> None:
    refused = [name for name in BAD if OTHER in json.dumps(bad_run[name].result)]
    assert refused == []
    assert SECRET not in bad_run.printed


def test_a_secret_given_as_if_it_were_none_is_not_printed(cloud: LocalCloud) -> None:
    run = inside(cloud, [
        app("make", spec()),
        app("plain", spec(envs=[{"key": "SESSION_SECRET", "value": OTHER}]), secrets={}),
    ])  # fmt: skip
    assert "is SECRET in the app and has a plain value in spec" in run["plain"].message
    assert OTHER not in json.dumps(run["plain"].result)


def test_faults_on_the_way_of_a_change(cloud: LocalCloud) -> None:
    alert = {"rule": "CPU_UTILIZATION", "operator": "GREATER_THAN", "value": 80, "window": "FIVE_MINUTES"}
    whole = {"wanted": spec(http_port=3000, alerts=[alert]), "alert_destinations": {"emails": ["ops@example.com"]}}
    faults = [
        admin("fault", "status", method="POST", path="/v2/apps/propose", status=503, count=2),
        admin("fault", "stale", method="PUT", path="/v2/apps/*", reads=3, count=1),
        admin("fault", "drop", method="GET", path="/v2/apps/*/deployments/*", count=2),
        admin("fault", "drop", method="POST", path="/v2/apps/*/alerts/*/destinations", when="after", count=1),
        admin("fault", "status", method="POST", path="/v2/projects/*/resources", status=503, count=1),
    ]
    run = inside(cloud, [
        Step("project", "project", {"name": "clinic", "purpose": "Physiotherapy"}, register="project"),
        app("make", spec()),
        app("change", **whole, project_id="{{ project.project.id }}", before=faults),
        app("again", **whole, project_id="{{ project.project.id }}", before=[admin("clear_faults")]),
    ])  # fmt: skip
    changed = good(run, "change")
    assert changed.result["app"]["spec"]["services"][0]["http_port"] == 3000
    assert changed.result["app"]["project_id"] == run["project"].result["project"]["id"]
    assert changed.result["alerts"][0]["emails"] == ["ops@example.com"]
    assert changed.result["deployment"]["phase"] == "ACTIVE"
    assert (good(run, "again").changed, run["again"].write_list) == (False, [])


@pytest.mark.parametrize("rule", [
    {"kind": "drop"}, {"kind": "drop", "when": "after"},
    {"kind": "status", "status": 500}, {"kind": "status", "status": 502, "when": "after"},
])  # fmt: skip
def test_a_lost_answer_deploys_once(rule: dict[str, Any], cloud: LocalCloud) -> None:
    kind, more = rule["kind"], {key: value for key, value in rule.items() if key != "kind"}
    lossy = [admin("fault", kind, method="PUT", path="/v2/apps/*", count=1, **more)]
    run = inside(cloud, [
        app("make", spec()),
        app("change", spec(http_port=3000), secrets={"SESSION_SECRET": OTHER}, before=lossy),
        app("again", spec(http_port=3000), secrets={"SESSION_SECRET": OTHER}, before=[admin("clear_faults")]),
    ])  # fmt: skip
    assert good(run, "change").result["app"]["spec"]["services"][0]["http_port"] == 3000
    assert run["change"].result["deployment"]["phase"] == "ACTIVE"
    assert (good(run, "again").changed, run["again"].write_list) == (False, [])
    deployments = request(cloud, "GET", f"/v2/apps/{the_app(cloud)['id']}/deployments")["deployments"]
    assert [row["id"] for row in deployments] == [run[name].result["deployment"]["id"] for name in ("change", "make")]
