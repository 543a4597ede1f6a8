# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""examples/delivery/preview: which environments it makes and takes away, and which it leaves alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption import _defaults
from tests.checkout import ROOT
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud

DIGEST = f"sha256:{'c3' * 32}"
HOUR = 3600
# Notes what it is told; a playbook that it is told to fail fails.
PLAYBOOK = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["NOTES"], "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
sys.exit(2 if os.environ.get("FAILS", "no such") in " ".join(sys.argv) else 0)
"""


@pytest.fixture
def api(cloud: LocalCloud) -> Api:
    return Api(cloud)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    program = tmp_path / "bin/ansible-playbook"
    program.parent.mkdir()
    program.write_text(PLAYBOOK)
    program.chmod(0o755)
    return program.parent


def preview(cloud: LocalCloud, programs: Path, *words: str, **variables: str) -> Any:
    """The process, with what Ansible was told as `.args`."""
    notes = programs.parent / "notes"
    notes.unlink(missing_ok=True)
    env = {
        "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "NOTES": str(notes),
        **cloud.env,
        **variables,
    }
    command = [sys.executable, ROOT / "examples/delivery/preview", *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    done.args = [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []
    return done


def network(api: Api, name: str, number: int) -> None:
    api.ok("POST", "/vpcs", {"name": name, "region": "nyc1", "ip_range": f"10.{number}.0.0/20"})


def asked(done: Any) -> list[str]:
    """Which playbook for which environment."""
    found = []
    for words in done.args:
        own = next(json.loads(word) for word in words if word.startswith("{"))
        playbook = next(word for word in words if word.startswith("fisioflow.digitalocean."))
        found.append(f"{playbook.rpartition('.')[2]} {own['fisioflow_environment']}")
    return found


def test_up_lays_an_environment_over_an_inventory(cloud: LocalCloud, programs: Path) -> None:
    done = preview(cloud, programs, "up", "42", DIGEST, "--diff", INVENTORY="inventories/staging")
    assert done.returncode == 0, done.stderr
    [words] = done.args
    assert words[:3] == ["-i", "inventories/staging", "fisioflow.digitalocean.site"]
    files = [Path(word[1:]) for word in words if word.startswith("@")]
    assert [path.name for path in files] == ["essential.yml", "preview.yml"]
    assert all((ROOT / path).is_file() for path in files)
    assert {"fisioflow_environment": "pr-42", "network_ip_range": "10.142.0.0/20"} in [
        json.loads(word) for word in words if word.startswith("{")
    ]
    assert words[-2:] == [f"image_digest={DIGEST}", "--diff"]


def test_there_are_only_so_many_at_once(cloud: LocalCloud, api: Api, programs: Path) -> None:
    for number in (1, 2, 3):
        network(api, f"fisioflow-pr-{number}", 100 + number)
    done = preview(cloud, programs, "up", "4", DIGEST)
    assert (done.returncode, done.args) == (1, [])
    assert done.stderr == (
        "preview: nothing was changed: there are 3 already, pr-1, pr-2, pr-3: close one, or wait until one expires.\n"
    )
    # One that is there gets its next version.
    assert asked(preview(cloud, programs, "up", "3", DIGEST)) == ["site pr-3"]
    assert asked(preview(cloud, programs, "up", "4", DIGEST, PREVIEWS="4")) == ["site pr-4"]


def test_the_old_ones_expire_and_nobody_else(cloud: LocalCloud, api: Api, programs: Path) -> None:
    for place, name in enumerate(
        (
            "fisioflow-pr-1",
            "fisioflow-pr-2",
            "fisioflow-production",
            "fisioflow-pr-x",
            "fisioflow-pr-7-old",
            "a-fisioflow-pr-8",
        )
    ):
        network(api, name, 20 + place)
    # The API tells the time in whole seconds.
    cloud.admin.advance(24 * HOUR + 2)
    network(api, "fisioflow-pr-3", 30)
    done = preview(cloud, programs, "expire", "24", FAILS="confirm=pr-1")
    assert (done.returncode, done.stdout) == (2, "preview: older than 24 hours: pr-1, pr-2\n")
    assert asked(done) == ["destroy pr-1", "destroy pr-2"]
    assert all("destroy_data=true" in words for words in done.args)
    assert preview(cloud, programs, "expire", "25").stdout == "preview: older than 25 hours: none\n"


@pytest.fixture
def adopted(tmp_path: Path) -> Path:
    """The inventory of an environment that somebody has made by hand, with each name that adoption may write."""
    folder = tmp_path / "inventories/clinica"
    shutil.copytree(ROOT / "inventories/local", folder, symlinks=True)
    (folder.parent / "common").symlink_to(ROOT / "inventories/common")
    profile = yaml.safe_load((ROOT / "inventories/common/essential.yml").read_text())
    usual = {
        key: value for key, value in _defaults(profile, "clinica-web", "clinica").items() if "clinica-web" in str(value)
    }
    assert len(usual) >= 8
    theirs = {key: str(value).replace("clinica-web", "ours") for key, value in usual.items()}
    theirs |= {"fisioflow_name": "ours-web", "fisioflow_environment": "clinica", "fisioflow_prefix": "ours"}
    theirs |= {"postgresql_network_id": "ours", "valkey_network_id": "ours", "valkey_region": "ours"}
    settings = folder / "group_vars/all/30_settings.yml"
    settings.write_text(yaml.safe_dump(yaml.safe_load(settings.read_text()) | theirs))
    return folder


def test_a_preview_over_an_adopted_inventory_has_no_name_of_it(
    cloud: LocalCloud, api: Api, programs: Path, adopted: Path
) -> None:
    network(api, "ours", 30)
    network(api, "ours-web-pr-7", 31)
    cloud.admin.advance(25 * HOUR)
    given = {"INVENTORY": str(adopted), "ANSIBLE_HOME": str(cloud.home.parent / ".ansible")}
    # Real ones: what is called like that is told, and nothing else is found.
    (programs / "ansible-playbook").unlink()
    done = preview(cloud, programs, "expire", "24", "-e", f"fisioflow_report_dir={cloud.home.parent}", **given)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("preview: older than 24 hours: pr-7\n")
    assert {row["name"] for row in api.ok("GET", "/vpcs")["vpcs"]} >= {"ours"}
    assert "ours-web-pr-7" not in {row["name"] for row in api.ok("GET", "/vpcs")["vpcs"]}
    # What somebody has set beside the names that come from others is refused, whichever way.
    settings = adopted / "group_vars/all/30_settings.yml"
    settings.write_text(f"{settings.read_text()}\nmonitoring_name: ours\nteardown_keys: [ours-key]\n")
    for words in (["up", "7", DIGEST], ["down", "7"]):
        done = preview(cloud, programs, *words, **given)
        assert done.returncode == 2, done.stdout
        assert "another environment, whose names ours, ours database *, " in " ".join(done.stdout.split())


def test_an_account_that_does_not_answer_has_no_old_ones(cloud: LocalCloud, programs: Path) -> None:
    for fault in ({"status": 200, "body": "{}"}, {"status": 503}):
        cloud.admin.fault("status", path="/v2/vpcs", **fault)
        done = preview(cloud, programs, "expire", "24")
        cloud.admin.clear_faults()
        assert (done.returncode, done.args) == (1, [])
        assert done.stderr.startswith("preview: nothing was changed: the account does not tell its networks: ")
    assert "status 503" in done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("PREVIEWS", "abc", "nothing was changed: PREVIEWS is 'abc', and must be a whole number."),
        ("OPERATIONS", "/nope", "OPERATIONS is /nope, which is no folder."),
        ("DIGITALOCEAN_CA_PATH", "/nope", "nothing was changed: DIGITALOCEAN_CA_PATH is /nope, which is no file of "),
        ("DIGITALOCEAN_API_URL", "banana", "nothing was changed: DIGITALOCEAN_API_URL is banana, which does not "),
    ],
)
def test_a_setting_that_cannot_be_meant_is_told(
    cloud: LocalCloud, programs: Path, variable: str, value: str, told: str
) -> None:
    done = preview(cloud, programs, "up", "42", DIGEST, **{variable: value})
    assert (done.returncode, done.args, done.stderr.count("\n")) == (1, [], 1)
    assert done.stderr.startswith(f"preview: {told}")


@pytest.mark.parametrize(
    "words", ["", "up", "up 42", "up production x", "down 0", "down staging", "expire soon", "sink 1"]
)
def test_bad_input_is_refused(cloud: LocalCloud, programs: Path, words: str) -> None:
    done = preview(cloud, programs, *words.split())
    assert (done.returncode, done.args) == (1, [])
    assert "preview up NUMBER DIGEST" in done.stderr
    named = preview(cloud, programs, "up", "42", "latest")
    assert (named.args, named.stderr) == ([], "preview: nothing was changed: 'latest' is no digest.\n")
