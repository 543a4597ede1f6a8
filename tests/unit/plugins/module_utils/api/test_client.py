# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Retries, pacing, pages and memory of the API client, against the exact sequence of requests."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import errors
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import ACKNOWLEDGED, Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.arguments import first_env
from tests.unit.plugins.module_utils.scripted import Script, answer, api, error, lost


def test_reads_are_repeated_after_faults() -> None:
    script = Script(
        [
            ("GET /x", error(503)),
            ("GET /x", lost(executed=True)),
            ("GET /x", error(429, retry_after="7")),
            ("GET /x", answer(200, {"x": 1})),
        ]
    )
    account = api(script)
    assert account.get("/x", ACKNOWLEDGED) == {"x": 1}
    assert account.clock.slept[2] >= 7
    assert account.has_changed is False


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_writes_that_say_how_things_shall_be_are_repeated(method: str) -> None:
    script = Script([(f"{method} /x", error(500)), (f"{method} /x", answer(204))])
    account = api(script)
    assert account.request(method, "/x", {}) == {}
    assert account.has_changed


@pytest.mark.parametrize("reply", [error(500), error(503), lost(executed=True)])
def test_uncertain_post_is_not_repeated(reply: object) -> None:
    script = Script([("POST /x", reply)])
    account = api(script)
    with pytest.raises(errors.ApiError) as caught:
        account.post("/x", {})
    assert caught.value.uncertain
    assert account.has_changed


@pytest.mark.parametrize("reply", [error(429), lost(executed=False)])
def test_post_that_was_certainly_not_executed_is_repeated(reply: object) -> None:
    script = Script([("POST /x", reply), ("POST /x", answer(201, {"id": 1}))])
    assert api(script).post("/x", {}, Promise("id", int)) == {"id": 1}


def test_validating_post_is_repeated_and_changes_nothing() -> None:
    script = Script([("POST /x", error(500)), ("POST /x", answer(200, {}))])
    account = api(script)
    account.ask("/x", {}, ACKNOWLEDGED)
    assert (account.has_written, account.has_changed) == (False, False)


def test_repeatable_post_is_repeated_and_is_a_write() -> None:
    script = Script([("POST /x", error(500)), ("POST /x", answer(204))])
    account = api(script)
    account.post("/x", {}, repeatable=True)
    assert (account.has_written, account.has_changed) == (True, True)


def test_retries_tell_of_the_first_try_and_of_each_long_pause() -> None:
    told: list[str] = []
    script = Script([("GET /x", error(503))] * 5 + [("GET /x", answer(200, {}))])
    account = api(script, progress=told.append)
    account.get("/x", ACKNOWLEDGED)
    why = 'the API answered 503 "no" (request id r-1), trying again in'
    assert (told[0], len(told)) == (f"{why} 1 s", 3)
    for text, pause in zip(told[1:], account.clock.slept[3:], strict=True):
        assert pause >= 4
        assert pause <= float(text.removeprefix(why).removesuffix("s")) < pause + 1


def test_a_rate_limit_is_told_of_when_it_takes_long() -> None:
    told: list[str] = []
    script = Script(
        [("GET /x", error(429, retry_after="1")), ("GET /x", error(429, retry_after="16")), ("GET /x", answer(200, {}))]
    )
    account = api(script, progress=told.append)
    account.get("/x", ACKNOWLEDGED)
    assert len(account.clock.slept) == 2
    [text] = told
    assert 16 <= int(text.removeprefix("rate limit, waiting ").removesuffix(" s")) <= 20


def test_a_try_that_is_not_repeated_is_no_progress() -> None:
    told: list[str] = []
    with pytest.raises(errors.ServerError):
        api(Script([("POST /x", error(500))]), progress=told.append).post("/x", {})
    assert told == []


def test_retries_end_within_timeout() -> None:
    script = Script([("GET /x", error(429, retry_after="40")), ("GET /x", error(429, retry_after="40"))])
    account = api(script, timeout=60)
    with pytest.raises(errors.RateLimited) as caught:
        account.get("/x", ACKNOWLEDGED)
    assert sum(account.clock.slept) < 60
    assert "run again in 40 s" in caught.value.sentence("read x")


def test_retries_of_a_server_that_stays_broken_end() -> None:
    script = Script([("GET /x", error(500))] * 8)
    with pytest.raises(errors.ServerError):
        api(script, timeout=1000).get("/x", ACKNOWLEDGED)
    script.done()


