# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Droplets: list, get, delete."""

from __future__ import annotations

from localcloud import JSON
from localcloud.ports.errors import ApiError
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources.droplets import actions, rows


@operation("GET", "/v2/droplets", scope="droplet:read")
def list_droplets(request: Request) -> JSON:
    """All, or those of a name in any capitals, of a tag, of a type. There are no GPU Droplets here."""
    name, tag, kind = (request.query.get(key) for key in ("name", "tag_name", "type"))
    if tag and (name or kind):
        # Not to be combined, says the description; how it is refused is a guess.
        raise ApiError(422, "tag_name can not be combined with name or type")
    if tag:
        request.token.require(["tag:read"])
    found = [
        row
        for row in rows.droplets(request.world).all()
        if kind != "gpus" and (not name or row["name"].lower() == name.lower()) and (not tag or tag in row["tags"])
    ]
    return paginate(request, "droplets", [rows.render(request.world, row, request.token) for row in found])


@operation("GET", rows.ONE, scope="droplet:read")
def read(request: Request) -> JSON:
    return {"droplet": rows.render(request.world, rows.wanted(request), request.token)}


@operation("DELETE", rows.ONE, scope="droplet:delete", status=204)
def delete(request: Request) -> None:
    """Not while something is under way on it, its creation included (hashicorp/packer issue 1814)."""
    row = rows.wanted(request)
    actions.require_idle(request.world, row)
    rows.forget(request.world, row)


@operation("DELETE", "/v2/droplets", scope="droplet:delete", status=204)
def delete_by_tag(request: Request) -> None:
    """All or none. A tag that nothing carries deletes nothing, which is a guess."""
    request.token.require(["tag:read"])
    found = rows.tagged(request.world, request.query["tag_name"])
    for row in found:
        actions.require_idle(request.world, row)
    for row in found:
        rows.forget(request.world, row)


@operation("GET", f"{rows.ONE}/kernels", scope="droplet:read")
def list_kernels(request: Request) -> JSON:
    """None: Droplets made since 2017 have their own."""
    rows.wanted(request)
    return paginate(request, "kernels", [])


@operation("GET", f"{rows.ONE}/neighbors", scope="droplet:read")
def list_neighbors(request: Request) -> JSON:
    """None: each has a machine of its own here."""
    rows.wanted(request)
    return {"droplets": []}
