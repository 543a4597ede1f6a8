# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/v2/cdn/endpoints and what it serves."""

from __future__ import annotations

import pytest

URL = "/v2/cdn/endpoints"
ORIGIN = "fisio-a.fra1.digitaloceanspaces.com"
CERTIFICATE = "892071a0-bb95-49bc-8021-3afd67a210bf"


@pytest.fixture
def bucket(cloud, s3):
    s3.create_bucket(Bucket="fisio-a")
    s3.create_bucket(Bucket="fisio-b")
    return "fisio-a"


@pytest.fixture
def endpoint(cloud, bucket):
    status, answer = cloud.api("POST", URL, {"origin": ORIGIN})
    assert status == 201
    return answer["endpoint"]


def test_an_endpoint_lives(cloud, endpoint):
    id, created_at = endpoint["id"], endpoint["created_at"]
    assert endpoint == {
        "id": id,
        "origin": ORIGIN,
        "endpoint": "fisio-a.fra1.cdn.digitaloceanspaces.com",
        "ttl": 3600,
        "created_at": created_at,
    }
    assert cloud.api("GET", f"{URL}/{id}") == (200, {"endpoint": endpoint})
    assert cloud.api("GET", URL)[1]["endpoints"] == [endpoint]
    changed = {**endpoint, "ttl": 60}
    assert cloud.api("PUT", f"{URL}/{id}", {"ttl": 60}) == (200, {"endpoint": changed})
    assert cloud.api("DELETE", f"{URL}/{id}/cache", {"files": ["a/*", "b.png"]}) == (204, None)
    assert cloud.api("DELETE", f"{URL}/{id}") == (204, None)
    assert cloud.api("GET", f"{URL}/{id}")[0] == 404
    assert cloud.api("DELETE", f"{URL}/{id}")[0] == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"origin": "nowhere.fra1.digitaloceanspaces.com"}, 422),
        ({"origin": "fisio-a.nyc3.digitaloceanspaces.com"}, 422),
        ({"origin": "www.example.com"}, 422),
        ({"origin": "fra1.digitaloceanspaces.com"}, 422),
        ({"origin": "fisio.a.fra1.digitaloceanspaces.com"}, 422),
        ({"origin": "taken-0001.atl1.digitaloceanspaces.com"}, 422),
        ({"origin": ORIGIN}, 409),
        ({"origin": "fisio-b.fra1.digitaloceanspaces.com", "ttl": 61}, (400, 422)),
        ({"origin": "fisio-b.fra1.digitaloceanspaces.com", "custom_domain": "cdn.example.com"}, 422),
        ({"origin": "fisio-b.fra1.digitaloceanspaces.com", "certificate_id": CERTIFICATE}, 422),
    ],
)
def test_endpoints_that_cannot_be(cloud, s3, endpoint, body, status):
    cloud.seed("foreign_buckets", 1)
    s3.create_bucket(Bucket="fisio.a")
    assert cloud.api("POST", URL, body)[0] in (status if isinstance(status, tuple) else (status,))
    assert cloud.api("GET", URL)[1]["meta"]["total"] == 1


def test_a_custom_domain_needs_a_certificate(cloud, endpoint):
    where = f"{URL}/{endpoint['id']}"
    assert cloud.api("PUT", where, {"custom_domain": "cdn.example.com"})[0] == 422
    cloud.shared.world.table("certificates").insert(CERTIFICATE, {"id": CERTIFICATE})
    both = {"custom_domain": "cdn.example.com", "certificate_id": CERTIFICATE}
    status, answer = cloud.api("PUT", where, both)
    assert (status, answer["endpoint"]) == (200, {**endpoint, **both})
    # The rest stays when only the ttl is sent.
    assert cloud.api("PUT", where, {"ttl": 600})[1]["endpoint"] == {**endpoint, **both, "ttl": 600}
    other = {"origin": "fisio-b.fra1.digitaloceanspaces.com", **both}
    assert cloud.api("POST", URL, other)[0] == 409


