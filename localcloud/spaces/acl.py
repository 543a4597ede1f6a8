# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ACLs of buckets and of versions. Spaces knows two: ``private`` and ``public-read``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.spaces import xmldoc
from localcloud.spaces.answer import S3Answer, document, handles
from localcloud.spaces.errors import S3Error
from localcloud.spaces.listing import OWNER
from localcloud.spaces.lookup import meant, version_header
from localcloud.spaces.store import store_of

if TYPE_CHECKING:
    from localcloud.spaces.buckets import Bucket
    from localcloud.spaces.request import S3Request
    from localcloud.world import World

CANNED = ("private", "public-read")
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_GRANT = "x-amz-grant-"
_READS = ("READ", "FULL_CONTROL")


def check_headers(headers: dict[str, str]) -> None:
    """S3Error for an ACL that Spaces does not have."""
    if headers.get("x-amz-acl", "private") not in CANNED:
        raise S3Error("InvalidArgument", "Spaces knows the canned ACLs private and public-read.", 400)
    if "x-amz-acl" in headers and any(name.startswith(_GRANT) for name in headers):
        raise S3Error("InvalidRequest", "Specifying both Canned ACLs and Header Grants is not allowed")
    for name, value in headers.items():
        if name.startswith(_GRANT):
            _check_group(value, {"read": "READ", "full-control": "FULL_CONTROL"}.get(name.removeprefix(_GRANT), ""))


def _check_group(who: str, permission: str) -> None:
    if "/groups/" in who and (EVERYBODY not in who or permission not in _READS):
        raise S3Error("InvalidArgument", "Spaces lets everybody read or nobody.", 400)


def public_by_header(headers: dict[str, str]) -> bool:
    """Whether the headers of a new bucket or object let everybody read."""
    granted = any(EVERYBODY in value for name, value in headers.items() if name.startswith(_GRANT))
    return headers.get("x-amz-acl") == "public-read" or granted


def _wanted(request: S3Request) -> bool:
    """Whether the request for a new ACL lets everybody read."""
    if not request.body:
        if not any(name == "x-amz-acl" or name.startswith(_GRANT) for name in request.headers):
            raise S3Error("MalformedXML")
        return public_by_header(request.headers)
    listed = xmldoc.node(xmldoc.parse(request.body, "AccessControlPolicy"), "AccessControlList")
    if listed is None:
        raise S3Error("MalformedXML")
    public = False
    for grant in xmldoc.nodes(listed, "Grant"):
        grantee, permission = xmldoc.node(grant, "Grantee"), xmldoc.text(grant, "Permission")
        if grantee is None or permission not in ("READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"):
            raise S3Error("MalformedACLError")
        who = xmldoc.text(grantee, "URI") or ""
        _check_group(who, permission)
        public = public or who == EVERYBODY
    return public


def _told(public: bool, headers: list[tuple[str, str]]) -> S3Answer:
    owner = OWNER.removeprefix("<Owner>").removesuffix("</Owner>")
    grants = f'<Grant><Grantee {_XSI} xsi:type="CanonicalUser">{owner}</Grantee>'
    grants += "<Permission>FULL_CONTROL</Permission></Grant>"
    if public:
        grants += f'<Grant><Grantee {_XSI} xsi:type="Group"><URI>{EVERYBODY}</URI></Grantee>'
        grants += "<Permission>READ</Permission></Grant>"
    inner = f"{OWNER}<AccessControlList>{grants}</AccessControlList>"
    return document("AccessControlPolicy", inner, headers=headers)


@handles("GetBucketAcl", "PutBucketAcl")
def bucket_acl(world: World, request: S3Request, bucket: Bucket) -> S3Answer:
    settings = store_of(world)[bucket["name"]].settings
    if request.method == "GET":
        return _told(settings["public"], [])
    settings["public"] = _wanted(request)
    return S3Answer()


@handles("GetObjectAcl", "PutObjectAcl")
def object_acl(world: World, request: S3Request, bucket: Bucket) -> S3Answer:
    contents = store_of(world)[bucket["name"]]
    version = meant(contents, request)
    headers = version_header(contents, version)
    if request.method == "GET":
        return _told(version.public, headers)
    contents.replace(version, public=_wanted(request))
    return S3Answer(200, b"", headers)
