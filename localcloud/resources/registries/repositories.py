# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a registry: repositories, their manifests and tags.

In a registry's record: ``_repositories`` is repository → digest → manifest, as the API gives it. ``_garbage`` is the
bytes that no manifest needs any more. Nobody pushes here: seed ``registry_images`` puts images into the registries.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

from localcloud import JSON
from localcloud.ports.errors import ApiError, not_found
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Request, operation
from localcloud.resources.registries.registries import TABLE, insert, wanted
from localcloud.world import hooks
from localcloud.world.world import World

LAYER = 4 * 2**20


def put(world: World, registry: JSON, repository: str, tags: list[str]) -> JSON:
    """As if an image had been pushed now: its tags move to it."""
    manifests: dict[str, JSON] = registry["_repositories"].setdefault(repository, {})
    for other in manifests.values():
        other["tags"] = [tag for tag in other["tags"] if tag not in tags]
    digest = f"sha256:{world.token_hex(32)}"
    manifest: JSON = {
        "registry_name": registry["name"],
        "repository": repository,
        "digest": digest,
        "compressed_size_bytes": LAYER,
        "size_bytes": 2 * LAYER,
        "updated_at": world.timestamp(),
        "tags": list(tags),
        "blobs": [{"digest": f"sha256:{world.token_hex(32)}", "compressed_size_bytes": LAYER}],
    }
    manifests[digest] = manifest
    registry["storage_usage_bytes"] += LAYER
    registry["storage_usage_bytes_updated_at"] = world.timestamp()
    return manifest


def _manifests(request: Request) -> dict[str, JSON]:
    """By digest, the newest first; 404 for no such repository."""
    found: dict[str, JSON] | None = wanted(request)["_repositories"].get(unquote(request.params["repository_name"]))
    if found is None:
        raise not_found()
    return found


def _newest(manifests: dict[str, JSON]) -> list[JSON]:
    return sorted(manifests.values(), key=lambda row: row["updated_at"], reverse=True)


def _tag(manifest: JSON, name: str) -> JSON:
    kept = ("registry_name", "repository", "compressed_size_bytes", "size_bytes", "updated_at")
    return {key: manifest[key] for key in kept} | {"tag": name, "manifest_digest": manifest["digest"]}


def _drop(registry: JSON, manifest: JSON) -> None:
    registry["_garbage"] = registry.get("_garbage", 0) + manifest["compressed_size_bytes"]


@operation("GET", "/v2/registries/{registry_name}/repositoriesV2", scope="registry:read")
@operation("GET", "/v2/registry/{registry_name}/repositoriesV2", scope="registry:read")
def list_repositories(request: Request) -> JSON:
    registry = wanted(request)
    rows = [
        {
            "registry_name": registry["name"],
            "name": name,
            "tag_count": sum(len(row["tags"]) for row in manifests.values()),
            "manifest_count": len(manifests),
        }
        | ({"latest_manifest": _newest(manifests)[0]} if manifests else {})
        for name, manifests in registry["_repositories"].items()
    ]
    if "page_token" in request.query:
        raise ApiError(400, "invalid page_token")
    return paginate(request, "repositories", rows)


@operation("GET", "/v2/registry/{registry_name}/repositories", scope="registry:read")
def list_repositories_v1(request: Request) -> JSON:
    registry = wanted(request)
    rows = [
        {"registry_name": registry["name"], "name": name, "tag_count": sum(len(row["tags"]) for row in found.values())}
        | ({"latest_tag": _tag(_newest(found)[0], tags[0])} if found and (tags := _newest(found)[0]["tags"]) else {})
        for name, found in registry["_repositories"].items()
    ]
    return paginate(request, "repositories", rows)


@operation(
    "DELETE", "/v2/registries/{registry_name}/repositories/{repository_name}", scope="registry:delete", status=204
)
def delete_repository(request: Request) -> None:
    for manifest in _manifests(request).values():
        _drop(wanted(request), manifest)
    del wanted(request)["_repositories"][unquote(request.params["repository_name"])]


@operation("GET", "/v2/registries/{registry_name}/repositories/{repository_name}/tags", scope="registry:read")
@operation("GET", "/v2/registry/{registry_name}/repositories/{repository_name}/tags", scope="registry:read")
def list_tags(request: Request) -> JSON:
    rows = [_tag(manifest, tag) for manifest in _newest(_manifests(request)) for tag in manifest["tags"]]
    return paginate(request, "tags", rows)


_ONE_TAG = "/repositories/{repository_name}/tags/{repository_tag}"
_ONE_DIGEST = "/repositories/{repository_name}/digests/{manifest_digest}"


@operation("DELETE", f"/v2/registries/{{registry_name}}{_ONE_TAG}", scope="registry:delete", status=204)
@operation("DELETE", f"/v2/registry/{{registry_name}}{_ONE_TAG}", scope="registry:delete", status=204)
def delete_tag(request: Request) -> None:
    """The manifest stays."""
    for manifest in _manifests(request).values():
        if request.params["repository_tag"] in manifest["tags"]:
            manifest["tags"].remove(request.params["repository_tag"])
            return
    raise not_found()


@operation("GET", "/v2/registries/{registry_name}/repositories/{repository_name}/digests", scope="registry:read")
@operation("GET", "/v2/registry/{registry_name}/repositories/{repository_name}/digests", scope="registry:read")
def list_manifests(request: Request) -> JSON:
    return paginate(request, "manifests", _newest(_manifests(request)))


@operation("DELETE", f"/v2/registries/{{registry_name}}{_ONE_DIGEST}", scope="registry:delete", status=204)
@operation("DELETE", f"/v2/registry/{{registry_name}}{_ONE_DIGEST}", scope="registry:delete", status=204)
def delete_manifest(request: Request) -> None:
    """With its tags. Its layers take their place until garbage is collected."""
    manifest = _manifests(request).pop(unquote(request.params["manifest_digest"]), None)
    if manifest is None:
        raise not_found()
    _drop(wanted(request), manifest)


@hooks.seeder("registry_images")
def _seed(world: World, count: int) -> None:
    """So many images into each registry, one a day until today; the last one is the ``latest``."""
    for registry in list(world.table(TABLE).everything()) or [insert(world, "foreign", "fra1")]:
        for number in range(count):
            manifest = put(world, registry, "web", [f"v{number + 1}", "latest"])
            manifest["updated_at"] = world.timestamp(world.now() - timedelta(days=count - 1 - number))
