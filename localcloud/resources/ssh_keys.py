# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's SSH keys: ``/v2/account/keys``, each by its number or by its fingerprint.

Records of the table ``ssh_keys`` by number, as text: ``{id, fingerprint, public_key, name}``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from localcloud import JSON
from localcloud.contract.relaxations import relax
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate, public
from localcloud.ports.routing import Request, operation
from localcloud.world import hooks
from localcloud.world.world import World

TABLE = "ssh_keys"
TYPES = ("ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-ed25519")
# In the API's words: digitalocean/ansible-collection issue 102, koalalorenzo/python-digitalocean issue 187,
# devopsgroup-io/vagrant-digitalocean issue 252, digitalocean/doctl issue 1110.
IN_USE = "SSH Key is already in use on your account"
NO_FORMAT = "Key invalid, key should be of the format `type key [comment]`"
NO_TYPE = f"Key invalid type, we support {str(TYPES[:-1])[1:-1]}, or {TYPES[-1]!r}"
NO_KEY = "Fingerprint could not be generated, please make sure your key is valid"


@relax("number and fingerprint of an SSH key are read-only, so that by the schema neither could stand in its address")
def _identifiers(description: JSON) -> None:
    description["components"]["parameters"]["ssh_key_identifier"]["schema"] = {"type": "string"}


def fingerprint(public_key: str) -> str:
    """MD5 of the key itself, as ``ssh-keygen -l -E md5`` shows it: the comment does not count. 422 for what is none."""
    words = public_key.split()
    if len(words) < 2:
        raise ApiError(422, NO_FORMAT)
    if words[0] not in TYPES:
        raise ApiError(422, NO_TYPE)
    try:
        blob = base64.b64decode(words[1], validate=True)
    except binascii.Error:
        raise ApiError(422, NO_KEY) from None
    # A key begins with its type once more, behind the length of it.
    head = len(words[0]).to_bytes(4, "big") + words[0].encode()
    if not blob.startswith(head) or blob == head:
        raise ApiError(422, NO_KEY)
    return hashlib.md5(blob, usedforsecurity=False).digest().hex(":")


def _insert(world: World, name: str, public_key: str) -> JSON:
    print_of_it = fingerprint(public_key)
    table = world.table(TABLE)
    if any(row["fingerprint"] == print_of_it for row in table.everything()):
        raise ApiError(422, IN_USE)
    # Above all that there are: numbers are never given twice to what is there.
    id = max((row["id"] for row in table.everything()), default=world.random.randrange(10**7, 10**8)) + 1
    return table.insert(str(id), {"id": id, "fingerprint": print_of_it, "public_key": public_key, "name": name})


def _name(body: JSON) -> str:
    name = body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ApiError(422, "Name can't be blank")
    return name


def _wanted(request: Request) -> JSON:
    """By number or fingerprint."""
    identifier = request.params["ssh_key_identifier"]
    for row in request.world.table(TABLE).all():
        if identifier in (str(row["id"]), row["fingerprint"]):
            return row
    raise not_found()


@operation("GET", "/v2/account/keys", scope="ssh_key:read")
def list_keys(request: Request) -> JSON:
    return paginate(request, "ssh_keys", request.world.table(TABLE).all())


@operation("POST", "/v2/account/keys", scope="ssh_key:create", status=201)
def create(request: Request) -> JSON:
    name = _name(request.json)
    return {"ssh_key": public(_insert(request.world, name, str(request.json.get("public_key") or "")))}


@operation("GET", "/v2/account/keys/{ssh_key_identifier}", scope="ssh_key:read")
def read(request: Request) -> JSON:
    return {"ssh_key": public(_wanted(request))}


@operation("PUT", "/v2/account/keys/{ssh_key_identifier}", scope="ssh_key:update")
def rename(request: Request) -> JSON:
    """Only the name: a body without one changes nothing."""
    row = _wanted(request)
    if "name" in request.json:
        row["name"] = _name(request.json)
    return {"ssh_key": public(row)}


@operation("DELETE", "/v2/account/keys/{ssh_key_identifier}", scope="ssh_key:delete", status=204)
def delete(request: Request) -> None:
    request.world.table(TABLE).delete(str(_wanted(request)["id"]))


@hooks.seeder("ssh_keys")
def _seed(world: World, count: int) -> None:
    head = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20"
    for _ in range(count):
        blob = base64.b64encode(head + bytes.fromhex(world.token_hex(32))).decode()
        _insert(world, f"foreign-key-{len(world.table(TABLE)):04}", f"ssh-ed25519 {blob} somebody@else")
