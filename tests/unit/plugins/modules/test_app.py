# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The app module where the API may behave as localcloud does not: exact sequences of requests."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import LOOKS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.plan import plan_spec
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation, execute
from ansible_collections.fisioflow.digitalocean.plugins.modules.app import App
from ansible_collections.fisioflow.digitalocean.plugins.modules.app_info import AppInfo
from tests.unit.plugins.module_utils.scripted import Script, answer, api, scripted

ID = "4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf"
PROJECT = "88b72d1a-b78a-4d9f-9090-b53c4399073f"
LIST, ONE, PROPOSE = "GET /v2/apps", f"GET /v2/apps/{ID}", "POST /v2/apps/propose"
DEPLOYMENTS, PUT = f"GET /v2/apps/{ID}/deployments", f"PUT /v2/apps/{ID}"
SPEC = {
    "name": "clinic",
    "region": "fra",
    "services": [{"name": "web", "image": {"repository": "w"}, "http_port": 8080}],
}
REGIONS = ("GET /v2/apps/regions", answer(200, {"regions": [{"slug": "fra"}, {"slug": "nyc"}]}))
CHANGED = {"services": [{"name": "web", "http_port": 3000}]}


def deployment(number, phase="ACTIVE", spec=SPEC):
    return {"id": f"d{number}", "phase": phase, "created_at": f"2026-11-24T03:0{number}:00Z", "spec": spec}


def app(**values):
    return {"id": ID, "spec": copy.deepcopy(SPEC), "project_id": PROJECT, "active_deployment": deployment(1), **values}


def moved(**values):
    """The app with the changed spec."""
    spec = copy.deepcopy(SPEC)
    spec["services"][0]["http_port"] = 3000
    return app(spec=spec, **values)


def listed(*apps):
    return (LIST, answer(200, {"apps": list(apps)}))


def one(found):
    return (ONE, answer(200, {"app": found}))


def deployed(*rows):
    return (DEPLOYMENTS, answer(200, {"deployments": list(rows)}))


def watched(row):
    return (f"{DEPLOYMENTS}/{row['id']}", answer(200, {"deployment": row}))


def proposed(spec=None, **more):
    return (PROPOSE, answer(200, {"app_name_available": True, "spec": spec or moved()["spec"], **more}))


def run(exchanges, *, check=False, **options):
    """The result, and the bodies that were sent. The script must be played to its end."""
    script = Script(exchanges)
    names = App.argument_spec()["argument_spec"]
    params = {
        **dict.fromkeys(names),
        "name": "clinic",
        "state": "present",
        "wait": True,
        "wait_timeout": 600,
        **options,
    }
    secrets = Secrets()
    account = api(script, secrets=secrets)

    warnings = []
    invocation = Invocation(params, check_mode=check, diff=True, warn=warnings.append, secrets=secrets)
    result = execute(scripted(App, account), invocation)
    assert "defect" not in result.get("msg", ""), result["msg"]
    script.done()
    return {**result, "sent": [(line, body) for line, _, body in script.sent], "warnings": warnings,
            "waited": account.clock.now() - 1000}  # fmt: skip


def writes(result):
    return [line for line, _body in result["sent"] if not line.startswith("GET ")]


def test_an_unchanged_app_costs_one_request():
    result = run([listed(app())], spec=SPEC)
    assert (result["changed"], result["deployment"]) == (False, {})


def test_the_answer_to_a_change_names_the_deployment():
    new = deployment(2, spec=moved()["spec"])
    result = run([
        listed(app(in_progress_deployment={**deployment(1), "id": "old", "phase": "DEPLOYING"})),
        proposed(),
        (PUT, answer(200, {"app": moved(pending_deployment=deployment(2, "PENDING_BUILD"))})),
        watched(deployment(2, "DEPLOYING")),
        watched(new),
        one(moved(active_deployment=new)),
    ], spec=CHANGED)  # fmt: skip
    assert result["deployment"]["id"] == "d2"
    assert result["sent"][2][1]["spec"]["region"] == "fra", "PUT replaces, so all of it is sent"