def test_the_end_of_the_hours_limit_is_waited_for_or_told() -> None:
    """It comes without retry-after: `ratelimit-reset` says when the next request is free."""
    soon = error(429, ratelimit_remaining="0", ratelimit_reset=str(int(time.time()) + 30))
    account = api(Script([("POST /x", soon), ("POST /x", answer(204))]))
    account.post("/x", {})
    assert 28 <= account.clock.slept[0] <= 38
    reset = {"ratelimit_reset": str(int(time.time()) + 900)}
    late = api(Script([("POST /x", error(429, ratelimit_remaining="0", **reset))]))
    with pytest.raises(errors.RateLimited) as caught:
        late.post("/x", {})
    assert caught.value.retry_after == pytest.approx(900, abs=5)
    assert late.clock.slept == []
    other = api(Script([("POST /x", error(429, ratelimit_remaining="4321", **reset)), ("POST /x", answer(204))]))
    other.post("/x", {})
    assert other.clock.slept[0] < 1


def test_endpoint_that_is_not_there_is_told_soon() -> None:
    script = Script([("GET /x", lost(executed=False))] * 4)
    account = api(script, timeout=1000)
    with pytest.raises(errors.ConnectionLost):
        account.get("/x", ACKNOWLEDGED)
    assert sum(account.clock.slept) < 10


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Invalid),
        (401, errors.Unauthorized),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (405, errors.Invalid),
        (409, errors.Conflict),
        (412, errors.Conflict),
        (422, errors.Invalid),
        (423, errors.Conflict),
        (302, errors.Redirected),
    ],
)
def test_refusals_are_typed_and_not_repeated(status: int, kind: type[errors.ApiError]) -> None:
    script = Script([("POST /x", error(status, "because"))])
    with pytest.raises(kind) as caught:
        api(script).post("/x", {})
    assert (caught.value.status, caught.value.uncertain) == (status, False)
    script.done()


def test_a_refusal_for_want_of_a_scope_names_that_of_its_call() -> None:
    script = Script([("POST /v2/apps/9/deployments", error(403, "missing scope")), ("GET /x", error(403, "no scope"))])
    account = api(script)
    with pytest.raises(errors.Forbidden) as caught:
        account.post("/v2/apps/9/deployments", {})
    assert caught.value.advice == "Give the token the scope app:update, or use a token that has it."
    with pytest.raises(errors.Forbidden) as caught:
        account.get("/x", ACKNOWLEDGED)
    assert caught.value.advice.startswith("Give the token the scope that the call needs, or")


PAGE = "<!DOCTYPE html><html>Sign in</html>"
# What proxies, gateways and login pages were seen to answer in the API's place, and other things that promise nothing.
STRANGE = [
    answer(200),
    answer(204),
    answer(200, PAGE),
    answer(200, ["x"]),
    answer(200, {"message": "ok"}),
    answer(200, {"x": None}),
    answer(200, {"x": "x"}),
    answer(200, "null"),
    answer(202),
]


@pytest.mark.parametrize("strange", STRANGE, ids=repr)
def test_a_read_that_holds_nothing_of_what_it_promises_is_no_answer(strange: Any) -> None:
    """Taken for "nothing there" it made lists empty, guards blind and creations successful."""
    account = api(Script([("GET /x", strange)] * 4))
    with pytest.raises(errors.NotTheApi) as caught:
        account.get("/x", Promise("x"))
    assert f"https://api.test answered {strange.status} with" in caught.value.sentence("read VPC")
    assert "Nothing is concluded from such an answer" in caught.value.sentence("read VPC")
    assert api(Script([("GET /x", strange), ("GET /x", answer(200, {"x": {}}))])).get("/x", Promise("x")) == {"x": {}}


@pytest.mark.parametrize(
    "strange",
    [
        *STRANGE,
        answer(200, {"xs": None}),
        answer(200, {"xs": {}}),
        answer(200, {"xs": ["x"]}),
        answer(200, {"xs": [None]}),
        answer(200, {"xs": [{"id": ""}]}),
        answer(200, {"xs": [{"name": "x"}]}),
        answer(200, {"meta": {"total": 0}}),
    ],
    ids=repr,
)
def test_a_list_without_its_rows_is_no_empty_list(strange: Any) -> None:
    script = Script([], forever=("GET /x", strange))
    with pytest.raises(errors.NotTheApi):
        api(script).rows("/x", "xs")


@pytest.mark.parametrize(
    "odd", [{"meta": "x"}, {"meta": {"total": "9"}}, {"meta": None, "links": []}, {"links": {"pages": "x"}}]
)
def test_odd_words_about_pages_announce_none(odd: Any) -> None:
    assert api(Script([("GET /x", answer(200, {"xs": [{"id": 1}], **odd}))])).rows("/x", "xs") == [{"id": 1}]


