# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about Spaces keys: a secret that is told once, and grants that only another key can have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.integration.harness.ansible import play
from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Outcome, Run, Step, admin, assert_sentence, fault
from tests.localcloud_fixtures import LocalCloud

# Seeded buckets of this account.
READ = [{"bucket": "colleague-0001", "permission": "read"}]
WRITE = [{"bucket": "colleague-0001", "permission": "readwrite"}]
SECRETIVE = {"no_log": True, "register": "result"}
LEFT, KEPT = "app-new-from-ansible", "app-old-from-ansible"


def key(name: str, args: dict[str, Any], **more: Any) -> Step:
    return Step(name, "spaces_key", {"name": "app", **args}, keywords=SECRETIVE, **more)


def keys(cloud: LocalCloud) -> dict[str, list[str]]:
    """{name: access keys}, without the standing key."""
    found: dict[str, list[str]] = {}
    for row in cloud.admin.state()["world"]["tables"]["spaces_keys"].values():
        if row["name"] != "localcloud":
            found.setdefault(row["name"], []).append(row["access_key"])
    return found


def told(outcome: Outcome) -> dict[str, Any]:
    assert outcome.status == "ok", outcome.message
    result: dict[str, Any] = outcome.result["spaces_key"]
    return result


def may_list(cloud: LocalCloud, pair: dict[str, Any]) -> str:
    """ "yes", or S3's code of the refusal."""
    client = boto3.client(
        "s3",
        endpoint_url=cloud.spaces_url,
        region_name="atl1",
        verify=cloud.ca,
        aws_access_key_id=pair["access_key"],
        aws_secret_access_key=pair["secret_key"],
        config=Config(s3={"addressing_style": "path"}),
    )
    try:
        client.list_objects_v2(Bucket="colleague-0001")
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "yes"


@pytest.fixture
def account(cloud: LocalCloud) -> LocalCloud:
    cloud.admin.seed(buckets=2)
    return cloud


def test_other_grants_make_another_key(account: LocalCloud) -> None:
    run = inside(
        account,
        [
            key("make", {"grants": WRITE}),
            key("again", {"grants": WRITE}),
            key("change: check", {"grants": READ}, check=True),
            key("change", {"grants": READ}),
            key("change: again", {"grants": READ}),
        ],
    )
    made, changed = told(run["make"]), told(run["change"])
    assert run["change"].write_list == [
        "POST /v2/spaces/keys",
        f"DELETE /v2/spaces/keys/{made['access_key']}",
        f"PATCH /v2/spaces/keys/{changed['access_key']}",
    ]
    assert keys(account) == {"app": [changed["access_key"]]}
    assert (may_list(account, made), may_list(account, changed)) == ("InvalidAccessKeyId", "yes")
    assert run["change: check"].result["diff"] == run["change"].result["diff"]
    assert told(run["change: check"]) == {
        "name": "app",
        "grants": READ,
        **dict.fromkeys(("access_key", "created_at", "secret_key"), "known-after-creation"),
    }
    for name in ("again", "change: again"):
        assert "secret_key" not in told(run[name])
        assert run[name].writes == []


def test_replaces_for_the_sake_of_the_secret(account: LocalCloud) -> None:
    run = inside(
        account,
        [
            key("make", {"grants": WRITE}),
            key("replace: check", {"replace": True}, check=True),
            key("replace", {"replace": True}),
            key("replace with other grants", {"replace": True, "grants": READ}),
            key("nothing to replace", {"name": "other", "grants": READ, "replace": True}),
        ],
    )
    made, replaced, last = told(run["make"]), told(run["replace"]), told(run["replace with other grants"])
    assert len({pair["access_key"] for pair in (made, replaced, last)}) == 3
    assert replaced["grants"] == WRITE
    assert (
        run["replace: check"].result["diff"]
        == run["replace"].result["diff"]
        == {"before": {"name": "app", "secret": "as it is"}, "after": {"name": "app", "secret": "a new one"}}
    )
    assert run["replace: check"].changed
    # One replacement serves both.
    assert len(run["replace with other grants"].writes) == 3
    assert [may_list(account, pair) for pair in (made, replaced, last)] == ["InvalidAccessKeyId"] * 2 + ["yes"]
    assert run["nothing to replace"].write_list == ["POST /v2/spaces/keys"]


