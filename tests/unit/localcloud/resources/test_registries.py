# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Container registries: one or several, their tier, what is in them, and garbage."""

from __future__ import annotations

from typing import Any

import pytest

ONE = {"name": "clinic", "region": "fra1", "subscription_tier_slug": "basic"}


@pytest.fixture
def images(api: Any) -> Any:
    api.ok("POST", "/registries", ONE)
    api.admin.seed(registry_images=3)
    return api


def test_a_small_tier_has_one_registry_and_names_are_everybodys(api: Any) -> None:
    created = api.ok("POST", "/registries", ONE)["registry"]
    assert (created["region"], created["storage_usage_bytes"]) == ("fra1", 0)
    assert "subscription" not in created
    # In the API's words: nebari-dev/nebari pull request 265.
    assert api.refused("POST", "/registries", {"name": "another"}, 422) == "user already has a registry"
    for name in ("clinic", "docker"):
        assert api.refused("POST", "/registries", {"name": name}, 409) == "name already exists"
        assert api.refused("POST", "/registries/validate-name", {"name": name}, 409) == "name already exists"
    assert api.ok("GET", "/registry")["registry"]["subscription"]["tier"]["slug"] == "basic"


def test_the_old_address_is_for_whoever_has_one(api: Any) -> None:
    assert api.call("GET", "/registry").status == 404
    for name in ("one", "two"):
        api.ok("POST", "/registries", {"name": name, "subscription_tier_slug": "professional"})
    # In the API's words: digitalocean/doctl issue 1776.
    assert "multiple registries" in api.refused("GET", "/registry", None, 412)
    assert [row["name"] for row in api.ok("GET", "/registries")["registries"]] == ["one", "two"]
    assert api.call("POST", "/registries/subscription", {"tier_slug": "basic"}).status == 412


def test_a_manifest_that_goes_leaves_garbage_until_it_is_collected(images: Any) -> None:
    where = "/registries/clinic/repositories/web"
    tags = images.ok("GET", f"{where}/tags")["tags"]
    assert [row["tag"] for row in tags] == ["v3", "latest", "v2", "v1"]
    stored = images.ok("GET", "/registries/clinic")["registry"]["storage_usage_bytes"]
    assert images.call("DELETE", f"{where}/digests/{tags[-1]['manifest_digest']}").status == 204
    assert images.call("DELETE", f"{where}/tags/v2").status == 204
    assert [row["tags"] for row in images.ok("GET", f"{where}/digests")["manifests"]] == [["v3", "latest"], []]
    assert images.ok("GET", "/registries/clinic")["registry"]["storage_usage_bytes"] == stored
    images.admin.settings(speed="real")
    begun = images.ok("POST", "/registries/clinic/garbage-collection")["garbage_collection"]
    assert images.ok("GET", "/registries/clinic/garbage-collection")["garbage_collection"] == begun
    assert images.call("POST", "/registries/clinic/garbage-collection").status == 409
    images.admin.advance(3)
    (waiting,) = images.ok("GET", "/registries/clinic/garbage-collections")["garbage_collections"]
    assert waiting["status"] == "waiting for write JWTs to expire"
    images.admin.advance(3600)
    (over,) = images.ok("GET", "/registries/clinic/garbage-collections")["garbage_collections"]
    assert (over["status"], over["blobs_deleted"], over["freed_bytes"]) == ("succeeded", 1, stored // 3)
    assert images.ok("GET", "/registries/clinic")["registry"]["storage_usage_bytes"] == stored - stored // 3
    assert images.call("GET", "/registries/clinic/garbage-collection").status == 404


def test_garbage_collection_can_be_cancelled(images: Any) -> None:
    images.admin.settings(speed="real")
    uuid = images.ok("POST", "/registries/clinic/garbage-collection")["garbage_collection"]["uuid"]
    where = f"/registries/clinic/garbage-collection/{uuid}"
    assert images.ok("PUT", where, {"cancel": True})["garbage_collection"]["status"] == "cancelling"
    images.admin.advance(3)
    (over,) = images.ok("GET", "/registries/clinic/garbage-collections")["garbage_collections"]
    assert over["status"] == "cancelled"
