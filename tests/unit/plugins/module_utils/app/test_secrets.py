# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of an app: what counts as changed, what is refused, what is shown."""

from __future__ import annotations

import base64
import copy
import hashlib
import json

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.plan import plan_spec
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import (
    KEPT,
    RENEWED,
    plaintexts,
    scrubbed,
)

SENTINEL = "pl4intext-s3ntinel"


def app(**parts):
    return {"name": "clinic", "services": [{"name": "web", **parts}]}


def envs(*items):
    return app(envs=list(items))


def secret(key="KEY", **more):
    return {"key": key, "type": "SECRET", **more}


def stored(spec):
    """What the API makes of it: secrets encrypted, each time differently."""
    text = json.dumps(spec)
    for number, value in enumerate((SENTINEL, "other", "third", "token")):
        text = text.replace(f': "{value}"', f': "EV[1:{number}:{len(text)}]"')
    return json.loads(text)


def created(spec, secrets):
    return stored(plan_spec(None, spec, secrets).spec)


def value(spec, key="KEY", name="web"):
    component = next((item for item in spec["services"] if item["name"] == name), {})
    return next(env.get("value") for env in component["envs"] if env["key"] == key)


def marks(spec):
    env = next((env for env in spec.get("envs", []) if env["key"] == "SECRET_FINGERPRINTS"), None)
    return json.loads(env["value"])["marks"] if env else {}


def test_the_same_value_is_no_change_and_another_one_is_sent_in_clear():
    there = created(envs(secret()), {"KEY": SENTINEL})
    assert value(there).startswith("EV[")
    again = plan_spec(there, envs(secret()), {"KEY": SENTINEL})
    assert not again.changed
    assert again.spec["services"] == there["services"]
    renewed = plan_spec(there, envs(secret()), {"KEY": "other"})
    assert renewed.changed
    assert value(renewed.spec) == "other"
    assert marks(renewed.spec) != marks(there)
    assert not plan_spec(stored(renewed.spec), envs(secret()), {"KEY": "other"}).changed


def test_what_is_no_text_is_sent_as_json():
    sent = plan_spec(None, envs(secret()), {"KEY": {"client": "x", "ok": True}}).spec
    assert value(sent) == '{"client": "x", "ok": true}'


def test_other_changes_send_the_encrypted_form_back_and_keep_the_fingerprint():
    there = created(envs(secret()), {"KEY": SENTINEL})
    moved = plan_spec(there, envs(secret(), {"key": "A", "value": "1"}), {"KEY": SENTINEL})
    assert value(moved.spec) == value(there)
    assert marks(moved.spec) == marks(there) != {}


def test_a_secret_that_somebody_else_set_counts_as_changed_when_given():
    there = envs(secret(value="EV[1:a:b]"))
    assert not plan_spec(there, envs(secret()), {}).changed
    assert value(plan_spec(there, envs(secret()), {"KEY": SENTINEL}).spec) == SENTINEL


def test_a_secret_that_is_gone_from_the_app_is_sent_although_its_fingerprint_is_there():
    there = created(envs(secret()), {"KEY": SENTINEL})
    there["services"][0]["envs"] = []
    assert value(plan_spec(there, envs(secret()), {"KEY": SENTINEL}).spec) == SENTINEL


def test_rotation_needs_no_spec():
    there = created(envs(secret()), {"KEY": SENTINEL})
    assert value(plan_spec(there, {"name": "clinic"}, {"KEY": "other"}).spec) == "other"


def test_the_encrypted_form_may_stand_in_the_spec_and_is_no_change_even_if_the_api_encrypts_again():
    there = envs(secret(value="EV[1:a:b]"))
    assert not plan_spec(there, envs(secret(value="EV[1:a:b]")), {}).changed
    other = plan_spec(there, envs(secret(value="EV[1:c:d]")), {})
    assert value(other.spec) == "EV[1:c:d]"
    again = json.loads(json.dumps(other.spec).replace("EV[1:c:d]", "EV[1:e:f]"))
    assert not plan_spec(again, envs(secret(value="EV[1:c:d]")), {}).changed