@pytest.mark.parametrize(
    "strange", [answer(200), answer(200, PAGE), answer(200, {"message": "ok"}), answer(204)], ids=repr
)
def test_a_create_that_nothing_tells_of_is_uncertain_and_not_repeated(strange: Any) -> None:
    account = api(Script([("POST /x", strange)]))
    with pytest.raises(errors.NotTheApi) as caught:
        account.post("/x", {}, Promise("x"))
    assert (caught.value.uncertain, account.has_changed) == (True, True)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("strange", [answer(200), answer(200, PAGE), answer(200, {"message": "ok"})], ids=repr)
def test_a_write_that_promises_no_content_is_believed_with_its_own_status_only(method: str, strange: Any) -> None:
    with pytest.raises(errors.NotTheApi):
        api(Script([(f"{method} /x", strange)] * 4)).request(method, "/x", {})
    assert api(Script([(f"{method} /x", answer(202))])).request(method, "/x", {}) == {}


@pytest.mark.parametrize("body", [{}, {"message": "no Route matched"}, {"id": "not_found"}, {"id": 1, "message": 2}])
def test_a_404_that_is_not_in_the_words_of_the_api_does_not_mean_gone(body: Any) -> None:
    account = api(Script([("DELETE /x", answer(404, body))]))
    with pytest.raises(errors.NotTheApi, match="answered 404 without the API's words"):
        account.delete("/x")
    assert not account.has_changed


def test_endless_json_is_no_answer() -> None:
    deep: Any = {}
    for _ in range(300):
        deep = {"x": deep}
    with pytest.raises(errors.NotTheApi, match="endlessly nested"):
        api(Script([], forever=("GET /x", answer(200, deep)))).get("/x", Promise("x"))


@pytest.mark.parametrize("status", [400, 403, 404, 423])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_page_in_place_of_a_refusal_tells_nothing_of_the_resource(method: str, status: int) -> None:
    """The 404 of a gateway would make everything look gone."""
    account = api(Script([(f"{method} /x", answer(status, "<html><h1>nginx</h1></html>"))]))
    call = partial(account.delete, "/x") if method == "DELETE" else partial(account.get, "/x", ACKNOWLEDGED)
    with pytest.raises(errors.NotTheApi, match=f"answered {status} with no JSON object"):
        call()
    assert not account.has_changed


def test_delete_of_what_is_gone_is_success() -> None:
    script = Script([("DELETE /x", error(404))])
    assert api(script).delete("/x") == {}


def test_refusal_after_a_lost_answer_says_so() -> None:
    script = Script([("PUT /x", error(500)), ("PUT /x", error(422))])
    with pytest.raises(errors.Invalid) as caught:
        api(script).put("/x", {})
    assert caught.value.follows_uncertain


def test_every_page_is_read() -> None:
    pages = [
        answer(
            200,
            {
                "xs": [{"id": n} for n in range(200)],
                "meta": {"total": 201},
                "links": {"pages": {"next": "https://elsewhere/x?page=2"}},
            },
        ),
        answer(200, {"xs": [{"id": 200}], "meta": {"total": 201}, "links": {}}),
    ]
    script = Script([("GET /x", page) for page in pages])
    assert [row["id"] for row in api(script).rows("/x", "xs", query={"name": "n"})] == list(range(201))
    assert [query for _, query, _ in script.sent] == [{"name": "n", "page": page, "per_page": 200} for page in (1, 2)]


def test_a_list_that_changed_between_two_pages_is_read_again() -> None:
    full = {"xs": [{"id": n} for n in range(200)], "meta": {"total": 201}, "links": {"pages": {"next": "https://x"}}}
    script = Script(
        [
            ("GET /x", answer(200, full)),
            ("GET /x", answer(200, {"xs": [], "meta": {"total": 200}})),
            ("GET /x", answer(200, {**full, "meta": {"total": 200}, "links": {}})),
        ]
    )
    assert len(api(script).rows("/x", "xs")) == 200
    script.done()


@pytest.mark.parametrize(
    "missing",
    [
        [{"xs": [{"id": 1}], "meta": {"total": 2}}, {"xs": [], "meta": {"total": 2}}],
        [{"xs": [{"id": 1}], "links": {"pages": {"next": "https://x"}}}, {"xs": []}],
        [{"xs": [], "meta": {"total": 1}}] * 2,
        [{"xs": [{"id": 1}], "meta": {"total": 2}}] * 2,
    ],
)
def test_a_page_that_is_missing_is_no_end(missing: list[Any]) -> None:
    script = Script([("GET /x", answer(200, page)) for page in missing * 3])
    with pytest.raises(errors.NotTheApi, match='announced more rows under "xs" than the'):
        api(script).rows("/x", "xs")
    script.done()


