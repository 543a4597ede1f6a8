# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is special about Droplets: names that several bear, what interrupts one, and what the API never tells."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Run, Step, admin, calm, fault
from tests.localcloud_fixtures import LocalCloud

NEW: dict[str, Any] = {"name": "web", "region": "fra1", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64"}
ACTIONS = "POST /v2/droplets/*/actions"


def made(*steps: Step, **more: Any) -> list[Step]:
    return [Step("made", "droplet", {**NEW, **more}, register="made"), *steps]


def actions(run: Run, name: str) -> list[str]:
    return [call for call in run.good(name).write_list if call.endswith("/actions")]


def test_of_several_with_one_name_the_id_tells_which(cloud: LocalCloud) -> None:
    by_id = {"id": "{{ made.droplet.id }}"}
    run = inside(
        cloud,
        made(
            Step("which", "droplet", {"name": "web"}, before=[admin("twin", "droplets", {"name": "web"})]),
            Step("which absent", "droplet", {"name": "web", "state": "absent"}),
            Step("check", "droplet", {**by_id, "name": "web-2"}, check=True),
            Step("rename", "droplet", {**by_id, "name": "web-2"}),
            Step("again", "droplet", {**by_id, "name": "web-2"}),
            Step("other", "droplet", {"name": "web", "state": "absent"}),
            Step("left", "droplet_info", {}),
            Step("no number", "droplet", {"name": "web", "id": "web"}),
        ),
    )
    for name in ("which", "which absent"):
        run.assert_refused(name, "2 of Droplet", "424242", "Set id")
    assert run.good("check").result["diff"] == run.good("rename").result["diff"]
    assert (len(actions(run, "rename")), run.good("again").changed) == (1, False)
    assert run["other"].write_list == ["DELETE /v2/droplets/424242"]
    assert [droplet["name"] for droplet in run["left"].result["droplets"]] == ["web-2"]
    run.assert_refused("no number", 'id "web" is not an id')


def test_another_size_interrupts_only_with_leave_and_it_runs_again_afterwards(cloud: LocalCloud) -> None:
    larger = {"name": "web", "size": "s-1vcpu-2gb"}
    run = inside(
        cloud,
        made(
            Step("no leave", "droplet", larger),
            Step("no leave, check", "droplet", larger, check=True),
            Step("resized", "droplet", {**larger, "power_off": True}),
            Step(
                "with disk", "droplet", {"name": "web", "size": "s-2vcpu-4gb", "power_off": True, "resize_disk": True}
            ),
            Step("no way back", "droplet", {"name": "web", "size": "s-1vcpu-1gb", "power_off": True}),
            Step("still runs", "droplet_info", {"name": "web"}),
        ),
    )
    for name in ("no leave", "no leave, check"):
        run.assert_refused(name, "size is s-1vcpu-1gb", "set power_off to true")
    assert len(actions(run, "resized")) == 3
    assert [run["resized"].result["droplet"][key] for key in ("size", "disk", "status")] == [
        "s-1vcpu-2gb",
        25,
        "active",
    ]
    assert run.good("with disk").result["droplet"]["disk"] == 80
    assert "smaller disk" in run["no way back"].message
    assert run["still runs"].result["droplets"][0]["status"] == "active"


def test_one_that_is_off_is_resized_without_leave_and_stays_off_until_it_shall_run(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        made(
            Step("off", "droplet", {"name": "web", "status": "off"}),
            Step("resized", "droplet", {"name": "web", "size": "s-1vcpu-2gb"}),
            Step("on", "droplet", {"name": "web", "status": "active"}),
        ),
    )
    assert run.good("resized").result["droplet"]["status"] == "off"
    assert len(actions(run, "resized")) == 1
    assert run.good("on").result["droplet"]["status"] == "active"


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_action_whose_answer_is_lost_is_not_begun_twice(cloud: LocalCloud, when: str) -> None:
    lossy = fault(ACTIONS, kind="drop", when=when, count=1)
    backed_up = {"name": "web", "backups": True}
    run = inside(
        cloud,
        made(
            Step("backups", "droplet", backed_up, before=[admin("settings", speed="real"), *lossy]),
            Step("again", "droplet", backed_up, before=calm()),
        ),
    )
    assert run.good("backups").result["droplet"]["backups"] is True
    began = [row for row in cloud.admin.state()["world"]["tables"]["actions"].values() if row["type"] != "create"]
    assert [action["type"] for action in began] == ["enable_backups"]
    assert run.good("again").write_list == []


def test_what_is_under_way_is_waited_for(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            Step("begun", "droplet", {**NEW, "wait": False}, before=[admin("settings", speed="real")]),
            Step("wanted more", "droplet", {**NEW, "tags": ["edge"], "ipv6": True, "public_networking": True}),
            Step("begun again", "droplet", {**NEW, "name": "second", "wait": False}),
            Step("gone", "droplet", {"name": "second", "state": "absent"}),
        ],
    )
    assert run.good("begun").result["droplet"]["status"] == "new"
    assert run["begun"].result["droplet"]["ipv4_address"] is None
    more = run.good("wanted more").result["droplet"]
    assert (more["status"], more["tags"], bool(more["ipv6_address"])) == ("active", ["edge"], True)
    # Refused while it was being made, until it was there.
    assert len(run.good("gone").write_list) > 1