def test_replaces_a_key_whose_secret_nobody_has(account: LocalCloud) -> None:
    held: dict[str, Any] = {"replace_unless": ["{{ made.spaces_key.access_key }}"]}
    run = inside(
        account,
        [
            key("make", {"grants": WRITE, "replace_unless": []}, register="made"),
            key("held", held),
            key("lost: check", {"replace_unless": []}, check=True),
            key("lost", {"replace_unless": ["DO00SOMEBODYELSES000"]}),
            key("nobody asks", {}),
        ],
    )
    assert told(run["make"])["access_key"] != told(run["lost"])["access_key"]
    assert told(run["lost"])["secret_key"]
    assert run["lost: check"].result["diff"] == run["lost"].result["diff"]
    assert run["lost"].result["diff"]["after"]["secret"] == "a new one"
    for name in ("held", "nobody asks"):
        assert (run[name].changed, run[name].writes) == (False, [])


def test_a_key_in_use_lives_on_until_it_is_no_longer(account: LocalCloud) -> None:
    keep: dict[str, Any] = {"keep": ["{{ made.spaces_key.access_key }}"]}
    first = inside(
        account,
        [
            key("make", {"grants": WRITE}, register="made"),
            key("change: check", {"grants": READ, **keep}, check=True),
            key("change", {"grants": READ, **keep}),
            key("change: again", {"grants": READ, **keep}),
            # As when the new secret got lost: nobody uses that key yet.
            key("once more", {"replace": True, **keep}),
        ],
    )
    made, changed, last = told(first["make"]), told(first["change"]), told(first["once more"])
    assert first["change"].write_list == [
        "POST /v2/spaces/keys",
        f"PATCH /v2/spaces/keys/{made['access_key']}",
        f"PATCH /v2/spaces/keys/{changed['access_key']}",
    ]
    assert first["change: check"].result["diff"] == first["change"].result["diff"]
    assert (first["change: again"].changed, first["change: again"].writes) == (False, [])
    assert keys(account) == {"app": [last["access_key"]], KEPT: [made["access_key"]]}
    assert [may_list(account, pair) for pair in (made, changed, last)] == ["yes", "InvalidAccessKeyId", "yes"]

    second = inside(
        account,
        [
            key("over: check", {"keep": [last["access_key"]]}, check=True),
            key("over", {"keep": [last["access_key"]]}),
            key("over: again", {}),
        ],
    )
    assert second["over"].write_list == [f"DELETE /v2/spaces/keys/{made['access_key']}"]
    assert (
        second["over: check"].result["diff"]
        == second["over"].result["diff"]
        == {"before": {"name": "app", "replaced key": "there"}, "after": {"name": "app", "replaced key": "gone"}}
    )
    assert (second["over: again"].changed, keys(account)) == (False, {"app": [last["access_key"]]})


@pytest.mark.parametrize("left", [{"app", LEFT}, {KEPT, LEFT}], ids=["before the old name", "before the new name"])
def test_a_kept_key_works_through_an_interruption(left: set[str], account: LocalCloud) -> None:
    keep: dict[str, Any] = {"grants": READ, "keep": ["{{ made.spaces_key.access_key }}"]}
    refused = fault("PATCH /v2/spaces/keys/*", kind="status", status=422, count=1, skip=0 if "app" in left else 1)
    run = inside(
        account,
        [
            key("make", {"grants": WRITE}, register="made"),
            key("interrupted", keep, before=refused),
        ],
    )
    assert run["interrupted"].status == "failed"
    assert set(keys(account)) == left
    made = told(run["make"])
    assert may_list(account, made) == "yes"

    keep["keep"] = [made["access_key"]]
    run = inside(
        account,
        [key("next: check", keep, check=True), key("next", keep), key("next: again", keep)],
    )
    assert run["next: check"].result["diff"] == run["next"].result["diff"]
    assert (run["next: again"].changed, run["next: again"].writes) == (False, [])
    assert keys(account) == {"app": [told(run["next"])["access_key"]], KEPT: [made["access_key"]]}
    assert [may_list(account, pair) for pair in (made, told(run["next"]))] == ["yes", "yes"]

    run = inside(account, [key("absent", {"state": "absent"}), key("again", {"state": "absent"})])
    assert (keys(account), run["again"].changed) == ({}, False)


INTERRUPTIONS = {
    # What the next call is refused at, and the keys that are left then.
    "before the old one is deleted": ("DELETE /v2/spaces/keys/*", {"app", LEFT}),
    "before the new one has its name": ("PATCH /v2/spaces/keys/*", {LEFT}),
}


