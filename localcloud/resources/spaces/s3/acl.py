# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ACLs of buckets and of versions. Spaces names two, ``private`` and ``public-read``; a bucket may have others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from localcloud.resources.spaces.s3 import xmldoc
from localcloud.resources.spaces.s3.answer import S3Answer, document, element
from localcloud.resources.spaces.s3.errors import S3Error
from localcloud.resources.spaces.s3.handlers import handles
from localcloud.resources.spaces.s3.listing import OWNER
from localcloud.resources.spaces.s3.lookup import meant, version_header
from localcloud.resources.spaces.s3.store import store_of

if TYPE_CHECKING:
    from localcloud import JSON
    from localcloud.resources.spaces.s3.request import S3Request
    from localcloud.world.world import World

CANNED = ("private", "public-read")
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_GRANT = "x-amz-grant-"
_URI = re.compile(r'uri="?([^",]+)"?')
_WHO = OWNER.removeprefix("<Owner>").removesuffix("</Owner>")
PERMISSIONS = ("READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL")


Grants = list[list[str]]


def check_headers(headers: dict[str, str]) -> None:
    """S3Error for an ACL that Spaces does not have."""
    if headers.get("x-amz-acl", "private") not in CANNED:
        raise S3Error("InvalidArgument", "Spaces knows the canned ACLs private and public-read.", 400)
    if "x-amz-acl" in headers and any(name.startswith(_GRANT) for name in headers):
        raise S3Error("InvalidRequest", "Specifying both Canned ACLs and Header Grants is not allowed")


def by_headers(headers: dict[str, str]) -> Grants:
    """What the headers of a request give to groups: ``[[uri, permission]]``. The owner always has everything."""
    if headers.get("x-amz-acl") == "public-read":
        return [[EVERYBODY, "READ"]]
    found = []
    for name, value in headers.items():
        permission = name.removeprefix(_GRANT).replace("-", "_").upper()
        if name.startswith(_GRANT):
            if permission not in PERMISSIONS:
                raise S3Error("InvalidArgument", f"There is no {name}.", 400)
            found += [[uri, permission] for uri in _URI.findall(value)]
    return found


def public_by_headers(headers: dict[str, str]) -> bool:
    """Whether the headers of a new object let everybody read it."""
    return _public(by_headers(headers))


def opens(grants: Grants, *permissions: str) -> bool:
    """Whether everybody has one of the permissions."""
    return any(uri == EVERYBODY and given in (*permissions, "FULL_CONTROL") for uri, given in grants)


def _public(grants: Grants) -> bool:
    """Of an object, which everybody may read or nobody."""
    if any(uri != EVERYBODY or permission not in ("READ", "FULL_CONTROL") for uri, permission in grants):
        raise S3Error("InvalidArgument", "Spaces lets everybody read or nobody.", 400)
    return bool(grants)


def _wanted(request: S3Request) -> Grants:
    if not request.body:
        if not any(name == "x-amz-acl" or name.startswith(_GRANT) for name in request.headers):
            raise S3Error("MalformedXML")
        return by_headers(request.headers)
    listed = xmldoc.node(xmldoc.parse(request.body, "AccessControlPolicy"), "AccessControlList")
    if listed is None:
        raise S3Error("MalformedXML")
    found = []
    for grant in xmldoc.nodes(listed, "Grant"):
        grantee, permission = xmldoc.node(grant, "Grantee"), xmldoc.text(grant, "Permission")
        if grantee is None or permission not in PERMISSIONS:
            raise S3Error("MalformedACLError")
        uri = xmldoc.text(grantee, "URI")
        found += [[uri, permission]] if uri else []
    return found


def _told(grants: Grants, headers: list[tuple[str, str]]) -> S3Answer:
    rows = []
    for uri, permission in grants:
        grantee = f'<Grantee {_XSI} xsi:type="Group">{element("URI", uri)}</Grantee>'
        rows.append(grantee + element("Permission", permission))
    rows.append(f'<Grantee {_XSI} xsi:type="CanonicalUser">{_WHO}</Grantee><Permission>FULL_CONTROL</Permission>')
    inner = "".join(f"<Grant>{row}</Grant>" for row in rows)
    return document("AccessControlPolicy", f"{OWNER}<AccessControlList>{inner}</AccessControlList>", headers=headers)


@handles("GetBucketAcl", "PutBucketAcl")
def bucket_acl(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    settings = store_of(world)[bucket["name"]].settings
    if request.method == "GET":
        return _told(settings["grants"], [])
    settings["grants"] = _wanted(request)
    return S3Answer()


@handles("GetObjectAcl", "PutObjectAcl")
def object_acl(world: World, request: S3Request, bucket: JSON) -> S3Answer:
    contents = store_of(world)[bucket["name"]]
    version = meant(contents, request)
    headers = version_header(contents, version)
    if request.method == "GET":
        return _told([[EVERYBODY, "READ"]] if version.public else [], headers)
    contents.replace(version, public=_public(_wanted(request)))
    return S3Answer(200, b"", headers)
