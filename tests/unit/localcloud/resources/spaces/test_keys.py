# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/v2/spaces/keys"""

from __future__ import annotations

import re

import pytest

URL = "/v2/spaces/keys"


@pytest.fixture
def bucket(s3):
    for name in ("fisio-a", "fisio-b"):
        s3.create_bucket(Bucket=name)
    return "fisio-a"


def create(cloud, name, *grants):
    body = {"name": name, "grants": [{"bucket": bucket, "permission": permission} for bucket, permission in grants]}
    return cloud.api("POST", URL, body)


def names(cloud, query=""):
    status, answer = cloud.api("GET", f"{URL}?per_page=200{query}")
    assert status == 200
    return [key["name"] for key in answer["keys"]]


def test_the_secret_is_shown_once(cloud, bucket):
    status, answer = create(cloud, "app", (bucket, "readwrite"))
    assert status == 201
    key = answer["key"]
    assert re.fullmatch(r"DO00[A-Z0-9]{16}", key["access_key"])
    secret = key.pop("secret_key")
    assert re.fullmatch(r"[A-Za-z0-9+/]{43}", secret)
    assert key.keys() == {"name", "access_key", "grants", "created_at"}
    assert key["grants"] == [{"bucket": bucket, "permission": "readwrite"}]
    where = f"{URL}/{key['access_key']}"
    assert cloud.api("GET", where) == (200, {"key": key, "keys": [key]})
    answers = [cloud.api("GET", URL), cloud.api("GET", where), cloud.api("PUT", where, {"name": "b"})]
    assert secret not in str(answers)


@pytest.mark.parametrize(
    ("grants", "message"),
    [
        ([("fisio-a", "read"), ("", "fullaccess")], "cannot mix fullaccess permission with scoped permissions."),
        ([("fisio-a", "fullaccess")], "bucket must be empty"),
        ([("fisio-a", "write")], "invalid permission"),
        ([("nowhere", "read")], "does not exist"),
        ([("taken-0001", "read")], "does not exist"),
        ([("", "read")], "does not exist"),
        ([("fisio-a", "read"), ("fisio-a", "readwrite")], "only once"),
    ],
)
def test_grants_that_cannot_be(cloud, bucket, grants, message):
    cloud.seed("foreign_buckets", 1)
    before = names(cloud)
    status, answer = create(cloud, "bad", *grants)
    assert (status, answer["id"]) == (400, "bad_request")
    assert message in answer["message"]
    assert names(cloud) == before


def test_a_name_is_needed_but_need_not_be_unique(cloud, s3):
    assert cloud.api("POST", URL, {"grants": []})[0] == 400
    assert [create(cloud, "twin")[0], create(cloud, "twin")[0]] == [201, 201]
    assert names(cloud, "&name=twin") == ["twin", "twin"]


def test_lists_are_filtered_sorted_and_paginated(cloud, bucket):
    create(cloud, "c", ("fisio-a", "read"))
    create(cloud, "a", ("fisio-a", "readwrite"), ("fisio-b", "read"))
    create(cloud, "b")
    assert names(cloud) == ["b", "a", "c", "localcloud"]
    assert names(cloud, "&sort=name&sort_direction=asc") == ["a", "b", "c", "localcloud"]
    assert names(cloud, "&bucket=fisio-b") == ["a"]
    assert names(cloud, "&permission=read") == ["a", "c"]
    assert names(cloud, "&permission=fullaccess") == ["localcloud"]
    status, page = cloud.api("GET", f"{URL}?per_page=3&page=2")
    assert (status, len(page["keys"]), page["meta"]["total"]) == (200, 1, 4)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_only_the_name_changes(cloud, bucket, method):
    _status, answer = create(cloud, "old", (bucket, "read"))
    key = answer["key"]
    where = f"{URL}/{key['access_key']}"
    status, answer = cloud.api(method, where, {"name": "new", "grants": key["grants"]})
    assert (status, answer["key"]["name"], answer["key"]["grants"]) == (200, "new", key["grants"])
    for grants in ([], [{"bucket": "", "permission": "fullaccess"}], [{"bucket": bucket, "permission": "readwrite"}]):
        status, answer = cloud.api(method, where, {"name": "newer", "grants": grants})
        assert (status, "cannot be changed" in answer["message"]) == (400, True)
    assert cloud.api("GET", where)[1]["keys"][0]["name"] == "new"


def test_a_key_that_is_not_there(cloud, s3):
    for method, body in (("GET", None), ("PUT", {"name": "x"}), ("PATCH", {"name": "x"}), ("DELETE", None)):
        assert cloud.api(method, f"{URL}/DO00NOBODY", body)[0] == 404


def test_there_may_be_two_hundred(cloud, s3):
    for number in range(199):
        assert create(cloud, f"k{number}")[0] == 201
    status, answer = create(cloud, "one too many")
    assert (status, "limit" in answer["message"]) == (422, True)