@pytest.mark.parametrize("moment", INTERRUPTIONS)
@pytest.mark.parametrize("then", ["changed", "as before", "absent"])
def test_goes_on_after_an_interruption(moment: str, then: str, account: LocalCloud) -> None:
    call, left = INTERRUPTIONS[moment]
    first = inside(
        account,
        [
            key("make", {"grants": WRITE}),
            key("interrupted", {"grants": READ}, before=fault(call, kind="status", status=422, count=1)),
        ],
    )
    assert first["interrupted"].status == "failed"
    assert first["interrupted"].changed
    assert_sentence(first["interrupted"].message)
    assert set(keys(account)) == left
    in_use = told(first["make"])
    assert (may_list(account, in_use) == "yes") is ("app" in left)

    wanted = {"changed": {"grants": READ}, "as before": {"grants": WRITE}, "absent": {"state": "absent"}}[then]
    second = inside(
        account,
        [key("next: check", wanted, check=True), key("next", wanted), key("next: again", wanted)],
    )
    assert second["next: check"].result["diff"] == second["next"].result["diff"]
    assert second["next: check"].writes == []
    assert second["next"].changed
    assert (second["next: again"].changed, second["next: again"].writes) == (False, [])
    if then == "absent":
        assert keys(account) == {}
        return
    assert list(keys(account)) == ["app"]
    assert len(keys(account)["app"]) == 1
    if then == "as before" and "app" in left:
        # The one in use stays, only what nobody knows the secret of goes.
        assert keys(account)["app"] == [in_use["access_key"]]
        assert may_list(account, in_use) == "yes"
    else:
        assert may_list(account, told(second["next"])) == "yes"


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "drop"},
        {"kind": "drop", "when": "after"},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 502, "when": "after"},
    ],
)
@pytest.mark.parametrize("by", ["name", "access key"])
def test_a_lost_answer_leaves_one_key_with_a_known_secret(rule: dict[str, Any], by: str, account: LocalCloud) -> None:
    lossy = fault("POST /v2/spaces/keys", count=1, **rule)
    which = {"access_key": "{{ made.spaces_key.access_key }}"} if by == "access key" else {}
    run = inside(
        account,
        [
            key("make", {"grants": WRITE}, before=lossy, register="made"),
            key("replace", {"grants": READ, **which}, before=lossy),
        ],
    )
    made, replaced = told(run["make"]), told(run["replace"])
    assert keys(account) == {"app": [replaced["access_key"]]}
    assert made["access_key"] != replaced["access_key"]
    assert may_list(account, replaced) == "yes"


def test_begins_anew_while_the_old_one_is_busy(account: LocalCloud) -> None:
    busy = fault("DELETE /v2/spaces/keys/*", kind="status", status=409, count=1)
    run = inside(account, [key("make", {"grants": WRITE}), key("change", {"grants": READ}, before=busy)])
    changed = told(run["change"])
    assert keys(account) == {"app": [changed["access_key"]]}
    assert may_list(account, changed) == "yes"


def test_two_keys_of_a_name_and_renaming(account: LocalCloud) -> None:
    one, two = ({"access_key": f"{{{{ {name}.spaces_key.access_key }}}}"} for name in ("one", "two"))
    run: Run = inside(
        account,
        [
            key("one", {"grants": WRITE}, register="one"),
            key("two", {"name": "two", "grants": READ}, register="two"),
            key("rename: check", {"name": "app", **two}, check=True),
            key("rename", {"name": "app", **two}),
            key("ambiguous", {"grants": WRITE}),
            key("ambiguous absent", {"state": "absent"}),
            key("one is meant", {"grants": WRITE, **one}),
            key("two goes", {"state": "absent", **two}),
            key("no longer ambiguous", {"grants": WRITE}),
            key("gone", {"grants": READ, **two}),
        ],
    )
    assert run["rename"].write_list == [f"PATCH /v2/spaces/keys/{told(run['two'])['access_key']}"]
    assert run["rename: check"].result["diff"] == run["rename"].result["diff"]
    for name in ("ambiguous", "ambiguous absent"):
        assert (run[name].status, run[name].writes) == ("failed", [])
        assert_sentence(run[name].message)
        for part in ('There are 2 of Spaces key "app"', told(run["one"])["access_key"], told(run["two"])["access_key"]):
            assert part in run[name].message
    assert [run[name].changed for name in ("one is meant", "two goes", "no longer ambiguous")] == [False, True, False]
    assert "There is no Spaces key with the access_key" in run["gone"].message
    assert keys(account) == {"app": [told(run["one"])["access_key"]]}


