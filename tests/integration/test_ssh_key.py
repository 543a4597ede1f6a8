# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about SSH keys: one key is there once, whatever it is called, and a name may be there twice."""

from __future__ import annotations

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud

ONE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETJG7YW6wpuqzDchOW9BaBnvBRfElhS3oa3pENOCET1 key1@clinic"
TWO = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDWWz10KgzLPqQpuAalIIFzB3SnUOivsx6Zm5U7JYfrC key2@clinic"
PRINT = "a9:e9:8b:f6:76:c0:ea:6a:9d:cd:99:e8:7b:71:3e:41"


def test_renames_what_the_key_or_its_fingerprint_finds(cloud: LocalCloud) -> None:
    by_key = {"name": "desk", "public_key": f"{' '.join(ONE.split()[:2])} another comment"}
    by_print = {"name": "phone", "fingerprint": PRINT}
    run = inside(
        cloud,
        [
            Step("made", "ssh_key", {"name": "laptop", "public_key": ONE}, before=[admin("seed", ssh_keys=25)]),
            Step("check", "ssh_key", by_key, check=True),
            Step("rename", "ssh_key", by_key),
            Step("again", "ssh_key", by_key),
            Step("by fingerprint", "ssh_key", by_print),
            Step("not there", "ssh_key", {**by_print, "fingerprint": "00:11"}),
        ],
    )
    assert run.good("check").result["diff"] == run.good("rename").result["diff"]
    assert [run["rename"].result["diff"][side]["name"] for side in ("before", "after")] == ["laptop", "desk"]
    assert run["check"].writes == run["again"].writes == []
    assert run["rename"].write_list == run["by fingerprint"].write_list == [f"PUT /v2/account/keys/{PRINT}"]
    assert run["by fingerprint"].result["ssh_key"] == {**run["made"].result["ssh_key"], "name": "phone"}
    run.assert_refused("not there", 'There is no SSH key with the fingerprint "00:11"')


def test_of_two_with_one_name_none_is_meant(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("one", "ssh_key", {"name": "one", "public_key": ONE}, register="one"),
            Step("two", "ssh_key", {"name": "two", "public_key": TWO}),
            Step("twins", "ssh_key", {"name": "one", "public_key": TWO}),
            Step("which", "ssh_key", {"name": "one", "state": "absent"}),
            Step("that", "ssh_key", {"name": "one", "fingerprint": PRINT, "state": "absent"}),
            Step("rest", "ssh_key_info", {}),
        ],
    )
    assert run.good("twins").changed
    run.assert_refused("which", "2 of SSH key", PRINT, "Set fingerprint")
    assert run["that"].write_list == [f"DELETE /v2/account/keys/{PRINT}"]
    assert [key["public_key"] for key in run["rest"].result["ssh_keys"]] == [TWO]


def test_absent_with_a_key_spares_another_of_that_name(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("one", "ssh_key", {"name": "one", "public_key": ONE}),
            Step("other", "ssh_key", {"name": "one", "public_key": TWO, "state": "absent"}),
            Step("itself", "ssh_key", {"name": "whatever", "public_key": ONE, "state": "absent"}),
        ],
    )
    assert (run.good("other").changed, run.good("itself").changed) == (False, True)


def test_what_is_no_key_is_refused_and_not_shown(cloud: LocalCloud) -> None:
    private = "-----BEGIN OPENSSH PRIVATE KEY-----\nsentinel-of-a-private-key\n"
    run = inside(
        cloud,
        [
            Step("private", "ssh_key", {"name": "one", "public_key": private}, check=True),
            Step("other type", "ssh_key", {"name": "one", "public_key": ONE.replace("ssh-ed25519", "ssh-rsa")}),
            Step("info", "ssh_key_info", {"public_key": "ssh-rsa"}),
        ],
    )
    for name in ("private", "other type", "info"):
        run.assert_refused(name, "is none of SSH", "ends in .pub")
        assert run[name].calls == []
    assert "sentinel" not in run["private"].message


def test_info_finds_and_filters_over_all_pages(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("one", "ssh_key", {"name": "one", "public_key": ONE}, before=[admin("seed", ssh_keys=250)]),
            Step("all", "ssh_key_info", {}),
            Step("name", "ssh_key_info", {"name": "one"}),
            Step("fingerprint", "ssh_key_info", {"fingerprint": PRINT}),
            Step("public key", "ssh_key_info", {"public_key": ONE.rpartition(" ")[0]}),
            Step("none", "ssh_key_info", {"public_key": TWO}),
        ],
    )
    assert len(run["all"].result["ssh_keys"]) == 251
    for name in ("name", "fingerprint", "public key"):
        assert [key["name"] for key in run[name].result["ssh_keys"]] == ["one"]
    assert run.good("none").result["ssh_keys"] == []
