# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates: ``/v2/certificates``, given by the user or issued by Let's Encrypt.

Records of the table ``certificates`` by id, as the API shows them. Private keys are looked at and not kept.
Sources as in ``localcloud.resources.load_balancers``.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from localcloud import JSON
from localcloud.contract.relaxations import relax
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.resources.domains import domains, records
from localcloud.resources.load_balancers import rows as load_balancers
from localcloud.resources.spaces import cdn
from localcloud.world import hooks
from localcloud.world.world import World, duration, timer

TABLE = "certificates"
ALL, ONE = "/v2/certificates", "/v2/certificates/{certificate_id}"
# Let's Encrypt: for so long, and another one so long before the end.
DAYS, RENEWED_BEFORE = 90, 30
# Nobody's domain (RFC 2606): how a test names one that no name server answers for.
NOBODY = ".invalid"
# In the API's words, with 403 (terraform-provider-digitalocean, which retries by them).
IN_USE = "Make sure the certificate is not in use before deleting it"

duration("certificate.issue", 45.0)


@relax("a certificate is answered 202, as it is issued later; the description has 201 (RentFreeMedia issue 12)")
def _accepted(description: JSON) -> None:
    responses = description["paths"][ALL]["post"]["responses"]
    responses["202"] = responses["201"]


def refuse(message: str) -> ApiError:
    return ApiError(422, message)


def _insert(world: World, name: str, values: JSON) -> JSON:
    id = world.uuid()
    return world.table(TABLE).insert(id, {"id": id, "name": name, "created_at": world.timestamp(), **values})


def _wanted(request: Request) -> JSON:
    return request.row(TABLE, "certificate_id")


@operation("GET", ALL, scope="certificate:read")
def list_certificates(request: Request) -> JSON:
    name = request.query.get("name", "")
    return paginate(
        request, "certificates", [row for row in request.world.table(TABLE).all() if name in ("", row["name"])]
    )


@operation("POST", ALL, scope="certificate:create", status=202)
def create(request: Request) -> JSON:
    """Without a type it is the user's, as before there were others [G]. Words without a source: [?]."""
    world, body = request.world, request.json
    name = body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise refuse("name can't be blank")
    # In the API's words: RentFreeMedia/rentfreemedia issue 12.
    if any(row["name"] == name for row in world.table(TABLE).everything()):
        raise refuse("name is not unique")
    if body.get("type") == "lets_encrypt":
        row = _insert(world, name, _requested(world, body.get("dns_names")))
        world.after("certificate.issue", "certificates.issued", id=row["id"])
    else:
        row = _insert(world, name, _given(world, body))
    return {"certificate": public(row)}


@operation("GET", ONE, scope="certificate:read")
def read(request: Request) -> JSON:
    return {"certificate": public(_wanted(request))}


@operation("DELETE", ONE, scope="certificate:delete", status=204)
def delete(request: Request) -> None:
    world, id = request.world, _wanted(request)["id"]
    if load_balancers.with_certificate(world, id) or cdn.with_certificate(world, id):
        raise ApiError(403, IN_USE)
    world.table(TABLE).delete(id)


# -- the user's own ------------------------------------------------------------------------------------------------


def _given(world: World, body: JSON) -> JSON:
    leaf = _certificates("leaf_certificate", body.get("leaf_certificate"))[0]
    if body.get("certificate_chain"):
        _certificates("certificate_chain", body["certificate_chain"])
    try:
        key = load_pem_private_key(str(body.get("private_key")).encode(), None)
    except (ValueError, TypeError):
        raise refuse("private_key is not a valid PEM-formatted private key") from None
    if key.public_key() != leaf.public_key():
        raise refuse("private_key does not match leaf_certificate")
    if leaf.not_valid_after_utc <= world.now():
        raise refuse("leaf_certificate has expired")
    return {
        "not_after": world.timestamp(leaf.not_valid_after_utc),
        "sha1_fingerprint": hashlib.sha1(leaf.public_bytes(Encoding.DER), usedforsecurity=False).hexdigest(),
        "dns_names": _names(leaf),
        "state": "verified",
        "type": "custom",
    }


def _certificates(name: str, pem: Any) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(str(pem).encode())
    except ValueError:
        raise refuse(f"{name} is not a valid PEM-formatted certificate") from None


def _names(leaf: x509.Certificate) -> list[str]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return names.get_values_for_type(x509.DNSName)


# -- of Let's Encrypt ----------------------------------------------------------------------------------------------


def _requested(world: World, names: Any) -> JSON:
    wanted = list(dict.fromkeys(str(name).lower() for name in names or []))
    if not wanted:
        raise refuse("dns_names can't be blank")
    # The beginning in the API's words (terraform-provider-digitalocean PR 129), the rest [?].
    if any(_zone(world, name) is None for name in wanted):
        raise refuse("one or more of the domain names are not managed by DigitalOcean")
    # Its end and its fingerprint are told when it is issued [?]; the description's example of one that is not has both.
    return {"dns_names": wanted, "state": "pending", "type": "lets_encrypt"}


def _zone(world: World, name: str) -> str | None:
    """The account's domain that the name is in, the nearest one."""
    labels = name.removeprefix("*.").split(".")
    above = (".".join(labels[first:]) for first in range(len(labels)))
    return next((zone for zone in above if world.table(domains.TABLE).peek(zone)), None)


def _is_provable(world: World, name: str) -> bool:
    """Whether Let's Encrypt finds DigitalOcean's proof in the DNS, and a CAA record that lets it."""
    zone = _zone(world, name)
    if zone is None or zone.endswith(NOBODY):
        return False
    apex = [row for row in records.of(world, zone) if row["name"] == "@"]
    servers = [row["data"] for row in apex if row["type"] == "NS"]
    issuers = [row["data"] for row in apex if row["type"] == "CAA" and row["tag"] == "issue"]
    served = bool(servers) and all(server.endswith(".digitalocean.com") for server in servers)
    return served and (not issuers or "letsencrypt.org" in issuers)


def _issued(world: World) -> JSON:
    end = world.now() + timedelta(days=DAYS)
    return {"state": "verified", "not_after": world.timestamp(end), "sha1_fingerprint": world.token_hex(20)}


@timer("certificates.issued")
def issued(world: World, id: str) -> None:
    row = world.table(TABLE).peek(id)
    if row is None:
        return
    if not all(_is_provable(world, name) for name in row["dns_names"]):
        row["state"] = "error"
        return
    row.update(_issued(world))
    world.after(86400.0 * (DAYS - RENEWED_BEFORE), "certificates.renewed", id=id)


@timer("certificates.renewed")
def renewed(world: World, id: str) -> None:
    """A renewed one has another id, and what used the old one uses it [G]. What cannot be proved just runs out."""
    table = world.table(TABLE)
    row = table.peek(id)
    if row is None or not all(_is_provable(world, name) for name in row["dns_names"]):
        return
    table.delete(id)
    new = _insert(world, row["name"], {**{key: row[key] for key in ("dns_names", "type")}, **_issued(world)})
    load_balancers.change_certificate(world, id, new["id"])
    cdn.change_certificate(world, id, new["id"])
    world.after(86400.0 * (DAYS - RENEWED_BEFORE), "certificates.renewed", id=new["id"])


@hooks.seeder("certificates")
def _seed(world: World, count: int) -> None:
    for _ in range(count):
        number = len(world.table(TABLE))
        names = {"dns_names": [f"foreign-{number:04}.example"], "type": "custom"}
        _insert(world, f"foreign-certificate-{number:04}", {**_issued(world), **names})