def test_a_reference_may_stand_in_the_spec():
    spec = envs(secret(value="${db.DATABASE_URL}"))
    sent = plan_spec(None, spec, {}).spec
    assert value(sent) == "${db.DATABASE_URL}"
    there = json.loads(json.dumps(sent).replace("${db.DATABASE_URL}", "EV[1:a:b]"))
    assert not plan_spec(there, spec, {}).changed


@pytest.mark.parametrize("spec", [envs(secret(value=SENTINEL)), {"name": "c", "envs": [secret(value=SENTINEL)]},
                                  app(image={"registry_type": "GHCR", "registry_credentials": SENTINEL}),
                                  app(log_destinations=[{"name": "dd", "datadog": {"api_key": SENTINEL}}]),
                                  envs(secret(value=f"postgres://u:{SENTINEL}@${{db.HOSTNAME}}"))])  # fmt: skip
def test_plaintext_in_the_spec_is_refused_and_not_repeated(spec):
    with pytest.raises(Failure, match=r"plaintext.*secrets\['") as refusal:
        plan_spec(None, spec, {})
    assert SENTINEL not in str(refusal.value)


@pytest.mark.parametrize(
    ("current", "spec", "secrets", "words"),
    [
        (None, envs(secret()), {}, "No value for secret web.KEY: there is no app yet"),
        (None, envs(secret()), {"KEY": ""}, "No value for secret web.KEY"),
        (envs(), envs(secret(), secret("B")), {}, "No value for secrets web.KEY, web.B: the app has none to keep"),
        (None, envs({"key": "KEY", "value": "x"}), {"KEY": SENTINEL}, "secrets names KEY, for which neither"),
        (None, envs(secret()), {"KEY": SENTINEL, "web.TYPO": "x"}, "secrets names web.TYPO"),
        (envs(secret(value="EV[1:a:b]")), envs({"key": "KEY", "value": "x"}), {}, "env web.KEY is SECRET in the app"),
        (envs(secret(value="EV[1:a:b]")), envs({"key": "KEY", "type": "GENERAL"}), {}, "KEY is SECRET in the"),
    ],
)
def test_refusals_are_one_sentence(current, spec, secrets, words):
    with pytest.raises(Failure) as refusal:
        plan_spec(current, spec, secrets)
    assert words in str(refusal.value)


def test_names_of_secrets():
    spec = {
        "name": "clinic",
        "envs": [secret()],
        "services": [{"name": "web", "envs": [secret(), secret("B")]}, {"name": "api", "envs": [secret()]}],
    }
    sent = plan_spec(None, spec, {"KEY": SENTINEL, "api.KEY": "other", "web.B": "third"}).spec
    assert sent["envs"][0]["value"] == SENTINEL
    assert (value(sent), value(sent, "B"), value(sent, name="api")) == (SENTINEL, "third", "other")
    assert set(marks(sent)) == {"KEY", "web.KEY", "web.B", "api.KEY"}


def test_an_env_without_type_becomes_a_secret_when_its_value_is_one_and_stays_one():
    sent = plan_spec(None, envs({"key": "KEY"}), {"KEY": SENTINEL}).spec
    assert sent["services"][0]["envs"] == [{"key": "KEY", "type": "SECRET", "value": SENTINEL}]
    there = stored(sent)
    assert not plan_spec(there, envs({"key": "KEY"}), {}).changed
    assert not plan_spec(there, envs({"key": "KEY", "value": value(there)}), {}).changed


def test_a_public_value_may_become_a_secret_with_what_it_holds():
    moved = plan_spec(envs({"key": "KEY", "value": "was public"}), envs(secret()), {})
    assert value(moved.spec) == "was public"
    assert moved.changed


