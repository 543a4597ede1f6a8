# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a client gets wrong is its mistake (4xx), or what Spaces lacks (501): never the server's."""

from __future__ import annotations

import random
from urllib.parse import quote

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from localcloud.resources.spaces.keys import standing_key


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    s3.put_object(Bucket="fisio-a", Key="k", Body=b"hello")
    return "fisio-a"


@pytest.fixture
def send(cloud, bucket):
    """``send(method, "/fisio-a…", body, headers)``: the status of a signed request."""

    def of(method, path, body=b"", headers=None):
        request = AWSRequest(method, cloud.spaces_url + path, data=body, headers=headers or {})
        S3SigV4Auth(Credentials(*standing_key()), "s3", "fra1").add_auth(request)
        return cloud.raw(method, cloud.spaces_url + path, body or None, dict(request.headers.items()))[0]

    return of


DOCUMENTS = {
    "PUT ?cors": "<CORSConfiguration><CORSRule>{}</CORSRule></CORSConfiguration>",
    "PUT ?lifecycle": "<LifecycleConfiguration><Rule>{}</Rule></LifecycleConfiguration>",
    "PUT ?versioning": "<VersioningConfiguration>{}</VersioningConfiguration>",
    "PUT ?acl": "<AccessControlPolicy>{}</AccessControlPolicy>",
    "PUT ?logging": "<BucketLoggingStatus><LoggingEnabled>{}</LoggingEnabled></BucketLoggingStatus>",
    "PUT ?website": "<WebsiteConfiguration>{}</WebsiteConfiguration>",
    "POST ?delete": "<Delete><Object>{}</Object></Delete>",
    "PUT /k?acl": "<AccessControlPolicy><AccessControlList>{}</AccessControlList></AccessControlPolicy>",
    "PUT /k?tagging": "<Tagging><TagSet>{}</TagSet></Tagging>",
    "POST /k?uploadId=x": "<CompleteMultipartUpload><Part>{}</Part></CompleteMultipartUpload>",
}
NAMES = (
    "ID", "Rule", "Status", "Filter", "And", "Prefix", "Tag", "Expiration", "Days", "Date", "AllowedOrigin", "Key",
    "AllowedMethod", "AllowedHeader", "MaxAgeSeconds", "Grant", "Grantee", "URI", "Permission", "PartNumber", "ETag",
    "AbortIncompleteMultipartUpload", "DaysAfterInitiation", "TargetBucket", "Value", "VersionId", "IndexDocument",
)  # fmt: skip
VALUES = ("", "x", "-1", "0", "1e9", "9" * 30, "²", "Enabled", "GET", "*", "**", "READ", "2026-13-45", "&#0;", "<a/>")


def inside(chance, depth=0):
    found = ""
    for name in chance.choices(NAMES, k=chance.randint(0, 4)):
        found += (
            f"<{name}>{inside(chance, depth + 1) if depth < 3 and chance.random() < 0.5 else chance.choice(VALUES)}"
        )
        found += f"</{name}>"
    return found


