# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources against scripted sequences of requests: a plain one, a child, a singleton and a slow one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import NUMBER, Kind
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import LOOKS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import compare
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
    patches,
    puts,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, Invocation, execute
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Resource
from tests.unit.plugins.module_utils.scripted import Script, answer, api, error, lost, scripted

ID = "5a4981aa-9653-4bd1-bef5-d6bff52042e4"
FARM = Kind("farm", "farm", "/farms", "farm", "farms", short="farm")
COW = Kind("cow", "cow", "/farms/{parent}/cows", "cow", "cows", key="name", parent=FARM)
FENCE = Kind("fence", "fence of farm", "/farms/{parent}/fence", "fence", parent=FARM, singleton=True)


class Farm(Resource):
    kind = FARM
    options = {"id": {"type": "str"}}
    attributes = {
        "name": Attribute(),
        "place": Attribute(fixed="build another farm there.", needed=True),
        "size": Attribute("int"),
        "hours": Attribute(normal=compare.time_of_day, at_creation=False),
    }
    computed = {"id": UNKNOWN, "status": UNKNOWN}
    ready = frozenset({"online"})
    failed = frozenset({"burnt"})

    @changes("size")
    def resize(self, change: Change) -> None:
        self.api.put(f"{self.location(change.current)}/resize", change.values)

    patch = patches("name", "hours")


class Cow(Resource):
    kind = COW
    attributes = {"name": Attribute(fixed="none"), "colour": Attribute()}
    computed = {}
    paint = puts("colour", answered=False)


class Fence(Resource):
    kind = FENCE
    states = ("present",)
    attributes = {"posts": Attribute()}
    computed = {}

    @changes("posts")
    def put(self, change: Change) -> None:
        self.api.put(self.kind.collection(self.parent_id), change.values)


class Barn(Resource):
    kind = Kind("barn", "barn", "/barns", "barn", "barns", key="name")
    attributes = {"name": Attribute(fixed="none"), "hay": Attribute(), "roof": Attribute(), "door": Attribute()}
    computed = {}

    @changes("roof", "hay", "door", one_by_one=True)
    def put(self, change: Change) -> Any:
        (name,) = change.differing
        self.api.put(f"{self.location(change.current)}/{name}", change.values)
        return change.differing


class Well(Resource):
    """One whose id is a number, as Droplets' are."""

    kind = Kind("well", "well", "/wells", "well", "wells", ids=NUMBER, short="well")
    options = {"id": {"type": "str"}}
    attributes = {"name": Attribute(fixed="none")}


class Bucket(Resource):
    kind = Kind("bucket", "bucket", "/wells/{parent}/buckets", "bucket", "buckets", key="name", parent=Well.kind)
    attributes = {"name": Attribute(fixed="none")}
    computed = {}


