# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SSH keys, by number and by fingerprint, and what the API takes for none."""

from __future__ import annotations

import re
from typing import Any

import pytest

# Of `ssh-keygen -t ed25519`, whose `-l -E md5` shows these fingerprints.
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETJG7YW6wpuqzDchOW9BaBnvBRfElhS3oa3pENOCET1 key1@clinic"
PRINT = "a9:e9:8b:f6:76:c0:ea:6a:9d:cd:99:e8:7b:71:3e:41"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDWWz10KgzLPqQpuAalIIFzB3SnUOivsx6Zm5U7JYfrC key2@clinic"
BODY = KEY.split()[1]


def add(api: Any, name: str = "laptop", public_key: str = KEY) -> dict[str, Any]:
    found: dict[str, Any] = api.ok("POST", "/account/keys", {"name": name, "public_key": public_key})["ssh_key"]
    return found


def test_shape_and_fingerprint(api: Any) -> None:
    key = add(api)
    assert key == {"id": key["id"], "fingerprint": PRINT, "public_key": KEY, "name": "laptop"}
    assert isinstance(key["id"], int)


def test_it_answers_to_its_number_and_its_fingerprint(api: Any) -> None:
    key, other = add(api), add(api, "other", OTHER)
    for identifier in (key["id"], PRINT, PRINT.replace(":", "%3A")):
        assert api.ok("GET", f"/account/keys/{identifier}")["ssh_key"] == key
    assert api.ok("PUT", f"/account/keys/{PRINT}", {"name": "desk"})["ssh_key"] == {**key, "name": "desk"}
    assert api.ok("PUT", f"/account/keys/{key['id']}", {})["ssh_key"]["name"] == "desk"
    assert api.call("DELETE", f"/account/keys/{PRINT}").status == 204
    assert api.call("DELETE", f"/account/keys/{other['id']}").status == 204
    assert api.ok("GET", "/account/keys") == {"ssh_keys": [], "links": {}, "meta": {"total": 0}}


@pytest.mark.parametrize("identifier", ["1", PRINT, "laptop"])
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", {"name": "x"}), ("DELETE", None)])
def test_one_that_is_not_there(api: Any, identifier: str, method: str, body: Any) -> None:
    add(api, public_key=OTHER)
    api.refused(method, f"/account/keys/{identifier}", body, 404)


@pytest.mark.parametrize("again", [KEY, f"ssh-ed25519 {BODY}", f"ssh-ed25519   {BODY} somebody else\n"])
def test_the_same_key_is_not_taken_twice_whatever_its_comment(api: Any, again: str) -> None:
    add(api)
    refusal = api.refused("POST", "/account/keys", {"name": "another", "public_key": again})
    assert refusal == "SSH Key is already in use on your account"


def test_two_keys_may_bear_one_name(api: Any) -> None:
    assert add(api)["id"] != add(api, public_key=OTHER)["id"]


@pytest.mark.parametrize(
    ("public_key", "message"),
    [
        ("ssh-ed25519", "type key"),
        ("", "type key"),
        (f"ssh-x25519 {BODY}", "invalid type, we support 'ssh-rsa', 'ssh-dss'"),
        (f"ssh-rsa {BODY}", "Fingerprint could not be generated"),
        ("ssh-rsa no-base-64", "Fingerprint could not be generated"),
        ("ssh-rsa AAAAB3NzaC1yc2E=", "Fingerprint could not be generated"),
    ],
)
def test_what_is_no_key(api: Any, public_key: str, message: str) -> None:
    assert message in api.refused("POST", "/account/keys", {"name": "x", "public_key": public_key})
    assert api.ok("GET", "/account/keys")["ssh_keys"] == []


def test_a_name_is_not_blank(api: Any) -> None:
    assert "blank" in api.refused("POST", "/account/keys", {"name": " ", "public_key": KEY})
    assert "blank" in api.refused("PUT", f"/account/keys/{add(api)['id']}", {"name": ""})


def test_somebody_elses(api: Any) -> None:
    api.admin.seed(ssh_keys=25)
    api.admin.seed(ssh_keys=5)
    rows = api.ok("GET", "/account/keys?per_page=200")["ssh_keys"]
    assert len({row["fingerprint"] for row in rows}) == len({row["id"] for row in rows}) == 30
    assert all(re.fullmatch(r"([0-9a-f]{2}:){15}[0-9a-f]{2}", row["fingerprint"]) for row in rows)
