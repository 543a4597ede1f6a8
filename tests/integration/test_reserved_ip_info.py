# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reserved addresses and images of Droplets, as they are listed."""

from __future__ import annotations

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.integration.site.outside import call
from tests.localcloud_fixtures import LocalCloud

JUMP = {"name": "jump", "region": "fra1", "size": "s-1vcpu-1gb", "image": "ubuntu-24-04-x64"}


def test_addresses_and_images_are_listed(cloud: LocalCloud) -> None:
    ip = call(cloud, "/v2/reserved_ips", "POST", {"region": "fra1"})["reserved_ip"]["ip"]
    made = inside(cloud, [Step("a Droplet", "droplet", JUMP, register="jump")])
    id = made.good("a Droplet").result["droplet"]["id"]
    call(cloud, f"/v2/droplets/{id}/actions", "POST", {"type": "snapshot", "name": "before the upgrade"})
    cloud.admin.advance(3600)
    run = inside(
        cloud,
        [
            Step("addresses", "reserved_ip_info", {}),
            Step("one", "reserved_ip_info", {"ip": ip}, check=True),
            Step("nobody", "reserved_ip_info", {"ip": "198.51.100.1"}),
            Step("images", "image_info", {}),
            Step("backups", "image_info", {"type": "backup"}),
        ],
    )
    rows = run.good("addresses").result["reserved_ips"]
    assert [(row["ip"], row["droplet"]) for row in rows] == [(ip, None)]
    assert run.good("one").result["reserved_ips"] == rows
    assert run.good("nobody").result["reserved_ips"] == []
    (image,) = run.good("images").result["images"]
    assert (image["name"], image["type"]) == ("before the upgrade", "snapshot")
    assert run.good("backups").result["images"] == []