def test_a_change_whose_answer_names_no_deployment_is_looked_for():
    new = deployment(2, spec=moved()["spec"])
    result = run([
        listed(app()),
        proposed(),
        (PUT, answer(200, {"app": moved()})),
        one(moved()),
        deployed(new, deployment(1)),
        watched(new),
        one(moved(active_deployment=new)),
    ], spec=CHANGED)  # fmt: skip
    assert (result["changed"], result["deployment"]["id"]) == (True, "d2")


def test_a_superseded_deployment_without_successor_is_given_a_moment():
    gone = deployment(2, "SUPERSEDED", moved()["spec"])
    after = deployment(3, spec=moved()["spec"])
    result = run([
        listed(app()),
        proposed(),
        (PUT, answer(200, {"app": moved(pending_deployment=deployment(2, "BUILDING"))})),
        watched(gone), deployed(gone, deployment(1)),
        watched(gone), deployed(after, gone, deployment(1)),
        one(moved(active_deployment=after)),
    ], spec=CHANGED)  # fmt: skip
    assert result["deployment"]["id"] == "d3"


def test_a_canceled_deployment_is_a_failure():
    result = run([
        listed(app()),
        proposed(),
        (PUT, answer(200, {"app": moved(pending_deployment=deployment(2, "BUILDING"))})),
        watched(deployment(2, "CANCELED")), deployed(deployment(2, "CANCELED"), deployment(1)),
    ], spec=CHANGED)  # fmt: skip
    assert (result["failed"], result["changed"]) == (True, True)
    assert 'Deployment d2 of app "clinic" was canceled. The app still runs deployment d1.' in result["msg"]


def test_what_the_api_does_not_keep_of_the_spec_is_told():
    wanted = {"services": [{"name": "web", "protocol": "HTTP2"}], "maintenance": {"enabled": True}}
    result = run([listed(app()), proposed(SPEC)], spec=wanted, check=True)
    assert result["changed"]
    assert any("does not keep maintenance, services[web].protocol of the spec" in told for told in result["warnings"])


@pytest.mark.parametrize("check", [False, True])
def test_an_unknown_field_is_refused_before_anything_is_asked_for(check):
    wanted = {"servces": [], "services": [{"name": "web", "instance_cuont": 3}]}
    result = run([listed(app())], spec=wanted, check=check)
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["msg"] == (
        'Could not change app "clinic", nothing was done: spec.servces is no field of an app spec: perhaps services is '
        "meant. spec.services[web].instance_cuont is no field of an app spec: perhaps instance_count is meant."
    )


def test_a_field_that_the_app_has_is_known_although_it_is_not_in_the_table():
    spec = copy.deepcopy(SPEC)
    spec["services"][0]["brand_new"] = 1
    current = app(spec=spec, active_deployment=deployment(1, spec=spec))
    assert not run([listed(current)], spec=copy.deepcopy(spec))["changed"]


def test_a_spec_that_is_wrapped_as_in_a_deploy_template_gets_a_hint():
    result = run([], name=None, spec={"spec": copy.deepcopy(SPEC)})
    assert "spec holds another spec, as deploy templates do" in result["msg"]


def test_a_token_that_the_api_gives_in_clear_is_in_no_error_and_no_result():
    spec = {**copy.deepcopy(SPEC), "ingress": {"secure_header": {"key": "X-Origin", "value": "h34der-s3ntinel"}}}
    spec["services"][0]["log_destinations"] = [{"name": "dd", "datadog": {"api_key": "t0ken-s3ntinel"}}]
    refused = (PROPOSE, answer(400, {"id": "bad_request", "message": "t0ken-s3ntinel and h34der-s3ntinel are bad"}))
    result = run([listed(app(spec=spec)), refused], spec=CHANGED)
    assert "the API answered 400" in result["msg"]
    unchanged = run([listed(app(spec=spec, active_deployment=deployment(1, spec=spec)))], spec=SPEC)
    assert not unchanged["changed"]
    for shown in (result["msg"], str({**unchanged, "sent": None})):
        assert "s3ntinel" not in shown