def test_what_the_api_never_tells_only_counts_at_creation(cloud: LocalCloud) -> None:
    told = {"user_data": "#cloud-config\nsecret: sentinel-of-user-data\n", "with_droplet_agent": False}
    run = inside(
        cloud,
        made(
            Step("others", "droplet", {**NEW, "user_data": "sentinel-of-another", "ssh_keys": ["1"]}),
            **told,
        ),
    )
    assert (run.good("others").changed, run["others"].write_list) == (False, [])
    assert "sentinel" not in run.printed
    assert "user_data" not in run["made"].result["droplet"]
    rows = cloud.admin.state()["world"]["tables"]["droplets"].values()
    assert [(row["_user_data"], "droplet_agent" in row["_features"]) for row in rows] == [(told["user_data"], False)]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown region": ({"region": "mars1"}, "region 'mars1' is not on offer"),
    "region of apps": ({"region": "fra"}, "perhaps fra1 is meant"),
    "unknown size": ({"size": "s-1vcpu-3gb"}, "size 's-1vcpu-3gb' is not on offer"),
    "size of elsewhere": ({"size": "c-4-intel", "region": "sfo2"}, "size 'c-4-intel' of sfo2 is not on offer"),
    "policy without backups": ({"backup_policy": {"plan": "daily"}}, "set backups to true"),
    "no size": ({"size": None}, "to create it, set also size"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_told_before_anything_is_made(cloud: LocalCloud, case: str) -> None:
    options, words = REFUSED[case]
    run = inside(
        cloud,
        [
            Step("check", "droplet", {**NEW, **options}, check=True),
            Step("real", "droplet", {**NEW, **options}),
        ],
    )
    for name in ("check", "real"):
        run.assert_refused(name, words)


def test_changes_that_cannot_be_are_told(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        made(
            Step("no ipv6", "droplet", {"name": "web", "ipv6": False}),
            Step("larger", "droplet", {"name": "web", "size": "s-none", "power_off": True}),
            Step("deleted", "droplet", {"name": "WEB", "state": "absent"}),
            ipv6=True,
        ),
    )
    run.assert_refused("no ipv6", "ipv6 is true and cannot become false")
    run.assert_refused("larger", "size 's-none' is not on offer")
    run.assert_refused("deleted", 'there is "web"', "capitals count")


def test_info_finds_by_name_tag_region_and_id_over_all_pages(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        made(
            Step("all", "droplet_info", {}, before=[admin("seed", droplets=210)]),
            Step("tag", "droplet_info", {"tag": "edge"}),
            Step("region", "droplet_info", {"region": "fra1", "name": "web"}),
            Step("id", "droplet_info", {"id": "{{ made.droplet.id }}"}),
            Step("id and another tag", "droplet_info", {"id": "{{ made.droplet.id }}", "tag": "foreign"}),
            Step("none", "droplet_info", {"tag": "nothing"}),
            tags=["edge"],
        ),
    )
    assert len(run.good("all").result["droplets"]) == 211
    for name in ("tag", "region", "id"):
        assert run.good(name).result["droplets"] == [run["made"].result["droplet"]]
    assert run.good("none").result["droplets"] == run.good("id and another tag").result["droplets"] == []
