# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as a secret, and that none gets out."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import secrets as secrets_module
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import VPC
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets, is_secret, scrub
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation, Module, execute

CLUSTER = {
    "id": "1",
    "connection": {"host": "h", "password": "Pa55word-one", "uri": "postgres://u:Pa55word-two@h:1/d"},
    "users": [{"name": "u", "password": "Pa55word-three"}],
}


def test_scrub_removes_secrets_at_any_depth() -> None:
    assert scrub(CLUSTER) == {"id": "1", "connection": {"host": "h"}, "users": [{"name": "u"}]}


@pytest.mark.parametrize(
    ("key", "value", "secret"),
    [
        ("password", "x", True),
        ("secret_key", "x", True),
        ("uri", "rediss://default:x@h:1", True),
        ("uri", "https://example.com/a:b@c", False),
        ("uri", "/path", False),
        ("name", "password", False),
        ("uri", "redis://default:${cache.PASSWORD}@h", False),
        ("uri", "redis://default:x${cache.PASSWORD}@h", True),
        ("msg", "see https://a:b@c", False),
        ("password", None, False),
    ],
)
def test_is_secret(key: str, value: Any, secret: bool) -> None:
    assert is_secret(key, value) is secret


def test_learnt_values_are_masked_everywhere() -> None:
    secrets = Secrets({"option-secret"})
    secrets.learn(CLUSTER)
    said = {"msg": "no Pa55word-one, Pa55word-two, Pa55word-three, option-secret", "list": ["Pa55word-one"]}
    assert "Pa55word" not in str(secrets.mask(said))
    assert "option-secret" not in str(secrets.mask(said))


MESSAGE = 'Could not turn on an app: the API answered 422 "value {} is bad" (state=on). A name has to end in a letter.'


@pytest.mark.parametrize("short", ["a", "on", "1", "app", "name", "s3cret"])
def test_a_short_secret_leaves_sentences_readable(short: str) -> None:
    """One that is a word of the language is hidden where it stands as a value; letters of other words stay."""
    said = {"msg": MESSAGE.format(repr(short)), "changed": True, "count": 1, "secret": short}
    masked = Secrets({short}).mask(said)
    assert masked["secret"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert (masked["changed"], masked["count"]) == (True, 1)
    assert f"'{short}'" not in masked["msg"]
    assert "'********'" in masked["msg"]
    words = ["Could", "not", "turn", "on", "an", "app:", "the", "API", "answered", "422"]
    assert masked["msg"].split()[: len(words)] == words
    assert masked["msg"].endswith("has to end in a letter.")


@pytest.mark.parametrize(
    ("secret", "text", "masked"),
    [
        ("hunter2", "FATAL: hunter2 was rejected", "FATAL: ******** was rejected"),
        ("hunter2", "hunter22 and xhunter2", "hunter22 and xhunter2"),
        ("a-long-secret", "xa-long-secretx", "x********x"),
        ("on", "postgres://u:on@h/d", "postgres://u:********@h/d"),
        ("longer-secret", "longer-secret-longest", "********-longest"),
    ],
)
def test_where_a_secret_counts_as_one(secret: str, text: str, masked: str) -> None:
    assert Secrets({secret}).mask([text]) == [masked]


def test_the_longest_secret_is_masked_first_and_numbers_as_well() -> None:
    secrets = Secrets({"longer-secret", "longer-secret-longest", "12345678"})
    assert secrets.mask(["is longer-secret-longest", 12345678, 123456789]) == [
        "is ********",
        "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER",
        123456789,
    ]


def test_core_is_told_of_what_it_may_mask_by_its_own_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """ansible-core 2.22 masks what is registered wherever it stands, so a short secret is kept from it."""
    told: list[str] = []
    monkeypatch.setattr(secrets_module, "register_secrets", told.extend)
    secrets = Secrets()
    secrets.learn({**CLUSTER, "secret_key": "on"})
    secrets.hide("Pa55word-four", "a")
    assert sorted(told) == [
        "Pa55word-four",
        "Pa55word-one",
        "Pa55word-three",
        "Pa55word-two",
        "postgres://u:Pa55word-two@h:1/d",
    ]


class Leaky(Module):
    """Puts secrets where they do not belong."""

    kind = VPC
    reveals = {"secret_key": "rotate it"}

    def run(self) -> dict[str, Any]:
        self.secrets.learn({"secret_key": "K3y-secret", "password": "Pa55word-one"})
        self.warn("beware of Pa55word-one")
        self.progress("doing Pa55word-one")
        if self.params["fail"]:
            raise Failure("It failed because of Pa55word-one.")
        return {
            "changed": True,
            "diff": {"after": {"x": "K3y-secret"}},
            "vpc": {"secret_key": "K3y-secret", "password": "Pa55word-one", "note": "Pa55word-one"},
        }


def test_results_warnings_progress_and_failures_are_masked() -> None:
    said: list[str] = []
    for fail in (False, True):
        result = execute(
            Leaky, Invocation({"name": "n", "fail": fail}, hidden=True, warn=said.append, progress=said.append)
        )
        assert "Pa55word" not in str(result) + str(said)
        assert len(said) == (4 if fail else 2)
        if not fail:
            # What is told only once is in the result of a task that hides it: where it belongs, and nowhere else.
            assert result["vpc"] == {"secret_key": "K3y-secret", "note": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}
            assert "K3y-secret" not in str(result["diff"])


def test_a_task_that_shows_its_result_gets_no_secret() -> None:
    said: list[str] = []
    result = execute(Leaky, Invocation({"name": "n", "fail": False}, warn=said.append))
    assert "K3y-secret" not in str(result) + str(said)
    assert result["vpc"] == {"note": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"}
    assert said[-1] == (
        "The secret_key of the VPC is left out of the result, which this task would show: set no_log: "
        "true for it. The API tells it only once; to get another, rotate it."
    )


def test_passwords_among_the_options_are_hidden_from_what_ansible_shows() -> None:
    """The set is Ansible's own: it masks the options by it, in verbose runs."""
    ansibles = {"option-secret"}
    execute(
        Leaky,
        Invocation(
            {"fail": True, "name": "n", "url": "https://me:Pa55word-four@h", "l": [{"a": "b:c@d"}]},
            secrets=Secrets(ansibles),
        ),
    )
    assert ansibles == {"option-secret", "Pa55word-four", "https://me:Pa55word-four@h"}