def run(
    resource_class: type[Resource],
    exchanges: list[tuple[str, Any]],
    *,
    check: bool = False,
    forever: tuple[str, Any] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """The result, and the log of requests under `sent`. The script must be played to its end."""
    script = Script(exchanges, forever)
    spec = resource_class.argument_spec()["argument_spec"]
    names = [*spec, *resource_class.attributes]
    params = {**dict.fromkeys(names), "state": "present", "wait": True, "wait_timeout": 600, **options}
    account = api(script)

    warnings: list[str] = []
    result = execute(
        scripted(resource_class, account), Invocation(params, check_mode=check, diff=True, warn=warnings.append)
    )
    script.done()
    return {**result, "sent": [(line, body) for line, _, body in script.sent], "warnings": warnings}


def farm(**values: Any) -> dict[str, Any]:
    return {"id": ID, "name": "a", "place": "x", "size": 1, "hours": "04:00:00", "status": "online", **values}


def one(**values: Any) -> Any:
    return answer(200, {"farm": farm(**values)})


def page(*farms: dict[str, Any]) -> Any:
    return answer(200, {"farms": list(farms)})


LIST, GET = "GET /farms", f"GET /farms/{ID}"


def test_creates_waits_and_sets_the_rest() -> None:
    result = run(
        Farm,
        [
            (LIST, page()),
            ("POST /farms", answer(201, {"farm": farm(status="new", hours="00:00")})),
            (GET, error(404)),
            (GET, one(status="new", hours="00:00")),
            (GET, one(hours="00:00")),
            (f"PATCH /farms/{ID}", one()),
            (GET, one()),
        ],
        name="a",
        place="x",
        hours="4:00",
    )
    assert result["changed"]
    assert result["farm"] == farm()
    assert result["diff"] == {"before": {}, "after": {"name": "a", "place": "x", "hours": "04:00"}}
    assert result["sent"][1] == ("POST /farms", {"name": "a", "place": "x"})
    assert result["sent"][5] == (f"PATCH /farms/{ID}", {"hours": "4:00"})


def test_check_mode_predicts_creation() -> None:
    result = run(Farm, [(LIST, page())], check=True, name="a", place="x", hours="4:00")
    assert result["farm"] == {
        "id": UNKNOWN,
        "status": UNKNOWN,
        "name": "a",
        "place": "x",
        "size": None,
        "hours": "4:00",
    }
    assert result["diff"] == {"before": {}, "after": {"name": "a", "place": "x", "hours": "04:00"}}


def test_check_mode_knows_an_id_that_another_task_has_predicted() -> None:
    result = run(Farm, [], check=True, id=UNKNOWN, name="a", place="x")
    assert (result["changed"], result["farm"]["id"]) == (True, UNKNOWN)


def test_says_what_creation_lacks() -> None:
    assert run(Farm, [(LIST, page())], name="a")["msg"] == 'Farm "a" does not exist: to create it, set also place.'


def test_unchanged_costs_one_read() -> None:
    result = run(Farm, [(LIST, page(farm()))], name="a", place="x", hours="4:00")
    assert (result["changed"], result["farm"]) == (False, farm())


def test_unchanged_but_not_ready_is_waited_for() -> None:
    result = run(Farm, [(LIST, page(farm(status="new"))), (GET, one(status="new")), (GET, one())], name="a")
    assert (result["changed"], result["farm"]["status"]) == (False, "online")


def test_without_wait_nothing_is_waited_for() -> None:
    result = run(Farm, [(LIST, page(farm(status="new")))], name="a", wait=False)
    assert (result["changed"], result["farm"]["status"]) == (False, "new")


def test_what_is_under_way_already_is_not_asked_for_again() -> None:
    """While it is resized, the API still shows the old size."""
    result = run(
        Farm,
        [(LIST, page(farm(status="resizing"))), (GET, one(status="resizing")), (GET, one(size=2)), (GET, one(size=2))],
        name="a",
        size=2,
    )
    assert (result["changed"], result["farm"]["size"]) == (False, 2)


def test_what_can_never_be_is_refused_without_waiting() -> None:
    assert "cannot become 'y'" in run(Farm, [(LIST, page(farm(status="new")))], name="a", place="y")["msg"]


def test_changes_in_order_each_by_its_call_and_waits_in_between() -> None:
    changed = one(size=2, name="b")
    result = run(
        Farm,
        [
            (GET, one()),
            (f"PUT /farms/{ID}/resize", answer(202)),
            (GET, one(status="resizing")),
            (GET, one(status="resizing")),
            (GET, one(size=2)),
            (f"PATCH /farms/{ID}", changed),
            (GET, changed),
        ],
        id=ID,
        name="b",
        size=2,
    )
    assert result["diff"] == {"before": {"name": "a", "size": 1}, "after": {"name": "b", "size": 2}}
    assert result["farm"]["name"] == "b"


def barn(**values: Any) -> Any:
    return answer(200, {"barn": {"name": "a", "hay": 1, "roof": "straw", "door": "oak", **values}})


def test_one_method_changes_many_one_by_one() -> None:
    result = run(
        Barn,
        [
            ("GET /barns/a", barn()),
            ("PUT /barns/a/roof", answer(204)),
            ("PUT /barns/a/hay", answer(204)),
            ("GET /barns/a", barn(roof="tiles", hay=2)),
        ],
        name="a",
        hay=2,
        roof="tiles",
        door="oak",
    )
    assert [body for _, body in result["sent"]] == [None, {"roof": "tiles"}, {"hay": 2}, None]
    assert result["diff"]["after"] == {"name": "a", "hay": 2, "roof": "tiles", "door": "oak"}


def test_what_is_changed_one_by_one_fails_by_its_own_name() -> None:
    result = run(
        Barn,
        [("GET /barns/a", barn()), ("PUT /barns/a/roof", answer(204)), ("PUT /barns/a/hay", error(422))],
        name="a",
        hay=2,
        roof="tiles",
    )
    assert result["msg"].startswith('Could not change hay of barn "a"')


def test_old_values_just_after_a_change_are_waited_out() -> None:
    result = run(
        Farm,
        [(LIST, page(farm())), (f"PATCH /farms/{ID}", one(hours="05:00")), (GET, one()), (GET, one(hours="05:00"))],
        name="a",
        hours="5:00",
    )
    assert (result["farm"]["hours"], result["warnings"]) == ("05:00", [])


def test_accepted_but_never_shown_is_a_warning() -> None:
    result = run(
        Farm, [(LIST, page(farm())), (f"PATCH /farms/{ID}", one())], forever=(GET, one()), name="a", hours="5:00"
    )
    assert result["warnings"] == [
        'The API accepted hours of farm "a" but shows another value: look at the resource before the next run.'
    ]


def test_fixed_attributes_are_refused_before_any_write() -> None:
    result = run(Farm, [(LIST, page(farm()))], name="a", place="y", size=5)
    assert result["msg"] == (
        "Could not change farm \"a\", nothing was done: place is 'x' and cannot become 'y' (build another farm there)."
    )


def test_failed_state_ends_the_wait() -> None:
    result = run(Farm, [(LIST, page(farm(status="new"))), (GET, one(status="burnt"))], name="a")
    assert result["msg"].startswith('Farm "a" went into the state burnt')


@pytest.mark.parametrize("reply", [error(500), lost(executed=True)])
def test_lost_create_that_took_effect_is_found(reply: Any) -> None:
    result = run(
        Farm,
        [(LIST, page()), ("POST /farms", reply), (LIST, page()), (LIST, page(farm())), (GET, one())],
        name="a",
        place="x",
    )
    assert (result["changed"], result["farm"]["id"]) == (True, ID)


def test_lost_create_without_effect_is_repeated_after_looking() -> None:
    result = run(
        Farm,
        [
            (LIST, page()),
            ("POST /farms", error(500)),
            *[(LIST, page())] * len(LOOKS),
            ("POST /farms", one()),
            (GET, one()),
        ],
        name="a",
        place="x",
    )
    assert result["farm"]["id"] == ID


@pytest.mark.parametrize("words", ["name is already taken", "farm name is not available"])
def test_create_of_a_taken_name_adopts_what_was_not_visible(words: str) -> None:
    """The loser of two parallel runs goes on with what the other one has made."""
    taken = [(LIST, page()), ("POST /farms", error(422, words)), (LIST, page(farm()))]
    resized = [(f"PUT /farms/{ID}/resize", answer(202)), (GET, one(size=2)), (GET, one(size=2))]
    assert run(Farm, taken + resized, name="a", place="x", size=2)["farm"]["size"] == 2
    assert "place is 'x' and cannot become 'y'" in run(Farm, taken, name="a", place="y")["msg"]


def test_lost_create_that_shall_not_be_waited_for_is_left_to_the_next_task() -> None:
    result = run(
        Farm,
        [
            (LIST, page()),
            ("POST /farms", error(500)),
            (LIST, page(farm(status="new", hours=""))),
            (GET, one(status="new", hours="")),
        ],
        name="a",
        place="x",
        hours="4:00",
        wait=False,
    )
    assert (result["changed"], result["farm"]["status"]) == (True, "new")


def test_change_refused_as_the_echo_of_a_lost_answer_is_success() -> None:
    result = run(
        Farm,
        [
            (LIST, page(farm())),
            (f"PUT /farms/{ID}/resize", error(503)),
            (f"PUT /farms/{ID}/resize", error(422, "is resizing")),
            (GET, one(size=2)),
            (GET, one(size=2)),
        ],
        name="a",
        size=2,
    )
    assert (result["changed"], result["farm"]["size"]) == (True, 2)


def test_change_is_repeated_while_busy() -> None:
    result = run(
        Farm,
        [
            (LIST, page(farm())),
            (f"PATCH /farms/{ID}", error(409, "busy")),
            (f"PATCH /farms/{ID}", one(hours="05:00")),
            (GET, one(hours="05:00")),
        ],
        name="a",
        hours="5:00",
    )
    assert result["changed"]


def test_change_that_is_forbidden_fails_at_once() -> None:
    """Of members that have to go first, only a deletion is refused like that."""
    result = run(
        Farm,
        [(LIST, page(farm())), (f"PATCH /farms/{ID}", error(403, "the account is locked"))],
        name="a",
        hours="5:00",
    )
    assert 'Could not change hours of farm "a": the API answered 403 "the account is locked"' in result["msg"]


def test_one_that_moved_to_the_next_page_meanwhile_is_one() -> None:
    rows = [answer(200, {"farms": [farm()], "meta": {"total": 2}}), page(farm())]
    assert run(Farm, [(LIST, row) for row in rows], name="a")["farm"]["id"] == ID


def test_delete_waits_until_free_and_gone() -> None:
    result = run(
        Farm,
        [
            (LIST, page(farm())),
            (GET, one()),
            (f"DELETE /farms/{ID}", error(412, "has cows")),
            (f"DELETE /farms/{ID}", error(403, "has members")),
            (f"DELETE /farms/{ID}", answer(204)),
            (GET, one()),
            (GET, error(404)),
        ],
        name="a",
        state="absent",
    )
    assert (result["changed"], result["farm"]) == (True, {})


def test_delete_without_the_scope_fails_at_once() -> None:
    refused = (f"DELETE /farms/{ID}", error(403, "You are not authorized"))
    result = run(Farm, [(LIST, page(farm())), (GET, one()), refused], name="a", state="absent")
    assert result["msg"] == (
        'Could not delete farm "a": the API answered 403 "You are not authorized" (request id '
        "r-1). Give the token the scope that the call needs, or use a token that has it."
    )


def test_in_use_for_too_long_is_a_timeout() -> None:
    result = run(
        Farm,
        [(LIST, page(farm())), (GET, one())] + [(f"DELETE /farms/{ID}", error(412, "has cows"))] * 5,
        name="a",
        state="absent",
        wait_timeout=0.75,
    )
    assert result["msg"].startswith('Farm "a" was still in use (has cows) and not free after 1 s (wait_timeout).')
    assert result["changed"] is False


def test_a_delete_looks_again_by_id_right_before() -> None:
    """A list may be a moment behind: what it shows may be gone, or be called otherwise, or be another one."""
    assert run(Farm, [(LIST, page(farm())), (GET, error(404)), (GET, error(404))], name="a", state="absent")["changed"]
    renamed = run(Farm, [(LIST, page(farm())), (GET, one(name="b"))], name="a", state="absent")
    assert renamed["msg"] == (
        'Could not delete farm "a", nothing was done: its name is "b" now. Correct the name, and run again.'
    )
    other = run(Farm, [(LIST, page(farm()))], forever=(GET, one(id="another")), name="a", state="absent")
    assert "answered 200 with a farm of the id another for that of" in other["msg"]


def test_a_name_that_differs_in_capitals_is_not_gone() -> None:
    """It is most likely what is meant, and "not there" would let a guard pass."""
    for cls, options in ((Farm, {"name": "A"}), (Cow, {"farm": "A", "name": "c"})):
        refused = run(cls, [(LIST, page(farm()))], state="absent", **options)
        assert refused["msg"] == (
            'There is no farm "A", but there is "a", nothing was done: capitals count, so write the name as it is.'
        )
    both = run(
        Farm,
        [
            (LIST, page(farm(), farm(id="other", name="A"))),
            (GET, one()),
            (f"DELETE /farms/{ID}", answer(204)),
            (GET, error(404)),
        ],
        name="a",
        state="absent",
    )
    assert both["changed"]


def test_unknown_id_is_an_error_only_when_it_shall_be_there() -> None:
    assert run(Farm, [(GET, error(404))], id=ID, state="absent")["changed"] is False
    assert f'no farm with the id "{ID}"' in run(Farm, [(GET, error(404))], id=ID)["msg"]
    assert 'id "nonsense" is not an id' in run(Farm, [], id="nonsense")["msg"]


def test_the_kind_says_how_its_ids_look() -> None:
    read = ("GET /wells/3164494", answer(200, {"well": {"id": 3164494, "name": "deep"}}))
    removed = [("DELETE /wells/3164494", answer(204)), ("GET /wells/3164494", error(404))]
    gone = run(Well, [read, read, *removed], id="3164494", state="absent")
    assert gone["changed"]
    refused = "is not an id, which looks like 3164494: correct it, or give the name instead."
    for given in (ID, "0", "deep"):
        assert run(Well, [], id=given)["msg"] == f'The id "{given}" {refused}'
    assert run(Bucket, [], well_id=ID, name="b")["msg"] == f'The well_id "{ID}" {refused}'
    assert f'id "3164494" is not an id, which looks like {ID}:' in run(Farm, [], id="3164494")["msg"]


def test_unexpected_exception_is_a_sentence() -> None:
    result = run(Farm, [(LIST, page({"name": "a"}))], name="a", place=object())
    assert result["failed"]
    assert "\n" not in result["msg"]


def test_child_is_read_by_its_name_below_its_parent() -> None:
    result = run(
        Cow,
        [
            (LIST, page(farm(), farm(id="other", name="b"))),
            (f"GET /farms/{ID}/cows/big%20one", answer(200, {"cow": {"name": "big one", "colour": "red"}})),
        ],
        farm="a",
        name="big one",
        colour="red",
    )
    assert result["cow"] == {"name": "big one", "colour": "red", "farm_id": ID}


def test_child_needs_its_parent() -> None:
    refused = run(Cow, [(LIST, page())], farm="a", name="c")
    assert refused["msg"] == 'Could not find farm "a": create it first, or correct its name.'
    assert run(Cow, [(LIST, page())], farm="a", name="c", state="absent")["cow"] == {}


COWS, BERTA = f"/farms/{ID}/cows", f"GET /farms/{ID}/cows/berta"


def test_child_is_created_once_its_parent_can_take_it() -> None:
    not_yet = (f"POST {COWS}", error(412, "the farm is not online"))
    made = answer(201, {"cow": {"name": "berta"}})
    result = run(
        Cow, [(BERTA, error(404)), not_yet, not_yet, (f"POST {COWS}", made), (BERTA, made)], farm_id=ID, name="berta"
    )
    assert (result["changed"], result["cow"]["name"]) == (True, "berta")


def test_child_whose_parent_is_never_ready_is_a_timeout() -> None:
    result = run(
        Cow,
        [(BERTA, error(404))],
        forever=(f"POST {COWS}", error(412, "the farm is not online.")),
        farm_id=ID,
        name="berta",
        wait_timeout=3,
    )
    assert result["msg"] == (
        f'Cow "berta" of farm "{ID}" was still refused (the farm is not online) and not created '
        "after 3 s (wait_timeout). Run again to keep waiting, or raise wait_timeout."
    )


@pytest.mark.parametrize(("status", "options"), [(409, {}), (403, {}), (412, {"wait": False})])
def test_child_that_is_refused_for_other_reasons_fails_at_once(status: int, options: dict[str, Any]) -> None:
    result = run(Cow, [(BERTA, error(404)), (f"POST {COWS}", error(status, "no"))], farm_id=ID, name="berta", **options)
    assert f'Could not create cow "berta" of farm "{ID}": the API answered {status}' in result["msg"]


def test_child_of_a_parent_that_would_be_created_is_predicted() -> None:
    for options in ({"farm_id": UNKNOWN}, {"farm": "a"}):
        exchanges = [(LIST, page())] if "farm" in options else []
        result = run(Cow, exchanges, check=True, name="c", colour="red", **options)
        assert (result["changed"], result["cow"]) == (True, {"name": "c", "colour": "red", "farm_id": UNKNOWN})


def test_singleton_is_merged_and_written_whole() -> None:
    there = {"posts": {"wood": 3, "steel": 4}}
    result = run(
        Fence,
        [
            (f"GET /farms/{ID}/fence", answer(200, {"fence": there})),
            (f"PUT /farms/{ID}/fence", answer(204)),
            (f"GET /farms/{ID}/fence", answer(200, {"fence": {"posts": {"wood": 5, "steel": 4}}})),
        ],
        farm_id=ID,
        posts={"wood": 5, "steel": None},
    )
    assert result["diff"] == {"before": {"posts": {"wood": 3}}, "after": {"posts": {"wood": 5}}}
    assert result["sent"][1][1] == {"posts": {"wood": 5, "steel": 4}}


def test_attributes_must_be_fixed_or_changeable() -> None:
    with pytest.raises(TypeError, match="colour"):
        type("Odd", (Resource,), {"kind": COW, "attributes": {"colour": Attribute()}})


def test_an_attribute_carries_its_option() -> None:
    class Told(Cow):
        options = {"force": {"type": "bool", "default": False}}
        attributes = {
            "name": Attribute(required=True, fixed="none"),
            "colour": Attribute("list", elements="str", choices=("red", "white"), no_log=False, needed=True),
        }

    spec = Told.argument_spec()["argument_spec"]
    assert spec["name"] == {"type": "str", "required": True}
    # What a creation needs may be left out for what is there.
    assert spec["colour"] == {"type": "list", "elements": "str", "choices": ["red", "white"], "no_log": False}
    assert spec["force"] == {"type": "bool", "default": False}


def test_an_option_is_said_once() -> None:
    with pytest.raises(TypeError, match="carries its option already"):
        type("Twice", (Cow,), {"options": {"colour": {"type": "str"}}})


class Calf(Cow):
    attributes = {**Cow.attributes, "breed": Attribute(only_at_creation=True)}

    def undeletable(self, current: dict[str, Any]) -> str:
        return "it is still drinking" if current.get("colour") == "white" else ""


def test_what_counts_at_creation_only_is_not_looked_at_later() -> None:
    angus = answer(200, {"cow": {"name": "berta", "breed": "angus"}})
    calf = {"farm_id": ID, "name": "berta", "breed": "highland"}
    made = run(Calf, [(BERTA, error(404)), (f"POST {COWS}", angus), (BERTA, angus)], **calf)
    assert (made["sent"][1][1], made["cow"]["breed"]) == ({"name": "berta", "breed": "highland"}, "angus")
    again = run(Calf, [(BERTA, angus)], **calf)
    assert (again["changed"], again["diff"]["after"]) == (False, {"name": "berta"})


def test_what_can_never_be_deleted_is_refused_before_anything_is_sent() -> None:
    there = answer(200, {"cow": {"name": "berta", "colour": "white"}})
    refused = run(Calf, [(BERTA, there)], check=True, farm_id=ID, name="berta", state="absent")
    assert refused["msg"] == f'Could not delete cow "berta" of farm "{ID}": it is still drinking.'


def test_a_put_sends_all_of_its_attributes_and_where_it_is_told_to() -> None:
    class Gate(Fence):
        attributes = {"width": Attribute("int"), "height": Attribute("int"), "lock": Attribute()}
        put = puts("width", "height", answered=True)
        secure = puts("lock", below="lock", answered=False)

    path, before = f"/farms/{ID}/fence", {"width": 1, "height": 2, "lock": ""}
    wider, locked = {**before, "width": 3}, {"width": 3, "height": 2, "lock": "x"}
    result = run(
        Gate,
        [
            (f"GET {path}", answer(200, {"fence": before})),
            (f"PUT {path}", answer(200, {"fence": wider})),
            (f"PUT {path}/lock", answer(204)),
            (f"GET {path}", answer(200, {"fence": locked})),
        ],
        farm_id=ID,
        width=3,
        lock="x",
    )
    assert [body for line, body in result["sent"] if line.startswith("PUT")] == [
        {"width": 3, "height": 2},
        {"lock": "x"},
    ]