def test_lists_may_be_those_of_a_moment_ago_unless_they_shall_be_fresh() -> None:
    page = ("GET /x", answer(200, {"xs": [{"id": 1}]}))
    script = Script([page, page, ("GET /x/1", answer(200, {"x": {"id": 1}}))])
    account = api(script)
    account.rows("/x", "xs")
    account.rows("/x", "xs", fresh=True)
    account.get("/x/1", Promise("x"))
    assert script.recent == [True, False, False]


def test_the_secrets_of_a_remembered_list_are_known_to_who_has_not_asked_for_it() -> None:
    """A loop: each item is a run of its own, in one process."""
    page = answer(200, {"xs": [{"id": 1, "password": "sw0rdfish-of-theirs"}]})
    script, secrets = Script([("GET /x", page)]), Secrets()
    api(script).rows("/x", "xs")
    api(script, secrets=secrets).rows("/x", "xs")
    script.done()
    assert "sw0rdfish" not in secrets.mask("the API answered 400: sw0rdfish-of-theirs is bad")


def test_what_is_asked_for_again_is_not_the_answer_of_a_moment_ago() -> None:
    whole = answer(200, {"xs": [{"id": 1}]})
    none_of_one = answer(200, {"xs": [], "meta": {"total": 1}})
    for wrong in ([error(503)], [answer(200, {})], [none_of_one, none_of_one]):
        script = Script([("GET /x", reply) for reply in (*wrong, whole)])
        assert api(script).rows("/x", "xs") == [{"id": 1}]
        assert script.recent == [*[True] * len(wrong), False]


def test_pace_slows_down_near_the_limit() -> None:
    soon = str(int(time.time()) + 100)
    script = Script(
        [
            ("GET /x", answer(200, ratelimit_remaining="9", ratelimit_reset=soon)),
            ("GET /x", answer(200, ratelimit_remaining="4000", ratelimit_reset=soon)),
            ("GET /x", answer(200)),
        ]
    )
    account = api(script)
    for _ in range(3):
        account.get("/x", ACKNOWLEDGED)
    assert account.clock.slept == [5.0]


def test_a_small_limit_of_some_calls_slows_nothing_down() -> None:
    """Those of the CDN are 5 in 10 s, told in the same headers."""
    limit = {"ratelimit_limit": "5", "ratelimit_remaining": "1", "ratelimit_reset": str(int(time.time()) + 10)}
    account = api(Script([("GET /x", answer(200, **limit)), ("GET /x", answer(200))]))
    account.get("/x", ACKNOWLEDGED)
    account.get("/x", ACKNOWLEDGED)
    assert account.clock.slept == []


def test_secrets_of_answers_are_learnt() -> None:
    secrets = Secrets()
    script = Script(
        [
            (
                "GET /x",
                answer(
                    200,
                    {
                        "database": {
                            "connection": {"password": "S3cretPassword", "uri": "postgres://u:0ther-Secret@h:1/d"}
                        }
                    },
                ),
            )
        ]
    )
    api(script, secrets=secrets).get("/x", Promise("database"))
    assert secrets.mask("a S3cretPassword b 0ther-Secret") == "a ******** b ********"


def test_reads_are_gathered() -> None:
    script = Script([("GET /x", answer(200, {"x": 1}))] * 3)
    account = api(script)
    found = account.gather({name: lambda: account.get("/x", ACKNOWLEDGED) for name in "abc"})
    assert found == {"a": {"x": 1}, "b": {"x": 1}, "c": {"x": 1}}


def test_a_date_after_which_to_ask_again_is_waited_for_by_the_servers_own_clock() -> None:
    late = error(429, retry_after="Sat, 28 Nov 2026 10:00:07 GMT", date="Sat, 28 Nov 2026 10:00:00 GMT")
    account = api(Script([("POST /x", late), ("POST /x", answer(204))]))
    account.post("/x", {})
    assert 7 <= account.clock.slept[0] <= 9


@pytest.mark.parametrize("named", ["soon", "-5", "nan", "inf", "1e99", "Sat, 99 Foo 2026",
                                   "Sat, 28 Nov 99999999999 10:00:07 GMT"])  # fmt: skip
def test_a_time_to_ask_again_that_is_none_is_not_waited_for(named: str) -> None:
    account = api(Script([("POST /x", error(429, retry_after=named)), ("POST /x", answer(204))]))
    account.post("/x", {})
    assert account.clock.slept[0] < 1


def test_a_blank_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DO_API_TOKEN", "  ")
    monkeypatch.setenv("DIGITALOCEAN_TOKEN", "dop_v1_x")
    assert first_env("DO_API_TOKEN", "DIGITALOCEAN_TOKEN") == "dop_v1_x"