HEADERS = [{"key": "Authorization"}, {"key": "X-Tenant"}]
LOGS = [
    {"name": "dd", "datadog": {}},
    {"name": "lt", "logtail": {}},
    {"name": "os", "open_search": {"endpoint": "https://x:1", "basic_auth": {"user": "u"}}},
    {"name": "own", "endpoint": "https://x:2", "headers": HEADERS},
]
TOKENS = {
    "web.log_destinations.dd.api_key": SENTINEL,
    "web.log_destinations.lt.token": SENTINEL,
    "web.log_destinations.os.password": SENTINEL,
    "web.log_destinations.own.headers.Authorization": SENTINEL,
    "web.log_destinations.own.headers.X-Tenant": SENTINEL,
    "ingress.secure_header.value": SENTINEL,
    "web.registry_credentials": SENTINEL,
    "web.KEY": SENTINEL,
}
GHCR = {"registry_type": "GHCR", "repository": "web"}
EVERYTHING = {
    **app(image=GHCR, log_destinations=LOGS, envs=[secret()]),
    "ingress": {"secure_header": {"key": "X-Origin"}},
}


def in_clear(spec):
    return copy.deepcopy(spec)


@pytest.mark.parametrize("answered", [stored, in_clear])
def test_no_secret_depends_on_whether_the_api_encrypts_it(answered):
    there = answered(plan_spec(None, EVERYTHING, TOKENS).spec)
    assert set(marks(there)) == set(TOKENS)
    for secrets in (TOKENS, {}):
        assert not plan_spec(there, EVERYTHING, secrets).changed
    for name in TOKENS:
        renewed = plan_spec(there, EVERYTHING, {**TOKENS, name: "other"})
        assert json.dumps(renewed.spec).count('"other"') == 1
        for shown in (renewed.before, renewed.after):
            assert not any(word in json.dumps(shown) for word in (SENTINEL, '"other"', "EV["))
        assert json.dumps(renewed.after).count(RENEWED) == 1
        assert not plan_spec(answered(renewed.spec), EVERYTHING, {**TOKENS, name: "other"}).changed
    shown = scrubbed({"spec": there, "pending_deployment": {"spec": there}})
    assert not any(word in json.dumps(shown) for word in (SENTINEL, "EV["))
    assert shown["spec"]["services"][0]["log_destinations"] == LOGS
    assert not plan_spec(there, shown["spec"], {}).changed, "a result may be given back"


def test_what_the_api_gives_in_clear_is_compared_with_what_somebody_else_has_set():
    """The fingerprint is that of the value which was given last: it would hide the change."""
    spec = app(log_destinations=[{"name": "dd", "datadog": {}}])
    given = {"web.log_destinations.dd.api_key": SENTINEL}
    there = plan_spec(None, spec, given).spec
    there["services"][0]["log_destinations"][0]["datadog"]["api_key"] = "theirs"
    plan = plan_spec(there, spec, given)
    assert plan.spec["services"][0]["log_destinations"][0]["datadog"]["api_key"] == SENTINEL


def test_credentials_are_for_one_registry():
    there = stored(plan_spec(None, app(image=GHCR), {"registry_credentials": "third"}).spec)
    hub = app(image={"registry_type": "DOCKER_HUB", "registry": "o", "repository": "web"})
    moved = plan_spec(there, hub, {})
    assert moved.spec["services"][0]["image"] == hub["services"][0]["image"]
    again = plan_spec(there, hub, {"registry_credentials": "third"}).spec
    assert again["services"][0]["image"]["registry_credentials"] == "third"


def test_the_plaintexts_of_an_answer_are_known_but_for_everyday_words():
    there = plan_spec(None, EVERYTHING, {**TOKENS, "web.log_destinations.own.headers.X-Tenant": "clinic"}).spec
    assert list(plaintexts({"apps": [{"spec": there}]})) == [SENTINEL] * (len(TOKENS) - 1)
    assert list(plaintexts({"apps": [{"spec": stored(there)}]})) == []


def test_credentials_and_tokens():
    spec = app(
        image={"registry_type": "GHCR", "repository": "web"},
        log_destinations=[{"name": "dd", "datadog": {}}, {"name": "os", "open_search": {"basic_auth": {"user": "u"}}}],
    )
    given = {
        "registry_credentials": "third",
        "web.log_destinations.dd.api_key": "token",
        "web.log_destinations.os.password": "other",
    }
    sent = plan_spec(None, spec, given).spec
    web = sent["services"][0]
    assert web["image"]["registry_credentials"] == "third"
    assert web["log_destinations"][0]["datadog"] == {"api_key": "token"}
    assert web["log_destinations"][1]["open_search"]["basic_auth"] == {"user": "u", "password": "other"}
    assert not plan_spec(stored(sent), spec, given).changed
    assert not plan_spec(stored(sent), spec, {}).changed
    ours = app(image={"registry_type": "DOCR", "repository": "web"})
    with pytest.raises(Failure, match="neither spec nor the app has a place"):
        plan_spec(None, ours, {"registry_credentials": "third"})