def test_a_certificate_that_the_cdn_makes_needs_none_of_ours(cloud, bucket):
    wanted = {"origin": ORIGIN, "custom_domain": "cdn.example.com", "certificate_id": "needs-cloudflare-cert"}
    status, answer = cloud.api("POST", URL, wanted)
    assert (status, answer["endpoint"]["certificate_id"]) == (201, "needs-cloudflare-cert")
    where = f"{URL}/{answer['endpoint']['id']}"
    assert cloud.api("PUT", where, {key: wanted[key] for key in ("custom_domain", "certificate_id")})[0] == 200


def test_purges_are_limited(cloud, endpoint):
    where = f"{URL}/{endpoint['id']}/cache"
    cloud.shared.limits.enabled = True
    try:
        assert cloud.api("DELETE", where, {"files": [f"{n}" for n in range(50)]})[0] == 204
        status, answer = cloud.api("DELETE", where, {"files": ["one"]})
        assert (status, answer["id"]) == (429, "too_many_requests")
        cloud.shared.world.clock.advance(21)
        assert cloud.api("DELETE", where, {"files": ["one"]})[0] == 204
        # ... and so are all calls of the CDN together: five in ten seconds.
        assert [cloud.api("GET", URL)[0] for _ in range(5)] == [200, 200, 200, 200, 429]
    finally:
        cloud.shared.limits.enabled = False
    assert [cloud.api("DELETE", where, {"files": ["x"] * 30})[0] for _ in range(3)] == [204, 204, 204]


def test_what_a_cdn_serves(cloud, s3, endpoint, public_names):
    s3.put_object(Bucket="fisio-a", Key="open.txt", Body=b"hello", ACL="public-read", ContentType="text/plain")
    s3.put_object(Bucket="fisio-a", Key="closed.txt", Body=b"hello")
    s3.put_object(Bucket="fisio-b", Key="open.txt", Body=b"hello", ACL="public-read")
    host = public_names("fisio-a.fra1.cdn")
    status, headers, body = cloud.raw("GET", f"{host}/open.txt")
    assert (status, body, headers["content-type"]) == (200, b"hello", "text/plain")
    assert headers["cache-control"] == "max-age=3600"
    assert cloud.raw("GET", f"{host}/closed.txt")[0] == 403
    assert cloud.raw("PUT", f"{host}/open.txt", b"x")[0] == 405
    assert cloud.raw("GET", public_names("fisio-b.fra1.cdn") + "/open.txt")[0] == 404


def test_a_presigned_url_through_the_cdn(cloud, s3, endpoint, public_names):
    """Made for the origin and asked of the CDN, or made for the CDN: private, and nobody is told to keep it."""
    s3.put_object(Bucket="fisio-a", Key="closed +.txt", Body=b"hello")
    origin, cdn = public_names("fisio-a.fra1"), public_names("fisio-a.fra1.cdn")
    for version in ("s3v4", "s3"):
        client = cloud.s3(style="virtual", endpoint=public_names("fra1"), signature_version=version)
        where = {"Bucket": "fisio-a", "Key": "closed +.txt"}
        url = client.generate_presigned_url("get_object", Params=where, ExpiresIn=60)
        assert url.startswith(origin)
        status, headers, body = cloud.raw("GET", url.replace(origin, cdn))
        assert (status, body, headers["cache-control"]) == (200, b"hello", None)
        assert cloud.raw("GET", url.replace(origin, cdn).replace("closed", "other"))[0] == 403
        put = client.generate_presigned_url("put_object", Params=where, ExpiresIn=60)
        assert cloud.raw("PUT", put.replace(origin, cdn), b"x", {"Content-Type": ""})[0] == 405
    own = cloud.s3(style="virtual", endpoint=public_names("fra1.cdn"), signature_version="s3v4")
    assert cloud.raw("GET", own.generate_presigned_url("get_object", Params=where, ExpiresIn=60))[0] == 200
    s3.delete_object(**where)
    assert cloud.raw("GET", url.replace(origin, cdn))[0] == 404
