# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The law of resource modules, point by point, for every module of the table."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

import pytest

from tests.integration.harness.meddling import TWIN, TWIN_NUMBER
from tests.integration.harness.steps import Outcome, Run, assert_sentence
from tests.integration.law.story import CREATE_FAULTS, tell
from tests.integration.law.table import TABLE, Law
from tests.localcloud_fixtures import LocalCloud

Test = TypeVar("Test", bound=Callable[..., None])

MODULES = "ansible_collections.fisioflow.digitalocean.plugins.modules"


@dataclass(frozen=True, repr=False)
class Story:
    law: Law
    run: Run
    violations: list[dict[str, Any]]
    # Names of somebody else's things that it touched.
    harmed: list[str]

    def __repr__(self) -> str:
        return f"the story of {self.law.module}"

    def __getitem__(self, name: str) -> Outcome:
        return self.run[name]

    def good(self, name: str) -> Outcome:
        """The outcome of a step that must have succeeded."""
        return self.run.good(name)

    def resource(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.good(name).result[self.law.module]
        return found

    @property
    def resource_class(self) -> Any:
        name = "".join(part.title() for part in self.law.module.split("_"))
        return getattr(import_module(f"{MODULES}.{self.law.module}"), name)


_told: dict[str, Story] = {}


def applies_to(condition: Callable[[Law], object]) -> Callable[[Test], Test]:
    """A point that means something only for some modules, such as deletion for what can be deleted."""

    def mark(test: Test) -> Test:
        test.applies_to = condition  # type: ignore[attr-defined]
        return test

    return mark


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for every point and module, less the points that a module is exempt from."""
    if "story" not in metafunc.fixturenames:
        return
    number = re.match(r"test_(\d+)_", metafunc.function.__name__)
    condition = getattr(metafunc.function, "applies_to", lambda _: True)
    laws = [law for law in TABLE if condition(law) and not (number and int(number[1]) in law.exempt)]
    metafunc.parametrize(
        "story",
        [pytest.param(law, id=law.module, marks=pytest.mark.xdist_group(f"law-{law.module}")) for law in laws],
        indirect=True,
    )


@pytest.fixture
def story(request: pytest.FixtureRequest, localcloud: LocalCloud) -> Story:
    """Told once for all points, so that a module costs one run."""
    law: Law = request.param
    if law.module not in _told:
        run, harmed = tell(law, localcloud)
        _told[law.module] = Story(law, run, localcloud.admin.violations(), harmed)
        localcloud.admin.forget_violations()
    return _told[law.module]


def test_01_first_run_creates_and_every_path_has_one_shape(story: Story) -> None:
    assert story.good("create").changed
    paths = ["create: check", "create", "create: again", "create: again, check", "identity alone"]
    paths += [f"update {index}{path}" for index in range(len(story.law.updates)) for path in (": check", "", ": again")]
    on_demand = {name for name, attribute in story.resource_class.attributes.items() if attribute.on_demand}
    # What is told once is there once.
    on_demand |= set(story.resource_class.reveals)
    shapes = {path: sorted(set(story.resource(path)) - on_demand) for path in paths}
    assert {path: shape for path, shape in shapes.items() if shape != shapes["create"]} == {}
    assert set(story.resource("create")) == set(story.resource("create: check"))
    for path in ("absent: check", "absent", "absent: again") if story.law.deletes else ():
        assert story.resource(path) == {}


def test_02_second_run_sends_no_write(story: Story) -> None:
    for name in [
        "create: again",
        "create: again, check",
        *(f"update {index}: again" for index in range(len(story.law.updates))),
    ]:
        assert (story.good(name).changed, story[name].write_list) == (False, []), name


def test_03_check_mode_predicts_and_writes_nothing(story: Story) -> None:
    names = ["create", *(f"update {index}" for index in range(len(story.law.updates)))]
    if story.law.deletes:
        names.append("absent")
    for name in names:
        predicted, real = story.good(f"{name}: check"), story.good(name)
        assert predicted.write_list == [], name
        assert (predicted.changed, predicted.result["diff"]) == (real.changed, real.result["diff"]), name
        assert real.changed, name


def test_04_diff_shows_the_managed_attributes_only(story: Story) -> None:
    managed = set(story.resource_class.attributes)
    for name, outcome in story.run.outcomes.items():
        if outcome.status == "ok" and not name.startswith("need "):
            diff = outcome.result["diff"]
            assert set(diff) == {"before", "after"}, name
            assert set(diff["before"]) | set(diff["after"]) <= managed, name
    again = story["create: again"].result["diff"]
    assert again["before"] == again["after"]


def test_05_what_is_left_out_is_left_alone(story: Story) -> None:
    alone = story.good("identity alone")
    assert (alone.changed, alone.write_list) == (False, [])
    attributes = story.resource_class.attributes
    before = story.resource("create: again")
    for index, update in enumerate(story.law.updates):
        after = story.resource(f"update {index}: again")
        for name, attribute in attributes.items():
            if name not in update.args and not attribute.on_demand:
                was, now = attribute.normal(before.get(name)), attribute.normal(after.get(name))
                assert now == was, f"update {index}: {name}"
        before = after


def test_06_changes_in_place_by_the_right_call(story: Story) -> None:
    key = story.resource_class.kind.key
    for index, update in enumerate(story.law.updates):
        outcome = story.good(f"update {index}")
        # A write whose answer was lost is sent again.
        calls = list(dict.fromkeys(outcome.write_list))
        assert len(calls) == len(update.calls), calls
        assert all(fnmatch.fnmatchcase(call, wanted) for call, wanted in zip(calls, update.calls, strict=True)), calls
        assert outcome.result[story.law.module].get(key) == story.resource("create").get(key)


def test_06_refuses_what_cannot_change_before_any_write(story: Story) -> None:
    attributes = story.resource_class.attributes
    for name, value in story.law.fixed.items():
        outcome = story[f"fixed {name}"]
        assert (outcome.status, outcome.write_list) == ("failed", []), name
        is_now = attributes[name].normal(story.resource("create")[name])
        for part in (name, str(is_now), str(attributes[name].normal(value)), attributes[name].fixed.rstrip(".")):
            assert part in outcome.message
        assert_sentence(outcome.message)


def test_06_table_speaks_about_every_attribute(story: Story) -> None:
    law = story.law
    told = {*law.fixed, *law.identity, *law.elsewhere, *(name for update in law.updates for name in update.args)}
    attributes = story.resource_class.attributes
    assert set(attributes) <= told
    assert {name for name in attributes if attributes[name].fixed} - set(law.fixed) - set(law.elsewhere) == set()


@applies_to(lambda law: law.deletes)
def test_07_absent_deletes_once(story: Story) -> None:
    gone = story.good("absent")
    assert gone.changed
    # Twice in use, then gone.
    assert [fnmatch.fnmatchcase(call, story.law.deletes) for call in gone.write_list] == [True] * 3
    for name in ("absent: again", "absent: again, check"):
        assert (story.good(name).changed, story[name].write_list) == (False, []), name
    # Deleted although the answer was lost: the second DELETE finds nothing, which is as good.
    for name in CREATE_FAULTS if story.law.creates else ():
        assert story.good(f"after {name}: absent").changed
        assert story.good(f"after {name}: absent").result[story.law.module] == {}


@applies_to(lambda law: law.table)
def test_08_two_of_one_name_are_an_error(story: Story) -> None:
    twins = story["twins"]
    assert (twins.status, twins.write_list) == ("failed", [])
    own = story.resource("before twins")[story.resource_class.kind.key]
    for key in (TWIN_NUMBER if isinstance(own, int) else TWIN, own):
        assert str(key) in twins.message
    assert_sentence(twins.message)


def test_08_equal_values_are_no_difference(story: Story) -> None:
    for index in range(len(story.law.same)):
        outcome = story.good(f"same {index}")
        assert (outcome.changed, outcome.write_list) == (False, []), outcome.result.get("diff")


@applies_to(lambda law: law.creates)
def test_09_errors_are_one_sentence(story: Story) -> None:
    refused = story["refused"]
    assert refused.status == "failed"
    for part in ("create", story.resource_class.kind.noun, "422", "request id"):
        assert part in refused.message
    assert_sentence(refused.message)
    forbidden = story["forbidden"]
    assert forbidden.status == "failed"
    assert re.search(story.law.forbidden_says, forbidden.message), forbidden.message
    assert_sentence(forbidden.message)


def test_10_no_fault_creates_twice(story: Story) -> None:
    assert story.good("read through faults").changed is False
    for name in CREATE_FAULTS if story.law.creates else ():
        assert story.good(f"create with {name}").changed
        again = story.good(f"create with {name}: again")
        assert (again.changed, again.write_list) == (False, []), name
        shape = set(story.resource("create")) - set(story.resource_class.reveals)
        assert set(again.result[story.law.module]) == shape, name


@applies_to(lambda law: law.slow)
def test_11_waits_are_bounded(story: Story) -> None:
    late = story["slow: timeout"]
    assert late.status == "failed"
    assert re.search(r"was still \S.* after 1 s \(wait_timeout\)\. \S", late.message), late.message
    assert late.changed
    # The next run keeps waiting and sets what only a usable resource takes, but creates nothing again.
    again = story.good("slow: again")
    assert story.law.creates not in again.write_list


def test_12_no_secret_is_printed(story: Story, localcloud: LocalCloud) -> None:
    secrets = {*story.run.secrets, *story.law.secrets, localcloud.token}
    assert [secret for secret in secrets if secret in story.run.printed] == []


def test_contract_is_kept(story: Story) -> None:
    assert story.violations == []


def test_nothing_of_others_is_touched(story: Story) -> None:
    assert story.harmed == []