def test_the_fingerprints_env_is_ours_whatever_the_spec_says():
    there = created(envs(secret()), {"KEY": SENTINEL})
    for given in ([], [{"key": "SECRET_FINGERPRINTS", "value": "mine"}]):
        assert not plan_spec(there, {"name": "clinic", "envs": given}, {}).changed
    moved = plan_spec(there, {"name": "clinic", "envs": [{"key": "A", "value": "1"}]}, {})
    assert [env["key"] for env in moved.spec["envs"]] == ["A", "SECRET_FINGERPRINTS"]
    assert marks(moved.spec) == marks(there)
    gone = plan_spec(there, envs(), {})
    assert "envs" not in gone.spec, "without secrets there are no fingerprints"


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", "{}", '{"v":1,"salt":"?","marks":{}}', '{"v":1,"salt":"AAAA","marks":[]}']
)
def test_broken_fingerprints_are_none(text):
    there = created(envs(secret()), {"KEY": SENTINEL})
    there["envs"][0]["value"] = text
    assert plan_spec(there, envs(secret()), {"KEY": SENTINEL}).changed
    assert not plan_spec(there, envs(secret()), {}).changed


def test_fingerprints_of_another_version_are_none():
    there = created(envs(secret()), {"KEY": SENTINEL})
    there["envs"][0]["value"] = there["envs"][0]["value"].replace('"v":2', '"v":3')
    assert plan_spec(there, envs(secret()), {"KEY": SENTINEL}).changed


@pytest.fixture
def hashed(monkeypatch, real_price):
    """What was hashed, as (n, value)."""
    done = []
    scrypt = hashlib.scrypt

    def counted(value, **cost):
        done.append((cost["n"], value.decode()))
        return scrypt(value, **cost)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    return done


def test_a_run_without_a_change_pays_for_one_hash(hashed):
    spec = envs(*(secret(key) for key in ("A", "B", "C")))
    secrets = {"A": SENTINEL, "B": "other", "C": "third"}
    there = created(spec, secrets)
    for given in (secrets, {"A": SENTINEL, "B": "other"}, {"A": SENTINEL, "C": "third"}):
        hashed.clear()
        assert not plan_spec(there, spec, given).changed
        assert [n for n, _value in hashed] == [2**15]
    # Only when that does not match is each looked at, and what changed is told from what did not.
    hashed.clear()
    assert not plan_spec(there, spec, {"A": SENTINEL}).changed
    assert hashed[1:] == [(2**15, SENTINEL)]
    assert value(plan_spec(there, spec, {**secrets, "B": "token"}).spec, "A").startswith("EV[")
    assert value(plan_spec(there, spec, {**secrets, "B": "token"}).spec, "B") == "token"


def test_a_prediction_hashes_nothing_that_it_does_not_compare(hashed):
    spec, secrets = envs(secret(), secret("B")), {"KEY": SENTINEL, "B": "other"}
    sent, predicted = plan_spec(None, spec, secrets), plan_spec(None, spec, secrets, predict=True)
    # Each, both together, and each alone, in case the other is not given again.
    assert len(hashed) == 5
    assert (predicted.before, predicted.after, predicted.changed) == (sent.before, sent.after, True)


def test_what_two_components_swap_is_a_change():
    spec = app(envs=[secret()])
    spec["services"].append({"name": "api", "envs": [secret()]})
    there = created(spec, {"web.KEY": SENTINEL, "api.KEY": "other"})
    assert not plan_spec(there, spec, {"web.KEY": SENTINEL, "api.KEY": "other"}).changed
    assert plan_spec(there, spec, {"web.KEY": "other", "api.KEY": SENTINEL}).changed


