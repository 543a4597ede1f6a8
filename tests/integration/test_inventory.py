# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin, as ansible-inventory sees it: hosts, groups, addresses, its cache, and what goes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.harness.ansible import environment
from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step, admin
from tests.localcloud_fixtures import LocalCloud

SMALL = {"region": "fra1", "size": "s-1vcpu-1gb", "image": "debian-13-x64"}
INVENTORY: dict[str, Any] = {
    "plugin": "fisioflow.digitalocean.droplets",
    "keyed_groups": [{"key": "droplet_tags", "prefix": "tag"}, {"key": "droplet_region", "prefix": "region"}],
    "groups": {"small": "droplet_memory <= 1024"},
    "compose": {"ansible_user": "'root'"},
}


def asked(cloud: LocalCloud, folder: Path, *, name: str = "droplets.yml", env: Any = None, **options: Any) -> Any:
    """What `ansible-inventory --list` does with a file of these options."""
    file = folder / name
    file.write_text(yaml.safe_dump(INVENTORY | options))
    command = [str(Path(sys.executable).parent / "ansible-inventory"), "-i", str(file), "--list"]
    surroundings = {**environment(cloud), "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true", **(env or {})}
    return subprocess.run(command, env=surroundings, cwd=folder, capture_output=True, text=True, check=False)


def listed(cloud: LocalCloud, folder: Path, **options: Any) -> dict[str, Any]:
    done = asked(cloud, folder, **options)
    assert done.returncode == 0, done.stderr
    # What the API says is no template to Ansible, and told so.
    found: dict[str, Any] = json.loads(done.stdout, object_hook=lambda item: item.get("__ansible_unsafe", item))
    return found


@pytest.fixture
def account(cloud: LocalCloud) -> LocalCloud:
    """More than one page, ours and others', two of one name, and one that is off."""
    run = inside(
        cloud,
        [
            Step("web", "droplet", {"name": "web", **SMALL, "tags": ["clinic", "web"], "ipv6": True}),
            Step("big", "droplet", {"name": "big", **SMALL, "size": "s-2vcpu-4gb", "tags": ["clinic"]}),
            Step("off", "droplet", {"name": "off", **SMALL, "tags": ["clinic"], "status": "off"}),
            Step("inner", "droplet", {"name": "inner", **SMALL, "tags": ["clinic"], "public_networking": False}),
            Step("others", "droplet_info", {}, before=[admin("seed", droplets=201)]),
            Step("twins", "droplet_info", {}, before=[admin("twin", "droplets", {"name": "web"})]),
        ],
    )
    for name in ("web", "big", "off", "inner", "twins"):
        run.good(name)
    return cloud


def test_hosts_groups_and_addresses(account: LocalCloud, tmp_path: Path) -> None:
    found = listed(account, tmp_path)
    hosts = found["_meta"]["hostvars"]
    assert len(hosts) == 206
    (twin, web) = sorted(name for name in hosts if name.startswith("web-"))
    assert (twin, hosts[web]["droplet_id"]) == ("web-424242", int(web.removeprefix("web-")))
    assert hosts[web]["ansible_host"] == hosts[web]["droplet_ipv4_address"]
    assert "ansible_host" not in hosts["inner"]
    assert hosts["big"]["ansible_user"] == "root"
    assert sorted(found["tag_web"]["hosts"]) == [twin, web]
    assert "big" in found["region_fra1"]["hosts"]
    assert "big" not in found["small"]["hosts"]
    assert len(found["tag_foreign"]["hosts"]) == 201


def test_filters_and_the_other_addresses(account: LocalCloud, tmp_path: Path) -> None:
    options = {"tag": "clinic", "statuses": ["active"], "regions": ["fra1"], "address": "private", "prefix": "do_"}
    hosts = listed(account, tmp_path, **options)["_meta"]["hostvars"]
    assert {name.partition("-")[0] for name in hosts} == {"web", "big", "inner"}
    assert hosts["inner"]["ansible_host"] == hosts["inner"]["do_ipv4_address_private"]


def test_the_cache_spares_the_api(account: LocalCloud, tmp_path: Path) -> None:
    options = {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": str(tmp_path / "cache")}
    first = listed(account, tmp_path, **options)
    since = account.admin.seq()
    assert listed(account, tmp_path, **options) == first
    assert account.admin.journal(since) == []
    cached = "".join(file.read_text() for file in (tmp_path / "cache").iterdir())
    assert "web-424242" in json.dumps(first)
    assert account.token not in cached


@pytest.mark.parametrize(
    ("options", "env", "words"),
    [
        ({}, {"DO_API_TOKEN": "", "DIGITALOCEAN_TOKEN": "", "DIGITALOCEAN_ACCESS_TOKEN": ""}, "No API token was given"),
        ({"api_token": "dop_v1_sentinel"}, {}, "Could not list the Droplets: the API answered 401"),
    ],
)
def test_what_goes_wrong_is_one_sentence(
    cloud: LocalCloud, tmp_path: Path, options: Any, env: dict[str, str], words: str
) -> None:
    done = asked(cloud, tmp_path, env=env, **options)
    told = " ".join((done.stdout + done.stderr).split())
    assert done.returncode != 0
    assert words in told
    assert "Traceback" not in told
    assert "sentinel" not in told


def test_another_file_is_not_for_it(cloud: LocalCloud, tmp_path: Path) -> None:
    since = cloud.admin.seq()
    assert asked(cloud, tmp_path, name="hosts.yml").returncode != 0
    assert cloud.admin.journal(since) == []