def test_its_own_name_is_not_available_to_itself_and_no_obstacle():
    result = run([listed(app()), proposed(app_name_available=False)], spec=CHANGED, check=True)
    assert result["changed"]


def test_a_name_that_is_taken_by_an_app_which_the_list_showed_late():
    result = run([
        listed(),
        REGIONS,
        proposed(SPEC, app_name_available=False, app_name_suggestion="clinic-2"),
        listed(),
        listed(app()),
    ], spec=SPEC)  # fmt: skip
    assert (result["changed"], result["app"]["id"]) == (False, ID)


def test_a_name_that_somebody_else_has_taken():
    taken = proposed(SPEC, app_name_available=False, app_name_suggestion="clinic-2")
    result = run([listed(), REGIONS, taken, *[listed()] * len(LOOKS)], spec=SPEC)
    assert result["msg"] == (
        'Could not create app "clinic", nothing was done: the name "clinic" is taken, "clinic-2" is free.'
    )
    assert result["changed"] is False


@pytest.mark.parametrize("belongs", [True, False])
def test_without_a_look_at_its_project_the_project_is_asked(belongs):
    rows = [{"urn": f"do:app:{ID}"}] if belongs else []
    script = [
        listed(app(project_id="")),
        (f"GET /v2/projects/{PROJECT}/resources", answer(200, {"resources": rows})),
    ]
    if not belongs:
        assigned = {"resources": [{"urn": f"do:app:{ID}", "status": "assigned"}]}
        script += [(f"POST /v2/projects/{PROJECT}/resources", answer(200, assigned)), one(app())]
    assert run(script, project_id=PROJECT)["changed"] is not belongs


def test_an_assignment_that_the_project_refuses_is_a_failure():
    refused = {"resources": [{"urn": f"do:app:{ID}", "status": "service_down"}]}
    other = "99999999-b78a-4d9f-9090-b53c4399073f"
    result = run([listed(app()), (f"POST /v2/projects/{other}/resources", answer(200, refused))], project_id=other)
    assert f'Could not move app "clinic" to project {other}: the API answered service_down' in result["msg"]


def test_an_alert_that_the_api_never_lists_is_no_difference():
    spec = {**SPEC, "alerts": [{"rule": "DOMAIN_FAILED"}, {"rule": "DEPLOYMENT_FAILED"}]}
    there = {"id": "a1", "spec": {"rule": "DEPLOYMENT_FAILED"}, "emails": ["ops@example.com"]}
    current = app(spec=spec, active_deployment=deployment(1, spec=spec))
    script = [listed(current), (f"{ONE}/alerts", answer(200, {"alerts": [there]}))]
    result = run(script, alert_destinations={"emails": ["ops@example.com"], "slack_webhooks": None})
    assert result["changed"] is False


def test_a_deployment_that_changed_nothing_but_failed_is_not_repeated():
    """Somebody's restart failed; what runs is what is described."""
    result = run([listed(app(last_deployment_created_at="2026-11-24T03:09:00Z"))], spec=SPEC)
    assert result["changed"] is False


@pytest.mark.parametrize(("phase", "changed"), [("ERROR", True), ("CANCELED", True), ("BUILDING", False)])
def test_a_spec_that_was_never_deployed_is_deployed_again_when_that_failed(phase, changed):
    rows = [deployment(2, phase, moved()["spec"]), deployment(1)]
    result = run([listed(moved()), deployed(*rows)], spec=CHANGED, check=True)
    assert result["changed"] is changed


def test_an_app_that_never_ran_is_deployed_again():
    result = run([listed(app(active_deployment=None)), deployed(deployment(1, "ERROR"))], spec=SPEC, check=True)
    assert result["diff"]["before"]["deployment"] == "ERROR"


KEY, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
PERMANENT = {"permanent_secrets": ["ENCRYPTION_KEY"]}


