# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What web pages are told, as Ceph tells it."""

from __future__ import annotations

import pytest

PAGE = "https://app.fisioflow.example"
RULES = [
    {"AllowedMethods": ["GET"], "AllowedOrigins": [PAGE], "ExposeHeaders": ["ETag"]},
    {
        "AllowedMethods": ["PUT"],
        "AllowedOrigins": ["https://*.fisioflow.example"],
        "AllowedHeaders": ["content-*", "X-Amz-Date"],
        "MaxAgeSeconds": 60,
    },
]


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    s3.put_bucket_cors(Bucket="fisio-a", CORSConfiguration={"CORSRules": RULES})
    return "fisio-a"


def ask(cloud, method, headers, key="k"):
    """``(status, what the page is told)``"""
    status, found, _body = cloud.raw(method, f"{cloud.spaces_url}/fisio-a/{key}", None, headers)
    told = {n.lower(): v for n, v in found.items() if n.lower().startswith("access-control-") or n.lower() == "vary"}
    return status, told


def preflight(cloud, method, origin=PAGE, **more):
    return ask(cloud, "OPTIONS", {"Origin": origin, "Access-Control-Request-Method": method, **more})


def test_a_preflight_that_is_allowed(cloud, bucket):
    assert preflight(cloud, "GET") == (
        200,
        {
            "access-control-allow-origin": PAGE,
            "access-control-allow-methods": "GET",
            "access-control-expose-headers": "ETag",
            "vary": "Origin",
        },
    )
    wanted = {"Access-Control-Request-Headers": "Content-Type, x-amz-date"}
    assert preflight(cloud, "PUT", **wanted) == (
        200,
        {
            "access-control-allow-origin": PAGE,
            "access-control-allow-methods": "PUT",
            "access-control-allow-headers": "Content-Type,x-amz-date",
            "access-control-max-age": "60",
            "vary": "Origin",
        },
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil", "Access-Control-Request-Method": "GET"}, 403),
        ({"Origin": PAGE, "Access-Control-Request-Method": "DELETE"}, 403),
        ({"Origin": PAGE, "Access-Control-Request-Method": "ODD"}, 403),
        ({"Origin": PAGE, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "x-other"}, 403),
        ({"Origin": PAGE}, 400),
        ({"Access-Control-Request-Method": "GET"}, 400),
    ],
)
def test_a_preflight_that_is_not(cloud, bucket, headers, status):
    assert ask(cloud, "OPTIONS", headers) == (status, {})


def test_without_rules_nobody_is_allowed(cloud, s3, bucket):
    s3.delete_bucket_cors(Bucket=bucket)
    assert preflight(cloud, "GET") == (403, {})
    assert ask(cloud, "GET", {"Origin": PAGE}) == (403, {})


def test_a_page_can_read_errors_too(cloud, s3, bucket):
    """``k`` is private: the page must learn that, and not that something went wrong."""
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    status, told = ask(cloud, "GET", {"Origin": PAGE})
    assert (status, told["access-control-allow-origin"], told["vary"]) == (403, PAGE, "Origin")
    s3.put_object_acl(Bucket=bucket, Key="k", ACL="public-read")
    assert ask(cloud, "GET", {"Origin": PAGE}) == (200, told)
    # A method that no rule allows, and a page that no rule knows.
    assert ask(cloud, "DELETE", {"Origin": PAGE}) == (403, {})
    assert ask(cloud, "GET", {"Origin": "https://evil"}) == (200, {})


def test_everybody_is_everybody_only_without_credentials(cloud, s3, bucket):
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
    assert ask(cloud, "GET", {"Origin": PAGE})[1]["access-control-allow-origin"] == "*"
    told = ask(cloud, "GET", {"Origin": PAGE, "Authorization": "AWS4-HMAC-SHA256 Credential=x"})[1]
    assert (told["access-control-allow-origin"], told["vary"]) == (PAGE, "Origin")
