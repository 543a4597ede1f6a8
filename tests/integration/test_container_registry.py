# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about container registries: images are not lost by accident, garbage, and a secret told once."""

from __future__ import annotations

import json

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin, calm, fault
from tests.localcloud_fixtures import LocalCloud

NAME = {"name": "clinic-images"}
NEW = {**NAME, "region": "fra1", "subscription_tier": "basic"}
GARBAGE = "POST /v2/registries/clinic-images/garbage-collection"


def test_images_go_only_by_force(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("made", "container_registry", NEW),
            Step(
                "full", "container_registry_info", {**NAME, "contents": True}, before=[admin("seed", registry_images=3)]
            ),
            Step("check", "container_registry", {**NAME, "state": "absent"}, check=True),
            Step("kept", "container_registry", {**NAME, "state": "absent"}),
            Step("gone", "container_registry", {**NAME, "state": "absent", "force": True}),
        ],
    )
    (registry,) = run.good("full").result["container_registries"]
    assert [tag["tag"] for tag in registry["repositories"][0]["tags"]] == ["v3", "latest", "v2", "v1"]
    for step in ("check", "kept"):
        run.assert_refused(step, "it holds images of web; set force to true")
    assert run.good("gone").write_list == ["DELETE /v2/registries/clinic-images"]


def test_garbage_is_collected_once_whatever_happens_to_the_answer(cloud: LocalCloud) -> None:
    collect = {**NAME, "collect_garbage": True}
    run = inside(
        cloud,
        [
            Step("made", "container_registry", NEW),
            Step("check", "container_registry", collect, check=True),
            Step("lost", "container_registry", collect, before=fault(GARBAGE, kind="drop", count=1, when="after")),
            Step("not waited for", "container_registry", {**collect, "wait": False}, before=calm()),
            Step("waited for", "container_registry", collect),
        ],
    )
    assert run.good("check").result["diff"]["after"]["garbage"] == "collected"
    assert run["check"].writes == []
    assert run.good("lost").write_list == [GARBAGE]
    assert run.good("not waited for").changed
    assert run.good("waited for").changed


def test_the_tier_is_that_of_the_account(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("made", "container_registry", NEW),
            Step("too many", "container_registry", {"name": "another-one", "region": "fra1"}),
            Step("more", "container_registry", {**NAME, "subscription_tier": "professional"}),
            Step("another", "container_registry", {"name": "another-one", "region": "fra1"}),
            Step("too small", "container_registry", {**NAME, "subscription_tier": "starter"}),
        ],
    )
    assert "user already has a registry" in run["too many"].message
    assert run.good("more").write_list == ["POST /v2/registries/subscription"]
    assert run.good("another").changed
    assert run["too small"].status == "failed"


def test_credentials_are_shown_to_nobody(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("made", "container_registry", NEW),
            Step("shown", "container_registry_credentials_info", NAME),
            Step("hidden", "container_registry_credentials_info", NAME, keywords={"no_log": True}),
            Step("check", "container_registry_credentials_info", NAME, check=True),
            Step("none", "container_registry_credentials_info", {"name": "nobodys"}),
        ],
    )
    shown = run.good("shown").result
    assert shown["container_registry_credentials"] == NAME
    assert "set no_log: true" in shown["warnings"][0]
    config = run.good("hidden").result["container_registry_credentials"]["docker_config"]
    assert len(config["auths"]["registry.digitalocean.com"]["auth"]) > 40
    assert json.dumps(config["auths"]) not in run.printed
    assert run["check"].calls == []
    run.assert_refused("none", 'There is no container registry "nobodys"')