def keeping(value, *, marked=True):
    """An app that holds the secret ENCRYPTION_KEY, as this module left it or as somebody set it by hand."""
    wanted = copy.deepcopy(SPEC)
    wanted["services"][0]["envs"] = [{"key": "ENCRYPTION_KEY", "type": "SECRET", "scope": "RUN_TIME"}]
    stored = plan_spec(None, wanted, {"ENCRYPTION_KEY": value}).spec
    stored["services"][0]["envs"][0]["value"] = "EV[1:abc]"
    return wanted, app(spec=stored if marked else {key: item for key, item in stored.items() if key != "envs"})


@pytest.mark.parametrize(("value", "marked"), [(OTHER, True), (KEY, False)])
def test_a_permanent_secret_is_not_replaced(value, marked):
    wanted, there = keeping(KEY, marked=marked)
    result = run([listed(there)], spec=wanted, secrets={"ENCRYPTION_KEY": value}, **PERMANENT)
    assert "it would lose the value of web.ENCRYPTION_KEY" in result["msg"]
    assert result["lost_secrets"] == ["web.ENCRYPTION_KEY"]
    assert value not in str(result)


def test_a_permanent_secret_is_not_taken_away():
    wanted, there = keeping(KEY)
    wanted["services"][0]["envs"] = []
    result = run([listed(there)], spec=wanted, **PERMANENT)
    assert "it would lose the value of web.ENCRYPTION_KEY" in result["msg"]


@pytest.mark.parametrize("secrets", [{"ENCRYPTION_KEY": KEY}, {}])
def test_a_permanent_secret_may_be_given_again_or_left_out(secrets):
    wanted, there = keeping(KEY)
    there["active_deployment"]["spec"] = there["spec"]
    assert run([listed(there)], spec=wanted, secrets=secrets, **PERMANENT)["changed"] is False


def test_a_permanent_secret_is_changed_when_that_is_meant():
    wanted, there = keeping(KEY)
    result = run([listed(there), proposed(there["spec"])], check=True, spec=wanted, secrets={"ENCRYPTION_KEY": OTHER})
    assert result["changed"] is True


def test_a_permanent_secret_can_be_given_a_first_value():
    wanted, _ = keeping(KEY)
    given = {"spec": wanted, "secrets": {"ENCRYPTION_KEY": KEY}, **PERMANENT}
    result = run([listed(app()), proposed(wanted)], check=True, **given)
    assert result["changed"] is True


@pytest.mark.parametrize(
    ("value", "marked", "lost"),
    [(KEY, True, []), (OTHER, True, ["web.ENCRYPTION_KEY"]), (KEY, False, ["web.ENCRYPTION_KEY"])],
)
def test_whether_an_app_would_lose_a_secret_is_told_by_those_who_only_look(value, marked, lost):
    """A place that the app does not have has nothing to lose."""
    _, there = keeping(KEY, marked=marked)
    given = {"web.ENCRYPTION_KEY": value, "web.OTHER": "x", "worker.ENCRYPTION_KEY": OTHER}
    params = {**dict.fromkeys(AppInfo.argument_spec()["argument_spec"]), "name": "clinic", "secrets": given}
    script = Script([listed(there, app(id="other", spec={**SPEC, "name": "other"}))])
    result = execute(scripted(AppInfo, api(script)), Invocation(params))
    assert result["lost_secrets"] == lost
    assert "EV[" not in str(result)


@pytest.mark.parametrize("check", [False, True])
def test_an_app_is_kept_with_the_data_that_would_go_with_it(check):
    """A development database has no cluster, and no backup."""
    spec = {**SPEC, "databases": [{"name": "db", "engine": "PG"}, {"name": "cache", "production": True}]}
    result = run([listed(app(spec=spec))], name="clinic", state="absent", check=check)
    assert "nothing was done: it holds the development database db; set force to true" in result["msg"]
    assert not result["changed"]
    assert writes(result) == []


def test_an_app_that_got_a_database_meanwhile_is_kept():
    spec = {**SPEC, "databases": [{"name": "db", "engine": "PG"}]}
    result = run([listed(app()), one(app(spec=spec))], name="clinic", state="absent")
    assert "it holds the development database db" in result["msg"]
    assert writes(result) == []