def test_fingerprints_of_the_former_price_hold_until_the_spec_is_written(hashed):
    spec = envs(secret(), secret("B"))
    there = created(spec, {"KEY": SENTINEL, "B": "other"})
    salt = base64.b64encode(b"twelve bytes").decode()
    old = {
        f"web.{key}": hashlib.scrypt(
            text.encode(), salt=b"twelve bytes" + key.encode(), n=2**12, r=8, p=1, dklen=4
        ).hex()
        for key, text in (("KEY", SENTINEL), ("B", "other"))
    }
    there["envs"][0]["value"] = json.dumps({"v": 1, "salt": salt, "marks": old})
    hashed.clear()
    assert not plan_spec(there, spec, {"KEY": SENTINEL, "B": "other"}).changed
    assert {n for n, _value in hashed} == {2**12}
    assert plan_spec(there, spec, {"KEY": "third"}).changed
    # With another change, what is known gets a new mark; what is not keeps its old one.
    written = plan_spec(there, envs(secret(), secret("B"), {"key": "A", "value": "1"}), {"KEY": SENTINEL}).spec
    assert marks(written)["web.B"] == old["web.B"]
    assert marks(written)["web.KEY"].startswith("15:")
    assert value(written).startswith("EV[")
    again = envs(secret(), secret("B"), {"key": "A", "value": "1"})
    assert not plan_spec(written, again, {"KEY": SENTINEL, "B": "other"}).changed


def test_a_weak_secret_is_told_when_it_is_set_and_not_again():
    spec, secrets = envs(secret(), secret("B")), {"KEY": "other", "B": "q8ZrT2mWx5Lk9VbN"}
    plan = plan_spec(None, spec, secrets)
    assert plan.weak == [
        "The secret KEY has 5 characters, 12 are the least: whoever may read the app's spec can find "
        "it by trying. Give a random one, such as openssl rand -base64 32 prints."
    ]
    assert plan_spec(stored(plan.spec), spec, {"KEY": "other"}).weak == []


def test_fingerprints_say_little(real_price):
    spec = envs(*(secret(f"K{number}") for number in range(5)))
    secrets = {f"K{number}": f"{SENTINEL}{number}" for number in range(5)}
    sent = plan_spec(None, spec, secrets).spec
    env = sent["envs"][0]
    assert (env["type"], env["scope"]) == ("GENERAL", "BUILD_TIME")
    assert SENTINEL not in env["value"]
    assert " " not in env["value"]
    assert {mark.split(":")[0] for mark in marks(sent).values()} == {"15"}
    assert {len(mark.split(":")[1]) for mark in marks(sent).values()} == {8}, "32 bits in hexadecimal"
    other = plan_spec(None, spec, secrets).spec
    assert marks(other) != marks(sent), "each app has a salt of its own"
    same = plan_spec(None, envs(secret("A"), secret("B")), {"A": SENTINEL, "B": SENTINEL}).spec
    assert len(set(marks(same).values())) == 2, "equal secrets of different names look different"


def test_a_diff_and_a_result_hold_no_secret():
    there = created(envs(secret(), secret("B")), {"KEY": SENTINEL, "B": "other"})
    plan = plan_spec(there, envs(secret(), secret("B"), {"key": "A", "value": "1"}), {"KEY": "third", "B": "other"})
    shown = json.dumps([plan.before, plan.after])
    for word in (SENTINEL, "other", "third", "EV[", "SECRET_FINGERPRINTS"):
        assert word not in shown
    place = "services[web].envs[KEY].value"
    assert (plan.before[place], plan.after[place]) == (KEPT, RENEWED)
    assert plan_spec(None, envs(secret()), {"KEY": SENTINEL}).after[place] == RENEWED
    result = json.dumps(scrubbed({"spec": plan.spec, "active_deployment": {"spec": there}, "services": []}))
    for word in ("third", "EV[", "SECRET_FINGERPRINTS", '"envs": []'):
        assert word not in result


def test_planning_changes_nothing_of_what_it_is_given():
    there, spec = created(envs(secret()), {"KEY": SENTINEL}), envs(secret(), {"key": "A", "value": 1})
    before = copy.deepcopy((there, spec))
    plan_spec(there, spec, {"KEY": "other"})
    assert (there, spec) == before
