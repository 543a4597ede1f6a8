# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets: encrypted on first submission, kept when they come back, never shown."""

from __future__ import annotations

import json

import pytest

from localcloud.resources.apps import secrets

SENTINEL = "sentinel-K7vQ"


def _secret(key="TOKEN", value=SENTINEL):
    return {"key": key, "value": value, "type": "SECRET"}


def _everything_secret(cloud):
    image = {"registry_type": "GHCR", "registry": "x", "repository": "web", "registry_credentials": f"me:{SENTINEL}"}
    return cloud.with_service(image=image, envs=[_secret()]) | {"envs": [_secret("OTHER")]}


def _values(spec):
    (service,) = spec["services"]
    return [spec["envs"][0]["value"], service["envs"][0]["value"], service["image"]["registry_credentials"]]


def test_no_answer_ever_shows_a_secret(cloud):
    spec = _everything_secret(cloud)
    app = cloud.create(spec)
    answers = [
        app,
        cloud.app(app["id"]),
        cloud.ok("GET", "/apps"),
        cloud.ok("POST", "/apps/propose", {"spec": {**spec, "name": "other"}}),
        cloud.update(app["id"], spec),
        *(cloud.ok("GET", f"/apps/{app['id']}/{path}") for path in ("deployments", "events", "alerts", "instances")),
    ]
    assert SENTINEL not in json.dumps(answers)
    assert all(secrets.ENCRYPTED.fullmatch(value) for value in _values(app["spec"]))


def test_tokens_of_log_destinations_come_back_as_they_were_sent(cloud):
    login = {"user": "me", "password": SENTINEL}
    logs = [
        {"name": "one", "datadog": {"api_key": SENTINEL}},
        {"name": "two", "logtail": {"token": SENTINEL}},
        {"name": "three", "open_search": {"endpoint": "https://x:1", "basic_auth": login}},
    ]
    spec = cloud.with_service(log_destinations=logs)
    app = cloud.create(spec)
    assert app["spec"]["services"][0]["log_destinations"] == logs
    assert cloud.update(app["id"], spec)["spec"]["services"][0]["log_destinations"] == logs


def test_an_encrypted_value_is_kept_as_it_is(cloud):
    app = cloud.create(_everything_secret(cloud))
    assert _values(cloud.update(app["id"], app["spec"])["spec"]) == _values(app["spec"])


def test_the_runtime_can_read_it(cloud):
    app = cloud.create(_everything_secret(cloud))
    found = [secrets.reveal(cloud.world, app["id"], value) for value in _values(app["spec"])]
    assert found == [SENTINEL, SENTINEL, f"me:{SENTINEL}"]
    environment = secrets.plain_environment(cloud.world, app["id"], app["spec"], app["spec"]["services"][0])
    assert environment == {"OTHER": SENTINEL, "TOKEN": SENTINEL}


def test_equal_secrets_do_not_look_equal(cloud):
    spec = cloud.create(cloud.spec(envs=[_secret("A"), _secret("B")]))["spec"]
    assert spec["envs"][0]["value"] != spec["envs"][1]["value"]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_value_of_another_app_is_refused(cloud, method):
    foreign = cloud.create(cloud.spec(name="foreign", envs=[_secret()]))["spec"]["envs"]
    path = "/apps" if method == "POST" else f"/apps/{cloud.create(cloud.spec())['id']}"
    message = cloud.refused(method, path, {"spec": cloud.spec(name="mine", envs=foreign)})
    assert 'field "envs.value"' in message
    assert "was not issued for this app" in message


@pytest.mark.parametrize("value", ["EV[1:AAAA:AAAA]", "EV[1:not base64]", "EV[2:AAAA:AAAA]", "EV["])
def test_a_made_up_value_is_refused(cloud, value):
    cloud.refused("POST", "/apps", {"spec": cloud.spec(envs=[_secret(value=value)])})


def test_a_proposed_spec_can_be_created_as_it_came_back(cloud):
    proposed = cloud.ok("POST", "/apps/propose", {"spec": cloud.spec(envs=[_secret()])})["spec"]
    app = cloud.create(proposed)
    assert secrets.reveal(cloud.world, app["id"], app["spec"]["envs"][0]["value"]) == SENTINEL


def test_a_secret_that_is_left_out_is_lost(cloud):
    app = cloud.create(cloud.spec(envs=[_secret()]))
    spec = cloud.update(app["id"], cloud.spec(envs=[{"key": "TOKEN", "type": "SECRET"}]))["spec"]
    assert spec["envs"] == [{"key": "TOKEN", "type": "SECRET", "scope": "RUN_AND_BUILD_TIME"}]


def test_a_general_variable_stays_readable(cloud):
    spec = cloud.create(cloud.spec(envs=[{"key": "A", "value": "plain"}]))["spec"]
    assert spec["envs"][0]["value"] == "plain"


def test_secrets_survive_a_restart(cloud):
    app = cloud.create(cloud.spec(envs=[_secret()]))
    saved = json.loads(json.dumps(cloud.world.dump()))
    cloud.shared.reset()
    cloud.world.load(saved)
    assert cloud.update(app["id"], app["spec"])["spec"]["envs"] == app["spec"]["envs"]