@pytest.mark.parametrize("where", DOCUMENTS)
def test_odd_documents(send, where):
    method, _blank, path = where.partition(" ")
    chance = random.Random(where)
    fixed = ["", "{", "<a>", "<a" * 500, "<a>" * 5000, "\ufeff", "<?xml version='1.0' encoding='odd'?><a/>"]
    fixed.append("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    for body in [*fixed, *(DOCUMENTS[where].format(inside(chance)) for _ in range(25))]:
        status = send(method, f"/fisio-a{path}", body.encode())
        assert status < 500 or status == 501, body
    # And an odd one that was taken can be told again.
    assert send("GET", f"/fisio-a{path}") != 500


@pytest.mark.parametrize(
    "policy",
    ["[" * 100_000, '{"Statement": 5}', '{"Statement": [5]}', "\ud800", b"\xff\xfe", '{"Statement": [{"Effect": []}]}']
    + [
        f'{{"Statement": [{{"Effect": "Allow", "Principal": {odd}, "Action": {odd}, "Resource": {odd}}}]}}'
        for odd in ("5", "null", "{}", "[]", "[[]]", '"["', '{"AWS": 5}')
    ],
)
def test_odd_policies(cloud, send, policy):
    body = policy if isinstance(policy, bytes) else policy.encode(errors="surrogatepass")
    assert send("PUT", "/fisio-a?policy", body) in (204, 400)
    assert send("GET", "/fisio-a/k") in (200, 403)


QUERIES = [
    *(f"{name}={value}" for name in ("max-keys", "prefix", "delimiter", "marker", "encoding-type") for value in VALUES),
    *(f"list-type=2&{name}={value}" for name in ("continuation-token", "start-after", "max-keys") for value in VALUES),
    *(f"versions&{name}={value}" for name in ("key-marker", "version-id-marker") for value in VALUES),
    *(f"uploads&{name}={value}" for name in ("key-marker", "upload-id-marker", "max-uploads") for value in VALUES),
]
HEADERS = {
    "range": ["bytes=", "bytes=-", "bytes=5-1", "bytes=-0", "bytes=9999999999999999999-", "lines=1-2", "bytes=0-1,3-4"],
    "if-modified-since": ["yesterday", "0", "Mon, 99 Foo 99999 99:99:99 GMT", "Fri, 31 Dec 9999 23:59:59 -1200"],
    "if-match": ['"', ",", "W/"],
    "x-amz-copy-source": ["/", "a", "%zz/%", "fisio-a/k?versionId=", "fisio-a/k?versionId=none", "fisio-a/none"],
    "x-amz-metadata-directive": ["ODD"],
    "x-amz-tagging": ["a=1&a=2", "=", "%ff", "&".join(f"{n}=1" for n in range(11)), "a=" + "x" * 300],
    "x-amz-acl": ["odd"],
    "x-amz-grant-read": ["odd", 'uri="'],
    "x-amz-grant-odd": ["id=1"],
    "x-amz-server-side-encryption-customer-key": ["odd", "=", "é"],
    "x-amz-checksum-crc32": ["odd", "AAAA"],
    "content-md5": ["odd", "AAAA"],
    "x-amz-meta-long": ["x" * 3000],
    "x-amz-date": ["00010101T000000Z"],
}


def test_odd_queries(send):
    for query in QUERIES:
        assert send("GET", f"/fisio-a?{quote(query, safe='=&')}") < 500, query
    for query in ("versionId=", "versionId=none", "partNumber=0", "partNumber=x", "partNumber=99", "uploadId=none"):
        for method in ("GET", "PUT", "DELETE"):
            assert send(method, f"/fisio-a/k?{query}") < 500, query


@pytest.mark.parametrize("name", HEADERS)
def test_odd_headers(send, name):
    for value in HEADERS[name]:
        for method in ("GET", "PUT", "DELETE"):
            assert send(method, "/fisio-a/other", b"", {name: value}) < 500, (method, value)


@pytest.mark.parametrize(("md5", "status"), [("", 400), ("AAAA", 400), ("XUFAKrxLKna5cZ2REBfFkg==", 200)])
def test_a_digest_that_is_none(send, md5, status):
    assert send("PUT", "/fisio-a/other", b"hello", {"content-md5": md5}) == status


@pytest.mark.parametrize("key", ["%ff", "%", "%00", "x" * 1025, "x" * 5000, "%ed%a0%80", "a/../b", "?", "%0d%0a"])
def test_odd_keys(send, key):
    assert send("PUT", f"/fisio-a/{key}") < 500
    assert send("GET", f"/fisio-a/{key}") < 500
    assert send("GET", "/fisio-a?encoding-type=url") == 200


@pytest.mark.parametrize(
    "query",
    [
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={key}/20261128/fra1/s3/aws4_request&X-Amz-Date={date}"
        f"&X-Amz-Expires={expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=%C3%A9"
        for expires in ("1", "%C2%B2", "-1", "99999999999")
    ]
    + ["AWSAccessKeyId={key}&Expires=%C2%B2&Signature=x", "AWSAccessKeyId={key}&Expires=99999999999&Signature=%C3%A9"],
)
@pytest.mark.parametrize("date", ["99991231T235959Z", "00010101T000000Z", "odd", ""])
def test_odd_signatures(cloud, bucket, query, date):
    url = f"{cloud.spaces_url}/fisio-a/k?{query.format(key=standing_key()[0], date=date)}"
    assert cloud.raw("GET", url)[0] in (400, 403)


@pytest.mark.parametrize(
    "header", ["response-content-type=a%0D%0Aset-cookie%3Ab", "response-content-language=%E6%97%A5"]
)
def test_what_a_reader_asks_to_be_told(send, header):
    assert send("GET", f"/fisio-a/k?{header}") in (200, 400)
