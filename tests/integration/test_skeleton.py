# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as an archive, installed outside of this checkout into a project that `make skeleton` has made."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checkout import ROOT, copy_to
from tests.integration.harness.ansible import Played, ansible_playbook
from tests.integration.harness.playbooks import PROVIDED
from tests.localcloud_fixtures import LocalCloud

pytestmark = pytest.mark.xdist_group("skeleton")
BIN = Path(sys.executable).parent
SECRETS = PROVIDED | {"FISIOFLOW_ENCRYPTION_KEY": "e" * 32, "FISIOFLOW_STATUS_CHECK_TOKEN": "t" * 24}
# Of records alone nobody answers.
UNANSWERED = ["-e", '{"deployment_probe": false, "cdn_probe": false, "edge_mode": "app_platform"}']


def skeleton(checkout: Path, folder: Path, name: str = "clinic", profile: str = "essential") -> Any:
    command = [checkout / ".ci/skeleton", name, profile, folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a clean checkout, which is taken away again: nothing is left but the archive's content."""
    above = tmp_path_factory.mktemp("skeleton")
    checkout, made = above / "checkout", above / "operations"
    copy_to(checkout)
    assert skeleton(checkout, made).returncode == 0
    build = [BIN / "ansible-galaxy", "collection", "build", "--output-path", above]
    subprocess.run(build, cwd=checkout, capture_output=True, check=True)
    [archive] = above.glob("*.tar.gz")
    checkout.rename(above / "gone")
    mine = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    install = [BIN / "ansible-galaxy", "collection", "install", "--offline", "-p", "collections", archive]
    subprocess.run(install, cwd=made, env=mine | {"HOME": str(above)}, capture_output=True, check=True)
    return made


def play(cloud: LocalCloud, project: Path, name: str, *options: str) -> Played:
    env = SECRETS | {"ANSIBLE_CONFIG": str(project / "ansible.cfg")}
    return ansible_playbook(cloud, project, f"fisioflow.digitalocean.{name}", *UNANSWERED, *options, env=env)


def test_playbooks_run_by_their_names_in_the_collection(cloud: LocalCloud, project: Path) -> None:
    image = "image_digest=sha256:5f2c1a7e9b8d4c3f6a0e1d2b3c4f5a6978b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4"
    built = play(cloud, project, "site", "-e", image)
    assert built.returncode == 0, built.printed[-6000:]
    assert re.search(r"^FisioFlow · clinic \(essential\) · at .+ · \d+ changed · ", built.printed, re.M)
    told = play(cloud, project, "report_costs")
    assert (told.returncode, told.writes) == (0, []), told.printed[-6000:]
    assert {path.suffix for path in (project / "reports").glob("clinic-costs*")} == {".md", ".json", ".html"}


def test_it_names_the_collection_that_it_was_made_with(project: Path) -> None:
    published = yaml.safe_load((ROOT / "galaxy.yml").read_text())
    wanted = yaml.safe_load((project / "requirements.yml").read_text())["collections"]
    third = yaml.safe_load((ROOT / "collections/requirements.yml").read_text())["collections"]
    assert wanted == [{"name": "fisioflow.digitalocean", "version": published["version"]}, *third]
    playbooks = project / "collections/ansible_collections/fisioflow/digitalocean/playbooks"
    named = set(re.findall(r"fisioflow\.digitalocean\.(\w+)", (project / "README.md").read_text()))
    assert {"site", "deploy"} <= named
    assert not [name for name in named if not (playbooks / f"{name}.yml").is_file()]
    assert "NAME" not in (project / "README.md").read_text()


def test_it_says_what_it_has_made_and_the_steps_are_whole(tmp_path: Path) -> None:
    folder = tmp_path / "operations"
    assert skeleton(ROOT, folder, profile="resilient").stdout == (
        f"{folder} is there: environment clinic, profile resilient. Its README.md tells how to go on.\n"
    )
    for step, told in (("deliver", "deliver test | build |"), ("preview", "preview up NUMBER DIGEST")):
        done = subprocess.run([folder / "delivery" / step], capture_output=True, text=True, check=False)
        assert (done.returncode, told in done.stderr) == (1, True), done.stderr


def test_what_is_there_is_left_alone(project: Path, tmp_path: Path) -> None:
    before = sorted(project.iterdir())
    refused = skeleton(ROOT, project)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"skeleton: {project} is there already; nothing was changed.\n"
    assert sorted(project.iterdir()) == before
    wrong = skeleton(ROOT, tmp_path / "new", name="Clinic")
    assert (wrong.returncode, list(tmp_path.iterdir())) == (1, [])
    assert "NAME='Clinic' must be" in wrong.stderr
