# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value of a wrong kind is told in a sentence, for every option of every module."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.arguments import misfits
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module

HERE = "ansible_collections.fisioflow.digitalocean.plugins.modules"
ROOT = Path(__file__).parents[5]
VALUES = (True, 5, 1.5, "text", "", "a=b", [], {}, [True], [5], ["x"], [[1]], [{}], [None], {"a": 1}, None)
Args = dict[str, Any]


def modules() -> Iterator[type[Module]]:
    for path in sorted((ROOT / "plugins" / "modules").glob("*.py")):
        found = getattr(import_module(f"{HERE}.{path.stem}"), "".join(map(str.title, path.stem.split("_"))), None)
        if found is not None:
            yield found


def arguments(spec: Args, inside: Callable[[Args], Args]) -> Iterator[Args]:
    """Each value for each option, at every depth."""
    for name, rule in spec.items():
        yield from (inside({name: value}) for value in VALUES)
        if rule.get("options"):
            is_list = rule["type"] == "list"
            yield from arguments(
                rule["options"], lambda args, name=name, is_list=is_list: inside({name: [args] if is_list else args})
            )


@pytest.mark.parametrize("module", list(modules()), ids=lambda module: module.__name__)
def test_no_value_ends_in_the_words_of_python(module: type[Module]) -> None:
    rules = module.argument_spec()
    for given in arguments(rules["argument_spec"], lambda args: args):
        told = misfits(rules["argument_spec"], given)
        told = told or ArgumentSpecValidator(**rules).validate(given).error_messages
        assert not [text for text in told if "<class" in text or "NoneType" in text], (given, told)


SPEC: Args = {
    "secret": {"type": "dict", "no_log": True},
    "wait": {"type": "bool", "default": True},
    "count": {"type": "int"},
    "storage": {"type": "dict", "options": {"rules": {"type": "list", "elements": "dict", "options": {"on": {}}}}},
}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"secret": 5}, "The value of secret must be a dictionary, not a number."),
        ({"wait": None}, "The option wait has no value: leave it out, or give true or false."),
        ({"storage": True}, "The value of storage must be a dictionary, not true or false."),
        ({"storage": {"rules": {"on": 1}}}, "The value of storage.rules must be a list, not a dictionary."),
        ({"storage": {"rules": [{}, 7]}}, "The value of storage.rules[1] must be a dictionary, not a number."),
        ({"storage": {"rules": [{"on": []}]}}, "The value of storage.rules[0].on must be text, not a list."),
    ],
)
def test_the_place_and_what_it_takes(given: Args, told: str) -> None:
    assert misfits(SPEC, given) == [told]


@pytest.mark.parametrize("given", [{"count": None, "storage": None}, {"wait": "no", "count": "5", "secret": "a=b"}, {}])
def test_what_ansible_can_make_something_of_is_left_to_it(given: Args) -> None:
    assert misfits(SPEC, given) == []


def test_an_ordinary_module_says_it_without_its_arguments(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Some(Module):
        options = SPEC

        @classmethod
        def argument_spec(cls) -> Args:
            return {"argument_spec": SPEC}

    given = {"ANSIBLE_MODULE_ARGS": {"secret": {"a": "s3cret"}, "storage": True}}
    monkeypatch.setattr(basic, "_load_params", lambda: given["ANSIBLE_MODULE_ARGS"])
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(SystemExit):
        run_module(Some)
    printed = capsys.readouterr().out
    told = "The value of storage must be a dictionary, not true or false."
    assert json.loads(printed) == {"failed": True, "msg": told}