BAD = {
    "mixed": ([{"permission": "fullaccess"}, *READ], "stands alone and names none"),
    "full access to one": ([{"bucket": "colleague-0001", "permission": "fullaccess"}], "stands alone and names none"),
    "no bucket": ([{"permission": "read"}], "names no bucket"),
    "twice": ([*READ, *WRITE], "name colleague-0001 more than once"),
    "unknown bucket": ([{"bucket": "nobodys", "permission": "read"}], "400 .*'nobodys' does not exist"),
    "no grants": (None, 'Spaces key "app" does not exist: to create it, set also grants'),
}


def test_bad_grants_are_one_sentence(account: LocalCloud) -> None:
    run = inside(
        account,
        [key(name, {} if grants is None else {"grants": grants}) for name, (grants, _) in BAD.items()],
    )
    for name, (_, says) in BAD.items():
        assert run[name].status == "failed"
        assert_sentence(run[name].message)
        assert re.search(says, run[name].message), run[name].message
    assert keys(account) == {}


def test_the_secret_is_printed_by_no_other_way(account: LocalCloud) -> None:
    """With no_log on the tasks that make keys, and none on those that only might."""
    plain: dict[str, Any] = {"name": "app", "grants": WRITE}
    run = inside(
        account,
        [
            key("make", plain),
            Step("again", "spaces_key", plain, before=[admin("collect_secrets")]),
            Step("info", "spaces_key_info", {}),
            Step("change: check", "spaces_key", {**plain, "grants": READ}, check=True),
            Step(
                "lost for good",
                "spaces_key",
                {**plain, "replace": True, "timeout": 2},
                before=fault("DELETE /v2/spaces/keys/*", kind="status", status=500),
            ),
            Step("info again", "spaces_key_info", {}, before=[admin("collect_secrets"), admin("clear_faults")]),
        ],
    )
    assert run["lost for good"].status == "failed"
    assert len(run.secrets) >= 3
    assert [secret for secret in run.secrets if secret in run.printed] == []
    assert [row["name"] for row in run["info"].result["spaces_keys"]] == ["app", "localcloud"]
    assert all("secret_key" not in row for row in run["info"].result["spaces_keys"])


def test_a_task_that_would_show_it_gets_no_secret(account: LocalCloud, tmp_path: Path) -> None:
    def steps(path: str, here: bool) -> list[Step]:
        plain: dict[str, Any] = {"name": path, "grants": WRITE}
        way = {"vars": {"digitalocean_in_controller": here}}
        return [
            Step(f"{path}: check", "spaces_key", plain, check=True, keywords=way),
            Step(f"{path}: make", "spaces_key", plain, keywords=way),
            Step(f"{path}: replace", "spaces_key", {**plain, "replace": True}, keywords={**way, **SECRETIVE}),
            Step(
                f"{path}: registered",
                "ansible.builtin.set_fact",
                {"told": "{{ result.spaces_key.secret_key | length }}"},
                before=[admin("collect_secrets")],
            ),
        ]

    run = play(account, tmp_path, [*steps("controller", True), *steps("module", False)], verbosity=4)
    for path in ("controller", "module"):
        for name in (f"{path}: check", f"{path}: make"):
            assert run[name].changed
            assert sorted(told(run[name])) == ["access_key", "created_at", "grants", "name"]
            (warning,) = run[name].result["warnings"]
            assert "secret_key of the Spaces key is left out" in warning
        run.good(f"{path}: registered")
    assert len(run.secrets) >= 2
    assert [secret for secret in run.secrets if secret in run.printed] == []


def test_info_filters(account: LocalCloud) -> None:
    run = inside(
        account,
        [
            key("make", {"grants": WRITE}, register="made"),
            Step("by bucket", "spaces_key_info", {"bucket": "colleague-0001"}),
            Step("by other bucket", "spaces_key_info", {"bucket": "colleague-0002"}),
            Step("by name", "spaces_key_info", {"name": "localcloud"}),
            Step("by id", "spaces_key_info", {"access_key": "{{ made.spaces_key.access_key }}"}),
        ],
    )
    names = {
        name: [row["name"] for row in outcome.result["spaces_keys"]]
        for name, outcome in run.outcomes.items()
        if name.startswith("by ")
    }
    assert names == {"by bucket": ["app"], "by other bucket": [], "by name": ["localcloud"], "by id": ["app"]}
